"""JSONL in, tagged JSONL out, a batch at a time: memory does not grow with the input."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context
from typing import Any

from spacy.language import Language

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import Ancla
from nlp_acuerdos.tagging.clasificador import etiquetador
from nlp_acuerdos.tagging.components import LOTE, make_nlp, tag_all

Linea = tuple[str, str, Ancla]
"""What a line gives: id, text and date anchor."""


def tag_lines(
    lines: Iterable[bytes],
    *,
    proceso: str | None = None,
    fecha_documento: date | None = None,
    nombre: str = "-",
    solo_reglas: bool = False,
    procesos: int = 1,
) -> Iterator[dict[str, Any]]:
    """Yield the tag record of each JSONL line, in order; a line without `id` gets its number as text.

    With `procesos` the batches are tagged by as many processes. Raises EntradaInvalida at the first bad line, with its
    number; what was yielded before stands.
    """
    batches = _batches(lines, proceso, fecha_documento, nombre)
    if procesos == 1:
        for batch in batches:
            yield from _tag_batch(batch, solo_reglas)
        return
    with ProcessPoolExecutor(procesos, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[dict[str, Any]]]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(_tag_batch, batch, solo_reglas))
                if len(waiting) > 2 * procesos:
                    yield from waiting.popleft().result()
        except EntradaInvalida:
            while waiting:
                yield from waiting.popleft().result()
            raise
        while waiting:
            yield from waiting.popleft().result()


def _tag_batch(batch: list[Linea], rules_only: bool) -> list[dict[str, Any]]:
    tagger = None if rules_only else etiquetador()
    tagged = tag_all([(text, anchor) for _, text, anchor in batch], _nlp(), etiquetador=tagger)
    return [{"id": id_, **tags.as_dict()} for (id_, _, _), tags in zip(batch, tagged, strict=True)]


@cache
def _nlp() -> Language:
    return make_nlp()


def _batches(lines: Iterable[bytes], proceso: str | None, day: date | None, name: str) -> Iterator[list[Linea]]:
    """Yield the lines in batches; before a bad line raises, the good ones before it are yielded."""
    batch: list[Linea] = []
    for number, line in enumerate(lines, 1):
        if not line.strip(b" \t\r\n\xef\xbb\xbf"):
            continue
        try:
            record = _parse(line, name, number)
            anchor = _anchor(record, proceso, day, f"{name}, línea {number}")
        except EntradaInvalida:
            if batch:
                yield batch
            raise
        batch.append((str(record.get("id", number)), record["acuerdo"], anchor))
        if len(batch) == LOTE:
            yield batch
            batch = []
    if batch:
        yield batch


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
