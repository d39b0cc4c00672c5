"""The report, and agreements to export, as a workbook where every text is text, whatever it begins with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_acuerdos.report.bloques import Apartado, Bloque, Cifras, Citas, Contenido, Parrafo, Tabla
from nlp_acuerdos.report.files import fixed_office, printable
from nlp_acuerdos.report.rotulos import Porcentaje

CELDA = 32_000  # a spreadsheet's cell holds 32,767 characters: room to say it was cut
_ACENTO, _TITULO = "7A1F4F", 31  # Excel's longest sheet name
_PARTES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


@dataclass(frozen=True, slots=True)
class Renglon:
    """A row of a sheet: its cells, and how they look ("titulo", "encabezado", "nota" or nothing)."""

    celdas: tuple[Any, ...]
    aspecto: str = ""


def report_book(contenido: Contenido) -> bytes:
    """Return the report as a workbook, one sheet a section, with numbers as numbers."""
    cover: list[Renglon] = [Renglon((contenido.titulo,), "titulo"), *(Renglon((d,)) for d in contenido.documentos)]
    cover += [Renglon((key, value)) for key, value in contenido.ficha]
    sheets = [("Informe", cover), *((_sheet_name(s), list(_section(s))) for s in contenido.apartados)]
    return _save([(name, rows, None) for name, rows in sheets], contenido.fecha)


def table_book(titulo: str, columnas: Sequence[str], filas: Iterable[Sequence[Any]], fecha: str) -> bytes:
    """Return one table as a workbook with its heading in sight and a filter; `fecha` (ISO) dates the file."""
    rows = [Renglon(tuple(columnas), "encabezado"), *(Renglon(tuple(row)) for row in filas)]
    return _save([(titulo, rows, "A2")], fecha)


def _sheet_name(part: Apartado) -> str:
    return f"{part.numero}. {part.titulo}".translate(_PARTES)[:_TITULO].strip()


def _section(part: Apartado) -> Iterator[Renglon]:
    yield Renglon((f"{part.numero}. {part.titulo}",), "titulo")
    for block in part.bloques:
        yield from _rows(block)


def _rows(block: Bloque) -> Iterator[Renglon]:
    match block:
        case Cifras():
            yield from (Renglon((what, int(n.replace(",", "")))) for n, what in block.pares)
        case Parrafo():
            yield Renglon((block.texto,), "nota" if block.nota else "")
        case Tabla():
            yield Renglon(())
            yield Renglon((block.titulo,), "titulo")
            yield Renglon(block.columnas, "encabezado")
            yield from map(Renglon, block.filas)
        case Citas():
            yield Renglon(())
            yield Renglon((block.titulo, "Fuente", "Nota", "Id"), "encabezado")
            yield from (Renglon((q.texto, q.fuente, q.nota, q.id)) for q in block.citas)


def _save(sheets: Sequence[tuple[str, Sequence[Renglon], str | None]], fecha: str) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "acuerdos"
    for name, rows, frozen in sheets:
        sheet = book.create_sheet(name)
        _fill(sheet, rows)
        if frozen:
            sheet.freeze_panes, sheet.auto_filter.ref = frozen, sheet.dimensions
    stream = io.BytesIO()
    book.save(stream)
    return fixed_office(stream.getvalue(), fecha)


def _fill(sheet: Any, rows: Sequence[Renglon]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    wrap, plain = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
    looks = {
        "titulo": Font(bold=True, size=13, color=_ACENTO),
        "encabezado": Font(bold=True),
        "nota": Font(italic=True),
    }
    shaded, ruled = PatternFill("solid", fgColor="F5F6F9"), Border(bottom=Side("medium", color=_ACENTO))
    for number, row in enumerate(rows, 1):
        for n, value in enumerate(row.celdas, 1):
            cell = sheet.cell(number, n)
            _put(cell, value)
            cell.alignment = wrap if isinstance(value, str) and row.aspecto != "titulo" else plain
            if row.aspecto:
                cell.font = looks[row.aspecto]
            if row.aspecto == "encabezado":
                cell.fill, cell.border = shaded, ruled
    for n, width in enumerate(_widths(rows), 1):
        sheet.column_dimensions[get_column_letter(n)].width = width


def _widths(rows: Sequence[Renglon]) -> Iterator[int]:
    """Yield the width of each column: that of its longest text within bounds; titles run over their neighbours."""
    whole = [r.celdas for r in rows if r.aspecto != "titulo"]
    for n in range(max((len(cells) for cells in whole), default=0)):
        longest = max((len(str(cells[n])) for cells in whole if n < len(cells)), default=0)
        yield max(11, min(70 if n == 0 else 45, longest + 2))


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        text = printable(value)
        cell.value = text if len(text) <= CELDA else text[:CELDA] + " … (cortado)"
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
        return
    cell.value = float(value) if isinstance(value, float) else value
    cell.number_format = (
        '0.0" %"' if isinstance(value, Porcentaje) else "0.000" if isinstance(value, float) else "#,##0"
    )
