"""Merged cells that a page break cuts: the part without a label takes that of the other part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nlp_acuerdos.ingest.grid import Malla, Tramo
from nlp_acuerdos.ingest.pdf_lattice import Reticula
from nlp_acuerdos.ingest.rows import Opciones


def join(tables: Sequence[Reticula], opciones: Opciones) -> None:
    """Give both parts of each merged cell that goes on over the page its label, in place.

    Only columns with a merged cell somewhere in the document are joined. An unlabelled cell at the top of a page goes
    on with the one at the bottom of the page before; an unlabelled one at the bottom, with the one at the top of the next.
    """
    first = [_first_row(t.malla, opciones) for t in tables]
    merged = {
        s.columna for t, top in zip(tables, first, strict=True) for s in t.malla.tramos if s.ultima > s.primera >= top
    }
    pairs = [
        (i, j) for i, j in pairwise(range(len(tables)))
        if tables[i].malla.pagina != tables[j].malla.pagina and _width(tables[i]) == _width(tables[j])
    ]  # fmt: skip
    for column in sorted(merged):
        for i, j in pairs:
            above, below = _cell(tables[i].malla, column, -1), _cell(tables[j].malla, column, first[j])
            if above.texto and not below.texto:
                _label(tables[j].malla, below, above.texto)
        for i, j in reversed(pairs):
            above, below = _cell(tables[i].malla, column, -1), _cell(tables[j].malla, column, first[j])
            if below.texto and not above.texto and _goes_on(tables[i], above):
                _label(tables[i].malla, above, below.texto)


def _goes_on(table: Reticula, cell: Tramo) -> bool:
    """Tell whether an unlabelled cell at the bottom of a page is one of its own: merged, or with no line below."""
    return cell.ultima > cell.primera or cell.columna in table.abierta


def _width(table: Reticula) -> int:
    return max(map(len, table.malla.filas))


def _first_row(table: Malla, opciones: Opciones) -> int:
    """Return the place of the first row under the heading; 0 when there is none."""
    place = table.heading(opciones)
    return 0 if place is None else min(place + 1, len(table.filas) - 1)


def _cell(table: Malla, column: int, row: int) -> Tramo:
    """Return the cell of a column that covers a row (-1: the last), merged or not."""
    place = row if row >= 0 else len(table.filas) - 1
    over = [s for s in table.tramos if s.columna == column and s.primera <= place <= s.ultima]
    return over[0] if over else Tramo(column, place, place, table.filas[place][column])


def _label(table: Malla, cell: Tramo, text: str) -> None:
    table.tramos = [s for s in table.tramos if s != cell] + [replace(cell, texto=text)]
