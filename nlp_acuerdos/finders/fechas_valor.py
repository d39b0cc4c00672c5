"""Values of time expressions: calendar arithmetic, the year nobody wrote, and ISO 8601 text."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from nlp_acuerdos.records import Ancla
from nlp_acuerdos.records import interval as interval


class Dia(NamedTuple):
    """A day; `anio` is None when the text does not say it."""

    anio: int | None
    mes: int
    dia: int


class Mes(NamedTuple):
    """A month; `anio` is None when the text does not say it."""

    anio: int | None
    mes: int


class Hora(NamedTuple):
    """A clock time; `marca` tells that the text says which half of the day."""

    hora: int
    minuto: int = 0
    segundo: int = 0
    marca: bool = False


class Momento(NamedTuple):
    """A day and the hour, or the span of hours, in it."""

    dia: Dia
    hora: Hora | Rango


class Rango(NamedTuple):
    """From one point to another, both included; days, months, hours or moments."""

    desde: Dia | Mes | Hora | Momento
    hasta: Dia | Mes | Hora | Momento


Valor = Dia | Mes | Hora | Momento | Rango | str


def make_day(anio: int, mes: int, dia: int) -> date | None:
    """Return the day, or None when the calendar has no such day."""
    try:
        return date(anio, mes, dia)
    except ValueError:
        return None


def last_day(anio: int, mes: int) -> int:
    """Return the last day of a month."""
    return monthrange(anio, mes)[1]


@lru_cache(maxsize=256)
def process_years(proceso: str, jornada: date) -> tuple[int, ...]:
    """Return every year a process spans, from its name and its election day."""
    named = [int(y) for y in re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", proceso)] + [jornada.year]
    first, last = min(named), max(named)
    return tuple(range(first, last + 1)) if last - first <= 10 else (jornada.year,)


def nearest_day(mes: int, dia: int, ancla: Ancla) -> date | None:
    """Return the day of a year of the process that is nearest to the document's date."""
    days = (make_day(year, mes, dia) for year in process_years(ancla.proceso, ancla.jornada))
    return min((d for d in days if d), key=lambda d: (abs(d - ancla.documento), d), default=None)


def day_of(dia: Dia, ancla: Ancla) -> date | None:
    """Return the calendar day of `dia`, or None when there is none (31 de abril)."""
    if dia.anio is None:
        return nearest_day(dia.mes, dia.dia, ancla)
    return make_day(dia.anio, dia.mes, dia.dia)


def year_of(mes: Mes, ancla: Ancla) -> int:
    """Return the year of a month: the one written, else the one of the process nearest the document's date."""
    if mes.anio is not None:
        return mes.anio
    near = nearest_day(mes.mes, 15, ancla)
    return near.year if near else ancla.documento.year


def stretch(mes: Mes, first: int, last: int, ancla: Ancla) -> Rango | None:
    """Return days `first` to `last` of a month (last 0: its end; first -7: its last 7 days)."""
    year = year_of(mes, ancla)
    end = last_day(year, mes.mes)
    start, stop = (end + 1 + first if first < 0 else first), (last or end)
    return Rango(Dia(year, mes.mes, start), Dia(year, mes.mes, min(stop, end))) if start <= end else None


def as_dia(day: date) -> Dia:
    """Return a calendar day as a value."""
    return Dia(day.year, day.month, day.day)


def weekday_after(semana: int, start: date) -> date:
    """Return the first day on or after `start` that is the ISO weekday `semana` (1 is Monday)."""
    return start + timedelta(days=(semana - start.isoweekday()) % 7)


def nth_weekday(mes: Mes, semana: int, orden: int, ancla: Ancla) -> Dia | None:
    """Return the n-th weekday of a month (-1 the last), or None when the month has no such day."""
    year = year_of(mes, ancla)
    if orden < 0:
        end = date(year, mes.mes, last_day(year, mes.mes))
        return as_dia(end - timedelta(days=(end.isoweekday() - semana) % 7))
    day = weekday_after(semana, date(year, mes.mes, 1)) + timedelta(weeks=orden - 1)
    return as_dia(day) if day.month == mes.mes else None


def weekday_number(semana: int, dia: int, ancla: Ancla) -> Dia | None:
    """Return the day nearest to the document that is that weekday and that day of the month ("lunes 20")."""
    for months in sorted(range(-11, 12), key=abs):
        first = add_months(ancla.documento, months)
        day = make_day(first.year, first.month, dia)
        if day and day.isoweekday() == semana:
            return as_dia(day)
    return None


def add_months(day: date, months: int) -> date:
    """Return the first day of the month `months` away; the ends of the calendar are as far as it goes."""
    index = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    return date(index // 12, index % 12 + 1, 1)


def weekend(saturday: date) -> Rango:
    """Return the two days of a weekend."""
    return Rango(as_dia(saturday), as_dia(saturday + timedelta(days=1)))


def share_years(desde: Dia, hasta: Dia, ancla: Ancla) -> tuple[Dia, Dia]:
    """Give the two ends of a range their year: what one says the other takes, over the new year where it must."""
    crosses = desde.mes > hasta.mes
    if desde.anio is None:
        year = hasta.anio
        if year is None:
            near = nearest_day(hasta.mes, hasta.dia, ancla)
            year = near.year if near else None
            hasta = hasta._replace(anio=year)
        desde = desde._replace(anio=year - crosses if year else None)
    elif hasta.anio is None:
        hasta = hasta._replace(anio=desde.anio + crosses)
    return desde, hasta


def share_month_years(desde: Mes, hasta: Mes, ancla: Ancla) -> tuple[Mes, Mes]:
    """Give the two ends of a range of months their year."""
    a, b = share_years(Dia(desde.anio, desde.mes, 1), Dia(hasta.anio, hasta.mes, 1), ancla)
    return Mes(a.anio, a.mes), Mes(b.anio, b.mes)


def render(valor: Valor, ancla: Ancla) -> str | None:
    """Return the ISO 8601 text of a value, or None when the calendar or the clock has no such thing."""
    if isinstance(valor, str):
        return valor
    if isinstance(valor, Dia):
        day = day_of(valor, ancla)
        return day.isoformat() if day else None
    if isinstance(valor, Mes):
        return f"{year_of(valor, ancla):04d}-{valor.mes:02d}" if 1 <= valor.mes <= 12 else None
    if isinstance(valor, Hora):
        return _render_hour(valor)
    if isinstance(valor, Momento):
        return _render_moment(valor, ancla)
    return _render_range(valor, ancla)


def _render_hour(hora: Hora) -> str | None:
    """Return `T17:30`; midnight at the end of a day is T24:00."""
    valid = hora.hora < 24 or (hora.hora == 24 and not hora.minuto and not hora.segundo)
    if not valid or hora.minuto > 59 or hora.segundo > 59:
        return None
    return f"T{hora.hora:02d}:{hora.minuto:02d}" + (f":{hora.segundo:02d}" if hora.segundo else "")


def _render_moment(valor: Momento, ancla: Ancla) -> str | None:
    """Return day and hour; a span of hours has the day at both ends."""
    day, hours = render(valor.dia, ancla), render(valor.hora, ancla)
    return "/".join(day + hour for hour in hours.split("/")) if day and hours else None


def _render_range(valor: Rango, ancla: Ancla) -> str | None:
    """Return `a/b`, with the years shared; None when an end is impossible or days run backwards."""
    desde, hasta = valor
    if isinstance(desde, Dia) and isinstance(hasta, Dia):
        desde, hasta = share_years(desde, hasta, ancla)
    elif isinstance(desde, Mes) and isinstance(hasta, Mes):
        desde, hasta = share_month_years(desde, hasta, ancla)
    a, b = render(desde, ancla), render(hasta, ancla)
    if a is None or b is None or (a[0] != "T" and a > b):
        return None
    return f"{a}/{b}"
