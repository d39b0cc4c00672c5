"""Sheets of an XLSX or XLSM. Formulas are never computed and macros never run: the values saved with the file are read."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from nlp_acuerdos.ingest import archive, grid, sheets
from nlp_acuerdos.ingest.rows import Opciones, Tabla

_MERGED = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$")


def rows(data: bytes, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of every visible sheet with a heading; a formula saved without its value reads as empty.

    Raises EntradaInvalida for a damaged file.
    """
    archive.check(data, name, "XLSX")
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            tables = [_table(sheet, data) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # openpyxl raises all kinds on a spoiled file
        raise archive.damaged(name, "XLSX") from error
    return sheets.join(tables, opciones)


def _table(sheet: Any, data: bytes) -> grid.Malla:
    filas, lines, total = [], [], 0
    for number, row in enumerate(sheet.iter_rows(max_col=grid.WIDEST), 1):
        cells = tuple(map(_text, row))
        if any(cells):
            total += len(cells)
            if total > grid.LARGEST:
                raise ValueError("too many cells")
            filas.append(cells)
            lines.append(number)
    place = {line: i for i, line in enumerate(lines)}
    return grid.Malla(filas, list(_spans(sheet, data, place, filas)), lines)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, int | float) and str(cell.number_format).endswith("%"):
        return f"{value:.0%}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _spans(sheet: Any, data: bytes, place: dict[int, int], filas: list[tuple[str, ...]]) -> Iterator[grid.Tramo]:
    """Yield the cells merged downwards, over the rows that have content."""
    for reference in _merged(sheet._worksheet_path, data):
        found = _MERGED.match(reference)
        if not found or found[2] == found[4]:
            continue
        column, (top, bottom) = _column(found[1]), sorted((int(found[2]), int(found[4])))
        inside = [place[n] for n in range(top, min(bottom, max(place, default=0)) + 1) if n in place]
        if inside and column < grid.WIDEST:
            texts = (filas[i][column] for i in inside if column < len(filas[i]))
            yield grid.Tramo(column, inside[0], inside[-1], next(filter(None, texts), ""))


def _merged(part: str, data: bytes) -> Iterator[str]:
    """Yield the references of the merged cells of a sheet ("A2:A9")."""
    import zipfile

    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as box, box.open(part.lstrip("/")) as stream:
        for _, tag in etree.iterparse(stream, resolve_entities=False, no_network=True):
            if tag.tag.endswith("}mergeCell"):
                yield tag.get("ref") or ""
            if tag.tag.endswith(("}row", "}mergeCell")):
                tag.clear()
                while tag.getprevious() is not None:
                    del tag.getparent()[0]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
