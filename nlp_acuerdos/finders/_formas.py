"""Compile the forms of a catalogue into a trie of words.

A form is words; `[x]` is optional, `(a|b)` a choice, `<name>` a macro of the catalogue, `{clase}` a class of tokens
matched at run time (a macro that is long or frequent is better as a class). Its capitals are required of the text:
"mesa de paz" matches any case, "Mesa" only a capital.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from nlp_acuerdos.text import fold

_MACRO = re.compile(r"<(\w+)>")
_PIECE = re.compile(r"([\[\]()|])")


@dataclass(frozen=True, slots=True)
class Regla:
    """One reading of a form: its code, rule name and the contexts (regular expressions) it needs or refuses."""

    codigo: str
    nombre: str
    antes: re.Pattern[str] | None = None
    despues: re.Pattern[str] | None = None
    salvo_antes: re.Pattern[str] | None = None
    salvo_despues: re.Pattern[str] | None = None
    mayusculas: bool = True
    sin_propio: bool = False
    salvo: str = ""
    cede: bool = False


@dataclass(slots=True, eq=False)
class Nodo:
    """A trie node: the words and classes that may follow and the readings that end here, with their capitals."""

    palabras: dict[str, Nodo] = field(default_factory=dict)
    clases: dict[str, Nodo] = field(default_factory=dict)
    finales: list[tuple[Regla, str]] = field(default_factory=list)


def inline(form: str, macros: Mapping[str, str]) -> str:
    """Return the form with its `<macros>` written out."""
    while _MACRO.search(form):
        form = _MACRO.sub(lambda m: macros[m.group(1)], form)
    return form


def case_sign(word: str) -> str:
    """Return what a word of a form asks of the text: U all capitals, C a first capital, - nothing."""
    if word.startswith("{"):
        return "-"
    if len(word) > 1 and word.isupper():
        return "U"
    return "C" if word[0].isupper() else "-"


@dataclass(frozen=True, slots=True)
class _Estado:
    """A point reached while a form is added: the node, the signs so far, the words so far, the word being spelt."""

    nodo: Nodo
    signos: str = ""
    texto: str = ""
    parte: str = ""

    def flush(self, equal: Mapping[str, str]) -> _Estado:
        """Step over the word being spelt, if any; `equal` maps a word to the one it stands for in the trie."""
        if not self.parte:
            return self
        word, sign = self.parte, case_sign(self.parte)
        if sign != "-":
            shown, key = word, fold(word)
        else:
            shown = key = equal.get(word, word)
        table = self.nodo.clases if word.startswith("{") else self.nodo.palabras
        key = key.strip("{}")
        node = table.get(key)
        if node is None:
            node = table[key] = Nodo()
        return _Estado(node, self.signos + sign, f"{self.texto} {shown}" if self.texto else shown)

    def spell(self, literal: str, equal: Mapping[str, str]) -> _Estado:
        """Go on with the literal text of a form, word by word."""
        head, *tail = literal.split(" ")
        state = _Estado(self.nodo, self.signos, self.texto, self.parte + head)
        for part in tail:
            state = state.flush(equal)
            state = _Estado(state.nodo, state.signos, state.texto, part)
        return state


def _grow(states: dict[_Estado, None], pieces: list[str], close: str, equal: Mapping[str, str]) -> dict[_Estado, None]:
    """Follow the pieces of a form up to the `close` mark from every state, joining equal ones."""
    entry, options, current = states, {} if close != "]" else dict(states), states
    while pieces:
        piece = pieces.pop()
        if piece == close:
            break
        if piece == "|":
            options |= current
            current = entry
        elif piece in "[(":
            current = _grow(current, pieces, "]" if piece == "[" else ")", equal)
        else:
            current = {state.spell(piece, equal): None for state in current}
    return options | current


def add(root: Nodo, form: str, regla: Regla, equal: Mapping[str, str]) -> list[str]:
    """Add a form (its macros written out) to the trie; return the plain forms it stands for.

    `equal` maps inflected words ("juntas", "secretario") to the word the trie keeps ("junta", "secretaria").
    """
    pieces = [piece for piece in _PIECE.split(form) if piece][::-1]
    ends = {state.flush(equal): None for state in _grow({_Estado(root): None}, pieces, "", equal)}
    for state in ends:
        if (regla, state.signos) not in state.nodo.finales:
            state.nodo.finales.append((regla, state.signos))
    return [state.texto for state in ends]


def _deletions(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _is_inflection(a: str, b: str) -> bool:
    """Tell whether two words differ only in number or gender, which is no misspelling."""
    return a.rstrip("s")[:-1] == b.rstrip("s")[:-1] or a + "s" == b or b + "s" == a or a + "es" == b or b + "es" == a


def _one_edit(a: str, b: str) -> bool:
    """Tell whether one insertion, deletion, substitution or swap of neighbours turns `a` into `b`."""
    if len(a) == len(b):
        diff = [i for i in range(len(a)) if a[i] != b[i]]
        swap = len(diff) == 2 and diff[1] == diff[0] + 1 and a[diff[0]] == b[diff[1]] and a[diff[1]] == b[diff[0]]
        return len(diff) == 1 or swap
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) - len(shorter) == 1 and shorter in _deletions(longer)


class Corrector:
    """Find the catalogue word one edit away from a misspelt one (deletion neighbourhoods, so no scan)."""

    def __init__(self, words: Iterable[str], minimum: int = 6) -> None:
        self._known = frozenset(words)
        self._index: dict[str, set[str]] = {}
        for word in self._known:
            if len(word) >= minimum and word.isalpha():
                for key in (word, *_deletions(word)):
                    self._index.setdefault(key, set()).add(word)
        self._minimum = minimum
        self.near = lru_cache(maxsize=32768)(self._near)

    def _near(self, word: str) -> tuple[str, ...]:
        """Return the catalogue words one edit from `word`; none for a catalogue word or a short one."""
        if len(word) < self._minimum - 1 or len(word) > 40 or word in self._known or not word.isalpha():
            return ()
        found = {near for key in (word, *_deletions(word)) for near in self._index.get(key, ())}
        return tuple(sorted(w for w in found if _one_edit(word, w) and not _is_inflection(word, w)))
