"""Rules of lengths of time and of what recurs."""

from __future__ import annotations

from collections.abc import Sequence

from nlp_acuerdos.finders.fechas_gramatica import Etapa, Lectura, number
from nlp_acuerdos.finders.fechas_lexico import CLASE, Nodo

Nodos = Sequence[Nodo] | None
_NUMBERS = ("NUM", "BIG", "PALU", "PALD", "PALT", "PALC", "PALN")
_UNITS = ("HORA", "UNIDAD", "DIA", "SEMANA", "QUINCENA", "MESU", "TRIMESTRE", "ANO")
_CLOCK = ("hora", "unidad", "segundos")
_HALF = {"D": "PT{0}H", "M": "P{1}M15D", "Y": "P{1}Y6M"}


def length(parts: Sequence[tuple[int, tuple[str, int, str]]]) -> str:
    """Return the ISO 8601 duration of (number, unit) parts, each in the unit of the text."""
    dates = "".join(f"{n * unit[1]}{unit[0]}" for n, unit in parts if unit[2] not in _CLOCK)
    times = "".join(f"{n * unit[1]}{unit[0]}" for n, unit in parts if unit[2] in _CLOCK)
    return f"P{dates}" + (f"T{times}" if times else "")


def _with_half(n: int, unit: tuple[str, int, str]) -> str:
    """Return the duration of n units and a half."""
    iso, size, name = unit
    if name == "hora":
        return f"PT{n}H30M" if n else "PT30M"
    if name == "unidad":
        return f"PT{n}M30S"
    if iso == "Y":
        return f"P{n}Y6M" if n else "P6M"
    if iso == "D" and size == 1:
        return f"PT{24 * n + 12}H"
    if name == "mesu":
        return f"P{n}M15D" if n else "P15D"
    return f"P{n * size}.5{iso}"


def _measure(r: Lectura, i: int, j: int) -> str:
    """Return the duration that `[i, j)` says."""
    units = [k for k in range(i, j) if r.is_a(k, *_UNITS)]
    if r.first(i, j, "MEDIA"):
        counted = r.first(i, units[0], *_NUMBERS)
        before = r.is_a(units[0] - 1, "MEDIA")
        return _with_half(0 if before else number(counted) if counted else 1, r.nodos[units[0]].valor)
    parts, start = [], i
    for k in units:
        counted = r.first(start, k, *_NUMBERS)
        parts.append((number(counted) if counted else 1, r.nodos[k].valor))
        start = k + 1
    return length(parts)


def _duration(r: Lectura, i: int, j: int) -> Nodos:
    """Make "en 15 días", "dos horas y media" a duration; an age is none."""
    years = r.is_a(j - 1, "ANO")
    if years and ((r.is_a(j, "DE") and r.is_a(j + 1, "EDAD")) or r.is_a(i - 1, "EDAD") or r.is_a(i - 2, "EDAD")):
        return None
    if r.is_a(j, "PARA") and r.word(j + 1) == "otro":
        return None
    if r.is_a(j - 1, "DIA") and r.word(j - 1) == "dia" and r.is_a(i - 1, "ORD", "NUMERADO"):
        return None
    return r.make(i, j, "DUR", "DURATION", _measure(r, i, j))


def _every(r: Lectura, i: int, j: int) -> Nodos:
    """Make "cada 4 horas", "cada tercer día", "todas las semanas" a recurrence."""
    order = r.first(i, j, "ORD")
    if order is not None:
        return r.make(i, j, "SET", "SET", f"R/P{max(number(order) - 1, 1)}D")
    if not r.first(i, j, *_UNITS):
        return r.make(i, j, "SET", "SET", "R/P1D")
    return r.make(i, j, "SET", "SET", "R/" + _measure(r, i, j))


def _weekly(r: Lectura, i: int, j: int) -> Nodos:
    """Make "cada lunes", "los lunes y jueves", "de lunes a viernes", "los fines de semana" a weekly recurrence."""
    if r.is_a(i, "EL"):
        if r.word(i) != "los":
            return None
        return [r.nodos[i], *r.make(i + 1 + r.is_a(i + 1, "DIA"), j, "SET", "SET", "R/P1W")]
    return r.make(i, j, "SET", "SET", "R/P1W")


def _plural_weekday(r: Lectura, i: int, j: int) -> Nodos:
    """Make "sábados" and "domingos" without an article a weekly recurrence."""
    return r.make(i, j, "SET", "SET", "R/P1W") if r.word(i) in ("sabados", "domingos") else None


def _times_in(r: Lectura, i: int, j: int) -> Nodos:
    """Make "dos veces por semana", "una vez cada 15 días" a recurrence of that period."""
    vez = next(k for k in range(i, j) if r.is_a(k, "VEZ"))
    return r.make(i, j, "SET", "SET", "R/" + _measure(r, vez + 1, j))


def _per(r: Lectura, i: int, j: int) -> Nodos:
    """Make the "por semana" of "dos reuniones por semana" a recurrence."""
    if r.is_a(j, "SIG", "PAS", "DE") or (r.is_a(i + 2, "A") and r.word(i + 2) == "a" and not r.is_a(i + 3, "EL")):
        return None
    return [*r.nodos[i : i + 2], *r.make(i + 2, j, "SET", "SET", "R/" + _measure(r, j - 1, j))]


def _adjective(r: Lectura, i: int, j: int) -> Nodos:
    """Make semanal, diariamente, … a recurrence; not a newspaper, nor a word of a title."""
    named = r.is_a(i - 1, "EL") or r.word(i - 1) in ("un", "del", "al", "en")
    if (
        (named and r.word(i) in ("diario", "diarios"))
        or r.is_a(j, "OFICIAL")
        or (r.word(i) == "diario" and r.is_a(j, "DE"))
        or (r.capitalised(i) and i > 0)
    ):
        return None
    return r.make(i, j, "SET", "SET", "R/" + r.nodos[i].valor)


_COUNT = "(?:<n> (?:PAREN <n> PAREN)?)"
_MORE = "(?:(?:Y|CON)? <n> (?:HORA|UNIDAD|MESU|DIA))"
RECURRENCIAS = Etapa(
    "CADA TODO DIASEM VEZ RECURRE DIA SEMANA MESU QUINCENA FIN FRACC",
    ("cada_semana", "(?:CADA|TODO EL) DIA? (?:DIASEM(?:(?:COMA Y?|Y|O) DIASEM)*|(?:FIN|FRACC) DE SEMANA)", _weekly),
    (
        "cada",
        f"CADA (?:ORD DIA|(?:<n> (?:O|A))? {_COUNT}? <uni> (?:Y MEDIA)?|MEDIA HORA|<parte>)|TODO EL (?:<uni>|<parte>)",
        _every,
    ),
    (
        "entre_semana",
        "DE? DIASEM A DIASEM|EL DIA? DIASEM(?!COMA? NUM)(?:(?:COMA Y?|Y|O|A) EL? DIASEM(?!NUM))*|EL (?:FIN|FRACC) DE SEMANA",
        _weekly,
    ),
    ("dias_semana", "DIASEM(?:(?:COMA Y?|Y|O) DIASEM)*", _plural_weekday),
    ("veces", f"<n> VEZ (?:POR|A|EN|DE|CADA) EL? {_COUNT}? <uni>", _times_in),
    ("por_periodo", "<n> WORD (?:POR|A EL?) (?:DIA|SEMANA|MESU|QUINCENA)", _per),
    ("recurrencia", "RECURRE", _adjective),
)
DURACIONES = Etapa(
    "HORA UNIDAD DIA SEMANA QUINCENA MESU TRIMESTRE ANO",
    (
        "duracion",
        f"(?:EN|DURANTE|DENTRO DE|POR)? (?:{_COUNT} <uni> (?:Y MEDIA|{_MORE})? HABIL?|MEDIA (?:HORA|ANO)|(?:HORA|ANO|MESU) Y MEDIA)",
        _duration,
    ),
)


def _number_words(r: Lectura, i: int, j: int) -> Nodos:
    """Make one number of number words: "treinta y uno", "dos mil veinticuatro"."""
    total = 0
    for node in r.nodos[i:j]:
        total = (
            (total or 1) * 1000
            if node.clase == CLASE["MIL"]
            else total + (number(node) if isinstance(node.valor, int) else 0)
        )
    clase = "PYEAR" if 1990 <= total < 2100 else "PALN" if total < 1000 else "OPACO"
    return [Nodo(CLASE[clase], r.nodos[i].inicio, r.nodos[j - 1].fin, total)]


NUMEROS = Etapa(
    "MIL PALT PALC",
    (
        "numero",
        "(?:PALU? MIL)? PALC? PALT Y PALU|PALU? MIL (?:PALC? (?:PALT|PALD|PALU))?|PALC (?:PALT|PALD|PALU)",
        _number_words,
    ),
)
