"""Groups without chaining: a representative, and members each related to it directly."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from nlp_acuerdos.records import Grupo, Miembro, Relacion

COPIAS = frozenset({"exacto", "cambio_estatus", "casi"})
Vecinos = Mapping[str, Mapping[str, Relacion]]


def group(relaciones: Iterable[Relacion]) -> tuple[Grupo, ...]:
    """Return the groups of copies and the series of `relaciones`, sorted by id; the order of the input is nothing.

    Members begin with the representative, as "exacto" to itself. A series is in the order of its slot's values.
    """
    related = list(relaciones)
    copies = _adjacency(r for r in related if r.relacion in COPIAS)
    series = _adjacency(r for r in related if r.relacion == "plantilla")
    found = [_copies(center, others, copies) for center, others in _stars(copies, {})]
    found += [_series(center, others, series) for center, others in _stars(series, _earliest(series))]
    return tuple(sorted(found, key=lambda g: (g.id, g.tipo)))


def _adjacency(relaciones: Iterable[Relacion]) -> dict[str, dict[str, Relacion]]:
    near: dict[str, dict[str, Relacion]] = defaultdict(dict)
    for r in relaciones:
        near[r.a][r.b] = near[r.b][r.a] = r
    return dict(near)


def _stars(near: Vecinos, value: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return (representative, the others), best related first (then earliest value, then id); a text is in one star."""
    taken: set[str] = set()
    stars = []
    for center in sorted(near, key=lambda i: (-len(near[i]), value.get(i, ""), i)):
        others = sorted(i for i in near[center] if i not in taken)
        if center not in taken and others:
            taken.update((center, *others))
            stars.append((center, others))
    return stars


def _id(members: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(members)).encode()).hexdigest()[:12]


def _members(center: str, others: Iterable[str], near: Vecinos) -> tuple[Miembro, ...]:
    direct = near[center]
    return (
        Miembro(center, "exacto", 1.0),
        *(Miembro(i, direct[i].relacion, direct[i].similitud) for i in others),
    )


def _weakest(members: tuple[Miembro, ...]) -> tuple[str, str]:
    last = min(members[1:], key=lambda m: (m.similitud, m.id))
    center = members[0].id
    return (center, last.id) if center < last.id else (last.id, center)


def _copies(center: str, others: list[str], near: Vecinos) -> Grupo:
    members = _members(center, others, near)
    return Grupo(_id(m.id for m in members), "copias", center, members, _weakest(members))


def _series(center: str, others: list[str], near: Vecinos) -> Grupo:
    """Return a series: its members and the values of the slot that varies, both in the order of the values."""
    direct = near[center]
    slot = _slot(direct[i] for i in others)
    values = {i: _value(direct[i], i, slot) for i in others}
    own = next((v for i in others if (v := _value(direct[i], center, slot))), "")
    members = _members(center, sorted(others, key=lambda i: (values[i], i)), near)
    ordered = tuple(sorted({own, *values.values()} - {""}))
    return Grupo(_id(m.id for m in members), "serie", center, members, _weakest(members), slot or None, ordered)


def _value(r: Relacion, id_: str, ranura: str) -> str:
    """Return the value of `id_`'s slot in a relation of the series."""
    side = next((d for d in r.diferencias if d.tipo == ranura), None)
    return "" if side is None else (side.a if r.a == id_ else side.b)


def _earliest(near: Vecinos) -> dict[str, str]:
    """Return for each text the value of its slot, to find the earliest."""
    return {i: _value(r, i, _slot([r])) for i, direct in near.items() for r in [direct[min(direct)]]}


def _slot(relaciones: Iterable[Relacion]) -> str:
    """Return the type of slot that varies most often; ties by name."""
    counts = Counter(d.tipo for r in relaciones for d in r.diferencias)
    return min(counts, key=lambda t: (-counts[t], t)) if counts else ""
