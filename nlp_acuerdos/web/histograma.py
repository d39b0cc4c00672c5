"""Agreements by month of their dates, as bars ready to draw and as a table of links."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass

ALTO, ANCHO_BARRA, HUECO, PIE, MESES_MAX = 64, 22, 4, 16, 36
_NOMBRES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_LARGOS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Barra:
    """A bar: its name, the first and last day it stands for (ISO), how many, and its place and size in the drawing."""

    nombre: str
    corto: str
    desde: str
    hasta: str
    n: int
    x: int
    y: int
    alto: int


def bars(meses: Mapping[str, int]) -> tuple[Barra, ...]:
    """Return one bar a month from the first to the last of "YYYY-MM" counts; one a year when there are too many."""
    if not meses:
        return ()
    first, last = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (min(meses), max(meses)))
    if last - first >= MESES_MAX:
        return _by_year(meses)
    months = [(m // 12, m % 12 + 1) for m in range(first, last + 1)]
    counts = [meses.get(f"{y:04}-{m:02}", 0) for y, m in months]
    rows = [
        (f"{_LARGOS[m - 1]} de {y}", f"{_NOMBRES[m - 1]} {y % 100:02}", f"{y:04}-{m:02}-01", f"{y:04}-{m:02}-{monthrange(y, m)[1]}")
        for y, m in months
    ]  # fmt: skip
    return _place(rows, counts)


def _by_year(meses: Mapping[str, int]) -> tuple[Barra, ...]:
    counts: dict[str, int] = {}
    for month, n in meses.items():
        counts[month[:4]] = counts.get(month[:4], 0) + n
    rows = [(year, year, f"{year}-01-01", f"{year}-12-31") for year in sorted(counts)]
    return _place(rows, [counts[year] for year in sorted(counts)])


def _place(rows: list[tuple[str, str, str, str]], counts: list[int]) -> tuple[Barra, ...]:
    largest = max(counts) or 1
    heights = [max(2, round(ALTO * n / largest)) if n else 0 for n in counts]
    return tuple(
        Barra(*row, n, i * (ANCHO_BARRA + HUECO), ALTO - h, h)
        for i, (row, n, h) in enumerate(zip(rows, counts, heights, strict=True))
    )
