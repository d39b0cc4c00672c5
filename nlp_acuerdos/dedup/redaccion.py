"""Plantilla, casi or nothing, from what is left on each side of two aligned texts."""

from __future__ import annotations

from rapidfuzz.distance import Indel

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup.iguales import Keys
from nlp_acuerdos.dedup.lexico import bearing, contrasting, light, restrictive
from nlp_acuerdos.dedup.perfil import INSTITUCION, PALABRA, Perfil
from nlp_acuerdos.dedup.restos import Resto, coverage, gaps, in_clause, run, similarity, swapped, whole_clause
from nlp_acuerdos.finders.slots import TIPOS, counted


def judge(a: Perfil, b: Perfil, keys: Keys, rests: tuple[Resto, Resto], umbrales: Umbrales) -> str | None:
    """Decide between plantilla, casi and nothing from what is left on each side."""
    left, right = rests
    words = _heavy(a, left, right), _heavy(b, right, left)
    conflict = [t for t in TIPOS if left.of(t) and right.of(t)]
    one_sided = [t for t in TIPOS if t not in conflict]
    lone = [(p, r, i) for p, r in ((a, left), (b, right)) for i in r.of(*one_sided) if not _implied(p, i, a, b)]
    if conflict or (not any(words) and not lone and _slots_moved(a, b)):
        stays = len(set(keys[0]) & set(keys[1])) + len(conflict) > 1 and _has_words(a)
        alike = _masked(a, b, keys) >= umbrales.plantilla_orden
        return "plantilla" if not any(words) and not lone and stays and alike else None
    if any(in_clause(p, i, rest, umbrales) for p, rest, i in lone):
        return None
    if not any(words):
        return "casi" if len(set(keys[0])) > 1 and not lone else None
    if _retold(a, b, keys, rests, umbrales):
        return "casi"
    if all(words):
        return "casi" if _free_rewording(a, keys, rests, umbrales) else None
    side, other, rest = (a, b, left) if words[0] else (b, a, right)
    return "casi" if _light_edit(side, other, rest, keys, umbrales) else None


def _implied(p: Perfil, i: int, a: Perfil, b: Perfil) -> bool:
    """Tell whether a slot only one side has is said by both all the same: "un", "todas", a number or state inside a name."""
    value = p.claves[i]
    if p.tipos[i] == "numero":
        return value in ("1", "100%") or value in counted(a.texto) & counted(b.texto)
    return p.tipos[i] == "lugar" and any(f"#{value}" in name for q in (a, b) for name in q.of_type(INSTITUCION))


def _masked(a: Perfil, b: Perfil, keys: Keys) -> float:
    """Return how alike two texts are piece by piece, with their slots masked: a series keeps its wording."""
    first, second = (
        [t if t in TIPOS else k for k, t in zip(own, p.tipos, strict=True)] for own, p in zip(keys, (a, b), strict=True)
    )
    return float(Indel.normalized_similarity(first, second))


def _heavy(side: Perfil, own: Resto, other: Resto) -> list[int]:
    """Return the words only one side has; none where they only carry others and the other side has words of its own."""
    words = own.of(PALABRA)
    if other.of(PALABRA) and all(side.claves[i] in bearing() and side.papeles[i] != "y" for i in words):
        return []
    return words


def _retold(a: Perfil, b: Perfil, keys: Keys, rests: tuple[Resto, Resto], umbrales: Umbrales) -> bool:
    """Tell whether one text is the other told again: most pieces in another order, no slot or institution of its own."""
    low, high = coverage(keys)
    own = [[p.claves[i] for i in rest.of(PALABRA)] for p, rest in zip((a, b), rests, strict=True)]
    return (
        low >= umbrales.recontado_menor
        and high >= umbrales.recontado_mayor
        and len(set(keys[0]) & set(keys[1])) >= umbrales.recontado_piezas
        and min(map(len, own)) <= umbrales.recontado_propias
        and not any(rest.of(*TIPOS, INSTITUCION) for rest in rests)
        and not all(contrasting() & set(words) for words in own)
        and not all(_proper(p, rest) for p, rest in zip((a, b), rests, strict=True))
        and similarity(a, b) <= umbrales.recontado_parecido
    )


def _proper(p: Perfil, rest: Resto) -> bool:
    """Tell whether a proper name is among the words only this side has."""
    return any(i and p.formas[i][:1].isupper() and not p.formas[i].isupper() for i in rest.of(PALABRA))


def _has_words(p: Perfil) -> bool:
    return any(t in (PALABRA, INSTITUCION) for t in p.tipos)


def _slots_moved(a: Perfil, b: Perfil) -> bool:
    """Tell whether the same words stand in the same order with the same slots in another ("del 01 al 02").

    Slots named together change places freely ("en Aguililla y Coalcomán").
    """
    return a.marca == b.marca and a.conjunto == b.conjunto and _runs(a) != _runs(b)


def _runs(p: Perfil) -> list[tuple[str, tuple[str, ...]]]:
    """Return the slots in order, those that stand side by side with one type as one sorted run."""
    runs: list[tuple[int, str, list[str]]] = []
    for i, (key, tipo) in enumerate(zip(p.claves, p.tipos, strict=True)):
        if tipo not in TIPOS:
            continue
        if runs and tipo == runs[-1][1] == "lugar" and runs[-1][0] == i - 1:
            runs[-1] = (i, tipo, [*runs[-1][2], key])
        else:
            runs.append((i, tipo, [key]))
    return [(tipo, tuple(sorted(keys))) for _, tipo, keys in runs]


def _light_edit(side: Perfil, other: Perfil, rest: Resto, keys: Keys, umbrales: Umbrales) -> bool:
    """Tell whether what one side adds is a word or two that change no object, or whole clauses."""
    low, high = coverage(keys)
    words = rest.of(PALABRA)
    brief = [i for i in words if rest.tramo[i] <= umbrales.insercion_breve and not whole_clause(side, i, rest)]
    if any(_weighs(side, i) for i in brief):
        return False
    clauses = [i for i in words if i not in brief]
    if clauses and other.contenidas < umbrales.palabras_contenidas:
        return False
    if any(not _clause_bound(side, i, rest) for i in clauses):
        return False
    weighed = [i for i in brief if side.claves[i] not in bearing()]
    return low >= umbrales.cobertura_menor and high >= 0.5 and len(weighed) <= max(1, len(set(side.claves)) // 5)


def _weighs(side: Perfil, i: int) -> bool:
    """Tell whether a word added inside a clause makes another object or audience."""
    if side.claves[i] in light():
        return False
    return side.claves[i] in restrictive() or side.papeles[i] in ("y", "p") or _heads_list(side, i)


def _heads_list(side: Perfil, i: int) -> bool:
    """Tell whether the next piece is joined to piece `i` ("boletas y actas" beside "actas")."""
    return i + 1 < len(side.claves) and side.papeles[i + 1] == "y" and side.tipos[i + 1] == PALABRA


def _clause_bound(side: Perfil, i: int, rest: Resto) -> bool:
    """Tell whether the run of piece `i` begins or ends where a clause does."""
    first, last = run(i, rest)
    starts = first == 0 or side.clausulas[first - 1] != side.clausulas[first]
    ends = last + 1 == len(side.claves) or side.clausulas[last] != side.clausulas[last + 1]
    return starts or (ends and last + 1 < len(side.claves))


def _free_rewording(a: Perfil, keys: Keys, rests: tuple[Resto, Resto], umbrales: Umbrales) -> bool:
    """Tell whether two texts introduce with other words one commitment: long equal runs, the same slots and end."""
    low, high = coverage(keys)
    common = set(keys[0]) & set(keys[1])
    anchors = {k for k, t in zip(keys[0], a.tipos, strict=True) if t in TIPOS and k in common}
    runs = [
        (op.src_end - op.src_start, op.src_start, op.dest_start) for op in Indel.opcodes(*keys) if op.tag == "equal"
    ]
    size, *places = max(runs, default=(0, 0, 0))
    shorter = 0 if len(keys[0]) < len(keys[1]) else 1
    return (
        low >= umbrales.cobertura_menor
        and high >= umbrales.cobertura_mayor
        and len(anchors) >= umbrales.ranuras_comunes
        and size >= umbrales.tramo_comun
        and keys[0][-1] == keys[1][-1]
        and all(i < places[shorter] for i in rests[shorter].of(PALABRA))
        and not swapped(keys, gaps(keys), umbrales.insercion_breve)
    )
