"""Find who, by the text, will do or did what was agreed, with a light grammar over the institutions named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp_acuerdos.finders._clausulas import Hallazgo, Lector
from nlp_acuerdos.finders._frase import read
from nlp_acuerdos.records import Evidencia


def find(texto: str, actores: Sequence[Evidencia]) -> list[Evidencia]:
    """Return the evidence of each responsible: the span of the mention in `actores`, and the rule that chose it.

    `actores` is what `actores.find(texto)` gave; the codes returned are among its codes.
    """
    if not actores:
        return []
    reader = Lector(read(texto), actores)
    found = {_evidence(hit, actor): None for hit in reader.read() for actor in _members(hit)}
    return sorted(found, key=lambda e: (e.inicio, e.fin, e.etiqueta, e.regla))


def _members(hit: Hallazgo) -> Iterator[Evidencia]:
    yield from hit.menciones


def _evidence(hit: Hallazgo, actor: Evidencia) -> Evidencia:
    return Evidencia("responsables", actor.etiqueta, hit.regla, actor.inicio, actor.fin, actor.texto)
