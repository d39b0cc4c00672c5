"""Text whose columns are parted by tabs, as a document's tables come out of a PDF or a word processor."""

from __future__ import annotations

import re

from nlp_acuerdos.ingest import csv_reader
from nlp_acuerdos.ingest.rows import Fila, Opciones, Tabla

_BREAK = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")


def rows(text: str, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of a tab-separated text; a text with no tab is read as CSV with another delimiter."""
    if "\t" not in text:
        return csv_reader.rows(text, name, opciones)
    lines = enumerate(_BREAK.split(text.replace("\0", "")), 1)
    return Tabla(tuple(Fila(tuple(line.split("\t")), n) for n, line in lines if line.strip()), paginas=True)
