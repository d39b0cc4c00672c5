"""Sheets of one book to one table: those with a heading, or the first with content when none has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp_acuerdos.ingest.grid import Malla
from nlp_acuerdos.ingest.rows import Opciones, Tabla


def join(tables: Sequence[Malla], opciones: Opciones) -> Tabla:
    """Return the rows of the sheets of a book; sheets with no column of agreements are left out."""
    headed = [t for t in tables if t.heading(opciones) is not None]
    chosen = headed or [t for t in tables if t.filas][:1]
    rows = [
        replace(row, corte="hoja") if n and i == 0 else row
        for n, table in enumerate(chosen)
        for i, row in enumerate(table.rows(1))
    ]
    return Tabla(tuple(rows))
