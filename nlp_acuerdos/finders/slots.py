"""The slots of an agreement: date or time, number or amount, district or section, place (a closed list)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.finders import fechas as dates
from nlp_acuerdos.finders import lugares
from nlp_acuerdos.finders.sitios import state_of_demonym, towns
from nlp_acuerdos.records import Ancla, Fecha
from nlp_acuerdos.text import Folded, fold

TIPOS = ("fecha", "numero", "distrito", "lugar")


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot: its type (one of TIPOS), half-open span of code points, and canonical value."""

    tipo: str
    inicio: int
    fin: int
    valor: str


Spans = Sequence[tuple[int, int]]

_UP = r"[A-ZÁÉÍÓÚÜÑ]"
_NAME = rf"{_UP}[\wáéíóúüñÁÉÍÓÚÜÑ]+(?:(?:[ -](?:de|del|la|las|los|el)){{0,2}}[ -]{_UP}[\wáéíóúüñÁÉÍÓÚÜÑ]+){{0,4}}"
_ROMAN = r"(?:x{1,3}(?:ix|iv|v?i{0,3})|ix|iv|vi{0,3}|i{1,3})"
_SECTION = re.compile(
    r"\b(?:seccion(?:es)?(?: electoral(?:es)?)?|distritos?(?: (?:electoral|federal|local)(?:es)?){0,2}|casillas?)"
    rf"(?: (?:numeros?|num\.?|no\.?))? (?P<list>(?:\d{{1,4}}|{_ROMAN}\b)"
    rf"(?:\s*(?:,|y|e|a|al)\s*(?:la |el )?(?:\d{{1,4}}|{_ROMAN}\b))*)"
    r"(?![\d%:/])(?: (?:basica|contigua \d+|extraordinaria \d+|especial \d+))?"
)
_ORDINAL = re.compile(r"(?<![\w.,/-])(\d{1,2})(?:[aoªº°]|er|ra|do|da|ro|to|ta|mo|ma|vo|va|no|na)\.?(?=[\s,;:.]|$)")
_DIGITS = re.compile(r"(?<![\w.,/-])\$?\d+(?:[.,]\d{3})*(?:[.,]\d+)?(?:[-/]\d+)*(?:\s?%)?(?![\w]|[.,]\d)")


def find(texto: str, ancla: Ancla, *, fechas: Sequence[Fecha] | None = None, instituciones: Spans = ()) -> list[Slot]:
    """Return the slots of `texto` in order, without overlaps.

    `fechas` are its time expressions when already known; inside the spans `instituciones` no number is read, for it
    belongs to the name ("48 zona militar"), but a district or a state is.
    """
    known = dates.find(texto, ancla) if fechas is None else fechas
    folded = Folded.of(texto)
    found = [Slot("fecha", f.inicio, f.fin, _when(f)) for f in known]
    _add(found, _districts(texto, folded))
    _add(found, _places(texto, folded))
    _add(found, (s for s in _towns(texto, folded) if not _inside(s, instituciones)))
    _add(found, (s for s in _numbers(folded) if not _inside(s, instituciones)))
    return sorted(found, key=lambda s: s.inicio)


_WEEKDAY = re.compile(r"\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)s?\b")


def _when(f: Fecha) -> str:
    """Return the value of a time expression; of a weekly one its days too, which ISO 8601 leaves out of R/P1W."""
    days = _WEEKDAY.findall(fold(f.texto)) if f.tipo == "SET" else []
    return " ".join([_SAME_SET.get(f.valor, f.valor), *days])


_SAME_SET = {"R/P7D": "R/P1W", "R/PT24H": "R/P1D", "R/P12M": "R/P1Y"}


def mask(texto: str, slots: Sequence[Slot]) -> str:
    """Return `texto` with each slot replaced by its type in angle brackets."""
    pieces, last = [], 0
    for slot in slots:
        pieces += [texto[last : slot.inicio], f"<{slot.tipo}>"]
        last = slot.fin
    return "".join(pieces) + texto[last:]


def _add(found: list[Slot], more: Iterator[Slot]) -> None:
    """Append the slots that overlap none found before."""
    for slot in more:
        if all(slot.fin <= other.inicio or other.fin <= slot.inicio for other in found):
            found.append(slot)


def _inside(slot: Slot, spans: Spans) -> bool:
    return any(start <= slot.inicio and slot.fin <= end for start, end in spans)


def _districts(texto: str, folded: Folded) -> Iterator[Slot]:
    if not _CUE.search(folded.text):
        return
    for d in lugares.distritos(texto):
        heads = [fold(n.group()) for n in _HEAD.finditer(texto, d.inicio, d.fin) if not n.group().isupper()]
        scope = ["local"] if d.ambito == "local" else []
        yield Slot("distrito", d.inicio, d.fin, " ".join([*scope, ", ".join(f"{n:02d}" for n in d.numeros), *heads]))
    for match in _SECTION.finditer(folded.text):
        start, end = folded.span(*match.span())
        items = re.findall(rf"\d+|\b{_ROMAN}\b", match["list"])
        kind = match.group()[:7] + " " if not match.group().startswith("distrito") else ""
        yield Slot("distrito", start, end, kind + ", ".join(f"{_roman(i):02d}" for i in items))


_HEAD = re.compile(rf"(?<=\bde ){_NAME}")
_CUE = re.compile(r"dist|dt?tos?\b|\bjdes?\b|seccion|casilla")


def _roman(text: str) -> int:
    """Return the number a digit string or a small Roman numeral writes."""
    if text.isdigit():
        return int(text)
    values = [{"i": 1, "v": 5, "x": 10}[c] for c in text]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


@cache
def _place_pattern() -> re.Pattern[str]:
    marks = sorted(map(re.escape, load("sinonimos")["lugares"]["marcas"]), key=len, reverse=True)
    mark = rf"(?P<mark>\b(?:{'|'.join(marks)})(?=\W)(?:\s+(?:de la|de los|del|de|la|el)\b)?\s*(?:\d+,?\s*)?)"
    return re.compile(rf"\bkm\.?\s*\d+(?:[.+]\d+)?|{mark}|\b(?:en|de|desde|hasta|hacia|a|entre|y|e) (?=\w)|, (?=\w)")


@cache
def _marks() -> frozenset[str]:
    return frozenset(mark.rstrip(".") for mark in load("sinonimos")["lugares"]["marcas"])


_NAME_AT = re.compile(_NAME)


def _places(texto: str, folded: Folded) -> Iterator[Slot]:
    """Yield states, then places after a mark or a preposition, then addresses by kilometre."""
    yield from _states(texto, folded)
    for match in _NUMBERED.finditer(folded.text):
        yield Slot("lugar", *folded.span(*match.span()), " ".join(filter(None, match.groups())))
    last = -1
    upper = sum(map(str.isupper, texto)) > 0.6 * sum(map(str.isalpha, texto))
    for match in _place_pattern().finditer(folded.text):
        start, end = folded.span(*match.span())
        if match.group().startswith("km"):
            yield Slot("lugar", start, end, " ".join(match.group().split()))
            continue
        if match.group() == ", " and start != last:
            continue
        name = None if upper and not match["mark"] else _NAME_AT.match(texto, end)
        if name is None:
            continue
        value = fold(name.group())
        if upper:
            value = value.split()[0]
        if value.split()[0] in _marks():  # "de Av. Juárez": the mark comes next
            continue
        sure = match["mark"] is not None and not match["mark"].startswith(_VAGUE)
        if sure or (re.split(r"[ -]", value)[0] not in _foreign() and _like_a_place(name.group())):
            last = end + len(value)
            street = _STREET_NUMBER.match(folded.text, last) if sure and match["mark"].startswith(_STREETS) else None
            if street:
                last, value = street.end(), f"{value} {street[1]}"
            yield Slot("lugar", start if match["mark"] else end, last, value)


_CAPITAL = re.compile(rf"(?<![\w.-]){_UP}\w+")
_LETTERS = re.compile(r"[a-zñ]{6,}")


def _towns(texto: str, folded: Folded) -> Iterator[Slot]:
    """Yield the towns of the catalogue wherever they stand in capitals ("Bodega, Chilpancingo"), and demonyms."""
    known = towns()
    for match in _CAPITAL.finditer(texto):
        first = fold(match.group())
        if first in known:
            start = folded.position(match.start())
            name = next((n for n in known[first] if folded.text.startswith(n, start)), "")
            end = start + len(name)
            if name and not folded.text[end : end + 1].isalnum():
                yield Slot("lugar", *folded.span(start, end), lugares.plain_states().get(name, name))
    for match in _LETTERS.finditer(folded.text):
        state = state_of_demonym(match.group())
        if state is not None:
            yield Slot("lugar", *folded.span(*match.span()), state)


_STREETS = ("calle", "avenida", "av.", "boulevard", "blvd", "bulevar")
_STREET_NUMBER = re.compile(r",?\s+(?:numero|num\.?|no\.?|#)?\s*(\d{1,5})\b(?!\s*(?:de|horas|hrs|/|:))")
_NUMBERED = re.compile(r"\b(?:calle|avenida|av\.)\s+(\d{1,4})(?:,?\s+(?:numero|num\.?|no\.?|#)\s*(\d{1,5}))?")
_VAGUE = ("region", "delegacion", "comisaria", "agencia", "cabecera", "ciudad", "demarcacion", "puerto")


def _like_a_place(name: str) -> bool:
    """Tell whether a capitalised run is no acronym and no abstract noun."""
    words = re.split(r"[ -]", name)
    return (
        not name.isupper()
        and not any(w.isupper() and len(w) > 2 for w in words)
        and not re.search(r"(?:ci[oó]n|dad|miento|mente|ral(?:es)?|ntes?|ivas?|ivos?)\b", name)
    )


@cache
def _foreign() -> frozenset[str]:
    return frozenset(load("sinonimos")["lugares"]["ajenas"].split())


_STATE_OF = re.compile(r"(?:\b(?:el )?(?:estado|entidad) de )$")


def _states(texto: str, folded: Folded) -> Iterator[Slot]:
    for state in lugares.estados(texto):
        left = folded.text[max(0, folded.position(state.inicio) - 14) : folded.position(state.inicio)]
        mark = _STATE_OF.search(left)
        start = state.inicio - (len(mark.group()) if mark else 0)
        yield Slot("lugar", start, state.fin, fold(state.etiqueta))


@cache
def _spelled() -> re.Pattern[str]:
    """Return the pattern of a number in words: cardinals one after another, or one ordinal."""
    values = load("sinonimos")["numeros"]
    words = sorted(values, key=lambda w: (-len(w), w))
    cardinal = f"(?:{'|'.join(w for w in words if values[w].isdigit())})"
    ordinal = "|".join(w for w in words if not values[w].isdigit())
    return re.compile(rf"\b{cardinal}(?:\s+(?:y\s+)?{cardinal})*\b" + (rf"|\b(?:{ordinal})\b" if ordinal else ""))


def _numbers(folded: Folded) -> Iterator[Slot]:
    for match in _DIGITS.finditer(folded.text):
        value, end = _plain(match.group()), match.end()
        times = _TIMES.match(folded.text, end)
        if times and re.fullmatch(r"\d+(?:\.\d+)?", value):
            value, end = f"{float(value) * (1000 if times[1] == 'mil' else 1_000_000):.0f}", times.end(1)
        yield Slot("numero", *folded.span(match.start(), end), value)
    for match in _ORDINAL.finditer(folded.text):
        yield Slot("numero", *folded.span(*match.span()), f"{int(match[1])}º")
    for match in _spelled().finditer(folded.text):
        yield Slot("numero", *folded.span(*match.span()), _value(match.group()))


@lru_cache(maxsize=4096)
def counted(wording: str) -> frozenset[str]:
    """Return every number a folded wording writes, inside names too ("veintiún consejos distritales")."""
    words = (_value(m.group()) for m in _spelled().finditer(wording))
    return frozenset((*words, *(_plain(m.group()) for m in _DIGITS.finditer(wording))))


_TIMES = re.compile(r"\s+(mil|millon(?:es)?)\b")


def _value(words: str) -> str:
    """Return the number that words write ("doscientos mil", "treinta y dos")."""
    values = load("sinonimos")["numeros"]
    if not values.get(words, "0").isdigit():
        return str(values[words])
    total = part = 0
    for word in re.split(r"\s+(?:y\s+)?", words):
        number = int(values[word])
        if number >= 1000:
            total, part = total + max(1, part) * number, 0
        else:
            part += number
    return str(total + part)


def _plain(number: str) -> str:
    """Return a number without thousands separators, leading zeros or spaces ("1,200" is "1200")."""
    bare = re.sub(r"[.,](?=\d{3}\b)", "", number.replace(" ", "").replace("$", ""))
    return bare.lstrip("0") or "0"
