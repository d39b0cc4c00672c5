"""Time expressions of Spanish administrative prose: TIMEX3 types, ISO 8601 values, offsets and rule names.

The text is folded, cut into classed tokens (`fechas_lexico`), and read in stages (`fechas_gramatica`): clock times,
days, months, ranges, what is relative to the document, recurrences and durations, and at last hours are joined to
their dates. What is written as a date and is none (31 de abril) is an impossibility, never another date.
"""

from __future__ import annotations

import re
from functools import cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.finders import fechas_dias as dias
from nlp_acuerdos.finders import fechas_duracion as duracion
from nlp_acuerdos.finders import fechas_horas as horas
from nlp_acuerdos.finders import fechas_relativas as relativas
from nlp_acuerdos.finders.fechas_gramatica import Lectura
from nlp_acuerdos.finders.fechas_lexico import Nodo, lex
from nlp_acuerdos.finders.fechas_valor import interval, render
from nlp_acuerdos.records import Ancla, Evidencia, Fecha
from nlp_acuerdos.text import Folded

__all__ = ["find", "impossible", "interval"]

_STAGES = (
    duracion.NUMEROS, relativas.ELECCION, horas.RELOJ, horas.TRAMOS, dias.DIAS, dias.MESES, dias.RANGOS,
    duracion.RECURRENCIAS, duracion.DURACIONES, relativas.RELATIVAS, dias.ANIOS, horas.SUELTAS,
    relativas.ELECCION_FECHADA, horas.UNION, horas.MOMENTOS,
)  # fmt: skip


def find(texto: str, ancla: Ancla) -> list[Fecha]:
    """Return the time expressions of `texto`, in order, none overlapping another.

    Offsets are half-open code points of `texto`. Values: ISO 8601 (`2024-05-09`, `2024-05-09/2024-05-15`,
    `2024-W23`, `2024-05-11T11:30`, `T07:00`, `P15D`, `R/PT4H`, `R/P1D/T21:00`). Never raises.
    """
    folded = Folded.of(texto)
    found = []
    for node in _read(folded, ancla):
        valor = render(node.valor, ancla)
        if valor is not None:
            inicio, fin = folded.span(node.inicio, node.fin)
            found.append(Fecha(texto[inicio:fin], node.tipo, valor, inicio, fin, node.regla))
    return found


def impossible(texto: str) -> list[Evidencia]:
    """Return what `texto` writes as a date or an hour and is none: 31 de abril, 30/02/2024, 25:00 horas."""
    folded, ancla = Folded.of(texto), make_anchor()
    found = []
    for node in _read(folded, ancla):
        if render(node.valor, ancla) is None:
            inicio, fin = folded.span(node.inicio, node.fin)
            found.append(Evidencia("fecha", "imposible", node.regla, inicio, fin, texto[inicio:fin]))
    return found


def _read(folded: Folded, ancla: Ancla) -> list[Nodo]:
    """Return the nodes of a text that are time expressions, possible or not."""
    if not _prefilter().search(folded.text):
        return []
    lectura = Lectura(folded, lex(folded.text), ancla)
    for stage in _STAGES:
        stage.apply(lectura)
    return [node for node in lectura.nodos if node.tipo]


@cache
def _prefilter() -> re.Pattern[str]:
    """Compile what a text must have for a time expression to be in it: a digit or the start of a word of time."""
    t = load("tiempo")
    words = [w for s in ("meses", "dias_semana", "recurrencias") for ws in t[s].values() for w in ws]
    words += [w for unit in t["unidades"].values() for w in unit["palabras"]]
    words += [
        w for c in ("manana", "parte", "mediodia", "medianoche", "hoy", "ayer", "antier", "fin") for w in t["clases"][c]
    ]
    heads = "|".join(sorted({w[:5] for w in words if len(w) > 4}))
    short = "|".join(sorted({w for w in words if 2 < len(w) < 5}))
    return re.compile(rf"[0-9]|\b(?:j[a-z]{{5,8}}\b|(?:{heads})|(?:{short})\b)")
