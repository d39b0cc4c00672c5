"""Cut a folded text into the classed tokens the grammar of dates reads: one character a class."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from nlp_acuerdos.catalogues import load

_NAMES = """
    WORD COMA GUION DIAG PUNTUA PAREN NUM YEAR BIG CLOCK DEC DATE DM OPACO AMPM MES ABR DIASEM PALU PALD PALT
    PALC PALN PYEAR ORD RECURRE FRACC HORA UNIDAD DIA SEMANA QUINCENA MESU TRIMESTRE ANO DE A EL Y O EN DESDE
    HASTA ENTRE DURANTE PARA POR CON DENTRO PARTIR PUNTO ESTE CURSO SIG PAS QUE VIENE CADA TODO MEDIA CUARTO
    MITAD FIN MANANA PARTE MEDIODIA MEDIANOCHE HOY AYER ANTIER VEZ HABIL PRIMERO MIL JORNADA ELECT ELECCION
    EDAD OFICIAL PLAZO POST NUMERADO CALLE PROCESO LOCAL FECHA RANGO FMES FANO FHORA RHORA DUR SET JORN
    MOMENTO AJENA DOT
"""
_ALPHABET = [*"0123456789", *map(chr, range(65, 91)), *map(chr, range(97, 123)), *map(chr, range(0xC0, 0x100))]
CLASE = dict(zip(_NAMES.split(), _ALPHABET, strict=False))
"""Class name -> its character; grammar patterns are written with the names."""


class Nodo:
    """A token, or what a rule made of several: class, half-open folded span, value, and type once it is an answer."""

    __slots__ = ("clase", "fin", "inicio", "regla", "tipo", "valor")

    def __init__(self, clase: str, inicio: int, fin: int, valor: Any, tipo: str = "", regla: str = "") -> None:
        self.clase, self.inicio, self.fin, self.valor, self.tipo, self.regla = clase, inicio, fin, valor, tipo, regla


@cache
def words() -> dict[str, tuple[str, Any]]:
    """Return every known word with its class and value (month number, ISO unit, ordinal, …)."""
    t = load("tiempo")
    table: dict[str, tuple[str, Any]] = {w: (CLASE[c.upper()], w) for c, ws in t["clases"].items() for w in ws}
    for section, clase in (
        ("meses", "MES"),
        ("meses_abreviados", "ABR"),
        ("dias_semana", "DIASEM"),
        ("ordinales", "ORD"),
    ):
        table |= {w: (CLASE[clase], int(n)) for n, ws in t[section].items() for w in ws}
    for section, clase in (("unidades", "PALU"), ("otros", "PALD"), ("decenas", "PALT"), ("centenas", "PALC")):
        table |= {w: (CLASE[clase], n) for w, n in t["numeros"][section].items()}
    for name, unit in t["unidades"].items():
        clase = CLASE[unit.get("clase", name).upper()]
        table |= {w: (clase, (unit["iso"], unit.get("por", 1), name)) for w in unit["palabras"]}
    table |= {w: (CLASE["RECURRE"], p) for p, ws in t["recurrencias"].items() for w in ws}
    for days, ws in t["fracciones"].items():
        table |= {w: (CLASE["FRACC"], tuple(map(int, days.split("-")))) for w in ws}
    return table


@cache
def _months() -> dict[str, int]:
    """Return every name and abbreviation of a month."""
    t = load("tiempo")
    return {w: int(n) for s in ("meses", "meses_abreviados") for n, ws in t[s].items() for w in ws}


@cache
def token_pattern() -> re.Pattern[str]:
    """Compile the tokens, in the order they are tried."""
    month = "|".join(sorted(_months(), key=len, reverse=True))
    return re.compile(
        rf"""
        (?!\s)(?:  # at a space no alternative is tried
        (?P<word>(?:[a-zñ]++|[^\W\d_]++)(?![\w/.-]))  # most words: nothing sticks to them
      | (?P<sign>[,;:()])
      | (?P<iso>(?<![\w/.-])[0-9]{{4}}(?P<r>[-/])[0-9]{{1,2}}(?P=r)[0-9]{{1,2}}(?:t[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?)?(?![\w/-]))
      | (?P<dmy>(?<![\w/.-])[0-9]{{1,2}}(?:\s?(?P<s>/)\s?|(?P<t>[.-]))[0-9]{{1,2}}(?:\s?(?P=s)\s?|(?P=t))
         (?:[0-9]{{4}}|[0-9]{{2}})(?![\w/]|[.-][0-9]))
      | (?P<dmon>(?<![\w/.-])[0-9]{{1,2}}\s?(?P<u>[-/.])\s?(?:{month})\.?\s?(?P=u)\s?(?:[0-9]{{4}}|[0-9]{{2}})(?![\w/]))
      | (?P<mony>\b(?:{month})[-/](?:19|20)[0-9]{{2}}(?![\w/-]))
      | (?P<proc>(?<![\w/])(?:19|20)[0-9]{{2}}\s?[-–—/]\s?(?:[0-9]{{4}}|[0-9]{{2}})(?![\w/]|-[0-9]))
      | (?P<code>(?!(?:del?|al?|el|las?|y|{month})[0-9])[^\W\d_]+[0-9]\w*(?:[-/.]\w+)*
         |[^\W\d_]+(?:[-/.][^\W_]+)*?[-/]\w*[0-9]\w*(?:[-/.]\w+)*|[0-9]+(?:/\w+){{2,}}|[0-9]{{3,}}(?:[-/][0-9]+)+|[0-9]+(?:-[0-9]+){{2,}}|\$\s?[0-9][0-9.,]*|[0-9][0-9.,]*\s?%|\#\s?[0-9]+|s/n\b)
      | (?P<clock>[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?![0-9:]|[.,][0-9]))
      | (?P<ord>[0-9]{{1,2}}(?:\s?°|(?:o|er|ero|ro|do|da|ra|ta|to|a(?!\.?\s?m\b))\b\.?))
      | (?P<dm>(?<![\w/.-])[0-9]{{1,2}}/[0-9]{{1,2}}(?![\w/]))
      | (?P<dec>[0-9]{{1,2}}\.[0-9]{{2}}(?![0-9]|[.,][0-9]))
      | (?P<num>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]+(?:\.[0-9]+)*)
      | (?P<ampm>[ap]\.\s?m\b\.?)
      | (?P<glued>[^\W\d_]+)
      | (?P<punct>[^\w\s])
        )
        """,
        re.VERBOSE,
    )


_PUNCT = {
    ",": CLASE["COMA"], "-": CLASE["GUION"], "–": CLASE["GUION"], "—": CLASE["GUION"], "/": CLASE["DIAG"],
    "(": CLASE["PAREN"], ")": CLASE["PAREN"], ".": CLASE["DOT"],
}  # fmt: skip


def lex(text: str) -> list[Nodo]:
    """Return the tokens of a folded text."""
    known = words()
    nodes: list[Nodo] = []
    word, punct = CLASE["WORD"], CLASE["PUNTUA"]
    previous = ""
    for match in token_pattern().finditer(text):
        group, piece = match.lastgroup, match.group()
        start, end = match.span()
        if group == "word" or group == "glued":
            found = known.get(piece)
            if found is None and (piece[0] in "jd" or previous in _BEFORE_SLIP):
                found = _guess(piece, nodes, text, end)
            previous, value = found or (word, piece)
        elif group == "sign" or group == "punct":
            previous, value = _PUNCT.get(piece, punct), piece
        else:
            previous, value = _number(str(group), piece)
        nodes.append(Nodo(previous, start, end, value))
    return nodes


_BEFORE_SLIP = (CLASE["JORNADA"], CLASE["DE"])


def _number(group: str, piece: str) -> tuple[str, Any]:
    """Return class and value of a token with digits."""
    digits = [int(d) for d in re.findall("[0-9]+", piece)]
    if group == "num":
        return _plain_number(piece)
    if group in ("iso", "dmy", "dmon", "mony"):
        return CLASE["FMES" if group == "mony" else "DATE"], _written_date(group, piece, digits)
    if group in ("clock", "dec", "dm"):
        return CLASE[group.upper()], tuple(digits)
    if group == "ord":
        day = digits[0] == 1 and piece.rstrip(".")[1:].strip() in ("o", "ro", "ero", "°")
        return CLASE["NUM" if day else "ORD"], digits[0]
    return CLASE["AMPM" if group == "ampm" else "OPACO"], piece


def _plain_number(piece: str) -> tuple[str, Any]:
    """Return a day-sized number, a year, or anything bigger."""
    if not piece.isdecimal():
        return CLASE["OPACO"], piece
    if len(piece) <= 2:
        return CLASE["NUM"], int(piece)
    if len(piece) == 4 and piece[:2] in ("19", "20"):
        return CLASE["YEAR"], int(piece)
    return (CLASE["BIG"], int(piece)) if len(piece) <= 4 else (CLASE["OPACO"], piece)


def _written_date(group: str, piece: str, digits: list[int]) -> tuple[int, ...]:
    """Return (year, month, day, [hour, minute, second]) of a date written as one token; day 0 is a month."""
    if group == "iso":
        return tuple(digits)
    year = digits[-1] + 2000 if digits[-1] < 100 else digits[-1]
    if group == "dmy":
        return year, digits[1], digits[0]
    name = re.search(r"[^\W\d_]+", piece)
    return year, _months()[name.group()] if name else 0, digits[0] if group == "dmon" else 0


_AFTER_MONTH = re.compile(r"\.?,?\s*(?:del?\s+)?(?:20[0-9]{2}|presente|ano|año|dos mil)\b")


def _guess(word: str, before: list[Nodo], text: str, end: int) -> tuple[str, Any] | None:
    """Return the class of a misspelt "jornada", "electoral" or month, judged by its neighbours."""
    if word[0] == "j" and 6 <= len(word) <= 9 and _near(word, "jornada", 1):
        return CLASE["JORNADA"], word
    if not before:
        return None
    glued = _months().get(word[2:]) if word[:2] == "de" else None
    if glued:
        return CLASE["MES"], glued
    if before[-1].clase == CLASE["JORNADA"]:
        near = len(word) > 5 and (_near(word, "electoral", 2) or _near(word, "comicial", 2))
        return (CLASE["ELECT"], word) if near else None
    if len(before) > 1 and before[-1].clase == CLASE["DE"] and before[-2].clase == CLASE["NUM"]:
        return _guess_month(word) if _AFTER_MONTH.match(text, end) else None
    return None


def _guess_month(word: str) -> tuple[str, Any] | None:
    """Return the one month a word is one slip away from."""
    months = {n for name, n in _months().items() if len(name) > 3 and _near(word, name, 1)}
    return (CLASE["MES"], months.pop()) if len(months) == 1 else None


@lru_cache(maxsize=4096)
def _near(word: str, target: str, slips: int) -> bool:
    """Tell whether a word is within `slips` edits (insert, drop, change, swap of neighbours) of another."""
    if abs(len(word) - len(target)) > slips:
        return False
    older: list[int] = []
    row = list(range(len(target) + 1))
    for i, a in enumerate(word, 1):
        new = [i]
        for j, b in enumerate(target, 1):
            cost = min(row[j] + 1, new[-1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == target[j - 2] and word[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            new.append(cost)
        older, row = row, new
    return row[-1] <= slips
