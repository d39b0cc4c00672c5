"""Rules of the calendar: days, lists and ranges of days, months, parts of a month, years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nlp_acuerdos.finders.fechas_gramatica import Etapa, Lectura, compile_pattern, number
from nlp_acuerdos.finders.fechas_lexico import CLASE, Nodo
from nlp_acuerdos.finders.fechas_valor import (
    Dia,
    Hora,
    Mes,
    Momento,
    Rango,
    add_months,
    day_of,
    nth_weekday,
    stretch,
    weekend,
)

Nodos = Sequence[Nodo] | None
_QUOTES = ('"', "“", "«", "'", "‘")
_NUMBERS = ("NUM", "PALU", "PALD", "PALT", "PALN", "PRIMERO")


def year(r: Lectura, i: int, j: int) -> int | None:
    """Return the year said in `[i, j)`, or None: nothing said, or "del presente año"."""
    written = r.first(i, j, "YEAR", "PYEAR")
    if written:
        return number(written)
    if not r.first(i, j, "ANO"):
        return None
    short = r.first(i, j, "NUM")
    if short:
        return 2000 + number(short)
    return r.ancla.documento.year + relative(r, i, j) if relative(r, i, j) else None


def relative(r: Lectura, i: int, j: int) -> int:
    """Return 1 for próximo, -1 for pasado, 0 for este."""
    return 1 if r.first(i, j, "SIG", "VIENE") else -1 if r.first(i, j, "PAS") else 0


def month(r: Lectura, i: int, j: int) -> Mes | None:
    """Return the month said in `[i, j)`: by name, or relative to the document."""
    k = next((k for k in range(i, j) if r.is_a(k, "MES", "ABR", "FMES")), None)
    if k is not None:
        value = r.nodos[k].valor
        return value if isinstance(value, Mes) else Mes(year(r, k + 1, j), value)
    if not r.first(i, j, "MESU"):
        return None
    day = add_months(r.ancla.documento, relative(r, i, j))
    return Mes(day.year, day.month)


@cache
def _items() -> re.Pattern[str]:
    """Compile what a list of days is made of."""
    return re.compile(compile_pattern("<ritem>|<item>"))


def _place(r: Lectura, i: int) -> bool:
    """Tell whether the date at node `i` is a street, a school or a group ("calle 5 de Mayo")."""
    before = i - 1
    while (
        r.is_a(before, "DOT", "DE") or r.word(before) in _QUOTES or (r.is_a(before, "EL") and r.is_a(before - 1, "DE"))
    ):
        before -= 1
    if r.is_a(before, "CALLE"):
        return not (r.word(before) == "c" and not r.is_a(before + 1, "DOT"))
    return False


def _address(r: Lectura, i: int, j: int) -> bool:
    """Tell whether a date with a Capital month, and no year, stands in an address."""
    if r.is_a(j, "NUMERADO", "OPACO") or (r.is_a(j, "COMA") and r.is_a(j + 1, "NUMERADO", "OPACO")):
        return r.word(j + r.is_a(j, "COMA")) in ("num", "no", "numero", "s/n") or r.word(j)[:1] == "#"
    if not r.capitalised(j - 1):
        return False
    if r.is_a(i - 1, "Y") and r.is_a(i - 2, "WORD") and r.capitalised(i - 2):
        return True  # a corner: "Emiliano Zapata y 5 de Mayo"
    k = i - 1
    while k >= i - 6 and r.is_a(k, "WORD", "Y", "DE", "DOT", "CALLE", "EL", "CON"):
        if r.is_a(k, "CALLE"):
            return all(r.capitalised(m) or r.is_a(m, "Y", "DE", "DOT", "EL", "CON") for m in range(k + 1, i))
        k -= 1
    return r.is_a(j, "NUM", "BIG") and not r.is_a(j + 1, "HORA", "AMPM")


def _days(r: Lectura, i: int, j: int) -> Nodos:
    """Make every day and range of days of a list that shares a month."""
    m = next(k for k in range(i, j) if r.is_a(k, "MES", "ABR", "MESU"))
    when = month(r, i, j)
    if when is None:
        return None
    if _place(r, i) or (year(r, m, j) is None and _address(r, i, j)):
        return [Nodo(CLASE["OPACO"], r.nodos[i].inicio, r.nodos[j - 1].fin, "")]
    head = r.clases[i:m]
    found = [(i + s.start(), i + s.end()) for s in _items().finditer(head)]
    if len(found) > 1 and _counted(r, i):
        found = found[-1:]
    last = len(found) - 1
    nodes = [_item(r, a, j if n == last else b, b, when) for n, (a, b) in enumerate(found)]
    return [*r.nodos[i : found[0][0]], *nodes]


def _counted(r: Lectura, i: int) -> bool:
    """Tell whether the numbers from node `i` on count districts, polling stations, articles and the like."""
    k = i - 1
    while r.is_a(k, "DOT", "EL", "WORD", "Y", "LOCAL", "ELECT") and k >= i - 3:
        k -= 1
    return r.is_a(k, "NUMERADO") and not r.is_a(i, "DE", "DIASEM")


def _item(r: Lectura, a: int, end: int, b: int, when: Mes) -> Nodo:
    """Make one day, or one range, of a list; the last item carries month and year in its span."""
    days = [number(n) for n in r.all(a, b, *_NUMBERS)]
    first = a
    if len(days) == 1:
        first = next(k for k in range(a, b) if r.is_a(k, "DIASEM", *_NUMBERS))
        return r.make(first, end, "FECHA", "DATE", Dia(when.anio, when.mes, days[0]))[0]
    ends = Rango(Dia(when.anio, when.mes, days[0]), Dia(when.anio, when.mes, days[-1]))
    while r.is_a(first, "EL", "DIA"):
        first += 1
    return r.make(first, end, "RANGO", "DATE", ends)[0]


def _days_of_month(r: Lectura, i: int, j: int) -> Nodos:
    """Make "a los quince días del mes de mayo de 2024" a day."""
    when = month(r, i + 2, j)
    return r.make(i, j, "FECHA", "DATE", Dia(when.anio, when.mes, number(r.nodos[i]))) if when else None


def _month_first(r: Lectura, i: int, j: int) -> Nodos:
    """Make "mayo 9, 2024" a day."""
    return r.make(i, j, "FECHA", "DATE", Dia(year(r, i + 2, j), r.nodos[i].valor, number(r.nodos[i + 1])))


def _this_month(r: Lectura, i: int, j: int) -> Nodos:
    """Make "el 15 del presente" or "15 de los corrientes" a day of the document's month."""
    if not r.is_a(i - 1, "EL", "DIA", "A", "DE"):
        return None
    today = r.ancla.documento
    return r.make(i, j, "FECHA", "DATE", Dia(today.year, today.month, number(r.nodos[i])))


def _written(r: Lectura, i: int, j: int) -> Nodos:
    """Make a date written in figures; with month only it is a month."""
    anio, mes, dia, *clock = r.nodos[j - 1].valor
    if mes > 31 or dia > 39 or r.word(i - 1) in ("oficio", "folio", "expediente", "circular", "acuerdo"):
        return None
    if r.is_a(j - 1, "FMES"):
        return r.make(i, j, "FMES", "DATE", Mes(anio, mes))
    if not clock:
        return r.make(i, j, "FECHA", "DATE", Dia(anio, mes, dia))
    return r.make(i, j, "MOMENTO", "TIME", Momento(Dia(anio, mes, dia), Hora(*clock)))


def _written_pair(r: Lectura, i: int, j: int) -> Nodos:
    """Make "del 10 al 14/06/2024" a range, "el 10 y 14/06/2024" two days."""
    anio, mes, dia = r.nodos[j - 1].valor[:3]
    k = next(k for k in range(i, j) if r.is_a(k, "NUM"))
    first, last = Dia(anio, mes, number(r.nodos[k])), Dia(anio, mes, dia)
    if _counted(r, k) or mes > 12:
        return None
    if r.first(i, j, "Y") and not r.is_a(i, "ENTRE"):
        return [*r.make(k, k + 1, "FECHA", "DATE", first), *r.make(j - 1, j, "FECHA", "DATE", last)]
    start = i if r.is_a(i, "DE", "DESDE", "ENTRE") else k
    return r.make(start, j, "RANGO", "DATE", Rango(first, last))


def _day_and_month(r: Lectura, i: int, j: int) -> Nodos:
    """Make "el 08/05" a day where an article says that it is one."""
    dia, mes = r.nodos[j - 1].valor
    said = j - i > 1 or r.is_a(i - 1, "EL", "DIA", "A", "DE", "DESDE", "HASTA")
    if not said or not 1 <= mes <= 12 or not 1 <= dia <= 31 or r.is_a(i - 1, "NUMERADO"):
        return None
    return r.make(i, j, "FECHA", "DATE", Dia(None, mes, dia))


def _fraction(r: Lectura, i: int, j: int) -> Nodos:
    """Make "mediados de mayo", "a finales del presente mes" the days they are taken for."""
    first, last = r.nodos[i].valor if isinstance(r.nodos[i].valor, tuple) else (21, 0)
    when = month(r, i + 1, j)
    days = stretch(when, first, last, r.ancla) if when else None
    return r.make(i, j, "RANGO", "DATE", days) if days else None


_PARTS = {
    "SEMANA": ((1, 7), (8, 14), (15, 21), (22, 28), (29, 0)),
    "QUINCENA": ((1, 15), (16, 0)),
    "MITAD": ((1, 15), (16, 0)),
}
_LAST = {"SEMANA": (-7, 0), "QUINCENA": (16, 0), "MITAD": (16, 0)}


def _order(node: Nodo) -> int:
    """Return the number of an ordinal, -1 for the last."""
    return 4 if node.clase == CLASE["CUARTO"] else number(node)


def _parts(r: Lectura, i: int, j: int) -> Nodos:
    """Make "primera y segunda semana de mayo", "segunda quincena de mayo" the days they are."""
    unit = next(k for k in range(i, j) if r.is_a(k, *_PARTS))
    kind = next(name for name in _PARTS if r.is_a(unit, name))
    when = month(r, unit + 1, j)
    orders = [k for k in range(i, unit) if r.is_a(k, "ORD", "PRIMERO", "CUARTO")]
    nodes: list[Nodo] = []
    for k in orders:
        n = _order(r.nodos[k])
        bounds = _LAST[kind] if n < 0 else _PARTS[kind][n - 1] if 0 < n <= len(_PARTS[kind]) else None
        days = stretch(when, *bounds, r.ancla) if when and bounds else None
        if days is None:
            return None
        nodes += r.make(k, j if k == orders[-1] else k + 1, "RANGO", "DATE", days)
    return nodes


def _nth(r: Lectura, i: int, j: int) -> Nodos:
    """Make "primer lunes de junio", "último día de mayo", "primer fin de semana de junio" days."""
    when, n = month(r, i + 2, j), _order(r.nodos[i])
    if when is None:
        return None
    if r.is_a(i + 1, "DIASEM"):
        day = nth_weekday(when, r.nodos[i + 1].valor, n, r.ancla)
        return r.make(i, j, "FECHA", "DATE", day) if day else None
    if r.is_a(i + 1, "FIN"):
        day = nth_weekday(when, 6, n, r.ancla)
        saturday = day and day_of(day, r.ancla)
        return r.make(i, j, "RANGO", "DATE", weekend(saturday)) if saturday else None
    return _first_days(r, i, j, when, n)


def _first_days(r: Lectura, i: int, j: int, when: Mes, n: int) -> Nodos:
    """Make "primer día", "últimos días", "primeros 15 días" of a month."""
    count = r.first(i + 1, i + 2, "NUM", "PALU", "PALD")
    plural = r.word(i).endswith("s")
    if not plural:
        days = stretch(when, -1, 0, r.ancla) if n < 0 else stretch(when, n, n, r.ancla)
        return r.make(i, j, "FECHA", "DATE", days.desde) if days and isinstance(days.desde, Dia) else None
    size = number(count) if count else 10
    days = stretch(when, -size, 0, r.ancla) if n < 0 else stretch(when, 1, size, r.ancla)
    return r.make(i, j, "RANGO", "DATE", days) if days else None


def _part_of_year(r: Lectura, i: int, j: int) -> Nodos:
    """Make "primer trimestre de 2024" its months."""
    size, n = r.nodos[i + 1].valor[1], _order(r.nodos[i])
    n = 12 // size if n < 0 else n
    if not 0 < n <= 12 // size:
        return None
    anio = year(r, i + 2, j) or r.ancla.documento.year
    return r.make(i, j, "RANGO", "DATE", Rango(Mes(anio, size * (n - 1) + 1), Mes(anio, size * n)))


def _months(r: Lectura, i: int, j: int) -> Nodos:
    """Make the months of "en mayo y junio de 2024", unless a lone one is a name."""
    names = [k for k in range(i, j) if r.is_a(k, "MES", "ABR", "FMES")]
    anio = year(r, names[-1] + 1, j)
    if len(names) == 1 and not _is_month(r, i, j, anio is not None or j > names[0] + 1):
        return None
    nodes: list[Nodo] = []
    for k in names:
        when = month(r, k, k + 1)
        when = when if when is None or when.anio else Mes(anio, when.mes)
        end = j if k == names[-1] else k + 1
        nodes += r.make(i if k == names[0] else k, end, "FMES", "DATE", when) if when else []
    return nodes


def _is_month(r: Lectura, i: int, j: int, dated: bool) -> bool:
    """Tell a lone month from a person's or a place's name, by what precedes it and its capital."""
    if dated or r.is_a(i, "MESU"):
        return not _place(r, i)
    if r.capitalised(i) and (r.capitalised(j) or r.is_a(i - 1, "DE")):
        return False
    said = r.is_a(i - 1, "EN", "DURANTE", "PARA", "DESDE", "HASTA", "ENTRE", "ESTE", "SIG", "PAS", "FMES")
    return said or (r.word(i - 1) in ("de", "a") and not _place(r, i))


def _range(r: Lectura, i: int, j: int) -> Nodos:
    """Make a range of two days or two months."""
    ends = r.all(i, j, "FECHA")
    if ends:
        values = [n.valor for n in ends]
    else:
        names = [k for k in range(i, j) if r.is_a(k, "MES", "ABR")]
        values = [month(r, names[0], names[1]), month(r, names[1], j)]
    if len(values) != 2 or None in values:
        return None
    while r.is_a(i, "EL", "DIA"):
        i += 1
    return r.make(i, j, "RANGO", "DATE", Rango(values[0], values[1]))


def _year_alone(r: Lectura, i: int, j: int) -> Nodos:
    """Make "en 2024", "del año 2024", "este 2024" a year; not that of a process's name or of a count."""
    written = r.first(i, j, "YEAR", "PYEAR")
    if written is None:
        return None
    k = i - 1
    while r.is_a(k, "LOCAL", "ELECT", "EL", "DE", "WORD") and k >= i - 4 and not r.is_a(k, "PROCESO"):
        k -= 1
    counted = r.is_a(j, "WORD") and r.word(j).endswith("s") and not r.first(i, j, "ANO", "ESTE")
    if r.is_a(k, "PROCESO") or counted or r.is_a(i - 1, "NUM", "BIG", "OPACO"):
        return None
    if written.clase == CLASE["PYEAR"] and not r.first(i, j, "ANO"):
        return None
    start = next(k for k in range(i, j) if r.is_a(k, "ANO", "ESTE", "YEAR", "PYEAR"))
    return [*r.nodos[i:start], *r.make(start, j, "FANO", "DATE", f"{number(written):04d}")]


def _weekday_beside(r: Lectura, i: int, j: int) -> Nodos:
    """Take into a date the weekday in brackets after it."""
    made = r.make(i, j if r.is_a(j - 1, "DIASEM") else i + 1, "FECHA", "DATE", r.nodos[i].valor)
    return made


_LIST = "(?:<ritem>|<item>)(?:<sep>(?:<ritem>|<item>))*"
_BEFORE = "(?:DIASEM (?:COMA|PAREN)? EL? DIA?)?"
DIAS = Etapa(
    "DATE DM MES ABR MESU ESTE TRIMESTRE",
    ("dias_escritos", "(?:DE|DESDE|ENTRE)? EL? DIA? NUM (?:A|Y|GUION|HASTA) EL? DIA? DATE", _written_pair),
    ("dia_escrito", f"{_BEFORE} DATE", _written),
    ("dias_del_mes", "<dn> DIA DE EL? MESU DE <mes> <anio>?", _days_of_month),
    ("mes_y_dia", "<mes> NUM (?:COMA|DE EL?|COMA DE EL?)? <year>", _month_first),
    ("dias", f"{_LIST} (?:(?:COMA? DE EL?|GUION|DIAG)? (?:MESU DE)? <mes> <anio>?|DE EL? <relmes>)", _days),
    ("dia_presente", "<dn> DE EL? ESTE(?=$|COMA|DOT|PUNTUA|A)", _this_month),
    ("dia_y_mes", f"{_BEFORE} DM", _day_and_month),
    ("fraccion_de_mes", "(?:FRACC|FIN) <mesx>", _fraction),
    ("parte_de_mes", "<ord>(?:(?:COMA|Y|O|COMA Y) EL? <ord>)* (?:SEMANA|QUINCENA|MITAD) <mesx>", _parts),
    ("ordinal_de_mes", "<ord> (?:DIASEM|FIN DE SEMANA|(?:NUM|PALU|PALD)? DIA) <mesx>", _nth),
    ("parte_de_anio", "<ord> TRIMESTRE <anio>", _part_of_year),
)
MESES = Etapa(
    "MES ABR FMES",
    (
        "meses_rango",
        "(?:DE|DESDE)? <mesd> (?:A|HASTA|GUION|DIAG) <mesd>|ENTRE <mesd> Y <mesd>",
        _range,
    ),
    ("meses", "(?:MESU DE)? MES(?:(?:COMA Y?|Y|O) MES)* <anio>?|ABR DOT? DE? <year>", _months),
)
RANGOS = Etapa(
    "FECHA",
    ("dia_entre_parentesis", "FECHA (?:PAREN DIASEM PAREN|COMA DIASEM(?=COMA|DOT|$))", _weekday_beside),
    (
        "dias_rango",
        "(?:DE|DESDE|A PARTIR DE)? <fechad> COMA? (?:A|HASTA|GUION|Y HASTA|Y A) <fechad>|ENTRE <fechad> Y <fechad>",
        _range,
    ),
)
ANIOS = Etapa(
    "YEAR PYEAR",
    ("anio", "(?:ANO|ESTE ANO?|(?:EN|DE|PARA|DESDE|HASTA|DURANTE|A PARTIR DE) EL? ANO?) <year>", _year_alone),
)
