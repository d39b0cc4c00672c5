"""The form of decisions people fill in, read back: xlsx or csv with columns a, b, decision and quien."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.text import fold

Fila = tuple[int, list[str]]
_ID, _ANCHO = 12, 50  # length of an id; columns that are looked at


@dataclass(frozen=True, slots=True)
class Decidida:
    """A filled row: its number in the file, the two ids, the relation decided and who."""

    fila: int
    a: str
    b: str
    relacion: str
    quien: str


def read_form(data: bytes, name: str) -> list[Decidida]:
    """Return the rows of a form (its bytes and file name) whose decision is filled in, in order.

    Raises EntradaInvalida for a file that is not such a form, or has nothing filled in.
    """
    forms = ((places, rows) for rows in _tables(data, name) if (places := _places(rows)))
    form = next(forms, None)
    if form is None:
        raise EntradaInvalida(
            f"«{name}» no tiene las columnas a, b y decision; llene el archivo que escribe «acuerdos audit -o»"
        )
    found = list(_filled(*form))
    if not found:
        raise EntradaInvalida(f"«{name}» no tiene ninguna decisión; llene la columna «decision» y repita")
    return found


def _tables(data: bytes, name: str) -> list[list[Fila]]:
    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsx":
        return _sheets(data, name)
    if suffix == ".csv":
        return [_lines(data)]
    raise EntradaInvalida(f"no sé leer decisiones de «{name}»; use .xlsx o .csv")


def _sheets(data: bytes, name: str) -> list[list[Fila]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        return [
            [(n, list(map(_text, row))) for n, row in enumerate(sheet.iter_rows(max_col=_ANCHO, values_only=True), 1)]
            for sheet in book.worksheets
        ]
    except Exception as error:  # openpyxl raises all kinds on a spoiled file
        raise EntradaInvalida(f"«{name}» no es un libro de Excel legible; guárdelo de nuevo como .xlsx") from error


def _lines(data: bytes) -> list[Fila]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise EntradaInvalida(f"el CSV está dañado en la línea {reader.line_num}; guárdelo de nuevo") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _places(rows: Sequence[Fila]) -> dict[str, int] | None:
    """Return the place of each column of the form in the first row, or None when it is no such table."""
    heading = rows[0][1] if rows else []
    names: dict[str, int] = {fold(name): n for n, name in reversed(list(enumerate(heading)))}
    found: dict[str, int] = {k: names[k] for k in ("a", "b", "decision", "quien") if k in names}
    return found if {"a", "b", "decision"} <= found.keys() else None


def _filled(places: dict[str, int], rows: list[Fila]) -> Iterator[Decidida]:
    for number, row in rows[1:]:
        cells = {k: row[n].strip() if n < len(row) else "" for k, n in places.items()}
        if cells["decision"]:
            yield Decidida(
                number, _id(cells["a"]), _id(cells["b"]), fold(cells["decision"]).replace(" ", "_"),
                cells.get("quien", "").removeprefix("'"),
            )  # fmt: skip


def _id(value: str) -> str:
    """Return an id as written, with the zeros a spreadsheet took from one of digits alone."""
    return value.zfill(_ID) if value.isdecimal() else value.lower()
