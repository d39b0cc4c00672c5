"""Repaired rows to agreements, and back to what was read where a person undid the repair. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.ingest import avisos
from nlp_acuerdos.ingest.status import normalize_estatus
from nlp_acuerdos.ingest.tables import Registro
from nlp_acuerdos.records import (
    COMBINADA,
    CONTINUADA,
    CORRIDA,
    ESTATUS_COMBINADO,
    GUION,
    HEREDADA,
    Acuerdo,
    Aviso,
    Lectura,
    Origen,
    Reparacion,
    make_id,
)

Filas = Mapping[tuple[str, str], tuple[Acuerdo, ...]]
_BLANK: dict[str, dict[str, Any]] = {
    HEREDADA: {"entidad": ""},
    COMBINADA: {"entidad": ""},
    ESTATUS_COMBINADO: {"estatus": None, "estatus_original": ""},
}


def agreements(registros: Sequence[Registro], key: str, archivo: str) -> tuple[list[Acuerdo], list[Reparacion]]:
    """Return the agreements of a document and what their repairs changed.

    Joined rows get the ids they would have on their own, after those of every agreement: undoing a repair moves no id.
    """
    seen: Counter[str] = Counter()
    found = [_agreement(r, key, archivo, n, _next_id(r, key, seen)) for n, r in enumerate(registros, 1)]
    changed: list[Reparacion] = []
    for a, r in zip(found, registros, strict=True):
        rows = [(a.id, r), *((_next_id(x, key, seen), x) for x in r.filas[1:])]
        if r.filas:
            first = (_agreement(r.filas[0], key, archivo, a.orden, a.id),)
            rest = (_agreement(x, key, archivo, a.orden, id_) for id_, x in rows[1:])
            changed.append(Reparacion(a.id, CONTINUADA, (*first, *rest)))
        for id_, x in rows:
            for kind, before in x.antes:
                changed.append(Reparacion(id_, kind, (_agreement(before, key, archivo, a.orden, id_),)))
    return found, changed


def _next_id(r: Registro, key: str, seen: Counter[str]) -> str:
    first = make_id(key, r.entidad, r.acuerdo, 1)
    seen[first] += 1
    return first if seen[first] == 1 else make_id(key, r.entidad, r.acuerdo, seen[first])


def _agreement(r: Registro, key: str, archivo: str, order: int, id_: str) -> Acuerdo:
    status, origin = normalize_estatus(r.estatus), Origen(archivo, r.pagina, order)
    return Acuerdo(id_, key, order, r.entidad, r.acuerdo, status, r.estatus, origin, r.reparaciones, r.extra)


def own_labels(acuerdos: Iterable[Acuerdo]) -> set[str]:
    """Return the ids of the agreements whose row bears the label of its entity, or lies under its merged cell."""
    return {a.id for a in acuerdos if a.entidad and HEREDADA not in a.reparaciones}


def undone(lectura: Lectura, deshechas: Collection[tuple[str, str]]) -> Lectura:
    """Return a reading with some repairs, named (id, type), undone: blank cells, columns and rows as they were read.

    The rows of an agreement that was joined are one agreement each, and the order and warnings of the document follow.
    """
    origins: Filas = {(r.id, r.tipo): r.filas for r in lectura.reparaciones}
    rows: list[Acuerdo] = []
    kept: list[Reparacion] = []
    for a in lectura.acuerdos:
        now = list(_as_read(a, origins, deshechas))
        if now != [a]:
            kept.append(Reparacion(a.id, "", (a,)))
        rows += now
    if not kept:
        return lectura
    placed = tuple(_placed(rows))
    return replace(
        lectura, acuerdos=placed, avisos=tuple(_warnings(lectura, placed, deshechas)),
        reparaciones=(*lectura.reparaciones, *kept),
        continuaciones=lectura.continuaciones - len(rows) + len(lectura.acuerdos),
    )  # fmt: skip


def repaired(lectura: Lectura) -> Lectura:
    """Return the reading `undone` was given: every repair made, warnings as they were then."""
    whole = {r.id: r.filas[0] for r in lectura.reparaciones if not r.tipo}
    if not whole:
        return lectura
    parts = {row.id for r in lectura.reparaciones if r.tipo == CONTINUADA for row in r.filas[1:]}
    placed = tuple(_placed([whole.get(a.id, a) for a in lectura.acuerdos if a.id not in parts]))
    return replace(
        lectura, acuerdos=placed, avisos=tuple(_warnings(lectura, placed, ())),
        reparaciones=tuple(r for r in lectura.reparaciones if r.tipo),
        continuaciones=lectura.continuaciones + len(lectura.acuerdos) - len(placed),
    )  # fmt: skip


def _as_read(a: Acuerdo, origins: Filas, deshechas: Collection[tuple[str, str]]) -> Iterator[Acuerdo]:
    """Yield what an agreement is without its undone repairs; the columns of joined rows stay right while they are one."""
    if CONTINUADA in a.reparaciones:
        if (a.id, CONTINUADA) in deshechas and (a.id, CONTINUADA) in origins:
            for row in origins[a.id, CONTINUADA]:
                yield from _as_read(row, origins, deshechas)
            return
    else:
        for kind in (CORRIDA, GUION):
            if kind in a.reparaciones and (a.id, kind) in deshechas and (a.id, kind) in origins:
                yield from _as_read(origins[a.id, kind][0], origins, deshechas)
                return
    blank = [kind for kind in _BLANK if kind in a.reparaciones and (a.id, kind) in deshechas]
    left = tuple(kind for kind in a.reparaciones if kind not in blank)
    values = {name: value for kind in blank for name, value in _BLANK[kind].items()}
    yield replace(a, reparaciones=left, **values) if blank else a


def _placed(rows: Iterable[Acuerdo]) -> Iterator[Acuerdo]:
    for n, a in enumerate(rows, 1):
        yield a if a.orden == n else replace(a, orden=n, origen=replace(a.origen, fila=n))


def _warnings(lectura: Lectura, acuerdos: Sequence[Acuerdo], deshechas: Collection[tuple[str, str]]) -> Iterator[Aviso]:
    """Yield the warnings of the agreements, among which the undone repairs that can be made again."""
    doc = lectura.documento
    anchor = make_anchor(doc.proceso, doc.fecha_documento)
    found = avisos.find(acuerdos, anchor, con_estatus=lectura.con_estatus, propias=own_labels(acuerdos))
    present, origins = {a.id for a in acuerdos}, {(r.id, r.tipo) for r in lectura.reparaciones}
    said = {
        CONTINUADA: "venía partido en varias filas; su unión se deshizo y cada fila es un acuerdo",
        CORRIDA: "la fila venía corrida; se dejó con las columnas en que se leyó",
    }
    active = {(a.id, kind) for a in acuerdos for kind in a.reparaciones}
    for id_, kind in sorted(set(deshechas) & origins):
        if kind in said and id_ in present and (id_, kind) not in active:
            yield Aviso(kind, id_, said[kind], f"«acuerdos avisos apply {id_}:{kind}» la repara de nuevo")
    yield from found
