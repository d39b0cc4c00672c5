"""Two texts aligned word by word for people: what differs, and of which type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from nlp_acuerdos.dedup.perfil import NEGACION, PALABRA, Perfil
from nlp_acuerdos.text import word_spans

FORMA = "forma"
"""The type of what is written otherwise and says the same: a small word, an acronym and its name."""


_VACIA = "vacia"  # a small word: it goes with the changed words it stands among, else it is form


@dataclass(frozen=True, slots=True)
class Tramo:
    """A stretch of a text; `tipo` is None where both texts agree, else the type of the difference."""

    texto: str
    tipo: str | None = None


Palabra = tuple[str, int, int]


def mark(texto_a: str, a: Perfil, texto_b: str, b: Perfil) -> tuple[list[Tramo], list[Tramo]]:
    """Return both texts as stretches, which joined give each text back, with their differences typed.

    Types: fecha, numero, distrito, lugar, institucion, negacion, palabras, and FORMA.
    """
    words_a, words_b = word_spans(texto_a), word_spans(texto_b)
    changed_a, changed_b = _changed([w for w, _, _ in words_a], [w for w, _, _ in words_b])
    return _stretches(texto_a, words_a, changed_a, a, b), _stretches(texto_b, words_b, changed_b, b, a)


def _changed(a: list[str], b: list[str]) -> tuple[set[int], set[int]]:
    left: set[int] = set()
    right: set[int] = set()
    for op in Indel.opcodes(a, b):
        if op.tag != "equal":
            left.update(range(op.src_start, op.src_end))
            right.update(range(op.dest_start, op.dest_end))
    return left, right


def _stretches(texto: str, words: Sequence[Palabra], changed: set[int], own: Perfil, other: Perfil) -> list[Tramo]:
    spans = _join(_typed(texto, words, changed, own, other), texto)
    found, last = [], 0
    for start, end, tipo in spans:
        if last < start:
            found.append(Tramo(texto[last:start]))
        found.append(Tramo(texto[start:end], tipo))
        last = end
    if last < len(texto):
        found.append(Tramo(texto[last:]))
    return found


def _typed(
    texto: str, words: Sequence[Palabra], changed: set[int], own: Perfil, other: Perfil
) -> Iterator[tuple[int, int, str]]:
    """Yield the typed spans of the changed words; a slot or an institution is marked whole."""
    covered: list[tuple[int, int, int]] = list(_places(texto, own))
    n = 0
    for i in sorted(changed):
        _, start, end = words[i]
        while n < len(covered) and covered[n][1] <= start:
            n += 1
        inside = n < len(covered) and covered[n][0] <= start
        if not inside:
            yield start, end, _VACIA
            continue
        first, last, piece = covered[n]
        if own.claves[piece] in other.conjunto:
            yield start, end, FORMA
        elif own.tipos[piece] in (PALABRA, NEGACION):
            yield start, end, "palabras" if own.tipos[piece] == PALABRA else NEGACION
        else:
            yield first, last, own.tipos[piece]


def _places(texto: str, perfil: Perfil) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, piece) of each piece of a profile in its text, in order, none over another."""
    last = 0
    for n, forma in enumerate(perfil.formas):
        place = re.compile(r"\s+".join(map(re.escape, forma.split()))).search(texto, last) if forma else None
        if place is not None:
            yield place.start(), place.end(), n
            last = place.end()


def _join(spans: Iterator[tuple[int, int, str]], texto: str) -> list[tuple[int, int, str]]:
    """Join spans with nothing but marks and spaces between them: those of one type, and small words with words."""
    found: list[tuple[int, int, str]] = []
    for start, end, tipo in spans:
        last = found[-1] if found else None
        if last and start < last[1]:
            continue
        kind = _joined(last[2], tipo) if last and not re.search(r"\w", texto[last[1] : start]) else None
        if last and kind:
            found[-1] = (last[0], end, kind)
        else:
            found.append((start, end, tipo))
    return [(start, end, FORMA if tipo == _VACIA else tipo) for start, end, tipo in found]


def _joined(x: str, y: str) -> str | None:
    """Return the type of two neighbours taken as one, or None when they stay apart."""
    if x == y or {x, y} == {_VACIA, FORMA}:
        return x if x == y else FORMA
    return "palabras" if {x, y} == {_VACIA, "palabras"} else None
