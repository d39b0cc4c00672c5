"""Agreements and tags as rows for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import Acuerdo, Etiquetas
from nlp_acuerdos.report.datos import Acepta
from nlp_acuerdos.report.files import write_whole
from nlp_acuerdos.report.libro import table_book
from nlp_acuerdos.workspace import Workspace

_LISTS = ("actores", "responsables", "actividades")
COLUMNAS = (
    "id", "documento", "entidad", "acuerdo", "estatus", "estatus_original", "archivo", "pagina", "fila", *_LISTS, "fechas",
)  # fmt: skip


def escape_formula(cell: Any) -> Any:
    """Return `cell` so that no spreadsheet takes it for a formula: a quote before = + - @ and control characters."""
    return "'" + cell if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def export(workspace: Workspace, destino: Path, acepta: Acepta) -> int:
    """Write the agreements that pass; the suffix of `destino` names one of FORMATOS. Return how many.

    CSV comes in UTF-8 with BOM; formulas are escaped there and are text in xlsx. Raises EntradaInvalida for another
    suffix, or when the file cannot be written.
    """
    suffix = destino.suffix.lower()
    if suffix not in FORMATOS:
        raise EntradaInvalida(f"no sé exportar a «{destino.name}»; use {', '.join(FORMATOS[:-1])} o {FORMATOS[-1]}")
    tags = workspace.tags()
    pairs = [(a, tags.get(a.id, Etiquetas())) for a in workspace.agreements()]
    records = [_record(a, t) for a, t in pairs if acepta(a, t)]
    written = max((d.fecha_documento for d in workspace.documents().values()), default=None)
    write_whole(destino, _WRITE[suffix](records, written.isoformat() if written else "1980-01-01"))
    return len(records)


def with_personal_data(workspace: Workspace, acepta: Acepta) -> tuple[int, list[str]]:
    """Return how many agreements that pass carry a warning of personal data, and what they seem to carry."""
    avisos = [v for v in workspace.avisos() if v.tipo == "dato_personal"]
    ids = {v.id for v in avisos}
    agreements, tags = workspace.agreements_of(ids), workspace.tags_of(ids)
    inside = {i for i, a in agreements.items() if acepta(a, tags.get(i, Etiquetas()))}
    return len(inside), sorted({v.detalle.rpartition(": ")[2] for v in avisos if v.id in inside})


def _record(a: Acuerdo, tags: Etiquetas) -> dict[str, Any]:
    return {
        "id": a.id, "documento": a.documento, "entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": a.estatus,
        "estatus_original": a.estatus_original, "archivo": a.origen.archivo, "pagina": a.origen.pagina,
        "fila": a.origen.fila, **{k: v for k, v in tags.as_dict().items() if k != "evidencia"},
    }  # fmt: skip


def _flat(record: dict[str, Any]) -> list[Any]:
    """Return a record as cells: codes apart by spaces, dates by semicolons."""
    flat = {**record, **{k: " ".join(record[k]) for k in _LISTS}}
    flat["fechas"] = "; ".join(f"{f['texto']} = {f['valor']}" for f in record["fechas"])
    return ["" if flat[k] is None else flat[k] for k in COLUMNAS]


def _jsonl(records: list[dict[str, Any]], fecha: str) -> bytes:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()


def _csv(records: list[dict[str, Any]], fecha: str) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNAS)
    writer.writerows([escape_formula(cell) for cell in _flat(record)] for record in records)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(records: list[dict[str, Any]], fecha: str) -> bytes:
    return table_book("Acuerdos", COLUMNAS, map(_flat, records), fecha)


def _parquet(records: list[dict[str, Any]], fecha: str) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    whole, words = pa.int64(), pa.list_(pa.string())
    day = pa.struct({"texto": pa.string(), "tipo": pa.string(), "valor": pa.string(), "inicio": whole, "fin": whole})
    kinds = {"pagina": whole, "fila": whole, **dict.fromkeys(_LISTS, words), "fechas": pa.list_(day)}
    schema = pa.schema({name: kinds.get(name, pa.string()) for name in COLUMNAS})
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(records, schema), stream, compression="zstd")
    return stream.getvalue()


_WRITE: dict[str, Callable[[list[dict[str, Any]], str], bytes]] = {
    ".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet,
}  # fmt: skip
FORMATOS = tuple(_WRITE)
