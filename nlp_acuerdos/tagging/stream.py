"""JSONL in, tagged JSONL out, one line at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import Ancla
from nlp_acuerdos.tagging.components import make_nlp, tag_all


def tag_lines(
    lines: Iterable[bytes], *, proceso: str | None = None, fecha_documento: date | None = None, nombre: str = "-"
) -> Iterator[dict[str, Any]]:
    """Yield the tag record of each JSONL line, in order; a line without `id` gets its number as text.

    Raises EntradaInvalida at the first bad line, with its number; what was yielded before stands.
    """
    nlp = make_nlp()
    for number, line in enumerate(lines, 1):
        if not line.strip(b" \t\r\n\xef\xbb\xbf"):
            continue
        record = _parse(line, nombre, number)
        anchor = _anchor(record, proceso, fecha_documento, f"{nombre}, línea {number}")
        (tags,) = tag_all([(record["acuerdo"], anchor)], nlp)
        yield {"id": str(record.get("id", number)), **tags.as_dict()}


def _parse(line: bytes, name: str, number: int) -> dict[str, Any]:
    where = f"{name}, línea {number}"
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise EntradaInvalida(
            f"{where}: no es JSON en UTF-8; escriba un objeto por línea con la clave «acuerdo»"
        ) from error
    if not isinstance(record, dict) or not isinstance(record.get("acuerdo"), str):
        raise EntradaInvalida(f'{where}: falta la clave «acuerdo» con texto; escriba {{"acuerdo": "…"}}')
    return record


def _anchor(record: dict[str, Any], proceso: str | None, day: date | None, where: str) -> Ancla:
    own = record.get("fecha_documento")
    try:
        return make_anchor(proceso or record.get("proceso"), day or (date.fromisoformat(own) if own else None))
    except (ValueError, TypeError) as error:
        raise EntradaInvalida(f"{where}: fecha_documento «{own}» no es AAAA-MM-DD; corríjala") from error
