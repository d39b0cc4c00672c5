"""Electoral districts a text names by number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp_acuerdos.text import Folded


@dataclass(frozen=True, slots=True)
class Distrito:
    """A mention of districts by number, half-open span; `ambito`: "federal", "local" or None when it does not say."""

    numeros: tuple[int, ...]
    inicio: int
    fin: int
    ambito: str | None = None


_UNITS = (
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidos"
)
_WORDS = {word: number for number, word in enumerate(_UNITS.split(), 1)}
_PREFILTER = re.compile(r"distri|jde|dtto|dto")
_ADJECTIVE = r"(?:electoral(?:es)?|federal(?:es)?|local(?:es)?|uninominal(?:es)?|ejecutiv[ao]s?)"
_ACRONYM = r"(?:ople?[sv]?|ie[a-z]{1,6}|impepac|ite|ceepac)"  # of a state's institute, by its shape
_OF = rf"(?:\s(?:del?|de la|de los)\s(?:ine|{_ACRONYM}|instituto nacional electoral)\b)?"
_NOUN = (
    rf"(?:(?:(?P<cuerpo>juntas?|consejos?|vocalias?(?: ejecutivas?)?)\s(?:ejecutivas?\s)?(?:distrital(?:es)?)"
    rf"|(?P<distrito>distritos?|dttos?\.?|dtos?\.)|(?P<sigla>jdes?))(?:\s{_ADJECTIVE}(?:\s[ye]\s{_ADJECTIVE})?){{0,3}})"
)
_MARK = r"(?:\s?(?:numeros?|num\.?|nums\.?|no\.|nos\.|n\.?°|nro\.?|#|:|\()\s?)?"
_HEAD = re.compile(rf"(?<![\wñ]){_NOUN}{_OF}{_MARK}[\s-]*(?:(?:el|los|del|de los)\s)?(?=[\divx]|[a-z]{{3,11}}\b)")
_NOUN_BEGINS = re.compile(r"juntas?|consejos?|vocalia|distrito|dttos?|dtos?|jde")
_DIGITS = re.compile(r"0?\d{1,2}(?=er\b|[oa]\b|[°ºª.]?(?![\w%:/$]))(?!\.?\d)(?!,\d{3}\b)(?:er\b|[oa]\b|[°ºª])?(?!-\d)")
_ROMAN = re.compile(r"(?=[xivl])(?:x{0,3})(?:ix|iv|v?i{0,3})\b")
_NAME = re.compile(r"[a-z]{3,11}\b")
# What, after a number, makes it a count or a date and no district.
_COUNTED = re.compile(
    r"\s(?:de (?:ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)|elementos?\b|horas?\b|hrs?\b|casillas?\b|camion|"
    r"vehicul|patrullas?\b|personas?\b|kilom|km\b|polic|municip|seccion|unidades\b|minutos\b|dias\b|efectivos\b|"
    r"oficiales\b|paquetes\b|cae\b|se\b|por ciento|mil\b|centros?\b|bodegas?\b|sedes?\b|agentes\b|integrantes\b|"
    r"a\.? ?m\b|p\.? ?m\b)"
)
_JOIN = re.compile(
    r"\s?(?:,\s?(?:[yeo]\s)?|;\s?|/|\s[yeo]\s|\s(?:al?|hasta el)\s)\s?(?:(?:el|los|la|las|del)\s)?(?:distritos?\s)?"
)
_SEAT = r"(?:sede|cabecera)(?: (?:distrital|municipal))? en"
_PLACE = re.compile(
    rf"(?:,?\s\(?(?:de|del|en|con {_SEAT}|{_SEAT})\s|\s?\(|\s(?=[a-zñ]))"
    r"(?:[a-zñ.]+\s){0,5}[a-zñ.]+\)?(?=\s?[,;]|\s[ye]\s|\s?\.|$)"
)
_NOUN_NEXT = re.compile(r"\s(?!de\b|del\b|en\b|con\b|[ye]\b)[a-zñ]")  # a noun the number counts
_NEXT_LIST = re.compile(r"\s(?:consejo|junta|distrito|jde)")  # the number belongs to the noun after it
_RANGE = re.compile(r"\s(?:al?|hasta el)\s")
_ONE = r"\d{1,2}(?:er|[oa°ºª])?"
_BEFORE = re.compile(
    rf"(?<![\w/.,:$-])(?P<list>{_ONE}(?:\s?(?:,\s?(?:[ye]\s)?|\s[ye]\s)\s?(?:la\s|el\s)?{_ONE}){{0,40}})"
    rf"[\s.-]*{_NOUN}(?![\wñ])"
)
_FEDERAL = re.compile(r"\bfederal(?:es)?\b|\bdel ine\b|\binstituto nacional\b")
_LOCAL = re.compile(r"\blocal(?:es)?\b(?! ejecutiva)")
_LOCAL_NEAR = re.compile(
    rf"^\W{{0,2}}(?:\s?(?:del|de la|de los)\s(?:{_ACRONYM}|organismos? publicos? local(?:es)?|"
    r"instituto (?:electoral|estatal|de elecciones))\b|\slocal(?:es)?\b)"
)
_LOCAL_LEFT = re.compile(
    r"(?:diputad[oa]s?|diputacion(?:es)?|candidat\w+|elecci\w+|computos? distrital(?:es)?) local(?:es)?[^.;]{0,50}$|"
    rf"\bdel (?:{_ACRONYM}|organismo publico local(?: electoral)?)\s(?:en|de)\s(?:el|los)?\s?$"
)
_LOCAL_BODY = re.compile(rf"\s{_ACRONYM}\b")
_FEDERAL_LEFT = re.compile(r"(?:diputad[oa]s?|diputacion(?:es)?|candidat\w+) federal(?:es)?[^.;]{0,50}$")


def distritos(texto: str) -> list[Distrito]:
    """Return the mentions of electoral districts by number, in text order.

    "distritos electorales 09, 13 y 14", "04 Consejo Distrital", "Distritos 02 y 07 de Reynosa, 03 de Río Bravo" are
    read; a count ("16 distritos"), the city (Distrito Federal) and other zones (ZORE 22) are not.
    """
    folded = Folded.of(texto)
    if not _PREFILTER.search(folded.text):
        return []
    found = [*_after(folded), *_before(folded)]
    taken: list[Distrito] = []
    for mention in sorted(found, key=lambda d: (d.inicio, -d.fin)):
        if not taken or mention.inicio >= taken[-1].fin:
            taken.append(mention)
    return taken


def _after(folded: Folded) -> Iterator[Distrito]:
    """Yield mentions whose numbers follow the noun."""
    reached = 0
    for head in _heads(folded.text):
        if head.start() < reached:
            continue
        numbers, reached = _list(folded, head)
        if numbers:
            scope = _scope(folded.text, head, head.start(), reached)
            yield Distrito(numbers, *folded.span(head.start(), reached), scope)


def _heads(text: str) -> Iterator[re.Match[str]]:
    """Yield what `_HEAD.finditer` does, trying only where a noun begins."""
    end = 0
    for noun in _NOUN_BEGINS.finditer(text):
        head = _HEAD.match(text, noun.start()) if noun.start() >= end else None
        if head:
            end = head.end()
            yield head


def _list(folded: Folded, head: re.Match[str]) -> tuple[tuple[int, ...], int]:
    """Read the list of numbers at the end of `head`, with the places between them."""
    first = _number(folded, head.end())
    if first is None:
        return (), head.end()
    numbers, end = [first[0]], first[1]
    padded = folded.text[head.end()] == "0"
    while True:
        place = _PLACE.match(folded.text, end)
        step = _join(folded, end, padded) or (_join(folded, place.end(), padded, lugar=True) if place else None)
        if step is None:
            return tuple(dict.fromkeys(numbers)), end
        number, end, ranged = step
        numbers += range(numbers[-1] + 1, number + 1) if ranged and numbers[-1] < number else [number]


def _join(folded: Folded, at: int, padded: bool, *, lugar: bool = False) -> tuple[int, int, bool] | None:
    """Read a connector and the number after it: the number, where it ends, and whether it closes a range."""
    join = _JOIN.match(folded.text, at)
    if join is None:
        return None
    ranged = bool(_RANGE.match(join.group()))
    number = _number(folded, join.end())
    if number is None or (ranged and lugar):
        return None
    digits = folded.text[join.end() : number[1]]
    counts = lugar and _NOUN_NEXT.match(folded.text, number[1]) and not _titled(folded, number[1] + 1)
    if counts or (padded and len(digits) == 1) or _NEXT_LIST.match(folded.text, number[1]):
        return None
    return number[0], number[1], ranged


def _titled(folded: Folded, at: int) -> bool:
    return folded.slice(at, at + 1).isupper()


def _number(folded: Folded, at: int) -> tuple[int, int] | None:
    """Read a district number at `at`: digits, a Roman numeral in capitals, or a word."""
    digits = _DIGITS.match(folded.text, at)
    if digits and not _COUNTED.match(folded.text, digits.end()):
        value = int(re.sub(r"\D", "", digits.group()))
        return (value, digits.end()) if value else None
    roman = _ROMAN.match(folded.text, at)
    if roman and roman.group() and folded.slice(roman.start(), roman.end()).isupper():
        return _roman(roman.group()), roman.end()
    word = _NAME.match(folded.text, at)
    if word and word.group() in _WORDS and not _COUNTED.match(folded.text, word.end()):
        return _WORDS[word.group()], word.end()
    return None


def _roman(numeral: str) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50}
    total = [values[c] for c in numeral]
    return sum(-a if a < b else a for a, b in zip(total, [*total[1:], 0], strict=True))


def _before(folded: Folded) -> Iterator[Distrito]:
    """Yield mentions whose numbers come before the noun; one number before a plural is a count."""
    for match in _BEFORE.finditer(folded.text):
        written = re.findall(r"\d+", match["list"])
        noun = match["cuerpo"] or match["distrito"] or match["sigla"]
        one = len(written) == 1
        if one and (noun.endswith("s") or (match["distrito"] and len(match["list"]) == 1)):
            continue
        numbers = tuple(dict.fromkeys(int(n) for n in written if int(n)))
        if numbers:
            yield Distrito(numbers, *folded.span(*match.span()), _scope(folded.text, match, match.start(), match.end()))


def _scope(text: str, match: re.Match[str], start: int, end: int) -> str | None:
    """Tell whose districts they are by the noun, what follows it and what the sentence said before."""
    inside, left, right = text[start:end], text[max(0, start - 90) : start], text[end : end + 40]
    federal = _FEDERAL.search(inside) or _FEDERAL.match(right.lstrip())
    local = _LOCAL.search(inside) or _LOCAL_NEAR.search(right) or _LOCAL_BODY.search(inside)
    if federal or local:
        return None if federal and local else "federal" if federal else "local"
    if match["sigla"] or (match["cuerpo"] or "").startswith(("junta", "vocal")) or _FEDERAL_LEFT.search(left):
        return "federal"
    return "local" if _LOCAL_LEFT.search(left) else None
