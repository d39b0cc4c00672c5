"""What a document says of itself: title, process and reference date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.finders import fechas
from nlp_acuerdos.records import Ancla
from nlp_acuerdos.text import fold

_YEARS = re.compile(r"\b(20\d\d)\s?[-–—/]\s?((?:20)?\d\d)\b(?![-/\d])")
_YEAR = re.compile(r"(?:proceso|eleccion|jornada)[^.;]{0,60}?\b(20\d\d)\b(?!\s?[-–—/])")
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")


def anchor(
    titulo: str, hechos: Mapping[str, str], proceso: str | None, fecha_documento: date | None
) -> tuple[Ancla, bool]:
    """Return the date anchor of a document and whether its process had to be assumed: options, then facts, then title.

    Raises EntradaInvalida for an unknown process or a date that is none.
    """
    name = proceso or hechos.get("proceso") or _process(titulo)
    day = fecha_documento or _day(hechos.get("fecha_documento"))
    settled = make_anchor(name, day)
    if day is None and (found := _title_day(titulo, settled)):
        settled = make_anchor(name, found)
    return settled, name is None


def _process(titulo: str) -> str | None:
    """Return the known process a title names: "2023-2024", "2023-24", or the year of its election."""
    known = load("procesos")["procesos"]
    for first, last in _YEARS.findall(titulo):
        name = f"{first}-{last if len(last) == 4 else first[:2] + last}"
        if name in known:
            return name
    held = {str(entry["jornada"].year): name for name, entry in reversed(known.items())}
    return next((held[year] for year in _YEAR.findall(fold(titulo)) if year in held), None)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise EntradaInvalida(
            f"fecha_documento «{value[:40] if value else ''}» no es una fecha; escriba AAAA-MM-DD"
        ) from error


def _title_day(titulo: str, ancla: Ancla) -> date | None:
    """Return the last full date a title states ("al 15 de mayo de 2024"), or None."""
    if not re.search(r"\d", titulo):
        return None
    stated = [f.valor for f in fechas.find(titulo, ancla) if _DAY.search(f.valor) and f.valor[-10:-6] in f.texto]
    return date.fromisoformat(stated[-1][-10:]) if stated else None
