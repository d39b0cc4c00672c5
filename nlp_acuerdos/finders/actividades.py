"""What is agreed: activity codes of the annotation guide, by the rules of `actividades.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.records import ACTIVIDADES, Evidencia
from nlp_acuerdos.text import Folded, fold

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.;](?=\s)(?<![ .][a-z].)(?<!art.)(?<!\bno.)")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of the catalogue; its patterns are compiled when a text first has one of its keys."""

    codigo: str
    nombre: str
    claves: tuple[str, ...]
    patron: str
    con: str | None
    sin: str | None

    def spans(self, text: str, sentences: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the spans of `text` where the rule holds, sentence by sentence."""
        for start, end in sentences:
            if self.con and not _compiled(self.con).search(text, start, end):
                continue
            if self.sin and _compiled(self.sin).search(text, start, end):
                continue
            yield from (match.span() for match in _compiled(self.patron).finditer(text, start, end))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _rule(entry: dict[str, Any]) -> _Rule:
    pattern = r"\b" + entry["patron"]
    return _Rule(entry["codigo"], entry["nombre"], tuple(entry["claves"]), pattern, entry.get("con"), entry.get("sin"))


@cache
def _keys() -> tuple[dict[str, tuple[int, ...]], tuple[tuple[str, int], ...]]:
    """Return the rules a text must be tried with, by number: of each key that begins a word, and of each phrase."""
    words: dict[str, list[int]] = {}
    phrases = []
    for number, rule in enumerate(_rules()[0]):
        for key in rule.claves:
            if key.isalnum():
                words.setdefault(key, []).append(number)
            else:
                phrases.append((key, number))
    return {key: tuple(numbers) for key, numbers in words.items()}, tuple(phrases)


@lru_cache(maxsize=65536)
def _tried(word: str) -> tuple[int, ...]:
    """Return the numbers of the rules one of whose keys begins `word`."""
    words = _keys()[0]
    return tuple({n for end in range(1, len(word) + 1) for n in words.get(word[:end], ())})


@cache
def _rules() -> tuple[tuple[_Rule, ...], re.Pattern[str], re.Pattern[str]]:
    catalogue = load("actividades")
    hidden = re.compile(rf"\b(?:{'|'.join(catalogue['ocultar'])})")
    return tuple(map(_rule, catalogue["regla"])), hidden, re.compile(catalogue["nada"])


@cache
def names() -> dict[str, str]:
    """Return the folded names a person may give an activity by, each with its code."""
    listed = {fold(name): code for code, aliases in load("actividades")["nombres"].items() for name in aliases}
    return listed | {code: code for code in ACTIVIDADES}


def _sentences(text: str) -> list[tuple[int, int]]:
    cuts = [match.end() for match in _SENTENCE.finditer(text)]
    return list(zip([0, *cuts], [*cuts, len(text)], strict=True))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def find(texto: str, *, respaldo: bool = True) -> list[Evidencia]:
    """Return the evidence of each activity in `texto`, one per rule and place, in text order.

    `seguimiento` stands alone, for a text that agrees something none of the other activities names; with `respaldo`
    False (queries) it is given only where the word is there. Never raises.
    """
    folded = Folded.of(texto)
    rules, hidden, nothing = _rules()
    text = hidden.sub(_blank, folded.text)
    sentences = _sentences(text)
    tried = {number for word in set(_WORD.findall(text)) for number in _tried(word)}
    tried.update(number for key, number in _keys()[1] if key in text)
    found = [
        Evidencia("actividades", rule.codigo, rule.nombre, *folded.span(*span), folded.slice(*span))
        for number in sorted(tried)
        for rule in (rules[number],)
        for span in rule.spans(text, sentences)
    ]
    return sorted(found, key=lambda e: (e.inicio, e.fin, e.etiqueta)) or _follow_up(folded, nothing, respaldo)


def _follow_up(folded: Folded, nothing: re.Pattern[str], respaldo: bool) -> list[Evidencia]:
    """Return `seguimiento` for a text that agrees something general, nothing for one that agrees nothing."""
    named = re.search(r"\bseguimiento\b", folded.text)
    if named:
        return [
            Evidencia(
                "actividades", "seguimiento", "seguimiento", *folded.span(*named.span()), folded.slice(*named.span())
            )
        ]
    if not respaldo or nothing.search(folded.text) or not re.search(r"[^\W\d_]", folded.text):
        return []
    end = len(folded.original)
    return [Evidencia("actividades", "seguimiento", "sin-otra-actividad", 0, end, folded.original)]
