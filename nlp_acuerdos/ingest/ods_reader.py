"""Sheets of an OpenDocument spreadsheet. Formulas are never computed: the values saved with the file are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import archive, grid, sheets
from nlp_acuerdos.ingest.rows import Opciones, Tabla
from nlp_acuerdos.text import clean

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_BREAKS = {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def rows(data: bytes, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of every sheet with a heading. Raises EntradaInvalida for a damaged or encrypted file."""
    with archive.opened(data, name, "ODS") as box:
        try:
            manifest = (
                archive.content(box, "META-INF/manifest.xml", name, "ODS")
                if "META-INF/manifest.xml" in box.namelist()
                else b""
            )
            if b"encryption-data" in manifest:
                raise EntradaInvalida(f"«{name}» tiene contraseña; guárdelo sin ella")
            with box.open("content.xml") as stream:
                tables = list(_tables(stream))
        except EntradaInvalida:
            raise
        except Exception as error:  # lxml and zlib raise all kinds on a spoiled file
            raise archive.damaged(name, "ODS") from error
    return sheets.join(tables, opciones)


def _tables(stream: Any) -> Iterator[grid.Malla]:
    """Yield each sheet, freeing its rows as they are read."""
    from lxml import etree

    source: BinaryIO = stream
    sheet = _Hoja()
    for _, tag in etree.iterparse(
        source, tag=(f"{_TABLE}table-row", f"{_TABLE}table"), resolve_entities=False, no_network=True
    ):
        if tag.tag == f"{_TABLE}table":
            yield sheet.done()
            sheet = _Hoja()
        else:
            sheet.take(tag)
        tag.clear()


class _Hoja:
    """The rows of one sheet, with the cells merged downwards."""

    def __init__(self) -> None:
        self.filas: list[tuple[str, ...]] = []
        self.lineas: list[int] = []
        self.open: dict[int, tuple[int, int, str]] = {}  # column -> first place, last line, text
        self.spans: list[grid.Tramo] = []
        self.line = self.cells = 0

    def take(self, row: Any) -> None:
        """Take a row as many times as it says it is repeated."""
        times = _number(row, f"{_TABLE}number-rows-repeated", 2**20)
        cells, spans = _cells(row)
        if any(cells):
            for _ in range(times):
                self.line += 1
                self._add(cells, spans)
        else:
            self.line += times

    def _add(self, cells: tuple[str, ...], spans: dict[int, int]) -> None:
        self.cells += len(cells)
        if self.cells > grid.LARGEST:
            raise ValueError("too many cells")
        self._close()
        for column, down in spans.items():
            self.open[column] = (len(self.filas), self.line + down - 1, cells[column])
        self.filas.append(cells)
        self.lineas.append(self.line)

    def _close(self) -> None:
        for column in [c for c, (_, last, _) in self.open.items() if last < self.line]:
            first, _, text = self.open.pop(column)
            self.spans.append(grid.Tramo(column, first, len(self.filas) - 1, text))

    def done(self) -> grid.Malla:
        """Return the sheet."""
        last = len(self.filas) - 1
        self.spans += [grid.Tramo(c, first, last, text) for c, (first, _, text) in self.open.items()]
        return grid.Malla(self.filas, self.spans, self.lineas)


def _cells(row: Any) -> tuple[tuple[str, ...], dict[int, int]]:
    """Return the texts of a row's cells, and the rows each cell merged downwards covers, by column."""
    cells: list[str] = []
    spans: dict[int, int] = {}
    for cell in row.iterchildren(*_CELLS):
        down = _number(cell, f"{_TABLE}number-rows-spanned", 2**20)
        if down > 1:
            spans[len(cells)] = down
        times = _number(cell, f"{_TABLE}number-columns-repeated", grid.WIDEST)
        cells += [_text(cell) if cell.tag == _CELLS[0] else ""] * times
        if len(cells) >= grid.WIDEST:
            break
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells[: grid.WIDEST]), {c: n for c, n in spans.items() if c < len(cells)}


def _number(tag: Any, name: str, most: int) -> int:
    value = tag.get(name) or "1"
    return min(max(1, int(value)), most) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def _text(cell: Any) -> str:
    """Return what a cell shows, without its comments."""
    return clean(" ".join("".join(_pieces(p)) for p in cell.iterchildren(f"{_TEXT}p")))


def _pieces(tag: Any) -> Iterator[str]:
    yield " " if tag.tag in _BREAKS else tag.text or ""
    for child in tag:
        if child.tag != f"{_OFFICE}annotation" and isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""
