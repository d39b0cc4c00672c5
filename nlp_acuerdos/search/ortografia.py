"""Did you mean: a query's unknown words, mended from the words of the corpus."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nlp_acuerdos.finders._formas import Corrector
from nlp_acuerdos.text import fold, stem

_WORD = re.compile(r"[^\W\d_]{4,}")


class Ortografia:
    """Mends words one slip away from a word of the corpus; `formas` are its words, the most frequent of a stem first."""

    def __init__(self, formas: Sequence[str]) -> None:
        self._rank = {word: i for i, word in enumerate(formas)}
        self._corrector = Corrector(formas, minimum=4)

    def mend(self, texto: str, conocida: Callable[[str], bool]) -> str | None:
        """Return the text with its unknown words mended, or None when there is nothing to offer."""
        mended = _WORD.sub(lambda m: self._word(m.group(), conocida), texto)
        return mended if fold(mended) != fold(texto) else None

    def _word(self, word: str, known: Callable[[str], bool]) -> str:
        if known(stem(word)):
            return word
        near = self._corrector.near(fold(word))
        return min(near, key=lambda w: self._rank[w]) if near else word
