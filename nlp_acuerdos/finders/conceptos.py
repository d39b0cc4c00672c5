"""Concepts of the search thesaurus: groups of words that name one thing (`tesauro.toml`), and words by which people look
for another (`tesauro_palabras.toml`, one way).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.text import stem, tokens

# Words that no phrase of the thesaurus turns on; "no" and "sin" do.
SALTADAS = frozenset("de el la los las del y a en un una unos unas al con por para se que su sus lo e o u".split())
_FILES = ("tesauro.toml", "tesauro_palabras.toml")
Hallados = tuple[tuple[int, int, tuple[int, ...]], ...]
"""(start, end, concepts) of each phrase found in a list of stems."""


def phrase(texto: str) -> list[str]:
    """Return the stems of a text that phrases are matched on: all but articles, prepositions and the like."""
    return [stem(word) for word in tokens(texto) if word not in SALTADAS]


@dataclass(frozen=True)
class Tesauro:
    """A compiled thesaurus; concepts are numbers. `textos` and `consultas` map a phrase (stems joined by spaces) to the
    concepts it names in an agreement and in a query, `codigos` a concept to its "@GN" and "#custodia".
    """

    textos: Mapping[str, Sequence[int]]
    consultas: Mapping[str, Sequence[int]]
    codigos: Mapping[int, Sequence[str]]

    @cached_property
    def _reach(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return, of each first stem, how long a phrase that begins with it may be: in texts, in queries."""
        reach: tuple[dict[str, int], dict[str, int]] = ({}, {})
        for table, lengths in zip((self.textos, self.consultas), reach, strict=True):
            for key in table:
                first, _, rest = key.partition(" ")
                lengths[first] = max(lengths.get(first, 0), 1 + len(rest.split()))
        return reach

    def find(self, palabras: Sequence[str]) -> list[int]:
        """Return the concepts named in an agreement, given as `tokens` gives it, sorted and unique."""
        stems = [stem(word) for word in palabras if word not in SALTADAS]
        table, longest = self.textos, self._reach[0]
        found: set[int] = set()
        for start, first in enumerate(stems):
            reach = longest.get(first, 0)
            if reach:
                found.update(table.get(first, ()))
            for end in range(start + 2, min(start + reach, len(stems)) + 1):
                found.update(table.get(" ".join(stems[start:end]), ()))
        return sorted(found)

    def asked(self, raices: Sequence[str]) -> Hallados:
        """Return the concepts named in a query, given as `phrase` gives it."""
        return tuple(self._matches(raices))

    def _matches(self, stems: Sequence[str]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        table, longest = self.consultas, self._reach[1]
        for start, first in enumerate(stems):
            for end in range(start + 1, min(start + longest.get(first, 0), len(stems)) + 1):
                found = table.get(" ".join(stems[start:end]))
                if found:
                    yield start, end, tuple(found)

    def as_json(self) -> str:
        """Return the thesaurus as text, to be kept beside an index: compiling it again costs a tenth of a second."""
        return json.dumps([self.textos, self.consultas, self.codigos], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Tesauro:
        """Read what `as_json` wrote."""
        texts, queries, codes = json.loads(text)
        return cls(texts, queries, {int(number): found for number, found in codes.items()})


def mark() -> bytes:
    """Return what a compiled thesaurus depends on: the bytes of its files."""
    folder: Any = files("nlp_acuerdos.catalogues")
    return b"\0".join(folder.joinpath(name).read_bytes() for name in _FILES)


@cache
def compiled() -> Tesauro:
    """Compile the thesaurus from its files."""
    texts: dict[str, dict[int, None]] = {}
    queries: dict[str, dict[int, None]] = {}
    codes: dict[int, list[str]] = {}
    groups = load("tesauro")["grupos"]
    for number, group in enumerate(groups):
        for term in group:
            if term[0] in "@#":
                codes.setdefault(number, []).append(term)
                continue
            for table in (texts, queries):
                _add(table, term, number)
    for number, (word, others) in enumerate(load("tesauro_palabras")["palabras"].items(), len(groups)):
        _add(texts, word, number)
        for term in others:
            _add(queries, term, number)
    return Tesauro({k: tuple(v) for k, v in texts.items()}, {k: tuple(v) for k, v in queries.items()}, codes)


def _add(table: dict[str, dict[int, None]], term: str, number: int) -> None:
    key = " ".join(phrase(term))
    if key:
        table.setdefault(key, {})[number] = None
