"""Records to rows of the database and back."""

from __future__ import annotations

import json
from typing import Any

from nlp_acuerdos.records import (
    ACTIVIDADES,
    ACTORES,
    CONJUNTOS,
    Acuerdo,
    Etiquetas,
    Evidencia,
    Fecha,
    Grupo,
    Miembro,
    Origen,
    Relacion,
    in_order,
)  # fmt: skip


def agreement_row(a: Acuerdo) -> tuple[Any, ...]:
    """Return the row of an agreement."""
    repairs = json.dumps(a.reparaciones, ensure_ascii=False) if a.reparaciones else "[]"
    extra = json.dumps(a.extra, ensure_ascii=False) if a.extra else "{}"
    origin = (a.origen.archivo, a.origen.pagina, a.origen.fila)
    return (a.id, a.documento, a.orden, a.entidad, a.acuerdo, a.estatus, a.estatus_original, *origin, repairs, extra)


def agreement(row: tuple[Any, ...]) -> Acuerdo:
    """Return the agreement of a row."""
    id_, documento, orden, entidad, acuerdo, estatus, original, archivo, pagina, fila, repairs, extra = row
    origin = Origen(archivo, pagina, fila)
    return Acuerdo(
        id_,
        documento,
        orden,
        entidad,
        acuerdo,
        estatus,
        original,
        origin,
        tuple(json.loads(repairs)) if repairs != "[]" else (),
        json.loads(extra) if extra != "{}" else {},
    )


CAPTURA = "id, documento, orden, entidad, acuerdo, estatus"


def captured(row: tuple[Any, ...]) -> Acuerdo:
    """Return the agreement of a row of a snapshot, which keeps no origin but its place in the document."""
    id_, documento, orden, entidad, acuerdo, estatus = row
    return Acuerdo(id_, documento, orden, entidad, acuerdo, estatus, estatus or "", Origen(documento, None, orden))


def tags_data(tags: Etiquetas) -> dict[str, Any]:
    """Return tags as JSON data."""
    return {"evidencia": [_fields(e) for e in tags.evidencia], "fechas": [_fields(f) for f in tags.fechas]}


def _fields(record: Any) -> dict[str, Any]:
    """Return the fields of a flat record; `dataclasses.asdict` copies each value and takes ten times as long."""
    return {name: getattr(record, name) for name in record.__slots__}


def read_tags(data: str) -> Etiquetas:
    """Return the tags of stored JSON."""
    parsed = json.loads(data)
    evidence = tuple(Evidencia(**e) for e in parsed["evidencia"])  # stored in order and unique
    codes: dict[str, set[str]] = {conjunto: set() for conjunto in CONJUNTOS}
    for e in evidence:
        codes[e.conjunto].add(e.etiqueta)
    actors, agents, acts = (in_order(codes[c], ACTIVIDADES if c == "actividades" else ACTORES) for c in CONJUNTOS)
    return Etiquetas(actors, agents, acts, tuple(Fecha(**f) for f in parsed["fechas"]), evidence)


def relation_row(r: Relacion) -> tuple[Any, ...]:
    """Return the row of a relation."""
    differences = json.dumps([_fields(d) for d in r.diferencias], ensure_ascii=False)
    return (r.a, r.b, r.relacion, r.similitud, differences, int(r.decidida))


def read_group(data: dict[str, Any]) -> Grupo:
    """Return the group of stored data."""
    members = tuple(Miembro(**m) for m in data["miembros"])
    weakest = (data["par_mas_debil"][0], data["par_mas_debil"][1])
    return Grupo(
        data["id"], data["tipo"], data["representante"], members, weakest, data["ranura"], tuple(data["valores"])
    )
