"""What counts as one word: roots, synonyms, phrases and the terms acronyms stand for, of `sinonimos.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.text import STOPWORDS, fold, stem

_VERBAL = re.compile(r"(.{3,}?)(?:[aei]r(?:a|as|an|emos|es|se|les?|los?|las?)?|[aei]ri(?:a|an|as|o|os)|ier(?:a|an|on))")
_IERA = re.compile(
    r"(.*(?:requ|qu|adqu|inqu|f|sug|dig))ier(?:a|an|e|en)"
)  # "requiera" is of "requerir", "pidiera" of "pedir"
_SPELLING = (  # one verb spelt by the vowel that follows: busque, buscar; pague; elija, elegir; conozca; garantice; mueva; cierre
    (re.compile(r"qu$"), "c"), (re.compile(r"(?<=.)gu$"), "g"), (re.compile(r"zc$"), "c"),
    (re.compile(r"(?<=...)z$"), "c"), (re.compile(r"(?<=[^aeiou])ue(?=[^aeiou])"), "o"), (re.compile(r"(?<=[^aeiou])ie(?=[^aeiou])"), "e"),
    (re.compile(r"(?<=...)i$"), ""),
)  # fmt: skip


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """Return what the forms of a folded word have in common: its stem, with verbs brought to one spelling.

    Futures, conditionals and infinitives, whose accent is lost, give one root; irregular ones are of the catalogue.
    """
    own = _irregular()
    if word in own:
        return own[word]
    in_r = _in_r().match(word)
    if in_r:
        return in_r[1]
    spelt = _IERA.fullmatch(word)
    verbal = _VERBAL.fullmatch(word)
    base = f"{spelt[1]}er" if spelt else verbal[1] if verbal else stem(word)
    if base in own:
        return own[base]
    for pattern, instead in _SPELLING:
        base = pattern.sub(instead, base)
    return own.get(base, base)


@cache
def _in_r() -> re.Pattern[str]:
    """Return the pattern of forms of verbs in -irar, -erar, -arar: "retira" is no future of "ret"."""
    stems = sorted(load("sinonimos")["en_r"], key=lambda w: (-len(w), w))
    ending = "a|an|as|o|e|en|ar|ar(?:se|lo|la|los|las|les?)|ado|ada|ados|adas|ando|ar[ao]n?|arian?|aremos|aban?|aron|cion|ciones|acion|aciones"
    return re.compile(rf"({'|'.join(stems)})(?:{ending})$")


@cache
def _irregular() -> dict[str, str]:
    """Return stems of irregular verbs, and whole words, by the root they are of."""
    data = load("sinonimos")
    found = {
        prefix + form: prefix + base
        for base, forms in data["irregulares"].items()
        for form in forms
        for prefix in data["prefijos"]
    }
    return found | {fold(word): base for base, words in data["raices"].items() for word in words}


@cache
def _lines() -> tuple[list[str], ...]:
    """Return the lines of equals of the catalogue: acronyms, then words."""
    return (*load("sinonimos")["siglas"], *load("sinonimos")["iguales"])


@cache
def _synonyms() -> dict[str, str]:
    """Return root -> the root that stands for its line of equals; the first line that has a root keeps it."""
    table: dict[str, str] = {}
    for line in _lines():
        single = [root(fold(word)) for word in line if " " not in word]
        known = next((table[word] for word in single if word in table), single[0] if single else "")
        for word in single:
            table.setdefault(word, known)
    return table


@cache
def phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return first key -> the phrases of several words that begin with it, the longest first, and what each stands for.

    A phrase is the keys of its words that carry content, as `_words` gives them ("centro de recepción y traslado").
    """
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for line in _lines():
        head = _head(line)
        for name in line:
            keys = content_keys(name)
            if len(keys) > 1 and head:
                found.setdefault(keys[0], {}).setdefault(keys, head)
    return {first: tuple(sorted(table.items(), key=lambda p: (-len(p[0]), p))) for first, table in found.items()}


def _head(line: Sequence[str]) -> str:
    """Return the key of a line of equals: that of its first single word, else of its first phrase."""
    single = next((w for w in line if " " not in w), None)
    return canonical(fold(single)) if single else "_".join(content_keys(line[0]))


def content_keys(name: str) -> tuple[str, ...]:
    """Return the keys of the words of a phrase that carry content."""
    words = [w for w in fold(name).replace("/", " ").split() if w not in STOPWORDS]
    return tuple(canonical(w) for w in words if root(w) not in roots("vacias"))


@cache
def roots(name: str) -> frozenset[str]:
    """Return the roots of a list of the catalogue."""
    return frozenset(root(fold(word)) for word in load("sinonimos")[name])


@cache
def light() -> frozenset[str]:
    """Return the keys of the words a light edit may add as a complement."""
    return bearing() | {canonical(fold(word)) for word in load("sinonimos")["ligeras"]}


@cache
def bearing() -> frozenset[str]:
    """Return the keys of the words that only carry others, and may be on both sides."""
    return frozenset(canonical(fold(word)) for word in load("sinonimos")["soporte"])


@cache
def contrasting() -> frozenset[str]:
    """Return the keys of the words that tell one commitment from another of the same shape."""
    return frozenset(canonical(fold(word)) for word in load("sinonimos")["contrastes"].split())


@cache
def restrictive() -> frozenset[str]:
    """Return the keys of the words that narrow an object or an audience."""
    return frozenset(canonical(fold(word)) for word in load("sinonimos")["restrictivas"])


@cache
def _actions() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(load("sinonimos")["acciones"]):
        for word in line:
            found.setdefault(_head([word]), set()).add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}


def actions(key: str) -> frozenset[int]:
    """Return the groups of actions a key is of: all else equal, one stands for another ("custodiará", "acompañará")."""
    return _actions().get(key, frozenset())


@lru_cache(maxsize=65536)
def canonical(word: str) -> str:
    """Return the key of a folded word: its root, or the one that stands for its synonyms."""
    own = root(word)
    return _synonyms().get(own, own)


@cache
def term_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of the terms acronyms stand for, in full, and the key of each by its keys."""
    names = [name for line in load("sinonimos")["siglas"] for name in line if " " in name]
    forms = {r"\s+".join(rf"{re.escape(w)}(?:e?s)?" for w in fold(name).split()) for name in names}
    keys = {
        " ".join(content_keys(name)): _head(line)
        for line in load("sinonimos")["siglas"]
        for name in line
        if " " in name
    }
    return re.compile(rf"\b(?:{'|'.join(sorted(forms, key=lambda f: (-len(f), f)))})\b"), keys
