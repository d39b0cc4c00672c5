"""States a text or a column names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.finders.distritos import Distrito, distritos
from nlp_acuerdos.records import Evidencia
from nlp_acuerdos.text import Folded, fold

__all__ = ["PASO", "Distrito", "distritos", "entidades", "estados", "normalize_entidad"]

PASO = "estado_paso"  # the rule of a state named only as where something comes from, goes to or borders on
_WORD = re.compile(r"[a-zñ]+")
_MARKS = re.compile(r"[^\wñ]+")
_KEYED = re.compile(r"^\d{1,2}(?=\D)|(?<=\D)\d{1,2}$")
_PREFIX = re.compile(
    r"^(?:(?:entidad(?: federativa)?|edo|estado(?: libre y soberano)?|junta local(?: ejecutiva)?|jle|consejo local"
    r"|ine)(?: (?:de|del|en))?(?: (?:el|la))?(?: (?:estado|entidad) de)? )(?=\w)"
)
_LEFT = 80  # characters of context read before a name


@cache
def entidades() -> tuple[str, ...]:
    """Return the official names of the 32 states."""
    return tuple(load("entidades")["entidades"])


@cache
def _column_names() -> dict[str, str]:
    """Return every name, alias and abbreviation a column may use, without marks -> official name."""
    names: dict[str, str] = {}
    for name, entry in load("entidades")["entidades"].items():
        kinds = ("nombres", "abreviaturas", "solo_columna")
        for alias in (name, *(alias for kind in kinds for alias in entry.get(kind, ()))):
            names[_key(alias)] = names[_key(alias).replace(" ", "")] = name
    return names


def _key(text: str) -> str:
    return _MARKS.sub(" ", fold(text)).strip()


@lru_cache(maxsize=4096)
def normalize_entidad(texto: str) -> str | None:
    """Return the official name of the state a cell or a person calls `texto`, or None.

    "Edo. Méx.", "estado de puebla", "CDMX", "09 Ciudad de México", "Coahuila*" are read; a text that says more is not.
    """
    if len(texto) > 80:
        return None
    names, key = _column_names(), _key(texto)
    bare = _KEYED.sub("", key).strip()
    short = _key(re.sub(r"\([^()]*\)", " ", texto))
    for form in (key, bare, short, _PREFIX.sub("", bare)):
        found = names.get(form) or names.get(form.replace(" ", ""))
        if found:
            return found
    return None


@cache
def plain_states(*, todos: bool = False) -> dict[str, str]:
    """Return the folded official name of each folded name of a state that is no surname, town or other word, or of all."""
    return {
        fold(alias): fold(name)
        for name, entry in load("entidades")["entidades"].items()
        if todos or ("ambiguo" not in entry and "adjetivo" not in entry)
        for alias in (name, *entry.get("nombres", ()))
    }


@dataclass(frozen=True, slots=True)
class _Nombre:
    """A way to write a state: the pattern of its folded form and what it needs to be read."""

    entidad: str
    patron: re.Pattern[str]
    abreviatura: bool
    ambiguo: bool
    adjetivo: bool


@cache
def _prose_names() -> dict[str, tuple[_Nombre, ...]]:
    """Return first folded word -> the names that begin with it, longest first."""
    found: dict[str, list[tuple[str, _Nombre]]] = {}
    for name, entry in load("entidades")["entidades"].items():
        only = {fold(alias) for alias in entry.get("solo_columna", ())}
        full = [alias for alias in (name, *entry.get("nombres", ())) if fold(alias) not in only]
        for alias in (*full, *entry.get("abreviaturas", ())):
            short = alias not in full
            row = _Nombre(name, _loose(fold(alias)), short, "ambiguo" in entry, "adjetivo" in entry)
            first = _WORD.match(fold(alias))
            found.setdefault(first.group() if first else "", []).append((fold(alias), row))
            if short and fold(alias) != alias.lower().replace(".", ""):
                joined = re.sub(r"[^a-zñ]", "", fold(alias))
                found.setdefault(joined, []).append((joined, _Nombre(name, _loose(joined), True, False, False)))
    return {k: tuple(n for _, n in sorted(v, key=lambda pair: -len(pair[0]))) for k, v in found.items()}


def _loose(alias: str) -> re.Pattern[str]:
    """Return the pattern of a folded alias: any spacing, full stops optional."""
    parts = re.findall(r"[\wñ]+|[^\wñ]", alias)
    body = "".join(r"\.?\s?" if p == "." else r"\s+" if p == " " else re.escape(p) for p in parts)
    return re.compile(body.replace(r"\.?\s?\s+", r"\.?\s*").removesuffix(r"\s?") + r"(?![\w@])")


@cache
def _context(name: str) -> re.Pattern[str]:
    return re.compile(load("entidades")["contexto"][name], re.VERBOSE)


_PREPOSITION = re.compile(r"(?:\b(?:de|en|del|para|por)(?: el)?|\bestados?)\s$")
_LISTED = re.compile(r"(?:\s?,|\s(?:y|e|o|u)|,\s(?:y|e|o))\s(?:el estado de |la de )?$")
_MUNICIPALITY = re.compile(r"\bmunicip\w+ de [\wñ ]{3,40},\s$|[\wñ]{4,},\s$")
_OWNER = re.compile(r"(?P<de>[\wñ]+)\sde\s$")  # "Ecatepec de Morelos" is a town, "Policía de Morelos" is not
_STREETS = re.compile(r"\b(?:calles?|avenidas?|av\.?|esquina|entre|colonias?)\b[^.;]{0,60}$")
_AND_NAME = re.compile(r"\s[ye]\s")
_STATE_NOUN = re.compile(
    r"\b(?:estados?|entidad|gobierno|gobernador|gobernadora|congreso)\s(?:libre y soberano )?de\s$"
)
_COUNTED = re.compile(r"\b(?:cada|un|\d+[.o°]?)\s$")
_NUMBERED = re.compile(r"\s(?:ele|uni|num|no\.|\d)")


def estados(texto: str) -> list[Evidencia]:
    """Return where `texto` names a state, in text order; `etiqueta` is its official name, `conjunto` "entidad".

    "Hidalgo", "Morelos" or "Guerrero" alone, streets, surnames and "México" name none. The rule is "estado", or
    "estado_paso" for a state that is only where something comes from, goes to or borders on.
    """
    folded = Folded.of(texto)
    found: list[Evidencia] = []
    for entity, start, end in _mentions(folded):
        left = folded.text[max(0, start - _LEFT) : start]
        rule = PASO if _context("paso").search(left) else "estado"
        found.append(Evidencia("entidad", entity, rule, *folded.span(start, end), folded.slice(start, end)))
    return found


def _mentions(folded: Folded) -> Iterator[tuple[str, int, int]]:
    """Yield (state, start, end) in the folded text."""
    text, names = folded.text, _prose_names()
    last_end, last_any = 0, -1
    heads = _heads().intersection(_WORD.findall(text))
    for word in _whole(heads).finditer(text) if heads else ():
        start = word.start()
        options = names.get(word.group())
        if not options or start < last_end or (start and (text[start - 1].isalnum() or text[start - 1] in "-@_./")):
            continue
        for option in options:
            match = option.patron.match(text, start)
            if match and _is_state(folded, option, start, match.end(), last_any):
                yield option.entidad, start, match.end()
                last_end = last_any = match.end()
                break


@cache
def _heads() -> frozenset[str]:
    """Return the first folded words of the names."""
    return frozenset(_prose_names())


@lru_cache(maxsize=4096)
def _whole(words: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of any of some whole words."""
    return re.compile(rf"(?<![a-zñ])(?:{'|'.join(sorted(words))})(?![a-zñ])")


def _is_state(folded: Folded, name: _Nombre, start: int, end: int, previous: int) -> bool:
    """Tell whether the name at [start, end) is the state: `previous` is where the last state named ends."""
    surface = folded.slice(start, end)
    if name.abreviatura and not surface[0].isupper():
        return False  # "que" and "son" are no Qué. nor Son.
    left = folded.text[max(0, start - _LEFT) : start]
    if _context("nunca_antes").search(left) or _context("nunca_despues").match(folded.text, end):
        return False
    if name.abreviatura:
        return _is_abbreviation(surface, left, folded.slice(end, min(len(folded.text), end + 3)))
    if surface[0] in "dD" and name.entidad == "Ciudad de México":
        return _is_federal_district(surface, left, folded.text[end : end + 4])
    listed = previous >= 0 and bool(_LISTED.fullmatch(folded.text[previous:start]))
    if name.ambiguo:
        return listed or _is_ambiguous_state(folded, left, start, end)
    if name.adjetivo and not surface[0].isupper():
        return listed or bool(_PREPOSITION.search(left)) or bool(_MUNICIPALITY.search(left))
    return True


def _is_federal_district(surface: str, left: str, after: str) -> bool:
    """Tell the city from an electoral district: two capitals, neither counted nor numbered."""
    proper = surface[0] == "D" and surface.split()[-1][0] == "F"
    return proper and not _COUNTED.search(left) and not _NUMBERED.match(after)


def _is_abbreviation(surface: str, left: str, after: str) -> bool:
    """Tell whether an abbreviation names a state: capitals, and after a place, a preposition or in dotted capitals."""
    letters = "".join(c for c in surface if c.isalpha())
    if not letters[:1].isupper():
        return False
    if re.match(r"\.?\s[A-ZÁÉÍÓÚ]", after) and not surface.isupper():
        return False  # "Col. Centro"
    if letters in ("CDMX", "EDOMEX", "Edomex", "EdoMéx", "EdoMex") or len(letters) > 5:
        return True
    if left.endswith(", "):
        return True
    return (len(letters) <= 3 and letters.isupper() or len(surface.split()) > 1) and bool(_PREPOSITION.search(left))


def _is_ambiguous_state(folded: Folded, left: str, at: int, end: int) -> bool:
    """Tell whether a surname or town ("Hidalgo") is the state, by what stands around it."""
    if _STATE_NOUN.search(left):
        return True
    if _context("municipal").search(left) or _names_a_state(folded.text, end):
        return False
    if owner := _OWNER.search(left):
        start = len(left) - len(owner.group())
        word = folded.slice(at - len(left) + start, at - len(left) + start + len(owner["de"]))
        return bool(_context("instituciones").fullmatch(owner["de"])) or (
            word.islower() and not folded.original.islower()
        )
    if _PREPOSITION.search(left):
        return True
    return bool(_MUNICIPALITY.search(left)) and not _STREETS.search(left) and not _AND_NAME.match(folded.text, end)


def _names_a_state(text: str, end: int) -> bool:
    """Tell whether ", <state>" follows and no list goes on: then the name before it is a town."""
    comma = re.compile(r",\s").match(text, end)
    word = _WORD.match(text, comma.end()) if comma else None
    for option in _prose_names().get(word.group(), ()) if word else ():
        match = option.patron.match(text, word.start()) if word else None
        if match:
            return not re.compile(r"\s?,\s|\s[ye]\s").match(text, match.end())
    return False
