"""The only text normaliser: folding, tokens and Spanish stems."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*", re.UNICODE)
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # category Cc, but for white space
_INVISIBLE = dict.fromkeys(
    [
        0x00AD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0x061C,
        0xFEFF,
    ]
)
# Most texts: ASCII and the letters of Spanish, which fold one to one.
_PLAIN = re.compile(r"[\x00-\x7eÁÉÍÓÚÜÑáéíóúüñ¿¡«»“”‘’–—]*")
_PLAIN_FOLD = (("á", "a"), ("é", "e"), ("í", "i"), ("ó", "o"), ("ú", "u"), ("ü", "u"))
_PLAIN_WORD = re.compile(
    r"[a-z0-9ñ]+(?:[.'’][a-z0-9ñ]+)*|\x00"
)  # `_WORD` over folded letters of `_PLAIN`, or SEPARADOR
SEPARADOR = "\x00"
_BATCH = 500
_ENYE = "n\u0303"
STOPWORDS = frozenset(
    [
        "a",
        "al",
        "ante",
        "asi",
        "como",
        "con",
        "cual",
        "cuando",
        "de",
        "del",
        "desde",
        "donde",
        "e",
        "el",
        "ella",
        "ellas",
        "ello",
        "ellos",
        "en",
        "entre",
        "era",
        "es",
        "esa",
        "esas",
        "ese",
        "eso",
        "esos",
        "esta",
        "estas",
        "este",
        "esto",
        "estos",
        "fue",
        "ha",
        "han",
        "hasta",
        "hay",
        "la",
        "las",
        "le",
        "les",
        "lo",
        "los",
        "mas",
        "me",
        "mi",
        "mismo",
        "muy",
        "ni",
        "no",
        "nos",
        "o",
        "os",
        "para",
        "pero",
        "por",
        "porque",
        "que",
        "quien",
        "se",
        "sea",
        "ser",
        "si",
        "sin",
        "sobre",
        "son",
        "su",
        "sus",
        "tal",
        "tambien",
        "tanto",
        "te",
        "tiene",
        "u",
        "un",
        "una",
        "uno",
        "unos",
        "unas",
        "y",
        "ya",
    ]
)


@lru_cache(maxsize=65536)
def _fold_char(char: str) -> str:
    """Fold one character: lower case, no accent, ñ kept, invisible marks dropped."""
    if ord(char) in _INVISIBLE:
        return ""
    lowered = unicodedata.normalize("NFKD", char).lower()
    if lowered == _ENYE:
        return "ñ"
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def _fold_plain(text: str) -> str:
    """Fold a text of `_PLAIN` letters, one to one."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    for accented, letter in _PLAIN_FOLD:
        lowered = lowered.replace(accented, letter)
    return lowered


def fold(text: str) -> str:
    """Return `text` lower-cased, without accents (ñ stays), with single spaces: the form texts are compared in."""
    if _PLAIN.fullmatch(text):
        return _SPACE.sub(" ", _fold_plain(text)).strip()
    composed = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", "".join(map(_fold_char, composed))).strip()


class Folded:
    """A text folded character by character, with the way back to offsets of the original.

    `text` is the folded string (lower case, no accents, ñ kept, spaces untouched); `span(i, j)` gives the half-open
    offsets in the original, in Unicode code points, of `text[i:j]`.
    """

    __slots__ = ("_starts", "original", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        self._starts: list[int] | None = None
        if _PLAIN.fullmatch(original):
            self.text = _fold_plain(original)
            return
        pieces = [_fold_char(char) for char in original]
        for i in range(1, len(original)):  # a decomposed ñ is n followed by a combining tilde
            if original[i] == "\u0303" and pieces[i - 1] == "n":
                pieces[i - 1] = "ñ"
        self.text = "".join(pieces)
        if not all(len(piece) == 1 for piece in pieces):
            self._starts = [i for i, piece in enumerate(pieces) for _ in piece]

    @staticmethod
    @lru_cache(maxsize=16)
    def of(original: str) -> Folded:
        """Return `original` folded; the last few are kept, since every finder reads the same text in turn."""
        return Folded(original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map the half-open span `[start, end)` of the folded text to the original."""
        if self._starts is None:
            return start, end
        if start >= end:
            return (0, 0)
        first, last = self._starts[start], self._starts[end - 1] + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return first, last

    def slice(self, start: int, end: int) -> str:
        """Return the original characters under the folded span."""
        a, b = self.span(start, end)
        return self.original[a:b]

    def slices(self, starts: Sequence[int], ends: Sequence[int]) -> list[str]:
        """Return the original characters under each folded span."""
        if self._starts is None:
            return [self.original[i:j] for i, j in zip(starts, ends, strict=True)]
        return [self.slice(i, j) for i, j in zip(starts, ends, strict=True)]

    def position(self, offset: int) -> int:
        """Return the first folded position at or after original `offset`."""
        if self._starts is None:
            return offset
        return bisect_right(self._starts, offset - 1)


def tokens(text: str) -> list[str]:
    """Return the folded words and numbers of `text`, in order."""
    return _WORD.findall(fold(text))


def stream(texts: Sequence[str]) -> list[str]:
    """Return the `tokens` of all texts one after another, each text closed by SEPARADOR; some times faster than one by one."""
    found: list[str] = []
    for start in range(0, len(texts), _BATCH):
        part = texts[start : start + _BATCH]
        joined = SEPARADOR.join(part)
        if joined.count(SEPARADOR) == len(part) - 1 and _PLAIN.fullmatch(joined):
            found += _PLAIN_WORD.findall(_fold_plain(joined))
            found.append(SEPARADOR)
        else:
            found += [word for text in part for word in (*tokens(text), SEPARADOR)]
    return found


def wording(text: str) -> str:
    """Return the words of `text` folded, without punctuation: equal for texts that differ only in form."""
    return " ".join(tokens(text))


@lru_cache(maxsize=1)
def _stemmer() -> object:
    return snowballstemmer.stemmer("spanish")


@lru_cache(maxsize=262144)
def stem(word: str) -> str:
    """Return the Spanish Snowball stem of a word, folded before and after so that accents never split a stem."""
    if word.isascii() and word.isdigit():
        return word
    folded = fold(word)
    return fold(_stemmer().stemWord(folded))  # type: ignore[attr-defined]


def stems(text: str, *, keep_stopwords: bool = False) -> list[str]:
    """Return the stems of the content words of `text`, in order (all words with `keep_stopwords`)."""
    words = tokens(text)
    return [stem(word) for word in words if keep_stopwords or word not in STOPWORDS]


def word_spans(text: str) -> list[tuple[str, int, int]]:
    """Return (folded word, start, end) for each word of `text`; offsets are half-open code points of `text`."""
    folded = Folded(text)
    spans = ((m.group(), folded.span(*m.span())) for m in _WORD.finditer(folded.text))
    return [(word, start, end) for word, (start, end) in spans]


def clean(text: str) -> str:
    """Return `text` as one line: NFC, line breaks and runs of space as one space, NUL and other controls dropped."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip(" ")
    return _SPACE.sub(" ", _CONTROL.sub("", unicodedata.normalize("NFC", text))).strip()
