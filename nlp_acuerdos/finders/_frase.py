"""Words and marks of a text with their places: what the institution finders walk over."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.text import Folded, fold

_TOKEN = re.compile(r"(?:[^\W\d_]\. ?){2,}(?:[^\W\d_](?![^\W_]))?|[^\W_]+|[^\w\s]")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_ORDINAL_ENDINGS = frozenset({"a", "o", "er", "ra", "ro", "da", "va", "ta", "ma", "na"})
_IGNORED = frozenset("-–—\"“”«»'’‘*_·•#º°ª")

_SPECIAL = _IGNORED | _ORDINAL_ENDINGS | {"."}


@cache
def _abbreviations() -> frozenset[str]:
    """Return the words whose full stop ends no sentence."""
    return frozenset(fold(word) for word in load("actores")["abreviaturas"])


class Frase:
    """A text as tokens: `words` folded (dotted acronyms joined), `starts` and `ends` in the folded text.

    Hyphens and quotation marks are dropped, and so are full stops that end no sentence.
    `capitals` says the text is written in capitals throughout, `plain` that it has no capital at all to rely on.
    """

    __slots__ = ("_text", "capitals", "ends", "folded", "originals", "plain", "starts", "words")

    def __init__(self, texto: str) -> None:
        self.folded = Folded.of(texto)
        self._text = self.folded.text
        matches = list(_TOKEN.finditer(self._text))
        words = [match.group() for match in matches]
        plain = next((i for i, word in enumerate(words) if word in _SPECIAL or "." in word), len(words))
        self.words = words[:plain]
        self.starts = [match.start() for match in matches[:plain]]
        self.ends = [match.end() for match in matches[:plain]]
        for match in matches[plain:]:
            self._add(match.group(), match.start(), match.end())
        self.originals = self.folded.slices(self.starts, self.ends)
        upper = len(_CAPITAL.findall(texto))
        self.capitals = upper > 0.2 * len(texto) and upper > 0.6 * sum(map(str.isalpha, texto))
        self.plain = upper <= 1

    def _add(self, word: str, start: int, end: int) -> None:
        """Append one token unless it is a mark to be dropped."""
        if word in _IGNORED or (word == "." and self._is_abbreviation(end)):
            return
        if word in _ORDINAL_ENDINGS and self._continues_number():
            self.words[-2:], self.starts[-1:], self.ends[-2:] = [self.words[-2] + word], [], [end]
            return
        if len(word) > 1 and "." in word:
            trimmed = word.rstrip()
            end -= len(word) - len(trimmed)
            last = trimmed.endswith(".") and self._ends_sentence(end)
            self._push(re.sub(r"[. ]", "", trimmed), start, end)
            if last:
                self._push(".", end - 1, end)
            return
        self._push(word, start, end)

    def _continues_number(self) -> bool:
        """Tell whether the last tokens are a number and a slash, as in "10/a. Zona Militar"."""
        return len(self.words) > 1 and self.words[-1] == "/" and self.words[-2].isdigit()

    def _push(self, word: str, start: int, end: int) -> None:
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)

    def _ends_sentence(self, end: int) -> bool:
        """Tell whether a capital or nothing follows the full stop before folded position `end`."""
        rest = self._text[end : end + 3].strip()
        if not rest:
            return True
        place = self._text.index(rest[0], end)
        return not self.folded.slice(place, place + 1).islower() and rest[0] not in ",;:)"

    def _is_abbreviation(self, end: int) -> bool:
        """Tell whether the full stop before `end` belongs to an abbreviation or is followed by a small letter."""
        if not self.words or self.ends[-1] != end - 1:
            return False
        last = self.words[-1]
        ordinal = last[0].isdigit() and last.isalnum() and last[-1].isalpha() and last.rstrip("abcdeimnorstv").isdigit()
        return last in _abbreviations() or ordinal or not self._ends_sentence(end)


@lru_cache(maxsize=16)
def read(texto: str) -> Frase:
    """Return the tokens of `texto` (the last few are kept: two finders read the same text in turn)."""
    return Frase(texto)
