"""The relation between two agreements, by aligned and typed differences (annotation guide, "duplicados")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup.iguales import reconcile
from nlp_acuerdos.dedup.lexico import actions, light, restrictive
from nlp_acuerdos.dedup.perfil import INSTITUCION, NEGACION, PALABRA, Perfil
from nlp_acuerdos.dedup.redaccion import judge
from nlp_acuerdos.dedup.restos import Resto, apart, gaps, in_clause, leftovers, similarity
from nlp_acuerdos.finders.slots import TIPOS
from nlp_acuerdos.records import Diferencia, Relacion

_DEFECTO = Umbrales()
Ranges = tuple[tuple[int, int], ...]
_SPELT = 4  # words that may turn out to be what an acronym of the other text stands for
_ACRONYM = 3  # letters of a word that may stand for words of any initial
_SPARE = 3  # pieces that may turn out equal when misspellings and half-named institutions are reconciled


def relate(a: Perfil, b: Perfil, umbrales: Umbrales = _DEFECTO) -> Relacion | None:
    """Return the relation of two agreements with its differences, or None for `ninguna`; the order does not matter."""
    if b.id < a.id:
        a, b = b, a
    if a.texto == b.texto:
        return _same(a, b)
    return _contained(a, b, umbrales) or _reworded(a, b, umbrales)


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


def _enough(short: Perfil, umbrales: Umbrales, long: Perfil, added: Ranges) -> bool:
    """Tell whether a contained text is long enough, or all that was added stands apart from it."""
    return short.contenidas >= umbrales.palabras_contenidas or (
        short.contenidas >= umbrales.palabras_cortas and all(apart(long, i, j) for i, j in added)
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


def _reworded(a: Perfil, b: Perfil, umbrales: Umbrales) -> Relacion | None:
    """Return plantilla or casi."""
    if not _hopeful(a, b, umbrales):
        return None
    keys = reconcile(a, b)
    huecos = gaps(keys)
    rest_a = leftovers(a, keys[0], keys[1], [(i, j) for i, j, _, _ in huecos])
    rest_b = leftovers(b, keys[1], keys[0], [(i, j) for _, _, i, j in huecos])
    turned = _turned(a, b, rest_a, rest_b)
    if _blocked(a, b, rest_a, rest_b, umbrales, turned):
        return None
    name = "casi" if turned else judge(a, b, keys, (rest_a, rest_b), umbrales)
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
        other = b if few <= a.palabras else a
        initials = {word[0] for word in many} | {value[0] for tipo, value in other.ranuras if tipo == "lugar"}
        acts = frozenset[int]().union(*(actions(word) for word in many))
        alone = [w for w in few if w[0] not in initials and len(w) > _ACRONYM and w not in light()]
        alone = [w for w in alone if acts.isdisjoint(actions(w))]
        if not alone or len(few) == len(many) == 1:  # one word against one: it may be misspelt
            return True
    if len(set(a.ranuras) & set(b.ranuras)) >= umbrales.ranuras_comunes:
        return True
    near = hoped >= umbrales.recontado_menor * least and shared + _SPARE >= umbrales.recontado_piezas
    return near and similarity(a, b) <= umbrales.recontado_parecido


def _conflict(a: Perfil, b: Perfil) -> bool:
    """Tell whether both have a slot of one type that the other lacks."""
    first, second = set(a.ranuras), set(b.ranuras)
    return not {t for t, _ in first - second}.isdisjoint(t for t, _ in second - first)


_GIVE, _TAKE = frozenset(["compart", "remit"]), frozenset(["recib"])


def _turned(a: Perfil, b: Perfil, rest_a: Resto, rest_b: Resto) -> bool:
    """Tell whether one text says that somebody gives, and the other, all else equal, that somebody else receives."""
    if any(rest.of(*TIPOS, INSTITUCION) for rest in (rest_a, rest_b)):
        return False
    own = [{p.claves[i] for i in rest.of(PALABRA)} for p, rest in ((a, rest_a), (b, rest_b))]
    if not all(own) or not any(x <= _GIVE and y == _TAKE for x, y in (own, own[::-1])):
        return False
    here, there = _by_role(a), _by_role(b)
    return any("s" in here[key] ^ there[key] for key in here.keys() & there.keys())


def _blocked(
    a: Perfil, b: Perfil, rest_a: Resto, rest_b: Resto, umbrales: Umbrales, turned: bool
) -> bool:  # fmt: skip
    """Tell whether polarity or an institution makes the two other commitments."""
    if len(a.of_type(NEGACION)) != len(b.of_type(NEGACION)) or _denials_differ(a, b):
        return True
    if _modes(a) ^ _modes(b) == {"may", "must"}:
        return True
    left, right = rest_a.of(INSTITUCION), rest_b.of(INSTITUCION)
    if left and right:
        return True
    lone = [(a, rest_a, i) for i in left] + [(b, rest_b, i) for i in right]
    if any(in_clause(p, i, rest, umbrales) for p, rest, i in lone):
        return True
    return not turned and _roles_differ(a, b)


_MAY, _MUST = re.compile(r"\bp(?:uede|odr)"), re.compile(r"\b(?:debe|tendra que|tiene que|es obligatori)")


def _modes(p: Perfil) -> set[str]:
    """Return whether a text says what may be done, or what must."""
    return {name for name, pattern in (("may", _MAY), ("must", _MUST)) if pattern.search(p.texto)}


def _denials_differ(a: Perfil, b: Perfil) -> bool:
    """Tell whether what each text denies the other says ("mediante diálogo, sin la fuerza", "con la fuerza, sin diálogo")."""
    here, there = _denied(a), _denied(b)
    return bool(here - there and there - here) and here <= b.conjunto and there <= a.conjunto


def _denied(p: Perfil) -> set[str]:
    """Return the pieces right after a negation."""
    return {p.claves[i + 1] for i, t in enumerate(p.tipos[:-1]) if t == NEGACION}


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


def _typed(a: Perfil, b: Perfil, rest_a: Resto, rest_b: Resto) -> tuple[Diferencia, ...]:
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
