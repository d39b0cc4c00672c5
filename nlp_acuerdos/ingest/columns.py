"""Columns by their meaning: which column of a heading is the state, the agreement, the status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.text import clean, fold

CORE = ("entidad", "acuerdo", "estatus")
LONGEST_HEADING = 60
_MARKS = re.compile(r"[^\wñ]+")


def key(cell: str) -> str:
    """Return the folded words of a heading."""
    return _MARKS.sub(" ", fold(cell)).strip()


@cache
def _kinds() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = load("columnas")["columnas"]
    return found


def check_mapping(columnas: Mapping[str, str] | None) -> None:
    """Raise EntradaInvalida for a mapping of anything but entidad, acuerdo and estatus."""
    for core in columnas or {}:
        if core not in CORE:
            raise EntradaInvalida(f"la asignación de columnas no conoce «{core}»; use entidad=…, acuerdo=… o estatus=…")


def find(cells: Sequence[str], columnas: Mapping[str, str] | None = None) -> dict[str, int] | None:
    """Return the place of each core column when `cells` are a heading with the agreement's column, else None.

    `columnas` maps a core column to the heading that bears it, and wins over the catalogue.
    """
    if not any(0 < len(cell) <= LONGEST_HEADING for cell in cells):
        return None
    keys = [key(cell) if len(cell) <= LONGEST_HEADING else "" for cell in cells]
    found = _mapped(keys, columnas)
    if found is None:
        return None
    for core in CORE:
        if core not in found:
            place = _best(core, keys, set(found.values()))
            if place is not None:
                found[core] = place
    _settle_state(keys, found)
    if "acuerdo" not in found:
        return None
    return found if len(found) > 1 or columnas or _stands_alone(keys, found["acuerdo"]) else None


def _stands_alone(keys: Sequence[str], place: int) -> bool:
    """Tell a heading with no column but the agreement's from a title."""
    return keys[place] in _kinds()["acuerdo"]["exactas"] and (len(keys) == 1 or sum(map(bool, keys)) > 1)


def _mapped(keys: Sequence[str], columnas: Mapping[str, str] | None) -> dict[str, int] | None:
    """Return the places of the columns the caller named, or None when one is not among `keys`."""
    found: dict[str, int] = {}
    for core, heading in (columnas or {}).items():
        if key(heading) not in keys:
            return None
        found[core] = keys.index(key(heading))
    return found


def _best(core: str, keys: Sequence[str], taken: set[int]) -> int | None:
    """Return the free column that best means `core`: a whole heading of the catalogue, then one with a word of it."""
    kind = _kinds()[core]
    for heading in kind["exactas"]:
        if heading in keys and keys.index(heading) not in taken:
            return keys.index(heading)
    for place, words in enumerate(k.split() for k in keys):
        if place not in taken and set(words) & set(kind["contiene"]) and not set(words) & set(kind["nunca"]):
            return place
    return None


def _settle_state(keys: Sequence[str], found: dict[str, int]) -> None:
    """Read "Estado" as the status where another column already is the state."""
    if "estatus" not in found and "estado" in keys and found.get("entidad") != keys.index("estado"):
        found["estatus"] = keys.index("estado")


def is_exact(cells: Sequence[str], places: Mapping[str, int]) -> bool:
    """Tell whether each core column of a heading bears a whole heading of the catalogue."""
    return len(places) > 1 and all(
        key(cells[i]) in (*_kinds()[core]["exactas"], "estado") for core, i in places.items()
    )


def missing(name: str, seen: Sequence[str]) -> EntradaInvalida:
    """Return the error of a source with no column of agreements; `seen` are the cells of its first row."""
    shown = ", ".join(clean(c)[:40] for c in seen if c.strip())[:160] or "ninguna"
    return EntradaInvalida(
        f"«{name}»: no encuentro la columna «acuerdo»; columnas vistas: {shown}; cambie el encabezado "
        "a Entidad, Acuerdo, Estatus"
    )
