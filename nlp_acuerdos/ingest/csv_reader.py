"""CSV with comma, semicolon, tab or bar, quoted or not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import columns
from nlp_acuerdos.ingest.rows import Fila, Opciones, Tabla

_DELIMITERS = ",;\t|"
_LARGEST_CELL = 16 * 2**20
_SAMPLE_ROWS = 40
_SEP_LINE = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)


def rows(text: str, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of a CSV. Raises EntradaInvalida when a quotation is broken or a cell is over 16 MiB."""
    text = text.replace("\0", "")
    stated = _SEP_LINE.match(text)
    body = text[stated.end() :] if stated else text
    delimiter = stated[1] if stated else _delimiter(body, opciones)
    first = 2 if stated else 1
    return Tabla(tuple(_rows(body, delimiter, first, name)))


def _rows(text: str, delimiter: str, first: int, name: str) -> Iterator[Fila]:
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Fila(tuple(cells), line)
            line = reader.line_num + first
    except csv.Error as error:
        raise EntradaInvalida(f"«{name}», línea {line}: {_reason(str(error))}; corrija esa línea") from error


def _reason(error: str) -> str:
    if "end of data" in error:
        return "comillas que no se cierran"
    if "field larger" in error:
        return "una celda demasiado larga"
    return "comillas dentro de un texto sin duplicar" if "expected after" in error else "csv mal formado"


def _delimiter(text: str, opciones: Opciones) -> str:
    """Return the delimiter under which a heading shows, or else the one that parts the first rows most evenly."""
    return max(_DELIMITERS, key=lambda d: _score(text, d, opciones))


def _score(text: str, delimiter: str, opciones: Opciones) -> tuple[int, int, int]:
    widths: list[int] = []
    heading = 0
    reader = csv.reader(io.StringIO(text[: 2**18], newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            found = columns.find(cells, opciones.columnas)
            heading = max(heading, len(found or ()))
            widths.append(len(cells))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    usual = max(set(widths), key=lambda w: (widths.count(w), w)) if widths else 0
    return heading, widths.count(usual) if usual > 1 else 0, usual
