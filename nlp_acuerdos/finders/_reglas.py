"""The engine of the activity rules: lists of regular expressions, tried only where a word can begin one of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from nlp_acuerdos.catalogues import load

Span = tuple[int, int]
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.;](?=\s)(?<![ .][a-z].)(?<!art.)(?<!\bno.)")
_FAR = 10**9


@dataclass(frozen=True, slots=True)
class Regla:
    """A rule of the catalogue; `formas`, `con` and `sin` are numbers of lists of forms."""

    codigo: str
    nombre: str
    formas: int
    con: int | None
    sin: int | None
    cerca: int
    indicio: bool


class Texto:
    """A folded text with the places where each list of forms may begin."""

    def __init__(self, text: str, *, indicios: bool = False) -> None:
        self.text = text
        self._starts: dict[int, list[tuple[int, re.Pattern[str]]]] = defaultdict(list)
        self._found: dict[int, list[Span]] = {}
        candidates = _candidates if indicios else _sure_candidates
        for match in _WORD.finditer(text):
            start = match.start()
            for number, pattern in candidates(match.group()):
                self._starts[number].append((start, pattern))
        self._hide()
        cuts = [match.end() for match in _SENTENCE.finditer(self.text)]
        self._sentences = list(zip([0, *cuts], [*cuts, len(text)], strict=True))

    def _hide(self) -> None:
        """Blank what only holds the words of an activity: no form may begin there or reach into it."""
        for start, end in self.spans(hidden()):
            self.text = self.text[:start] + " " * (end - start) + self.text[end:]
            for number, places in self._starts.items():
                self._starts[number] = [place for place in places if not start <= place[0] < end]

    def lists(self) -> set[int]:
        """Return the numbers of the lists that some word of the text can begin."""
        return set(self._starts)

    def spans(self, number: int) -> list[Span]:
        """Return where the forms of a list stand, left to right, none overlapping the one before."""
        found = self._found.get(number)
        if found is None:
            found, last = [], 0
            for start, pattern in self._starts.get(number, ()):
                match = pattern.match(self.text, start) if start >= last else None
                if match:
                    last = max(match.end(), start + 1)
                    found.append((start, match.end()))
            self._found[number] = found
        return found

    def apply(self, rule: Regla) -> Iterator[Span]:
        """Yield the spans where a rule holds."""
        for span in self.spans(rule.formas):
            start, end = self._sentence(span[0])
            if rule.sin is not None and any(start <= a < end for a, _ in self.spans(rule.sin)):
                continue
            if rule.con is None or any(
                start <= a < end and (b <= span[0] or a >= span[1]) and max(a - span[1], span[0] - b) <= rule.cerca
                for a, b in self.spans(rule.con)
            ):
                yield span

    def _sentence(self, place: int) -> Span:
        return next(s for s in self._sentences if s[0] <= place < s[1])


@cache
def rules() -> tuple[Regla, ...]:
    """Return the rules of the catalogue, in its order."""
    return tuple(
        Regla(
            entry["codigo"],
            entry["nombre"],
            _number(tuple(entry["formas"])),
            _number(tuple(entry["con"])) if "con" in entry else None,
            _number(tuple(entry["sin"])) if "sin" in entry else None,
            entry.get("cerca", _FAR),
            entry.get("indicio", False),
        )
        for entry in load("actividades")["regla"]
    )


@cache
def hidden() -> int:
    """Return the number of the list of what is blanked before the rules."""
    return _number(tuple(load("actividades")["ocultar"]))


@cache
def empty() -> int:
    """Return the number of the list of what says that nothing was agreed."""
    return _number(tuple(load("actividades")["vacio"]))


_lists: dict[tuple[str, ...], int] = {}


def _number(forms: tuple[str, ...]) -> int:
    """Return the number of a list of forms, the same for equal lists."""
    return _lists.setdefault(forms, len(_lists))


@cache
def _heads() -> dict[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    """Return, for each literal start of a form, the lists that have forms with it and those forms compiled."""
    rules(), hidden(), empty()
    by_head: dict[str, dict[int, list[str]]] = {}
    for forms, number in _lists.items():
        for form in _expand(forms):
            by_head.setdefault(_head(form), {}).setdefault(number, []).append(form)
    return {
        head: tuple((number, re.compile("|".join(forms))) for number, forms in lists.items())
        for head, lists in by_head.items()
    }


@lru_cache(maxsize=65536)
def _candidates(word: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return the lists, with their forms, that `word` can begin."""
    heads = _heads()
    starts = [word[:end] for end in range(len(word) + 1)] + [word + " "]
    return tuple(entry for start in starts for entry in heads.get(start, ()))


@lru_cache(maxsize=65536)
def _sure_candidates(word: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return the candidates of `word` that no hint alone asks for."""
    return tuple(entry for entry in _candidates(word) if entry[0] in _sure())


@cache
def _sure() -> frozenset[int]:
    lists = {n for r in rules() if not r.indicio for n in (r.formas, r.con, r.sin) if n is not None}
    return frozenset(lists | {hidden(), empty()})


def _expand(forms: tuple[str, ...]) -> list[str]:
    """Return the forms with the lists of the lexicon, and an opening choice, written out."""
    lexicon: dict[str, Any] = load("actividades")["lexico"]
    whole = [piece for form in forms for piece in (lexicon[form[1:-1]] if form.startswith("<") else [form])]
    return [piece for form in whole for piece in _opened(form)]


def _opened(form: str) -> list[str]:
    """Write out the choice a form opens with: "(?:a|b) c" is "a c" and "b c"."""
    if not form.startswith("(?:"):
        return [form]
    depth, cuts = 0, [2]
    for i, sign in enumerate(form):
        depth += (sign == "(") - (sign == ")")
        if (sign == "|" and depth == 1) or depth == 0:
            cuts.append(i)
        if depth == 0:
            break
    options, rest = [form[i + 1 : j] for i, j in zip(cuts, cuts[1:], strict=False)], form[cuts[-1] + 1 :]
    return [form] if rest[:1] in ("?", "*", "+", "{") else [piece for o in options for piece in _opened(o + rest)]


def _head(form: str) -> str:
    """Return the literal start of a form, up to its first sign; with a space at its end when it is a whole word."""
    literal = re.match(r"[a-zñ0-9]*", form)
    head = literal.group() if literal else ""
    rest = form[len(head) :]
    if head and rest[:1] in ("?", "*", "{"):
        return head[:-1]
    return head + " " if head and rest.startswith((" ", r"\b", r"\.")) else head
