"""Texts cut in pieces for the page: the words that matched a query, and the words in which two texts differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.finders import slots
from nlp_acuerdos.records import Etiquetas
from nlp_acuerdos.search import Hit
from nlp_acuerdos.text import word_spans

LARGO, ANTES = 700, 160
PALABRAS_MAX = 3000
_TOKEN = re.compile(r"\w+|[^\w\s]")
Marca = tuple[int, int, str]
"""A half-open span of code points and the class it is marked with."""


@dataclass(frozen=True, slots=True)
class Pieza:
    """A piece of a text and the classes it is marked with, if any; `tipo` names a difference."""

    texto: str
    clase: str = ""
    tipo: str = ""


def highlight(hit: Hit) -> tuple[list[Pieza], bool, bool]:
    """Return the text of a hit in pieces, and whether its start and its end were left out because it is long."""
    text, (first, last) = hit.acuerdo.acuerdo, hit.pasaje
    start, end = _window(len(text), first)
    exact, akin = set(hit.palabras), set(hit.afines)
    spans = word_spans(text) if exact or akin else []
    marks: list[Marca] = [(a, b, "palabra") for w, a, b in spans if w in exact]
    marks += [(a, b, "afin") for w, a, b in spans if w in akin and w not in exact]
    if marks and last - first < len(text):
        marks.append((first, last, "pasaje"))
    return _cut(text, marks, start, end), start > 0, end < len(text)


def _window(length: int, first: int) -> tuple[int, int]:
    if length <= LARGO:
        return 0, length
    start = max(0, min(first - ANTES, length - LARGO))
    return start, min(length, start + LARGO)


def _cut(text: str, marks: Sequence[Marca], start: int, end: int) -> list[Pieza]:
    """Cut `text` from `start` to `end` at every border of a mark; joined, the pieces are that part."""
    borders = sorted({start, end, *(min(max(p, start), end) for a, b, _ in marks for p in (a, b))})
    found = []
    for a, b in zip(borders, borders[1:], strict=False):
        over = dict.fromkeys(c for x, y, c in marks if x <= a and b <= y)
        found.append(Pieza(text[a:b], " ".join(over)))
    return found


def compare(a: str, b: str, tags_a: Etiquetas, tags_b: Etiquetas) -> tuple[list[Pieza], list[Pieza]]:
    """Return both texts in pieces, those in which they differ word by word marked and typed."""
    left, right = list(_TOKEN.finditer(a)), list(_TOKEN.finditer(b))
    if max(len(left), len(right)) > PALABRAS_MAX:
        return [Pieza(a)], [Pieza(b)]
    matcher = SequenceMatcher(None, [m.group() for m in left], [m.group() for m in right], autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        _differing(a, [(left[i].start(), left[j - 1].end()) for _, i, j, _, _ in changes if i < j], tags_a),
        _differing(b, [(right[i].start(), right[j - 1].end()) for _, _, _, i, j in changes if i < j], tags_b),
    )


def _differing(text: str, spans: Sequence[tuple[int, int]], tags: Etiquetas) -> list[Pieza]:
    if not spans:
        return [Pieza(text)]
    known = [(s.inicio, s.fin, s.tipo) for s in slots.find(text, make_anchor(), fechas=tags.fechas)]
    known += [(e.inicio, e.fin, "institucion") for e in tags.evidencia if e.conjunto == "actores"]
    found, last = [], 0
    for start, end in spans:
        kind = next((t for x, y, t in known if x < end and start < y), "palabras")
        found += [Pieza(text[last:start]), Pieza(text[start:end], "difiere", kind)]
        last = end
    return [p for p in (*found, Pieza(text[last:])) if p.texto]
