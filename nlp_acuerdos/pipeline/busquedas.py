"""Saved searches: what each finds now that it did not when it was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp_acuerdos.errors import NoEncontrado
from nlp_acuerdos.pipeline import Abierto
from nlp_acuerdos.search import Filtros, resolve_filters


@dataclass(frozen=True, slots=True)
class Guardada:
    """A saved search: its query and filters as written, how many it finds, and the ids that are new since it was saved."""

    nombre: str
    consulta: str
    filtros: Mapping[str, Any]
    cuando: str
    coincidencias: int
    nuevas: frozenset[str]


def save(opened: Abierto, nombre: str, consulta: str, filtros: Mapping[str, Sequence[str] | str | None]) -> int:
    """Store a search with what it finds now; return how many."""
    ids = opened.searcher.matching(consulta, as_filters(filtros))
    with opened.workspace.transaction():
        opened.workspace.save_search(nombre, consulta, filtros, ids)
    return len(ids)


def saved(opened: Abierto) -> list[Guardada]:
    """Return the saved searches, by name, with what is new in each."""
    found = []
    for name, (query, filters, ids, when) in opened.workspace.searches().items():
        now = opened.searcher.matching(query, as_filters(filters))
        found.append(Guardada(name, query, filters, when, len(now), now - ids))
    return found


def saved_search(opened: Abierto, nombre: str) -> Guardada:
    """Return one saved search. Raises NoEncontrado for an unknown name."""
    for found in saved(opened):
        if found.nombre == nombre:
            return found
    raise NoEncontrado(f"no hay una búsqueda guardada «{nombre}»; «acuerdos search --guardadas» las lista")


def as_filters(filtros: Mapping[str, Any]) -> Filtros:
    """Return filters stored as a person wrote them."""
    return resolve_filters(**filtros)
