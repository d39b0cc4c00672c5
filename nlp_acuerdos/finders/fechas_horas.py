"""Rules of the clock: hours, spans of hours, and the joining of an hour to its date."""

from __future__ import annotations

from collections.abc import Sequence

from nlp_acuerdos.finders.fechas_gramatica import Etapa, Lectura, number
from nlp_acuerdos.finders.fechas_lexico import Nodo
from nlp_acuerdos.finders.fechas_valor import Dia, Hora, Momento, Rango

Nodos = Sequence[Nodo] | None
_NUMBERS = ("NUM", "PALU", "PALD", "PALT", "PALN", "PRIMERO")


def _in_day(hora: int, parte: str) -> int:
    """Return the hour of 24 that an hour of 12 is in a part of the day."""
    if parte[:1] == "a" or parte == "madrugada":
        return 0 if hora == 12 else hora
    if parte[:1] == "p" or parte == "tarde":
        return hora + 12 if hora < 12 else hora
    if parte == "noche":
        return 0 if hora == 12 else hora + 12 if 5 < hora < 12 else hora
    return hora + 12 if parte in ("dia", "mediodia") and hora < 4 else hora


def _part(r: Lectura, i: int, j: int) -> str:
    """Return how `[i, j)` names the half of the day: am, pm, mañana, tarde, … or nothing."""
    node = r.first(i, j, "AMPM", "MANANA", "PARTE", "DIA", "MEDIODIA")
    return r.folded.text[node.inicio : node.fin] if node else ""


def _clock(r: Lectura, i: int, j: int) -> Hora:
    """Return the hour written in `[i, j)`."""
    first = r.nodos[i]
    digits = list(first.valor) if isinstance(first.valor, tuple) else [number(first)]
    minutes = [number(n) for n in r.all(i + 1, j, *_NUMBERS)] if len(digits) == 1 else []
    if r.first(i, j, "MEDIA"):
        minutes = [30]
    if r.first(i, j, "CUARTO"):
        minutes = [15]
    hora, minuto, segundo = [*(digits + minutes)[:3], 0, 0][:3]
    parte = _part(r, i, j)
    return Hora(_in_day(hora, parte), minuto, segundo, bool(parte))


def _time(r: Lectura, i: int, j: int) -> Nodos:
    """Make a clock time that says by itself that it is one."""
    return r.make(i, j, "FHORA", "TIME", _clock(r, i, j))


def _bare_clock(r: Lectura, i: int, j: int) -> Nodos:
    """Make a time of 17:30; an impossible one counts only where the text says it is an hour."""
    hora = _clock(r, i, j)
    said = j - i > 1 or (r.is_a(i - 1, "EL") and r.word(i - 1) in ("las", "la"))
    valid = hora.hora <= 24 and hora.minuto < 60
    return r.make(i, j, "FHORA", "TIME", hora) if said or valid else None


def _half_day(r: Lectura, i: int, j: int) -> Nodos:
    """Make an hour of a part of the day ("5 de la mañana", "12 del día")."""
    hora = _clock(r, i, j)
    noon = r.is_a(j - 1, "DIA", "MEDIODIA")
    first = number(r.nodos[i]) if isinstance(r.nodos[i].valor, int) else r.nodos[i].valor[0] if noon else 1
    if (noon and first not in (10, 11, 12, 1, 2)) or (isinstance(r.nodos[i].valor, int) and first > 12):
        return None
    return r.make(i, j, "FHORA", "TIME", hora)


def _hours(r: Lectura, i: int, j: int) -> Nodos:
    """Make "a las 13 horas" or "18 hrs" a time, unless the words around make it a length of time."""
    hora = _clock(r, i, j)
    if r.is_a(j, "SIG", "POST", "HABIL", "RECURRE") or (r.is_a(j, "DE", "A") and r.is_a(j + 1, "POST")):
        return None
    if r.is_a(i - 1, "EL") and r.word(i - 1) in ("las", "la"):
        return r.make(i, j, "FHORA", "TIME", hora) if _at_the_hour(r, i, j, hora.hora) else None
    short = r.word(i + 1) in ("h", "hs", "hr", "hrs", "hras")
    alone = not r.is_a(i - 1, "CADA", "DURANTE", "POR", "EN", "DE", "A", "Y", "PLAZO", "DENTRO", "GUION", "SIG", "ORD")
    zero = r.word(i)[:1] == "0"
    return r.make(i, j, "FHORA", "TIME", hora) if alone and hora.hora < 24 and (short or zero) else None


def _at_the_hour(r: Lectura, i: int, j: int, hora: int) -> bool:
    """Tell whether "las N horas" is an hour of the day and not a length ("las 24 horas", "las 12 horas del día")."""
    before = i - 2
    if hora >= 24:
        return r.is_a(before, "A", "HASTA") and hora < 30
    if r.is_a(before - 1, "DENTRO") or (r.is_a(j, "DE") and r.is_a(j + 1, "DIA") and not _dated(r, j + 2)):
        return False
    return not r.is_a(before, "EN", "DURANTE", "POR", "TODO")


def _dated(r: Lectura, i: int) -> bool:
    """Tell whether a date, or another definition of the day, starts at node `i`."""
    return r.is_a(i, *_NUMBERS, "DATE", "DIASEM", "DE", "DM")


def _military(r: Lectura, i: int, j: int) -> Nodos:
    """Make "0800 horas" or "a las 1730 hrs" a time."""
    piece = r.word(i)
    hora = Hora(int(piece[:-2]), int(piece[-2:])) if piece.isdecimal() else Hora(99)
    said = piece[:1] == "0" or (r.is_a(i - 1, "EL") and r.is_a(i - 2, "A", "DE", "DESDE", "HASTA"))
    return r.make(i, j, "FHORA", "TIME", hora) if said and hora.hora < 24 and hora.minuto < 60 else None


def _noon(r: Lectura, i: int, j: int) -> Nodos:
    """Make "mediodía" or "medianoche" a time."""
    start = i + r.is_a(i, "A")
    return r.make(start, j, "FHORA", "TIME", Hora(0 if r.is_a(j - 1, "MEDIANOCHE", "PARTE") else 12, marca=True))


def _plain(r: Lectura, i: int, j: int) -> Nodos:
    """Make the hour of "a las 8" a time where nothing counted follows."""
    start = i + 2
    if number(r.nodos[start]) > 23 or r.word(i + 1) == "los":
        return None
    return [*r.nodos[i:start], *(_time(r, start, j) or [])]


def _span(r: Lectura, i: int, j: int) -> Nodos:
    """Make "de 9 a 18 horas" a span of hours."""
    ends = [k for k in range(i, j) if r.is_a(k, "FHORA", *_NUMBERS)]
    if len(ends) != 2 or (r.is_a(i, "ENTRE") != (r.first(i, j, "Y") is not None and not r.first(i, j, "HASTA"))):
        return None
    a, b = (r.nodos[k].valor if r.is_a(k, "FHORA") else Hora(number(r.nodos[k])) for k in ends)
    if (
        not _is_span(r, i, j, ends, a, b)
        or _after_day(r, i, ends)
        or (r.is_a(ends[0] - 1, "DIA", "NUMERADO") and not r.is_a(ends[0], "FHORA"))
    ):
        return None
    if b.marca and not a.marca and a.hora + 12 < b.hora:
        a = a._replace(hora=a.hora + 12)
    if r.is_a(i, "EL"):
        i += 1
    return r.make(i, j, "RHORA", "TIME", Rango(a, b))


def _after_day(r: Lectura, i: int, ends: list[int]) -> bool:
    """Tell "el jueves 16 a las 12 hrs", where the first number is a day, from a span of hours."""
    led = r.is_a(i, "DE", "DESDE", "ENTRE") and r.word(i) != "del"
    return not r.is_a(ends[0], "FHORA") and not led and r.first(ends[0], ends[1], "EL") is not None


def _is_span(r: Lectura, i: int, j: int, ends: list[int], a: Hora, b: Hora) -> bool:
    """Tell a span of hours ("de 9 a 18 horas") from a length ("de 2 a 3 horas", "de 24 a 48 horas")."""
    if a.hora > 24 or b.hora > 24:
        return False
    said = all(r.is_a(k, "FHORA") for k in ends) or b.marca or bool(r.first(i, j, "EL"))
    if said:
        return True
    plazo = any(r.is_a(k, "PLAZO", "CADA", "EN") for k in (i - 1, i - 2))
    return b.hora > 8 and not plazo and not r.is_a(j, "POST", "RECURRE", "SIG")


def _join(r: Lectura, i: int, j: int) -> Nodos:
    """Join an hour to the date beside it."""
    date, hour = r.first(i, j, "FECHA", "JORN"), r.first(i, j, "FHORA", "RHORA")
    if date is None or hour is None or not isinstance(date.valor, Dia):
        return None
    return r.make(i, j, "MOMENTO", "TIME", Momento(date.valor, hour.valor))


def _recurrent(r: Lectura, i: int, j: int) -> Nodos:
    """Join an hour to the recurrence that follows it ("9:00 pm de cada día")."""
    hour, every = r.nodos[i].valor, r.nodos[j - 1]
    if not isinstance(hour, Hora) or not r.folded.text.startswith(("cada", "tod"), every.inicio) or hour.hora > 23:
        return None
    return r.make(i, j, "SET", "SET", f"{every.valor}/T{hour.hora:02d}:{hour.minuto:02d}")


def _moments(r: Lectura, i: int, j: int) -> Nodos:
    """Make a span of two moments."""
    a, b = r.all(i, j, "MOMENTO")
    if isinstance(a.valor.hora, Rango) or isinstance(b.valor.hora, Rango):
        return None
    return r.make(i, j, "MOMENTO", "TIME", Rango(a.valor, b.valor))


_END = "(?:DOT(?=DE|COMA))?"  # the dot of "hrs.", not of the sentence
_DEL_DIA = "DE EL? (?:MEDIODIA|DIA(?!<dn>|DE|DIASEM|DATE|DM|ORD|SIG))"
_LINK = "(?:(?:DE? A|A PARTIR DE|DESDE|HASTA|EN PUNTO DE|WORD DE|WORD A|DE) EL?|EL|EN WORD DE EL?)?"
_TO_DAY = "(?:COMA|PAREN)? DE? (?:EL|ESTE)* DIA? (?:DE EL?)? (?:SIG|ESTE)?"

RELOJ = Etapa(
    "CLOCK DEC AMPM HORA DIA MANANA PARTE MEDIODIA MEDIANOCHE",
    ("hora_del_dia", f"(?:CLOCK|DEC|<dn>) (?:Y MEDIA)? {_DEL_DIA}", _half_day),
    (
        "hora_reloj",
        f"CLOCK HORA? AMPM? (?:DE EL <parte>)? (?:PAREN <dn> HORA (?:CON <dn> UNIDAD)? PAREN)? {_END}",
        _bare_clock,
    ),
    ("hora_punto", f"DEC (?:HORA AMPM?|AMPM) (?:DE EL <parte>)? {_END}", _time),
    ("hora_ampm", f"<dn> (?:HORA )?AMPM {_END}", _half_day),
    ("hora_parte", "<dn> HORA? (?:(?:Y|CON)? (?:MEDIA|CUARTO|<dn> UNIDAD?))? (?:EN PUNTO)? DE EL <parte>", _half_day),
    ("hora_horas", f"<dn> HORA (?:Y MEDIA|CON <dn> UNIDAD?|Y? <dn> UNIDAD)? {_END}", _hours),
    ("hora_corrida", f"(?:YEAR|BIG) HORA {_END}", _military),
    ("mediodia", "MEDIODIA|MEDIANOCHE|MEDIA PARTE|A MEDIA DIA", _noon),
)
TRAMOS = Etapa(
    "FHORA HORA",
    (
        "horas_rango",
        "(?:DE|DESDE|ENTRE)? EL? (?:FHORA|<dn>) (?:A|GUION|HASTA|Y HASTA|Y) EL? (?:FHORA|<dn> HORA) (?:DOT(?=DE|COMA))?",
        _span,
    ),
)
SUELTAS = Etapa(
    "NUM PALU PALD",
    (
        "hora_suelta",
        "(?:A|DESDE|HASTA) EL <dn> (?:Y MEDIA|Y CUARTO|EN PUNTO)?"
        "(?=$|DOT|PUNTUA|PAREN|COMA(?!<dn>)|DE EL? DIA? SIG? FECHA)",
        _plain,
    ),
)
UNION = Etapa(
    "FHORA RHORA",
    ("fecha_y_hora", f"(?:FECHA|JORN) (?:COMA|PAREN|GUION|DOT)? {_LINK} (?:FHORA|RHORA)", _join),
    ("hora_y_fecha", f"(?:FHORA|RHORA) (?:{_TO_DAY} FECHA|DE EL? (?:DIA DE EL?)? JORN)", _join),
    ("hora_recurrente", "FHORA DE SET", _recurrent),
)
MOMENTOS = Etapa(
    "MOMENTO", ("momentos_rango", "(?:DE|DESDE)? EL? MOMENTO (?:A|HASTA|GUION|Y HASTA) EL? MOMENTO", _moments)
)
