"""What changed between two lists of agreements: the same id, or the same wording in the same entity, is the same one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from nlp_acuerdos.records import ESTATUS, Acuerdo
from nlp_acuerdos.report.datos import SIN_ESTATUS, Anterior, Cambio, Cambios, Ejemplo, Movido, Pares
from nlp_acuerdos.text import fold, wording

Temas = Callable[[Pares], Iterable[tuple[str, int]]]
Parejas = list[tuple[Acuerdo, Acuerdo]]


def compare(antes: Sequence[Acuerdo], ahora: Sequence[Acuerdo]) -> tuple[Parejas, list[Acuerdo], list[Acuerdo]]:
    """Return the pairs (before, now) of one agreement, those that are new and those that are gone, in their order."""
    pairs: Parejas = []
    for key in (_same_id, _same_text):
        found, antes, ahora = _match(antes, ahora, key)
        pairs += found
    return pairs, list(ahora), list(antes)


def _same_id(a: Acuerdo) -> object:
    return a.id


def _same_text(a: Acuerdo) -> object:
    return fold(a.entidad), wording(a.acuerdo)


def _match(
    antes: Sequence[Acuerdo], ahora: Sequence[Acuerdo], key: Callable[[Acuerdo], object]
) -> tuple[Parejas, list[Acuerdo], list[Acuerdo]]:
    waiting: defaultdict[object, list[Acuerdo]] = defaultdict(list)
    for a in antes:
        waiting[key(a)].append(a)
    pairs = [(waiting[key(a)].pop(0), a) for a in ahora if waiting[key(a)]]
    old, new = {id(a) for a, _ in pairs}, {id(a) for _, a in pairs}
    return pairs, [a for a in antes if id(a) not in old], [a for a in ahora if id(a) not in new]


def changes(anterior: Anterior, ahora: Pares, temas: Temas) -> Cambios:
    """Return what changed: counts by status and theme, and the agreements that are new, gone or moved."""
    pairs, new, gone = compare([a for a, _ in anterior.pares], [a for a, _ in ahora])
    moved = [(a, b) for a, b in pairs if a.estatus != b.estatus]
    order = {a.id: n for n, (a, _) in enumerate(ahora)}
    moved.sort(key=lambda pair: order[pair[1].id])
    before, after = _statuses(anterior.pares), _statuses(ahora)
    names = [n for n in (*ESTATUS, SIN_ESTATUS) if before[n] or after[n]]
    earlier, found = dict(temas(anterior.pares)), sorted(temas(ahora), key=lambda pair: -pair[1])
    return Cambios(
        anterior.nombre,
        len(anterior.pares),
        len(ahora),
        len(pairs) - len(moved),
        tuple(Cambio(n, before[n], after[n]) for n in names),
        tuple(Cambio(name, earlier[name], n) for name, n in found if n or earlier[name]),
        tuple(map(Ejemplo.from_agreement, new)),
        tuple(map(Ejemplo.from_agreement, gone)),
        tuple(Movido(Ejemplo.from_agreement(b), a.estatus or SIN_ESTATUS) for a, b in moved),
    )


def _statuses(pairs: Pares) -> Counter[str]:
    return Counter(a.estatus or SIN_ESTATUS for a, _ in pairs)
