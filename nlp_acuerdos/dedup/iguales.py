"""One thing written in two ways in a pair of agreements: acronyms, misspellings, families of words, half-named institutions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.dedup.lexico import actions, root
from nlp_acuerdos.dedup.perfil import INSTITUCION, PALABRA, Perfil
from nlp_acuerdos.finders.sitios import known_town
from nlp_acuerdos.text import STOPWORDS, fold

Keys = tuple[tuple[str, ...], tuple[str, ...]]
_FAMILY_LETTERS, _FAMILY_SHARE = 5, 0.72


def reconcile(a: Perfil, b: Perfil) -> Keys:
    """Return the pieces of both, what is one thing written in two ways under one key.

    Acronyms and the words they stand for, misspellings, words of one family, half-named institutions.
    """
    if a.conjunto <= b.conjunto or b.conjunto <= a.conjunto:
        return a.claves, b.claves
    first, second = list(a.claves), list(b.claves)
    _spell_out(a, first, b, second)
    _spell_out(b, second, a, first)
    left, right = set(first) - set(second), set(second) - set(first)
    types = dict(zip(second, b.tipos, strict=True)) | dict(zip(first, a.tipos, strict=True))
    forms = dict(zip(second, b.formas, strict=False)) | dict(zip(first, a.formas, strict=False))
    renamed = {}
    for key in sorted(right):
        near = (k for k in sorted(left) if _one(k, types[k], forms[k], key, types[key], forms[key]))
        match = next(near, None)
        if match is not None:
            renamed[key] = match
            left.discard(match)
    return tuple(first), tuple(renamed.get(k, k) for k in second)


_ACRONYM = re.compile(r"(?:[A-ZÁÉÍÓÚÑ][a-z]?){2,8}s?")


def _spell_out(p: Perfil, own: list[str], q: Perfil, other: list[str]) -> None:
    """Write the words of `q` that an acronym only `p` has stands for under the key of the acronym."""
    there, here = set(other), set(own)
    for i, form in enumerate(p.formas):
        if p.tipos[i] != PALABRA or own[i] in there or not _ACRONYM.fullmatch(form) or form.isalpha() is False:
            continue
        letters = "".join(fold(c) for c in form if c.isupper())
        for j in range(len(other)):
            end = _spelt(letters, q.formas, j)
            if end and not here & set(other[j:end]):
                other[j:end] = [own[i]] * (end - j)
                break


def _spelt(letters: str, formas: Sequence[str], start: int) -> int:
    """Return the end of the pieces from `start` whose words have these initials, or 0."""
    initials = ""
    for end in range(start, len(formas)):
        initials += "".join(w[:1] for w in fold(formas[end]).split() if w not in STOPWORDS)
        if initials == letters:
            return end + 1
        if not letters.startswith(initials):
            return 0
    return 0


def _one(x: str, type_x: str, form_x: str, y: str, type_y: str, form_y: str) -> bool:
    """Tell whether two pieces are one thing: of one type, or a word and the place or institution it names."""
    if type_x == type_y:
        return _alike(x, y, type_x) or (type_x == PALABRA and _misspelt_form(form_x, form_y))
    if type_y == PALABRA:
        return _one(y, type_y, form_y, x, type_x, form_x)
    if type_x != PALABRA:
        return False
    if type_y == "lugar":
        return _folded(form_x) == y
    return type_y == INSTITUCION and y.startswith(_named().get(x, "\0"))


@cache
def _named() -> dict[str, str]:
    found: dict[str, str] = load("sinonimos")["nombradas"]
    return found


_folded = lru_cache(maxsize=65536)(fold)


@lru_cache(maxsize=65536)
def _form_root(form: str) -> str:
    return root(fold(form))


def _misspelt_form(x: str, y: str) -> bool:
    """Tell whether two words as written are one misspelt, whatever their synonyms."""
    return _form_root(x)[:1] == _form_root(y)[:1] and _misspelt(_form_root(x), _form_root(y))


def _alike(x: str, y: str, tipo: str) -> bool:
    if tipo == PALABRA:
        return (x[0] == y[0] and (_misspelt(x, y) or _family(x, y))) or not actions(x).isdisjoint(actions(y))
    if tipo == "lugar":
        short, long = sorted((set(x.split()), set(y.split())), key=len)
        return short < long and not (known_town(x) and known_town(y))  # "Av. Hidalgo", "avenida Miguel Hidalgo"
    if tipo == INSTITUCION:
        (name_x, _, mark_x), (name_y, _, mark_y) = x.partition("#"), y.partition("#")
        return name_x == name_y and not (mark_x and mark_y)
    return False


@lru_cache(maxsize=262144)
def _family(x: str, y: str) -> bool:
    """Tell whether two roots have most of their letters, from the first, in common ("recolect", "recoleccion")."""
    x, y = (_NOUN.sub("", root.replace("ue", "o").replace("ie", "e")) for root in (x, y))
    common = common_start(x, y)
    if x == y:
        return common >= 4
    return common >= _FAMILY_LETTERS and common >= _FAMILY_SHARE * max(len(x), len(y))


_NOUN = re.compile(r"(?:c?cion|mient)$")


def _misspelt(x: str, y: str) -> bool:
    """Tell whether two long stems differ by one letter inside or a swap of neighbours."""
    if x[0] != y[0] or x[-1] != y[-1] or min(len(x), len(y)) < 5 or abs(len(x) - len(y)) > 1:
        return False
    return Levenshtein.distance(x, y) == 1 or (
        len(x) >= 6 and sorted(x) == sorted(y) and Levenshtein.distance(x, y) == 2
    )


def common_start(x: Sequence[str], y: Sequence[str]) -> int:
    """Return the length of the common beginning."""
    return next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
