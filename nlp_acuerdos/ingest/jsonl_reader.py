"""JSONL: one object a line with `acuerdo`, and `entidad`, `estatus`, `proceso`, `fecha_documento` when known."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from nlp_acuerdos.ingest import columns
from nlp_acuerdos.ingest.rows import Fila, Opciones, Tabla
from nlp_acuerdos.records import Rechazo

_FACTS = ("proceso", "fecha_documento")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def rows(text: str, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of a JSONL under a heading of its keys; a bad line is refused with its number."""
    objects, refused = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip(" \t\r\0\ufeff"):
            continue
        value = _parse(line)
        if isinstance(value, str):
            refused.append(Rechazo(f"{name}, línea {number}", value))
        else:
            objects.append((number, value))
    facts, agreed = _facts([value for _, value in objects])
    keys = [k for k in dict.fromkeys(k for _, value in objects for k in value) if k not in agreed]
    found = columns.find(keys, opciones.columnas) or {}
    kept = []
    for number, value in objects:
        agreement = value.get(keys[found["acuerdo"]]) if "acuerdo" in found else ""
        if "acuerdo" in found and not (isinstance(agreement, str) and agreement.strip()):
            refused.append(Rechazo(f"{name}, línea {number}", "le falta la clave «acuerdo» con un texto"))
        else:
            kept.append(Fila(tuple(_cell(value.get(key)) for key in keys), number))
    ordered = sorted(refused, key=lambda r: int(r.origen.rsplit(" ", 1)[1]))
    header = [Fila(tuple(map(_cell, keys)), 0)] if objects else []
    return Tabla((*header, *kept), tuple(ordered), facts, continua=False, llaves=bool(objects))


def _parse(line: str) -> dict[str, Any] | str:
    """Return the object of a line, or why it is none."""
    try:
        value = json.loads(line.replace("\0", "").strip("\ufeff"))
    except (ValueError, RecursionError):
        return "no es JSON bien formado"
    return value if isinstance(value, dict) else "no es un objeto JSON"


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _LONE_SURROGATE.sub("\ufffd", text)


def _facts(objects: Iterable[dict[str, Any]]) -> tuple[dict[str, str], set[str]]:
    """Return the facts most lines state, and those all lines agree on; one that varies also stays with its lines."""
    said: dict[str, Counter[str]] = {}
    for value in objects:
        for key in _FACTS:
            if value.get(key) is not None:
                said.setdefault(key, Counter())[_cell(value[key])] += 1
    return {k: c.most_common(1)[0][0] for k, c in said.items()}, {k for k, c in said.items() if len(c) == 1}
