"""Agreements and tags as rows for other programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import Acuerdo, Etiquetas
from nlp_acuerdos.report.files import write_whole
from nlp_acuerdos.report.summary import Acepta
from nlp_acuerdos.workspace import Workspace

FORMATOS = (".jsonl", ".csv")
_LISTS = ("actores", "responsables", "actividades")


def escape_formula(cell: Any) -> Any:
    """Return `cell` so that no spreadsheet takes it for a formula: a quote before = + - @ and control characters."""
    return "'" + cell if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def export(workspace: Workspace, destino: Path, acepta: Acepta) -> int:
    """Write the agreements that pass as jsonl or csv (UTF-8 with BOM, formulas escaped); return how many.

    Raises EntradaInvalida for another suffix, or when the file cannot be written.
    """
    tags = workspace.tags()
    pairs = [(a, tags.get(a.id, Etiquetas())) for a in workspace.agreements()]
    records = [_record(a, t) for a, t in pairs if acepta(a, t)]
    if destino.suffix.lower() == ".jsonl":
        content = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()
    elif destino.suffix.lower() == ".csv":
        content = _csv(records).encode("utf-8-sig")
    else:
        raise EntradaInvalida(f"no sé exportar a «{destino.name}»; use .jsonl o .csv")
    write_whole(destino, content)
    return len(records)


def _record(a: Acuerdo, tags: Etiquetas) -> dict[str, Any]:
    return {
        "id": a.id, "documento": a.documento, "entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": a.estatus,
        "estatus_original": a.estatus_original, "archivo": a.origen.archivo, "pagina": a.origen.pagina,
        "fila": a.origen.fila, **{k: v for k, v in tags.as_dict().items() if k != "evidencia"},
    }  # fmt: skip


def _csv(records: list[dict[str, Any]]) -> str:
    stream = io.StringIO(newline="")
    header = list(records[0]) if records else ["id", "acuerdo"]
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    for record in records:
        flat = {**record, **{k: " ".join(record[k]) for k in _LISTS}}
        flat["fechas"] = "; ".join(f"{f['texto']} = {f['valor']}" for f in record["fechas"])
        writer.writerow([escape_formula("" if flat[k] is None else flat[k]) for k in header])
    return stream.getvalue()
