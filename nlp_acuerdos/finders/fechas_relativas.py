"""Rules of what is said from the document's date, and of the election day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.finders.fechas_dias import relative
from nlp_acuerdos.finders.fechas_gramatica import Etapa, Lectura, number
from nlp_acuerdos.finders.fechas_lexico import Nodo
from nlp_acuerdos.finders.fechas_valor import Dia, add_months, as_dia, weekday_after, weekday_number, weekend

Nodos = Sequence[Nodo] | None
_DEICTIC = {"PAS": 2, "MANANA": 1, "HOY": 0, "AYER": -1, "ANTIER": -2}


def _shift(day: date, days: int) -> date:
    """Return the day so many days away, inside the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal() - 7))


def _weekday(r: Lectura, i: int, j: int) -> Nodos:
    """Make "el próximo lunes", "este viernes", "el lunes pasado" a day."""
    k = next(k for k in range(i, j) if r.is_a(k, "DIASEM"))
    said = j - i > 1 or r.is_a(i - 1, "EL", "A", "DE", "DIA", "PARA", "DESDE", "HASTA") or r.is_a(j, "FHORA")
    if not said or (r.capitalised(k) and r.capitalised(k + 1)) or r.word(i - 1) == "los":
        return None
    near = r.ancla.documento
    start = _shift(near, -7 if relative(r, i, j) < 0 else 0 if r.first(i, j, "ESTE") else 1)
    return r.make(i, j, "FECHA", "DATE", as_dia(weekday_after(r.nodos[k].valor, start)))


def _weekday_number(r: Lectura, i: int, j: int) -> Nodos:
    """Make "el lunes 20" the nearest such day."""
    k = next(k for k in range(i, j) if r.is_a(k, "DIASEM"))
    counted = r.is_a(j, "HORA", "AMPM", "UNIDAD", "WORD", "NUMERADO", "FHORA") or (
        k == i and not r.is_a(i - 1, "EL", "A", "DE", "DIA", "Y", "COMA", "PARA")
    )
    day = None if counted else weekday_number(r.nodos[k].valor, number(r.nodos[j - 1]), r.ancla)
    return r.make(i, j, "FECHA", "DATE", day) if day else None


def _deictic(r: Lectura, i: int, j: int) -> Nodos:
    """Make hoy, ayer, antier, mañana, pasado mañana a day; not "la mañana", "hoy en día"."""
    if r.is_a(i, "MANANA") and (r.is_a(i - 1, "EL", "ESTE", "CADA", "TODO", "MEDIA") or _late(r, i)):
        return None
    if r.is_a(i, "HOY") and r.is_a(i + 1, "EN") and r.is_a(i + 2, "DIA"):
        return None
    days = (
        2
        if r.is_a(i, "PAS")
        else 1
        if r.is_a(i, "MANANA")
        else 0
        if r.is_a(i, "HOY")
        else -1
        if r.is_a(i, "AYER")
        else -2
    )
    return r.make(i, j, "FECHA", "DATE", as_dia(_shift(r.ancla.documento, days)))


def _late(r: Lectura, i: int) -> bool:
    """Tell "de mañana" (early) from "el día de mañana"."""
    return (r.is_a(i - 1, "DE") and not r.is_a(i - 2, "DIA", "FHORA")) or (
        r.is_a(i - 1, "Y") and r.is_a(i - 2, "PARTE")
    )


def _period(r: Lectura, i: int, j: int) -> Nodos:
    """Make "la próxima semana", "este mes", "el año en curso" an ISO week, a month or a year."""
    unit = next(n for n in r.nodos[i:j] if isinstance(n.valor, tuple))
    plural = r.folded.text[unit.inicio : unit.fin] in ("semanas", "meses", "años", "anos")
    if plural or (r.is_a(j, "A", "DE") and not r.first(i, j, "ESTE", "CURSO")):
        return None
    step, today = relative(r, i, j), r.ancla.documento
    if unit.valor[2] == "semana":
        year, week, _ = _shift(today, 7 * step).isocalendar()
        return r.make(i, j, "RANGO", "DATE", f"{year:04d}-W{week:02d}")
    if unit.valor[2] == "ano":
        return r.make(i, j, "FANO", "DATE", f"{today.year + step:04d}")
    return r.make(i, j, "FMES", "DATE", add_months(today, step).isoformat()[:7])


def _weekend(r: Lectura, i: int, j: int) -> Nodos:
    """Make "este fin de semana" its Saturday and Sunday."""
    if r.is_a(i - 1, "EL") and r.word(i - 1) == "los" or r.is_a(i - 1, "CADA", "TODO") or r.word(i) == "fines":
        return None
    step = relative(r, i, j)
    saturday = weekday_after(6, _shift(r.ancla.documento, -7 if step < 0 else -1 if not step else 1))
    return r.make(i, j, "RANGO", "DATE", weekend(saturday))


def _election_day(r: Lectura, i: int, j: int) -> Nodos:
    """Make every mention of the Jornada Electoral its day; "Jornada Electoral 2021" that of the year it names."""
    year = r.first(i, j, "YEAR", "PYEAR")
    start = next(k for k in range(i, j) if r.is_a(k, "JORNADA", "DIA"))
    day = r.ancla.jornada if year is None else _known_day(number(year), r.ancla.jornada)
    if day is None and year is not None:
        return r.make(start, j, "FMES", "DATE", f"{number(year):04d}")
    return r.make(start, j, "JORN", "DATE", as_dia(day)) if day else None


def _known_day(year: int, jornada: date) -> date | None:
    """Return the election day of a year: the anchor's, else the catalogue's."""
    if year == jornada.year:
        return jornada
    days: list[date] = [p["jornada"] for p in load("procesos")["procesos"].values()]
    return next((day for day in days if day.year == year), None)


def _voting_day(r: Lectura, i: int, j: int) -> Nodos:
    """Make "día de la elección" the election day; not that of an early or an inner vote."""
    if r.word(j)[:5] in ("antic", "inter", "extra", "adela") or (r.is_a(i, "JORNADA") and r.word(i) == "jornadas"):
        return None
    return r.make(i, j, "JORN", "DATE", as_dia(r.ancla.jornada))


def _short_name(r: Lectura, i: int, j: int) -> Nodos:
    """Make "la Jornada" with its capital, or "el día de la jornada", the election day; not a working day."""
    k = j - 1
    if r.word(k) == "jornadas" or _other_kind(r, j) or not (j - i > 1 or r.capitalised(k) or _in_capitals(r, k)):
        return None
    return [*r.nodos[i:k], *r.make(k, j, "JORN", "DATE", as_dia(r.ancla.jornada))]


def _other_kind(r: Lectura, j: int) -> bool:
    """Tell whether what follows "jornada" makes it another's: laboral, Nacional, de capacitación, de 8 horas."""
    if r.is_a(j, "DE"):
        start = j + 1 + r.is_a(j + 1, "EL")
        return not r.is_a(start, "DIASEM", "DIA", "SIG", "DATE", "NUM") or r.is_a(start + 1, "HORA", "DIA")
    return r.is_a(j, "AJENA", "RECURRE", "LOCAL") or (r.capitalised(j - 1) and r.capitalised(j))


def _in_capitals(r: Lectura, k: int) -> bool:
    """Tell whether "LA JORNADA" stands in a text all in capitals."""
    return r.word(k - 1) == "la" and r.folded.slice(r.nodos[k].inicio, r.nodos[k].fin).isupper()


def _dated_election(r: Lectura, i: int, j: int) -> Nodos:
    """Give "la Jornada Electoral del 6 de junio de 2021" the day it says."""
    day = r.nodos[j - 1]
    if not isinstance(day.valor, Dia):
        return None
    return [*r.make(i, i + 1, "FMES", "DATE", day.valor), *r.nodos[i + 1 : j]]


ELECCION = Etapa(
    "JORNADA ELECCION",
    ("jornada_electoral", "JORNADA LOCAL* ELECT LOCAL* (?:DE? EL? ANO? <year>)?", _election_day),
    ("dia_de_la_eleccion", "DIA DE EL? ELECCION|JORNADA DE EL? ELECCION", _voting_day),
    ("jornada", "(?:DIA DE EL?)? JORNADA(?!LOCAL|ELECT)", _short_name),
)
ELECCION_FECHADA = Etapa("JORN", ("jornada_fechada", "JORN (?:DE EL?|PAREN) DIA? (?:SIG|PAS)? FECHA", _dated_election))
RELATIVAS = Etapa(
    "DIASEM HOY AYER ANTIER MANANA FIN FRACC SEMANA MESU ANO",
    ("dia_numero", "(?:SIG|ESTE|PAS)? DIASEM COMA? (?:EL? DIA)? NUM", _weekday_number),
    ("dia_semana", "(?:SIG|ESTE|PAS)? DIASEM (?:SIG|PAS|QUE VIENE|DE EL? SIG SEMANA)?", _weekday),
    ("deictico", "HOY|AYER|ANTIER|PAS MANANA|MANANA", _deictic),
    ("fin_de_semana", "(?:SIG|ESTE|PAS)? (?:FIN|FRACC) DE SEMANA (?:SIG|PAS|EN CURSO|QUE VIENE)?", _weekend),
    (
        "periodo",
        "(?:SIG|ESTE|PAS) (?:SEMANA|MESU|ANO)|(?:SEMANA|MESU|ANO) (?:SIG|PAS|ESTE|EN CURSO|QUE VIENE)",
        _period,
    ),
)
