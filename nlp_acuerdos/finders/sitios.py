"""Places that say a state without naming it: demonyms, acronyms only one state has, towns and regions (`lugares.toml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.finders.lugares import plain_states
from nlp_acuerdos.text import fold, stem

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sitio:
    """A place named: its folded words, the states it may lie in, and whether it says the whole state ("michoacana")."""

    palabras: tuple[str, ...]
    entidades: frozenset[str]
    estado: bool


@cache
def _catalogue() -> dict[str, tuple[Sitio, ...]]:
    """Return first key (a stem for what says a state, a word for towns) -> places that begin with it, longest first."""
    found: dict[tuple[tuple[str, ...], bool], set[str]] = {}
    for state, entry in load("lugares")["estados"].items():
        for whole, names in ((True, [*entry["gentilicios"], *entry["siglas"]]), (False, entry["lugares"])):
            for name in {form for written in names for form in (written, written.replace("ñ", "n"))}:
                words = tuple(stem(word) for word in _words(name)) if whole else _words(name)
                found.setdefault((words, whole), set()).add(state)
    first: dict[str, list[Sitio]] = {}
    for (words, whole), states in found.items():
        first.setdefault(words[0], []).append(Sitio(words, frozenset(states), whole))
    return {key: tuple(sorted(places, key=lambda s: -len(s.palabras))) for key, places in first.items()}


@cache
def _common() -> frozenset[tuple[str, ...]]:
    return frozenset(_words(name) for name in load("lugares")["comunes"])


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(name)))


@cache
def towns() -> dict[str, tuple[str, ...]]:
    """Return first word -> the folded names of states, towns and regions that begin with it and are no other word."""
    names = {
        " ".join(s.palabras)
        for sites in _catalogue().values()
        for s in sites
        if not s.estado and s.palabras not in _common()
    }
    found: dict[str, list[str]] = {}
    for name in sorted({*names, *plain_states()}, key=lambda n: (-len(n), n)):
        found.setdefault(_words(name)[0], []).append(name)
    return {first: tuple(group) for first, group in found.items()}


def known_town(nombre: str) -> bool:
    """Tell whether a folded name is one of the catalogue, or of a state."""
    words = _words(nombre)
    return nombre in plain_states(todos=True) or any(
        s.palabras == words for s in _catalogue().get(words[0] if words else "", ())
    )


@cache
def demonyms() -> dict[str, str]:
    """Return the folded state of each demonym of a state, without its ending ("colimens")."""
    found: dict[str, str] = {}
    for state, entry in load("lugares")["estados"].items():
        for name in entry["gentilicios"]:
            if _words(name) not in _common():
                found.setdefault(_ENDING.sub("", fold(name)), fold(state))
    return found


def state_of_demonym(word: str) -> str | None:
    """Return the folded state a folded word says ("colimenses"), or None."""
    return demonyms().get(_ENDING.sub("", word)) if len(word) > 5 else None


_ENDING = re.compile(r"(?:[oae]s?|s)$")


def sitios(texto: str) -> tuple[Sitio, ...]:
    """Return the places a query names, in its order, the longest name first: "la policía michoacana", "en Tlapa".

    Case and accents may be missing, but for names that are also words (`comunes`). `palabras` are stems where `estado`.
    """
    written = _WORD.findall(texto)
    words = [fold(word) for word in written]
    roots = [stem(word) for word in words]
    found: list[Sitio] = []
    place = 0
    while place < len(words):
        site = _at(place, words, roots, written)
        if site is not None:
            found.append(site)
        place += len(site.palabras) if site is not None else 1
    return tuple(dict.fromkeys(found))


def _at(place: int, words: list[str], roots: list[str], written: list[str]) -> Sitio | None:
    """Return the longest place that begins at a word."""
    catalogue = _catalogue()
    named = (*catalogue.get(words[place], ()), *catalogue.get(roots[place], ()))
    for site in sorted(named, key=lambda s: -len(s.palabras)):
        end = place + len(site.palabras)
        if tuple((roots if site.estado else words)[place:end]) != site.palabras:
            continue
        if site.palabras in _common() and not (
            place and words[place - 1] == "en" and written[place][0].isupper() and written[end - 1][0].isupper()
        ):
            continue
        return site
    return None
