"""Columns of a Parquet file, as text."""

from __future__ import annotations

import json
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import archive
from nlp_acuerdos.ingest.rows import Fila, Opciones, Tabla

_LARGEST = 512 * 2**20
_MOST_ROWS = 2_000_000


def rows(data: bytes, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of a Parquet file under its column names. Raises EntradaInvalida when damaged or too large."""
    import pyarrow
    from pyarrow import parquet

    try:
        source = parquet.ParquetFile(pyarrow.BufferReader(data))
        about = source.metadata
        size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        if size > _LARGEST or about.num_rows > _MOST_ROWS:
            raise EntradaInvalida(f"«{name}» se infla a más de {_LARGEST >> 20} MB o {_MOST_ROWS:,} filas; divídalo")
        names = list(source.schema_arrow.names)
        filas = [
            Fila(tuple(map(_text, values)), n)
            for n, values in enumerate(_values(source), 1)
            if any(v is not None for v in values)
        ]
    except EntradaInvalida:
        raise
    except Exception as error:  # pyarrow raises OSError, ArrowException and more on a spoiled file
        raise archive.damaged(name, "Parquet") from error
    return Tabla((Fila(tuple(names), 0), *filas), continua=False, llaves=True)


def _values(source: Any) -> Any:
    for batch in source.iter_batches():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
