"""Tables as sheets and CSV that no spreadsheet runs: formulas are text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_acuerdos.report.export import escape_formula

CELDA = 32_000  # characters a spreadsheet's cell holds (32,767), with room to say it was cut
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Hoja:
    """A sheet: title, heading, rows, width of each column, and by column the closed list its cells are chosen from."""

    titulo: str
    columnas: tuple[str, ...]
    filas: Sequence[tuple[Any, ...]]
    anchos: tuple[int, ...] = ()
    opciones: tuple[tuple[str, tuple[str, ...]], ...] = ()


def as_csv(columnas: Sequence[str], filas: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as CSV in UTF-8 with BOM, formulas escaped, as spreadsheets open it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columnas)
    writer.writerows([escape_formula("" if cell is None else cell) for cell in row] for row in filas)
    return stream.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(hojas: Sequence[Hoja]) -> bytes:
    """Return sheets as a workbook; every text is text, whatever it begins with, and the heading stays in sight."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for hoja in hojas:
        _fill(book.create_sheet(hoja.titulo), hoja)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Any, hoja: Hoja) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    wrap = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate((hoja.columnas, *hoja.filas), 1):
        for n, value in enumerate(row, 1):
            _put(sheet.cell(number, n), value, wrap)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="7A1F4F")
    for n, width in enumerate(hoja.anchos, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
    for name, options in hoja.opciones:
        _choose(sheet, get_column_letter(hoja.columnas.index(name) + 1), options, len(hoja.filas))


def _put(cell: Any, value: Any, alignment: Any) -> None:
    cell.alignment = alignment
    if not isinstance(value, str):
        cell.value = value
        return
    text = _CONTROL.sub("\ufffd", value)
    cell.value = text if len(text) <= CELDA else text[:CELDA] + " … (cortado)"
    cell.data_type = "s"
    cell.quotePrefix = escape_formula(text) != text


def _choose(sheet: Any, column: str, options: Sequence[str], rows: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    chosen = DataValidation("list", formula1=f'"{",".join(options)}"', allow_blank=True)
    chosen.error, chosen.errorTitle = f"Use una de: {', '.join(options)}", "Decisión desconocida"
    sheet.add_data_validation(chosen)
    chosen.add(f"{column}2:{column}{max(2, rows + 1)}")
