"""The report as json (all the figures) and as csv (one long table)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from nlp_acuerdos.report.bloques import Bloque, Cifras, Citas, Contenido, Parrafo, Tabla
from nlp_acuerdos.report.datos import Resumen
from nlp_acuerdos.report.export import escape_formula

COLUMNAS = ("apartado", "cuadro", "concepto", "columna", "valor", "id", "fuente")


def as_json(resumen: Resumen) -> bytes:
    """Return every figure of the report."""
    return (json.dumps(resumen.as_dict(), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def as_csv(contenido: Contenido) -> bytes:
    """Return the report as one figure or quotation a row, in UTF-8 with BOM, formulas escaped."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNAS)
    rows = [("Informe", "", key, "", value, "", "") for key, value in contenido.ficha]
    rows += [("Informe", "", "Documento", "", title, "", "") for title in contenido.documentos]
    rows += [(f"{s.numero}. {s.titulo}", *row) for s in contenido.apartados for b in s.bloques for row in _rows(b)]
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig", "replace")


def _rows(block: Bloque) -> Iterator[tuple[Any, ...]]:
    match block:
        case Cifras():
            yield from (("Cifras", what, "", n.replace(",", ""), "", "") for n, what in block.pares)
        case Parrafo():
            yield "Nota", "", "", block.texto, "", ""
        case Citas():
            yield from ((block.titulo, q.nota, "acuerdo", q.texto, q.id, q.fuente) for q in block.citas)
        case Tabla():
            heads = block.columnas[1:]
            pairs = ((row[0], head, value) for row in block.filas for head, value in zip(heads, row[1:], strict=True))
            yield from ((block.titulo, name, head, value, "", "") for name, head, value in pairs)
