"""Rows that fit the terminal: a table, or a block a row where a table would break texts into single letters."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

# Columns that share the room left, by their parts; columns that never break.
_WIDE = {
    "acuerdo": 4,
    "motivo": 2,
    "texto_a": 3,
    "texto_b": 3,
    "detalle": 3,
    "sugerencia": 3,
    "texto": 3,
    "antes": 3,
    "ahora": 3,
}
_WHOLE = ("id", "a", "b", "puntaje", "similitud", "relacion", "aviso", "estatus")  # columns never broken
_ENTITY, _PIPED = 16, 110
_LEGIBLE = 12  # letters of the narrowest text column from which a table reads better than blocks


def write_rows(header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print rows within the terminal or COLUMNS; within 110 columns when piped and nobody says how many."""
    if not rows:
        return
    known = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    width = shutil.get_terminal_size().columns if known else _PIPED
    cells = [tuple(map(str, row)) for row in rows]
    if _fits(header, cells, width):
        _table(header, cells, width)
    else:
        sys.stdout.write("\n\n".join(_block(header, row, width) for row in cells) + "\n")


def _fits(header: tuple[str, ...], cells: Sequence[tuple[str, ...]], width: int) -> bool:
    """Tell whether the columns of text keep a legible width beside the others."""
    longest = {name: max(len(name), *(len(row[n]) for row in cells)) for n, name in enumerate(header)}
    wide = [name for name in header if name in _WIDE]
    fixed = sum(
        min(longest[name], _ENTITY) if name == "entidad" else longest[name] for name in header if name not in _WIDE
    )
    room, parts = width - fixed - 3 * len(header) - 1, sum(_WIDE[name] for name in wide)
    return all(room * _WIDE[name] // parts >= min(_LEGIBLE, longest[name]) for name in wide)


def _table(header: tuple[str, ...], cells: Sequence[tuple[str, ...]], width: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(expand=not _WIDE.keys().isdisjoint(header))
    for name in header:
        widest = _ENTITY if name == "entidad" else None
        table.add_column(name, ratio=_WIDE.get(name), no_wrap=name in _WHOLE, max_width=widest, overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    Console(width=width, color_system=None if os.environ.get("NO_COLOR") else "auto").print(table)


def _block(header: tuple[str, ...], row: tuple[str, ...], width: int) -> str:
    """Return a row as lines: short values together, then each text under its name."""
    pairs = list(zip(header, row, strict=True))
    lines = textwrap.wrap("  ".join(cell for name, cell in pairs if name not in _WIDE and cell), width)
    for name, cell in pairs:
        if name in _WIDE and cell:
            lines += textwrap.wrap(f"{name}: {cell}", width, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)
