"""Two texts aligned piece by piece: what is left of each side, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz.distance import Indel

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup.iguales import Keys
from nlp_acuerdos.dedup.perfil import Perfil

Hueco = tuple[int, int, int, int]


def similarity(a: Perfil, b: Perfil) -> float:
    """Return the similarity of two wordings in [0, 1]: aligned words over all (normalised Indel similarity)."""
    if a.texto == b.texto:
        return 1.0
    return round(Indel.normalized_similarity(a.texto.split(), b.texto.split()), 4)


@dataclass(slots=True)
class Resto:
    """What is left of one side when the pieces of the other are taken away: indices by type, and size of each run."""

    por_tipo: dict[str, list[int]] = field(default_factory=dict)
    tramo: dict[int, int] = field(default_factory=dict)

    def of(self, *tipos: str) -> list[int]:
        """Return the indices of some types."""
        return [i for tipo in tipos for i in self.por_tipo.get(tipo, ())]


def gaps(keys: Keys) -> list[Hueco]:
    """Return the half-open ranges of both sides between the aligned pieces."""
    found: list[Hueco] = []
    for op in Indel.opcodes(*keys):
        if op.tag == "equal":
            continue
        here = (op.src_start, op.src_end, op.dest_start, op.dest_end)
        if found and found[-1][1] == here[0] and found[-1][3] == here[2]:
            found[-1] = (found[-1][0], here[1], found[-1][2], here[3])
        else:
            found.append(here)
    return found


def leftovers(p: Perfil, own: tuple[str, ...], other: tuple[str, ...], ranges: list[tuple[int, int]]) -> Resto:
    """Return the pieces of `own` absent from `other`, and for each the most absent pieces a gap with it holds."""
    there = set(other)
    rest = Resto()
    widest: dict[str, int] = {}
    for start, end in ranges:
        absent = [i for i in range(start, end) if own[i] not in there]
        for i in absent:
            rest.por_tipo.setdefault(p.tipos[i], []).append(i)
            widest[own[i]] = max(widest.get(own[i], 0), len(absent))
    rest.tramo = {i: widest[own[i]] for indices in rest.por_tipo.values() for i in indices}
    return rest


def swapped(keys: Keys, huecos: list[Hueco], limit: int) -> bool:
    """Tell whether somewhere a few pieces of one side stand in the place of a few of the other."""
    first, second = set(keys[0]), set(keys[1])
    for i1, i2, j1, j2 in huecos:
        left = sum(k not in second for k in keys[0][i1:i2])
        right = sum(k not in first for k in keys[1][j1:j2])
        if left and right and min(left, right) <= limit and max(left, right) <= limit + 1:
            return True
    return False


def coverage(keys: Keys) -> tuple[float, float]:
    """Return the share of the shorter and of the longer text that the other has."""
    first, second = set(keys[0]), set(keys[1])
    shared = len(first & second)
    sizes = sorted((len(first), len(second)))
    return shared / max(1, sizes[0]), shared / max(1, sizes[1])


def apart(long: Perfil, start: int, end: int) -> bool:
    """Tell whether the pieces from `start` to `end` are parted by marks from what is around them."""
    left = start == 0 or long.clausulas[start - 1] != long.clausulas[start]
    return left and (end == len(long.claves) or long.clausulas[end - 1] != long.clausulas[end])


def in_clause(p: Perfil, i: int, rest: Resto, umbrales: Umbrales) -> bool:
    """Tell whether a piece only one text has stands in a clause the other has too: it is not gone with a whole one."""
    if rest.tramo[i] > umbrales.tramo_clausula:
        return False
    first, last = run(i, rest)
    return last == first or not apart(p, first, last + 1)


def whole_clause(p: Perfil, i: int, rest: Resto) -> bool:
    """Tell whether the run of leftovers around piece `i` is parted by marks from the rest."""
    first, last = run(i, rest)
    return apart(p, first, last + 1)


def run(i: int, rest: Resto) -> tuple[int, int]:
    """Return the first and last piece of the unbroken run of leftovers around piece `i`."""
    first = last = i
    while first - 1 in rest.tramo:
        first -= 1
    while last + 1 in rest.tramo:
        last += 1
    return first, last
