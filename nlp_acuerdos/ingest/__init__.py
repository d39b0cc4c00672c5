"""Sources to records: one reader a format gives rows; `tables` repairs them; nothing is lost or invented."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path, PurePath

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import (
    avisos,
    csv_reader,
    docx_reader,
    facts,
    html_reader,
    jsonl_reader,
    kinds,
    ods_reader,
    parquet_reader,
    pdf_reader,
    repairs,
    text_reader,
    xlsx_reader,
)  # fmt: skip
from nlp_acuerdos.ingest.encoding import decode
from nlp_acuerdos.ingest.rows import Opciones, Tabla
from nlp_acuerdos.ingest.sources import Fuente, content, expand
from nlp_acuerdos.ingest.tables import repair
from nlp_acuerdos.records import Documento, Lectura
from nlp_acuerdos.text import clean

__all__ = ["FORMATOS", "Fuente", "expand", "read", "read_data", "read_source"]

Lector = Callable[[bytes, str, Opciones], Tabla]


def _from_text(rows: Callable[[str, str, Opciones], Tabla]) -> Lector:
    """Return the reader of bytes of a reader of text."""
    return lambda data, name, opciones: rows(decode(data, name), name, opciones)


# A new format is one module with a function (bytes, file name, options) -> Tabla, and its line here.
FORMATOS: dict[str, Lector] = {
    ".txt": _from_text(text_reader.rows),
    ".csv": _from_text(csv_reader.rows),
    ".tsv": _from_text(csv_reader.rows),
    ".jsonl": _from_text(jsonl_reader.rows),
    ".ndjson": _from_text(jsonl_reader.rows),
    ".html": _from_text(html_reader.rows),
    ".htm": _from_text(html_reader.rows),
    ".pdf": pdf_reader.rows,
    ".docx": docx_reader.rows,
    ".xlsx": xlsx_reader.rows,
    ".xlsm": xlsx_reader.rows,
    ".ods": ods_reader.rows,
    ".parquet": parquet_reader.rows,
}

POR_LINEAS = (".txt", ".csv", ".tsv", ".jsonl", ".ndjson")


def read(
    path: Path, *, documento: str | None = None, proceso: str | None = None, fecha_documento: date | None = None,
    columnas: Mapping[str, str] | None = None,
) -> Lectura:  # fmt: skip
    """Read one source into agreements, warnings and refusals.

    `documento` is the key (default: the file's stem); `columnas` maps entidad, acuerdo, estatus to the source's own
    headings. Raises EntradaInvalida with one Spanish line for a source that cannot be read.
    """
    return read_source(
        Fuente(path), documento=documento, proceso=proceso, fecha_documento=fecha_documento, columnas=columnas
    )


def read_source(
    source: Fuente, *, documento: str | None = None, proceso: str | None = None, fecha_documento: date | None = None,
    columnas: Mapping[str, str] | None = None,
) -> Lectura:  # fmt: skip
    """Read a file or a member of a zip, as `read` does."""
    data = content(source, lines=PurePath(source.nombre).suffix.lower() in POR_LINEAS)
    return read_data(
        data, source.nombre, documento=documento, proceso=proceso, fecha_documento=fecha_documento, columnas=columnas
    )


def read_data(
    data: bytes, name: str, *, documento: str | None = None, proceso: str | None = None,
    fecha_documento: date | None = None, columnas: Mapping[str, str] | None = None,
) -> Lectura:  # fmt: skip
    """Read the bytes of a source with a file name, as `read` does its file."""
    reader, name = _reader(name), unicodedata.normalize("NFC", name)
    suffix = PurePath(name).suffix.lower()
    kinds.check(data, name, suffix)
    tabla = reader(data, name, Opciones(columnas))
    repaired = repair(tabla, name, Opciones(columnas))
    key = unicodedata.normalize("NFC", documento or PurePath(name).stem)
    titulo = clean(" ".join(repaired.titulo))
    anchor, assumed = facts.anchor(titulo, tabla.hechos, proceso, fecha_documento)
    found, changed = repairs.agreements(repaired.registros, key, name)
    if not found:
        why = "; ".join(f"{r.origen}: {r.motivo}" for r in repaired.rechazadas[:1]) or "no hay filas bajo el encabezado"
        raise EntradaInvalida(f"«{name}» no tiene ningún acuerdo ({why}); revise el archivo")
    source = Documento(
        key, name, hashlib.sha256(data).hexdigest(), titulo, anchor.proceso, anchor.documento, assumed
    )  # fmt: skip
    warnings = avisos.find(found, anchor, con_estatus=repaired.con_estatus, propias=repairs.own_labels(found))
    seen = len(tabla.filas) - tabla.llaves + len(tabla.rechazadas)
    return Lectura(
        source, tuple(found), tuple(warnings), tuple(repaired.rechazadas), seen, repaired.encabezados,
        repaired.continuaciones, reparaciones=tuple(changed), con_estatus=repaired.con_estatus,
    )  # fmt: skip


def _reader(name: str) -> Lector:
    """Return the reader of a suffix. Raises EntradaInvalida for one that is not read."""
    reader = FORMATOS.get(PurePath(name).suffix.lower())
    if reader is None:
        known = ", ".join(FORMATOS)
        raise EntradaInvalida(f"no sé leer «{name}»; se leen {known}: guárdelo en uno de esos formatos")
    return reader
