"""The states where a tile map has them: a catalogue of places, filled with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.report.datos import Casilla, Cuenta, share
from nlp_acuerdos.text import wording


def tiles(entidades: Iterable[Cuenta], total: int) -> tuple[tuple[Casilla, ...], int]:
    """Return the 32 states with their counts, from north to south, and how many agreements no state was read for."""
    counted: Counter[str] = Counter()
    for count in entidades:
        counted[_names().get(wording(count.valor), "")] += count.n
    places = load("mapa")["casillas"].items()
    found = (Casilla(e, s, c, f, counted[e], share(counted[e], total)) for e, (s, c, f) in places)
    return tuple(sorted(found, key=lambda t: (t.fila, t.columna))), counted[""]


@cache
def _names() -> dict[str, str]:
    """Return the official name by every way the entity column writes a state."""
    found: dict[str, str] = {}
    for official, entry in load("entidades")["entidades"].items():
        short = (*entry.get("abreviaturas", ()), *entry.get("solo_columna", ()))
        for name in (official, f"Estado de {official}", *entry.get("nombres", ()), *short):
            found.setdefault(wording(name), official)
    return found
