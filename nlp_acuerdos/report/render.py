"""A summary as html (self-contained) or md: same workspace, same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.report.charts import bars
from nlp_acuerdos.report.files import write_whole
from nlp_acuerdos.report.summary import Cuenta, Resumen

FORMATOS = (".html", ".md")
NOMBRES = {
    "actividad": "Actividad", "actor": "Institución nombrada", "responsable": "Responsable", "entidad": "Entidad",
    "estatus": "Estatus", "mes": "Mes de las fechas citadas",
}  # fmt: skip
AVISOS = {
    "estatus_faltante": "sin estatus en el documento", "entidad_tardia": "con la etiqueta de entidad después de sus filas",
    "entidad_ajena": "que nombran otra entidad", "distrito_inexistente": "con distritos que la entidad no tiene",
    "fecha_imposible": "con una fecha imposible", "columnas_corridas": "leídos de columnas corridas",
    "fila_continuada": "unidos de varias filas", "texto_danado": "con letras mal codificadas",
    "dato_personal": "con un posible dato personal",
}  # fmt: skip
RELACIONES = {
    "exacto": "copias exactas", "cambio_estatus": "mismo texto, otro estatus", "contenido": "un texto dentro de otro",
    "plantilla": "series (cambia una fecha, número o lugar)", "casi": "misma obligación, otra redacción",
}  # fmt: skip


def render(resumen: Resumen, formato: str) -> str:
    """Return the report as text in `formato` (".html" or ".md")."""
    template = environment(formato == ".html").get_template(f"informe{formato}.j2")
    return template.render(r=resumen, bars=_chart, nombres=NOMBRES, avisos=AVISOS, relaciones=RELACIONES)


def write(resumen: Resumen, destino: Path) -> None:
    """Write the report; the suffix of `destino` names the format. Raises EntradaInvalida."""
    suffix = destino.suffix.lower()
    if suffix not in FORMATOS:
        raise EntradaInvalida(f"no sé escribir «{destino.name}»; use un nombre que termine en .html o .md")
    write_whole(destino, render(resumen, suffix).encode("utf-8"))


def _chart(title: str, counts: Sequence[Cuenta], name: str) -> Markup:
    return Markup(bars(title, counts, name, legible))


def legible(valor: str) -> str:
    """Return an activity's code as people write it, any other value as it is."""
    names = load("actividades")["nombres"].get(valor)
    return str(names[0]) if names else valor


@cache
def environment(autoescape: bool = True) -> Environment:
    """Return the templates of this package; html ones escape what they are given."""
    made = Environment(
        loader=FunctionLoader(_template), autoescape=autoescape, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["md"] = escape_markdown
    made.filters["legible"] = legible
    return made


def escape_markdown(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, tables included."""
    for char in "\\`*_{}[]<>#|~":
        text = text.replace(char, "\\" + char)
    return text


def _template(name: str) -> str:
    return files("nlp_acuerdos.report").joinpath("templates", name).read_text(encoding="utf-8")
