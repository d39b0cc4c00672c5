"""Ruled tables of a PDF page, by their lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_acuerdos.ingest.grid import Malla, Tramo

_NEAR = 3.0  # points between two lines that are one
_SMALLEST = 4.0  # points: a narrower or lower cell is a double line
_HYPHEN = re.compile(r"(?<=[a-záéíóúüñ])-\n(?=[a-záéíóúüñ])")

Caja = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's top left corner."""


@dataclass(slots=True)
class Reticula:
    """A ruled table and where it stands; `abierta`: cells of its last row have no line below."""

    malla: Malla
    caja: Caja
    abierta: frozenset[int]


def find(page: Any) -> list[Reticula]:
    """Return the ruled tables of a pdfplumber page, from the top: two rows and two columns at least."""
    edges = page.edges
    upright = [e for e in edges if e["orientation"] == "v"]
    level = [e for e in edges if e["orientation"] == "h"]
    if len(upright) < 2 or not level:
        return []
    added = [e["bottom"] for e in _ends(upright, level, "bottom")] + [e["top"] for e in _ends(upright, level, "top")]
    settings = {"explicit_horizontal_lines": _distinct(added), "snap_tolerance": _NEAR}
    found = []
    for table in page.find_tables(settings):
        made = _table(page, [c for c in table.cells if c[2] - c[0] > _SMALLEST and c[3] - c[1] > _SMALLEST], level)
        if made is not None:
            found.append(made)
    return sorted(found, key=lambda t: t.caja[1])


def _ends(upright: Sequence[Any], level: Sequence[Any], side: str) -> list[Any]:
    """Return the upright lines whose end meets no level line: cells the page left open."""
    return [
        e for e in upright
        if e["height"] > 2 * _NEAR
        and not any(abs(h["top"] - e[side]) <= _NEAR and h["x0"] - _NEAR <= e["x0"] <= h["x1"] + _NEAR for h in level)
    ]  # fmt: skip


def _distinct(values: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _NEAR:
            kept.append(value)
    return kept


def _table(page: Any, cells: Sequence[Caja], level: Sequence[Any]) -> Reticula | None:
    """Lay cells on the grid of their own corners."""
    tops, lefts = _distinct(c[1] for c in cells), _distinct(c[0] for c in cells)
    if len(tops) < 1 or len(lefts) < 2:
        return None
    texts = _texts(page, cells)
    filas = [[""] * len(lefts) for _ in tops]
    spans, cut = [], {}
    for cell, text in zip(cells, texts, strict=True):
        row, column = _place(tops, cell[1]), _place(lefts, cell[0])
        last = _place(tops, cell[3] - 2 * _NEAR, under=True)
        filas[row][column] = _HYPHEN.sub("", text)
        if filas[row][column] != text:
            cut[row, column] = text
        if last > row:
            spans.append(Tramo(column, row, last, filas[row][column]))
    bottom = max(c[3] for c in cells)
    open_ = frozenset(_place(lefts, c[0]) for c in cells if bottom - c[3] <= _NEAR and not _ruled(level, c))
    box = (min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), bottom)
    return Reticula(Malla([tuple(f) for f in filas], spans, (), page.page_number, cut), box, open_)


def _place(starts: Sequence[float], value: float, *, under: bool = False) -> int:
    """Return which of `starts` is `value`, or with `under` the last one over it."""
    if under:
        return max(0, bisect_left(starts, value) - 1)
    return max(0, bisect_left(starts, value + _NEAR) - 1)


def _ruled(level: Sequence[Any], cell: Caja) -> bool:
    """Tell whether a line is drawn along the bottom of a cell."""
    middle = (cell[0] + cell[2]) / 2
    return any(abs(h["top"] - cell[3]) <= _NEAR and h["x0"] <= middle <= h["x1"] for h in level)


def _texts(page: Any, cells: Sequence[Caja]) -> list[str]:
    """Return the text of each cell; a character belongs to the cell its middle is in."""
    from pdfplumber.utils import extract_text

    inside: list[list[Any]] = [[] for _ in cells]
    for char in page.chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        for held, cell in zip(inside, cells, strict=True):
            if cell[0] <= x < cell[2] and cell[1] <= y < cell[3]:
                held.append(char)
                break
    return [extract_text(chars) if chars else "" for chars in inside]
