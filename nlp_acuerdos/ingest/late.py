"""Entity labels that come after their first rows, as vertically centred cells do in flat text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from nlp_acuerdos.finders.lugares import PASO, estados, normalize_entidad
from nlp_acuerdos.records import Acuerdo, Aviso, Cambio
from nlp_acuerdos.text import stems

# Shared wording (sum of the idf of the stems two rows share, over that of a stem only one row has) from which the row
# before joins a block of misplaced rows. On the annex, the only case at hand: rows 109 and 108 share 3.0 and 2.3 with
# the block from 110, row 107 (Tamaulipas) 0.4.
_SHARED_WORDING = 0.85
_WHY = "inferido: contiguas hasta la etiqueta y de vocabulario común"


def own_states(texto: str) -> set[str]:
    """Return the states a text names, but for those of passage."""
    return {e.etiqueta for e in estados(texto) if e.regla != PASO}


def late_labels(acuerdos: Sequence[Acuerdo], propias: Collection[str]) -> dict[str, Aviso]:
    """Return id -> warning for rows under one label that name the state of the next label as their own.

    `propias` are the ids of rows that bear their label themselves: such a row is never under a late one.
    """
    found: dict[str, Aviso] = {}
    starts = [i for i in range(1, len(acuerdos)) if acuerdos[i].entidad != acuerdos[i - 1].entidad]
    for start, before in zip(starts, [0, *starts], strict=False):
        coming = normalize_entidad(acuerdos[start].entidad)
        if coming is None or start - before < 2:
            continue
        segment = [i for i in range(before, start) if acuerdos[i].id not in propias]
        named = _misplaced(acuerdos, segment, coming)
        if named:
            block = _block(acuerdos, segment, named)
            found |= {acuerdos[i].id: _warning(acuerdos, i, start, coming, block) for i in named}
    return found


def _misplaced(acuerdos: Sequence[Acuerdo], segment: Sequence[int], coming: str) -> list[int]:
    """Return the rows that name the coming state alone, with no row after them that names its own label's."""
    found: list[int] = []
    for i in segment:
        named = own_states(acuerdos[i].acuerdo)
        if named == {coming}:
            found.append(i)
        elif normalize_entidad(acuerdos[i].entidad) in named:
            found.clear()
    return found


def _block(acuerdos: Sequence[Acuerdo], segment: Sequence[int], named: Sequence[int]) -> list[int]:
    """Return the rows down to the label from the first that shares wording with the misplaced ones."""
    words = {i: set(stems(acuerdos[i].acuerdo)) for i in segment}
    frequency = Counter(stem for row in words.values() for stem in row)
    unit = math.log(len(words) + 1)
    weight = {stem: math.log((len(words) + 1) / n) / unit for stem, n in frequency.items()}
    first = min(named)
    while first - 1 in words and _shared(words, weight, first) >= _SHARED_WORDING:
        first -= 1
    return [i for i in segment if i >= first]


def _shared(words: dict[int, set[str]], weight: dict[str, float], first: int) -> float:
    """Return how much of its wording the row before `first` shares with the nearest row of the block."""
    return max(sum(weight[s] for s in words[first - 1] & words[i]) for i in words if i >= first)


def _warning(acuerdos: Sequence[Acuerdo], i: int, start: int, coming: str, block: Sequence[int]) -> Aviso:
    detail = f"nombra {coming}, cuya etiqueta aparece después, en la fila {acuerdos[start].orden}"
    suggestion = f"pase la fila {acuerdos[i].orden} a {coming}"
    others = [str(acuerdos[j].orden) for j in block if j != i]
    if others:
        noun = "las filas" if len(others) > 1 else "la fila"
        suggestion += f", con {noun} {', '.join(others)} como un bloque ({_WHY})"
        detail += f"; el bloque {acuerdos[block[0]].orden}-{acuerdos[block[-1]].orden} es inferido"
    name = acuerdos[start].entidad
    changes = tuple(Cambio(acuerdos[j].id, "entidad", name) for j in sorted({*block, i}))
    return Aviso("entidad_tardia", acuerdos[i].id, detail, suggestion, changes)
