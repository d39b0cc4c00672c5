"""Text of a PDF by its layout: lines outside tables, and rows of columns that no line parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from nlp_acuerdos.ingest import columns
from nlp_acuerdos.ingest.rows import Fila, Opciones

_GAP = 1.6  # a wider space than this many times the height of the letters parts two columns
_ROW_GAP = 1.25  # lines further apart than this many times the usual pitch are different rows
_HYPHEN = re.compile(r"[a-záéíóúüñ]-$")
_EDGE = 1.0

Palabra = tuple[float, float, str]
"""Left, right, text."""


@dataclass(slots=True)
class Linea:
    """A line of text: its top and bottom, and its words."""

    arriba: float
    abajo: float
    palabras: list[Palabra] = field(default_factory=list)

    @property
    def texto(self) -> str:
        """The words, joined."""
        return " ".join(word for _, _, word in self.palabras)

    def cells(self) -> list[Palabra]:
        """Return the runs of words that wide spaces part."""
        found: list[Palabra] = []
        for left, right, text in self.palabras:
            if found and left - found[-1][1] <= _GAP * (self.abajo - self.arriba):
                found[-1] = (found[-1][0], right, f"{found[-1][2]} {text}")
            else:
                found.append((left, right, text))
        return found


def lines(page: Any, boxes: Sequence[tuple[float, float, float, float]]) -> list[Linea]:
    """Return the lines of a pdfplumber page that stand outside `boxes`, from the top."""
    found: list[Linea] = []
    words = page.extract_words(x_tolerance_ratio=0.2, keep_blank_chars=False, return_chars=False)
    outside = [w for w in words if not any(_inside(w, box) for box in boxes)]
    for word in sorted(outside, key=lambda w: ((w["top"] + w["bottom"]) / 2, w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if not found or middle > found[-1].abajo - 0.2 * (found[-1].abajo - found[-1].arriba):
            found.append(Linea(word["top"], word["bottom"]))
        found[-1].palabras.append((word["x0"], word["x1"], word["text"]))
    for line in found:
        line.palabras.sort()
    return found


def _inside(word: Any, box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] - _EDGE <= x <= box[2] + _EDGE and box[1] - _EDGE <= y <= box[3] + _EDGE)


def rows(pages: Sequence[tuple[int, Sequence[Linea]]], opciones: Opciones) -> list[Fila]:
    """Return the rows of pages of text in columns, title lines first; none when no line is a heading."""
    found: list[Fila] = []
    heading: list[Palabra] = []
    for number, page in pages:
        body: list[Linea] = []
        for line in page:
            cells = line.cells()
            if len(cells) > 1 and columns.find([text for _, _, text in cells], opciones.columnas):
                heading = heading or cells
                found.append(Fila(tuple(text for _, _, text in cells), len(found) + 1, number))
            elif heading:
                body.append(line)
            else:
                found.append(Fila((line.texto,), len(found) + 1, number))
        found += _body(body, heading, number, len(found)) if body else ()
    return found if heading else []


def _body(body: Sequence[Linea], heading: Sequence[Palabra], page: int, before: int) -> Iterator[Fila]:
    """Yield the rows of a page under its heading."""
    cuts = _cuts(body, heading)
    usual = _pitch(body)
    row: list[str] = []
    read: list[str] = []  # the row with the words cut at the end of a line as they are
    last: Linea | None = None
    count = before
    for line in body:
        cells = _split(line, cuts)
        if row and last is not None and (line.arriba - last.arriba > _ROW_GAP * usual or _begins(row, cells)):
            count += 1
            yield _row(row, read, count, page)
            row = []
        read = [f"{a} {b}".strip() for a, b in zip(read, cells, strict=True)] if row else cells
        row = [_join(a, b) for a, b in zip(row, cells, strict=True)] if row else cells
        last = line
    yield _row(row, read, count + 1, page)


def _row(cells: Sequence[str], read: Sequence[str], line: int, page: int) -> Fila:
    cut = ((i, text) for i, (cell, text) in enumerate(zip(cells, read, strict=True)) if cell != text)
    return Fila(tuple(cells), line, page, guiones=tuple(cut))


def _begins(row: Sequence[str], cells: Sequence[str]) -> bool:
    """Tell a line that begins a row where rows stand as close as lines: its last column is filled again."""
    return bool(cells[-1] and row[-1] and len(row) > 2 and cells[-1][:1].isupper())


def _pitch(body: Sequence[Linea]) -> float:
    """Return the usual distance of two lines of one row: the lower median of all."""
    steps = sorted(b.arriba - a.arriba for a, b in zip(body, body[1:], strict=False))
    return median(steps[: max(1, len(steps) // 2)]) if steps else 1.0


def _cuts(body: Sequence[Linea], heading: Sequence[Palabra]) -> list[float]:
    """Return where columns part: between two headings, the place that the fewest lines cross, the widest such."""
    found = []
    for (left, _, _), (start, end, _) in zip(heading, heading[1:], strict=False):
        spots = [left + (start + (end - start) / 2 - left) * k / 60 for k in range(1, 60)]
        crossed = [sum(a < x < b for line in body for a, b, _ in line.palabras) for x in spots]
        found.append(_middle(spots, crossed))
    return found


def _middle(spots: Sequence[float], crossed: Sequence[int]) -> float:
    """Return the middle of the longest run of the least crossed spots; of two equal, the last."""
    least = min(crossed)
    best, start = (0, 0), None
    for i, count in enumerate([*crossed, least + 1]):
        if count == least and start is None:
            start = i
        elif count != least and start is not None:
            best = max(best, (i - start, start))
            start = None
    return spots[best[1] + best[0] // 2]


def _split(line: Linea, cuts: Sequence[float]) -> list[str]:
    cells: list[list[str]] = [[] for _ in range(len(cuts) + 1)]
    for left, right, text in line.palabras:
        cells[sum(cut <= (left + right) / 2 for cut in cuts)].append(text)
    return [" ".join(words) for words in cells]


def _join(above: str, below: str) -> str:
    if _HYPHEN.search(above) and below[:1].islower():
        return above[:-1] + below
    return f"{above} {below}".strip()
