"""The relation between two agreements, by aligned and typed differences (annotation guide, "duplicados")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup.iguales import Keys, reconcile
from nlp_acuerdos.dedup.lexico import light, restrictive
from nlp_acuerdos.dedup.perfil import INSTITUCION, NEGACION, PALABRA, Perfil
from nlp_acuerdos.finders.slots import TIPOS
from nlp_acuerdos.records import Diferencia, Relacion

_DEFECTO = Umbrales()
Hueco = tuple[int, int, int, int]
Ranges = tuple[tuple[int, int], ...]
_SPELT = 4  # words that may turn out to be what an acronym of the other text stands for
_ACRONYM = 3  # letters of a word that may stand for words of any initial
_SPARE = 2  # pieces that may turn out equal when misspellings and half-named institutions are reconciled


def relate(a: Perfil, b: Perfil, umbrales: Umbrales = _DEFECTO) -> Relacion | None:
    """Return the relation of two agreements with its differences, or None for `ninguna`; the order does not matter."""
    if b.id < a.id:
        a, b = b, a
    if a.texto == b.texto:
        return _same(a, b)
    return _contained(a, b, umbrales) or _reworded(a, b, umbrales)


def similarity(a: Perfil, b: Perfil) -> float:
    """Return the similarity of two wordings in [0, 1]: aligned words over all (normalised Indel similarity)."""
    if a.texto == b.texto:
        return 1.0
    return round(Indel.normalized_similarity(a.texto.split(), b.texto.split()), 4)


def _same(a: Perfil, b: Perfil) -> Relacion:
    if a.estatus == b.estatus:
        return Relacion(a.id, b.id, "exacto", 1.0)
    return Relacion(a.id, b.id, "cambio_estatus", 1.0, (Diferencia("estatus", a.estatus or "", b.estatus or ""),))


def _contained(a: Perfil, b: Perfil, umbrales: Umbrales) -> Relacion | None:
    short, long = (a, b) if len(a.texto) < len(b.texto) else (b, a)
    added = _added(short, long)
    if added is None or len(short.claves) == len(long.claves) or _negated(long, added):
        return None
    whole = short.claves in set(long.sentences())
    if not whole and (_narrowed(long, added) or not (_enough(short, umbrales, long, added))):
        return None
    extra = " … ".join(" ".join(long.formas[i:j]) for i, j in added)
    inside = Diferencia("contenido", *(("dentro", "") if short is a else ("", "dentro")))
    more = Diferencia("palabras", *(("", extra) if short is a else (extra, "")))
    return Relacion(a.id, b.id, "contenido", similarity(a, b), (inside, more))


def _added(short: Perfil, long: Perfil) -> tuple[tuple[int, int], ...] | None:
    """Return the runs of pieces of `long` around `short`, when it stands there whole and in the same words."""
    n, m, keys = len(short.claves), len(long.claves), long.claves
    if not n or n > m or not short.conjunto <= long.conjunto:
        return None
    if f" {short.redaccion} " not in f" {long.redaccion} ":
        return None
    starts = (i for i in range(m - n + 1) if keys[i] == short.claves[0] and keys[i : i + n] == short.claves)
    place = next(starts, None)
    return None if place is None else tuple(r for r in ((0, place), (place + n, m)) if r[0] < r[1])


def _apart(long: Perfil, start: int, end: int) -> bool:
    """Tell whether the pieces from `start` to `end` are parted by marks from what is around them."""
    left = start == 0 or long.clausulas[start - 1] != long.clausulas[start]
    return left and (end == len(long.claves) or long.clausulas[end - 1] != long.clausulas[end])


def _enough(short: Perfil, umbrales: Umbrales, long: Perfil, added: Ranges) -> bool:
    """Tell whether a contained text is long enough, or all that was added stands apart from it."""
    return short.contenidas >= umbrales.palabras_contenidas or (
        short.contenidas >= umbrales.palabras_cortas and all(_apart(long, i, j) for i, j in added)
    )


def _negated(long: Perfil, added: Ranges) -> bool:
    """Tell whether a negation among what was added, in a sentence of the text contained, turns it round."""
    outside = {i for start, end in added for i in range(start, end)}
    sentences = {o for i, o in enumerate(long.oraciones) if i not in outside}
    return any(
        long.tipos[i] == NEGACION and long.claves[i] not in _PURPOSE and long.oraciones[i] in sentences for i in outside
    )


_PURPOSE = frozenset(["¬evit", "¬preven", "¬imped"])  # "con el fin de evitar …" turns nothing round


def _narrowed(long: Perfil, added: Ranges) -> bool:
    """Tell whether all the longer text adds is a word or two that narrow the last object."""
    pieces = [i for start, end in added for i in range(start, end)]
    return len(pieces) <= 2 and all(long.claves[i] in restrictive() for i in pieces)


@dataclass(slots=True)
class _Resto:
    """What is left of one side when the pieces of the other are taken away: indices by type, and size of each run."""

    por_tipo: dict[str, list[int]] = field(default_factory=dict)
    tramo: dict[int, int] = field(default_factory=dict)

    def of(self, *tipos: str) -> list[int]:
        return [i for tipo in tipos for i in self.por_tipo.get(tipo, ())]


def _reworded(a: Perfil, b: Perfil, umbrales: Umbrales) -> Relacion | None:
    """Return plantilla or casi."""
    if not _hopeful(a, b, umbrales):
        return None
    keys = reconcile(a, b)
    gaps = _gaps(keys)
    rest_a = _leftovers(a, keys[0], keys[1], [(i, j) for i, j, _, _ in gaps])
    rest_b = _leftovers(b, keys[1], keys[0], [(i, j) for _, _, i, j in gaps])
    if _blocked(a, b, rest_a, rest_b, umbrales):
        return None
    name = _judge(a, b, keys, (rest_a, rest_b), umbrales)
    if name is None:
        return None
    return Relacion(a.id, b.id, name, similarity(a, b), _typed(a, b, rest_a, rest_b))


def _hopeful(a: Perfil, b: Perfil, umbrales: Umbrales) -> bool:
    """Tell, by sets alone, whether two texts may be found related once they are aligned."""
    least, shared = min(len(a.conjunto), len(b.conjunto)), len(a.conjunto & b.conjunto)
    hoped = shared + min(len(a.ranuras), len(b.ranuras)) + _SPARE
    if not least or hoped < umbrales.cobertura_menor * least:
        return False
    few, many = sorted((a.palabras - b.conjunto, b.palabras - a.conjunto), key=len)
    if len(many) > _SPELT and _conflict(a, b):
        return False  # a series has no other words, and a rewording no other slots
    if len(few) <= _SPARE:
        # What is one thing written in two ways begins with one letter; without a partner the words are others.
        initials = {word[0] for word in many}
        if all(word[0] in initials or len(word) <= _ACRONYM for word in few):
            return True
    return len(set(a.ranuras) & set(b.ranuras)) >= umbrales.ranuras_comunes


def _conflict(a: Perfil, b: Perfil) -> bool:
    """Tell whether both have a slot of one type that the other lacks."""
    first, second = set(a.ranuras), set(b.ranuras)
    return not {t for t, _ in first - second}.isdisjoint(t for t, _ in second - first)


def _gaps(keys: Keys) -> list[Hueco]:
    """Return the half-open ranges of both sides between the aligned pieces."""
    gaps: list[Hueco] = []
    for op in Indel.opcodes(*keys):
        if op.tag == "equal":
            continue
        here = (op.src_start, op.src_end, op.dest_start, op.dest_end)
        if gaps and gaps[-1][1] == here[0] and gaps[-1][3] == here[2]:
            gaps[-1] = (gaps[-1][0], here[1], gaps[-1][2], here[3])
        else:
            gaps.append(here)
    return gaps


def _leftovers(p: Perfil, own: tuple[str, ...], other: tuple[str, ...], ranges: list[tuple[int, int]]) -> _Resto:
    """Return the pieces of `own` absent from `other`, and for each the most absent pieces a gap with it holds."""
    there = set(other)
    rest = _Resto()
    widest: dict[str, int] = {}
    for start, end in ranges:
        absent = [i for i in range(start, end) if own[i] not in there]
        for i in absent:
            rest.por_tipo.setdefault(p.tipos[i], []).append(i)
            widest[own[i]] = max(widest.get(own[i], 0), len(absent))
    rest.tramo = {i: widest[own[i]] for indices in rest.por_tipo.values() for i in indices}
    return rest


def _swapped(keys: Keys, gaps: list[Hueco], limit: int) -> bool:
    """Tell whether somewhere a few pieces of one side stand in the place of a few of the other."""
    first, second = set(keys[0]), set(keys[1])
    for i1, i2, j1, j2 in gaps:
        left = sum(k not in second for k in keys[0][i1:i2])
        right = sum(k not in first for k in keys[1][j1:j2])
        if left and right and min(left, right) <= limit and max(left, right) <= limit + 1:
            return True
    return False


def _blocked(a: Perfil, b: Perfil, rest_a: _Resto, rest_b: _Resto, umbrales: Umbrales) -> bool:
    """Tell whether polarity or an institution makes the two other commitments."""
    if len(a.of_type(NEGACION)) != len(b.of_type(NEGACION)):
        return True
    left, right = rest_a.of(INSTITUCION), rest_b.of(INSTITUCION)
    if left and right:
        return True
    lone = [(a, rest_a, i) for i in left] + [(b, rest_b, i) for i in right]
    if any(_in_clause(p, i, rest, umbrales) for p, rest, i in lone):
        return True
    return _roles_differ(a, b)


def _in_clause(p: Perfil, i: int, rest: _Resto, umbrales: Umbrales) -> bool:
    """Tell whether a piece only one text has stands in a clause the other has too: it is not gone with a whole one."""
    if rest.tramo[i] > umbrales.tramo_clausula:
        return False
    first, last = _run(i, rest)
    return last == first or not _apart(p, first, last + 1)


def _whole_clause(p: Perfil, i: int, rest: _Resto) -> bool:
    """Tell whether the run of leftovers around piece `i` is parted by marks from the rest."""
    first, last = _run(i, rest)
    return _apart(p, first, last + 1)


def _run(i: int, rest: _Resto) -> tuple[int, int]:
    """Return the first and last piece of the unbroken run of leftovers around piece `i`."""
    first = last = i
    while first - 1 in rest.tramo:
        first -= 1
    while last + 1 in rest.tramo:
        last += 1
    return first, last


def _roles_differ(a: Perfil, b: Perfil) -> bool:
    """Tell whether an institution that does it in one text is asked or told in the other, or two changed places."""
    here, there = _by_role(a), _by_role(b)
    common = [key for key in here if key in there]
    settled = any(here[key] & there[key] - {""} for key in common)
    if not settled and _reordered(a, b, common) and any(here[key] != there[key] for key in common):
        return True
    return any({"s", "a"} <= here[key] | there[key] and not here[key] & there[key] for key in common)


def _reordered(a: Perfil, b: Perfil, keys: Sequence[str]) -> bool:
    """Tell whether two institutions changed places; those named together ("el INE y la SEMAR") have one place."""
    first, second = _places(a), _places(b)
    return any((first[x] - first[y]) * (second[x] - second[y]) < 0 for i, x in enumerate(keys) for y in keys[i + 1 :])


def _places(p: Perfil) -> dict[str, int]:
    """Return the place of each institution: that of the first of the run of institutions it stands in."""
    places: dict[str, int] = {}
    start = 0
    for i, (key, tipo) in enumerate(zip(p.claves, p.tipos, strict=True)):
        if tipo != INSTITUCION:
            start = i + 1
        else:
            places.setdefault(key, start)
    return places


def _by_role(p: Perfil) -> dict[str, set[str]]:
    roles: dict[str, set[str]] = {}
    for key, tipo, papel in zip(p.claves, p.tipos, p.papeles, strict=True):
        if tipo == INSTITUCION:
            roles.setdefault(key, set()).add(papel)
    return roles


def _judge(a: Perfil, b: Perfil, keys: Keys, rests: tuple[_Resto, _Resto], umbrales: Umbrales) -> str | None:
    """Decide between plantilla, casi and nothing from what is left on each side."""
    left, right = rests
    words = left.of(PALABRA), right.of(PALABRA)
    conflict = [t for t in TIPOS if left.of(t) and right.of(t)]
    sides = ((a, left), (b, right))
    lone = [(p, r, i) for p, r in sides for t in TIPOS if t not in conflict for i in r.of(t)]
    if conflict or (not any(words) and not lone and _slots_moved(a, b)):
        stays = len(set(keys[0]) & set(keys[1])) + len(conflict) > 1 and _has_words(a)
        return "plantilla" if not any(words) and not lone and stays else None
    if any(_in_clause(p, i, rest, umbrales) for p, rest, i in lone):
        return None
    if not any(words):
        return "casi" if len(set(keys[0])) > 1 and not lone else None
    if all(words):
        return "casi" if _free_rewording(a, keys, rests, umbrales) else None
    side, other, rest = (a, b, left) if words[0] else (b, a, right)
    return "casi" if _light_edit(side, other, rest, keys, umbrales) else None


def _has_words(p: Perfil) -> bool:
    return any(t in (PALABRA, INSTITUCION) for t in p.tipos)


def _slots_moved(a: Perfil, b: Perfil) -> bool:
    """Tell whether the same words stand in the same order with the same slots in another ("del 01 al 02")."""
    return a.marca == b.marca and a.ranuras != b.ranuras and a.conjunto == b.conjunto


def _coverage(keys: Keys) -> tuple[float, float]:
    """Return the share of the shorter and of the longer text that the other has."""
    first, second = set(keys[0]), set(keys[1])
    shared = len(first & second)
    sizes = sorted((len(first), len(second)))
    return shared / max(1, sizes[0]), shared / max(1, sizes[1])


def _light_edit(side: Perfil, other: Perfil, rest: _Resto, keys: Keys, umbrales: Umbrales) -> bool:
    """Tell whether what one side adds is a word or two that change no object, or whole clauses."""
    low, high = _coverage(keys)
    words = rest.of(PALABRA)
    brief = [i for i in words if rest.tramo[i] <= umbrales.insercion_breve and not _whole_clause(side, i, rest)]
    if any(_weighs(side, i) for i in brief):
        return False
    clauses = [i for i in words if i not in brief]
    if clauses and other.contenidas < umbrales.palabras_contenidas:
        return False
    if any(not _clause_bound(side, i, rest) for i in clauses):
        return False
    return low >= umbrales.cobertura_menor and high >= 0.5 and len(brief) <= max(1, len(set(side.claves)) // 5)


def _weighs(side: Perfil, i: int) -> bool:
    """Tell whether a word added inside a clause makes another object or audience."""
    if side.claves[i] in light():
        return False
    return side.claves[i] in restrictive() or side.papeles[i] in ("y", "p") or _heads_list(side, i)


def _heads_list(side: Perfil, i: int) -> bool:
    """Tell whether the next piece is joined to piece `i` ("boletas y actas" beside "actas")."""
    return i + 1 < len(side.claves) and side.papeles[i + 1] == "y" and side.tipos[i + 1] == PALABRA


def _clause_bound(side: Perfil, i: int, rest: _Resto) -> bool:
    """Tell whether the run of piece `i` begins or ends where a clause does."""
    first, last = _run(i, rest)
    starts = first == 0 or side.clausulas[first - 1] != side.clausulas[first]
    ends = last + 1 == len(side.claves) or side.clausulas[last] != side.clausulas[last + 1]
    return starts or (ends and last + 1 < len(side.claves))


def _free_rewording(a: Perfil, keys: Keys, rests: tuple[_Resto, _Resto], umbrales: Umbrales) -> bool:
    """Tell whether two texts introduce with other words one commitment: long equal runs, the same slots and end."""
    low, high = _coverage(keys)
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
        and not _swapped(keys, _gaps(keys), umbrales.insercion_breve)
    )


def _typed(a: Perfil, b: Perfil, rest_a: _Resto, rest_b: _Resto) -> tuple[Diferencia, ...]:
    """Return the differences by type: canonical values of slots, words as written for the rest."""
    found = []
    for tipo in (*TIPOS, INSTITUCION, PALABRA):
        name, shown = ("palabras", True) if tipo == PALABRA else (tipo, tipo == INSTITUCION)
        left = " ".join(_show(a, i, shown) for i in sorted(rest_a.of(tipo)))
        right = " ".join(_show(b, i, shown) for i in sorted(rest_b.of(tipo)))
        if left or right:
            found.append(Diferencia(name, left, right))
    if not found and a.ranuras != b.ranuras:
        found = [
            Diferencia(x[0], x[1], y[1]) for x, y in zip(a.ranuras, b.ranuras, strict=False) if x[0] == y[0] and x != y
        ]
    return tuple(found)


def _show(p: Perfil, i: int, written: bool) -> str:
    return p.formas[i] if written else p.claves[i]
