"""Commitments on the calendar: by week, month or year against election day, and those whose date has passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from nlp_acuerdos.records import Etiquetas, interval
from nlp_acuerdos.report.datos import Calendario, Ejemplo, Pares, Periodo, Vencido

AMPLIA = timedelta(days=31)  # a date wider than this places no commitment in a week or month
SEMANAS, MESES = 26, 36  # longest calendar shown by week, and by month


def spans(tags: Etiquetas) -> list[tuple[date, date]]:
    """Return the first and last day of each date of an agreement."""
    found = (interval(f.valor) for f in tags.fechas if f.tipo in ("DATE", "TIME"))
    return [span for span in found if span]


def calendar(pairs: Pares, jornadas: Iterable[date]) -> Calendario:
    """Count the commitments by the period of their last date; each once. Election days are always in sight."""
    dated = [(a.estatus == "Concluido", spans(t)) for a, t in pairs]
    placed = [(max(e for s, e in narrow), done) for done, all_ in dated if (narrow := _narrow(all_))]
    wide = sum(bool(all_) and not _narrow(all_) for _, all_ in dated)
    days = sorted({*jornadas})
    unit, starts = _periods([d for d, _ in placed], days)
    periods = tuple(_period(start, end, placed, days) for start, end in zip(starts, starts[1:], strict=False))
    shown = tuple(d.isoformat() for d in days)
    return Calendario(unit, periods, shown, len(placed), wide, len(pairs) - len(placed) - wide)


def _narrow(found: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    return [(s, e) for s, e in found if e - s <= AMPLIA]


def _periods(placed: Sequence[date], jornadas: Sequence[date]) -> tuple[str, list[date]]:
    """Return the unit and the first day of each period, and of the one after the last."""
    if not placed:
        return "semana", []
    first, last = min((*placed, *jornadas)), max((*placed, *jornadas))
    if (last - first).days <= 7 * SEMANAS:
        return "semana", list(_starts(first - timedelta(days=first.weekday()), last, 7))
    if (last.year - first.year) * 12 + last.month - first.month < MESES:
        return "mes", list(_starts(first.replace(day=1), last, 31))
    return "año", list(_starts(first.replace(month=1, day=1), last, 366))


def _starts(start: date, last: date, days: int) -> Iterator[date]:
    yield start
    while start <= last:
        start += timedelta(days=days)
        if days > 7:
            start = start.replace(day=1) if days == 31 else start.replace(month=1, day=1)
        yield start


def _period(start: date, end: date, placed: Sequence[tuple[date, bool]], jornadas: Sequence[date]) -> Periodo:
    inside = [done for day, done in placed if start <= day < end]
    marked = tuple(d.isoformat() for d in jornadas if start <= d < end)
    return Periodo(start.isoformat(), (end - timedelta(days=1)).isoformat(), len(inside), sum(inside), marked)


def overdue(pairs: Pares, al: date) -> tuple[Vencido, ...]:
    """Return the commitments whose last date is before `al` and that are not concluded, the oldest first."""
    found = []
    for a, tags in pairs:
        last = max((e for _, e in spans(tags)), default=None)
        if last is not None and last < al and a.estatus != "Concluido":
            found.append(Vencido(Ejemplo.from_agreement(a), last.isoformat(), (al - last).days))
    return tuple(sorted(found, key=lambda v: v.ultima_fecha))
