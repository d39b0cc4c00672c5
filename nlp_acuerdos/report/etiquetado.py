"""A tagged agreement as html, in the manner of displaCy: every span marked where it stands, overlaps nested by cut.

from IPython.display import HTML
HTML(render_tags(texto, etiquetas))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from nlp_acuerdos.records import Etiquetas, Evidencia
from nlp_acuerdos.report.render import environment

CONJUNTOS = ("actores", "responsables", "actividades", "fechas")


@dataclass(frozen=True, slots=True)
class Trozo:
    """A piece of the text under the same marks: its classes, and the labels that end with it."""

    texto: str
    clases: tuple[str, ...]
    rotulos: tuple[tuple[str, str], ...]


def render_tags(texto: str, etiquetas: Etiquetas) -> Markup:
    """Return the text with its tags marked, as an html fragment with its own style; the text is escaped."""
    marks, aside = place(texto, etiquetas)
    template = environment().get_template("etiquetado.html.j2")
    return Markup(template.render(trozos=list(pieces(texto, marks)), aparte=aside))


def place(texto: str, etiquetas: Etiquetas) -> tuple[list[Evidencia], list[Evidencia]]:
    """Return the evidence that has a place of its own in the text, dates too, and the tags that have none."""
    dates = [Evidencia("fechas", f.valor, f.regla, f.inicio, f.fin, f.texto) for f in etiquetas.fechas]
    marks = [e for e in (*etiquetas.evidencia, *dates) if 0 < e.fin - e.inicio < len(texto)]
    return marks, [e for e in etiquetas.evidencia if e not in marks]


def render_page(registro: dict[str, Any], etiquetas: Etiquetas) -> str:
    """Return the record of `acuerdos show` as a whole html page."""
    template = environment().get_template("ficha.html.j2")
    return template.render(r=registro, marcado=render_tags(registro["acuerdo"], etiquetas))


def pieces(texto: str, marcas: list[Evidencia]) -> Iterator[Trozo]:
    """Cut `texto` at every border of a mark and yield the pieces, in order; joined they are `texto`."""
    borders = sorted({0, len(texto), *(e.inicio for e in marcas), *(e.fin for e in marcas)})
    for start, end in zip(borders, borders[1:], strict=False):
        over = [e for e in marcas if e.inicio <= start and end <= e.fin]
        classes = tuple(c for c in CONJUNTOS if any(e.conjunto == c for e in over))
        ending = {(e.conjunto, e.etiqueta): None for e in over if e.fin == end}
        yield Trozo(texto[start:end], classes, tuple(sorted(ending, key=lambda m: (CONJUNTOS.index(m[0]), m[1]))))
