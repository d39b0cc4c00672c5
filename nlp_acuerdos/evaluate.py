"""Tags against gold: precision, recall and F1 a label, with n and a bootstrap interval, and what was confused."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import CONJUNTOS, Ancla, Etiquetas

REMUESTREOS = 1000
SUFICIENTES = 10
Counts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Caso:
    """A gold agreement: its text, anchor, part, codes by set, and dates (tipo, valor, span; None where none annotated).

    `ajena` says that no rule was written with it at hand.
    """

    id: str
    texto: str
    ancla: Ancla
    parte: str
    codigos: dict[str, frozenset[str]]
    fechas: tuple[tuple[str, str, int, int], ...] | None
    ajena: bool = False


@dataclass(frozen=True, slots=True)
class Medida:
    """Scores of one label: gold positives n, and a 95 % percentile interval of F1 over resampled agreements."""

    etiqueta: str
    n: int
    precision: float
    recall: float
    f1: float
    intervalo: tuple[float, float]


def load_gold(folder: Path, parte: str) -> list[Caso]:
    """Return the gold agreements of a part. Raises EntradaInvalida when there are none."""
    records = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    found = [_case(r) for r in records if r.get("parte") == parte and "actividades" in r]
    if not found:
        raise EntradaInvalida(
            f"no hay oro de la parte «{parte}» en «{folder}»; corra la evaluación en un clon del proyecto"
        )
    return found


def _case(r: dict[str, Any]) -> Caso:
    day = r.get("fecha_documento")
    anchor = make_anchor(r.get("proceso"), date.fromisoformat(day) if day else None)
    noted = r.get("fechas")
    dates = None if noted is None else tuple((f["tipo"], f["valor"], f["inicio"], f["fin"]) for f in noted)
    return Caso(
        r["id"],
        r["acuerdo"],
        anchor,
        r["parte"],
        {c: frozenset(r[c]) for c in CONJUNTOS},
        dates,
        bool(r.get("ajena_a_reglas")),
    )


def evaluate(
    casos: Sequence[Caso], tag: Callable[[str, Ancla], Etiquetas],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, list[Medida]]:  # fmt: skip
    """Return the measures of each set: its micro average first, then each label; `fechas` by type."""
    tagged: list[Etiquetas] = []
    for c in casos:
        progress(len(tagged), len(casos))
        tagged.append(tag(c.texto, c.ancla))
    progress(len(tagged), len(casos))
    measures = {}
    for conjunto in CONJUNTOS:
        pairs = [(c.codigos[conjunto], frozenset(getattr(t, conjunto))) for c, t in zip(casos, tagged, strict=True)]
        labels = sorted({label for gold, found in pairs for label in gold | found})
        rows = {label: [_count(gold & {label}, found & {label}) for gold, found in pairs] for label in labels}
        each = [_measure(k, v) for k, v in rows.items()]
        measures[conjunto] = [_measure("micro", [_count(*p) for p in pairs]), *_macro(rows), *each]
    dated = [(c, t) for c, t in zip(casos, tagged, strict=True) if c.fechas is not None]
    if dated:
        measures["fechas"] = _dates([c for c, _ in dated], [t for _, t in dated])
    return measures


def _macro(rows: dict[str, list[Counts]]) -> list[Medida]:
    """Return the plain mean of F1 over the labels with 10 gold positives or more, resampled like the rest."""
    enough = [counts for counts in rows.values() if sum(right + lost for right, _, lost in counts) >= SUFICIENTES]
    if not enough:
        return []
    size, draw = len(enough[0]), random.Random(0)

    def mean(chosen: Sequence[int]) -> float:
        return sum(_f1([counts[i] for i in chosen])[2] for counts in enough) / len(enough)

    scores = sorted(mean(draw.choices(range(size), k=size)) for _ in range(REMUESTREOS // 5))
    each = [_f1(counts) for counts in enough]
    precision, recall = (sum(m[i] for m in each) / len(each) for i in (0, 1))
    low, high = scores[int(0.025 * len(scores))], scores[int(0.975 * len(scores)) - 1]
    n = sum(m[3] for m in each)
    return [
        Medida(
            "macro",
            n,
            round(precision, 3),
            round(recall, 3),
            round(mean(range(size)), 3),
            (round(low, 3), round(high, 3)),
        )
    ]


def _dates(casos: Sequence[Caso], tagged: Sequence[Etiquetas]) -> list[Medida]:
    """Score dates: type and value exact, spans overlapping, each gold date matched once; `tramo` asks the span too."""
    found = [[(f.tipo, f.valor, f.inicio, f.fin) for f in t.fechas] for t in tagged]
    pairs = list(zip((c.fechas or () for c in casos), found, strict=True))
    rows = [_measure("micro", [_match(gold, mine, strict=False) for gold, mine in pairs])]
    rows.append(_measure("tramo", [_match(gold, mine, strict=True) for gold, mine in pairs]))
    for kind in ("DATE", "TIME", "DURATION", "SET"):
        of_kind = [
            _match([g for g in gold if g[0] == kind], [m for m in mine if m[0] == kind], strict=False)
            for gold, mine in pairs
        ]
        rows.append(_measure(kind, of_kind))
    return rows


def _match(
    gold: Iterable[tuple[str, str, int, int]], mine: Sequence[tuple[str, str, int, int]], *, strict: bool
) -> Counts:
    left, right = list(mine), 0
    gold = list(gold)
    for g in gold:
        hit = next((m for m in left if m[:2] == g[:2] and (m == g if strict else m[2] < g[3] and g[2] < m[3])), None)
        if hit:
            left.remove(hit)
            right += 1
    return right, len(left), len(gold) - right


def _count(gold: frozenset[str], found: frozenset[str]) -> Counts:
    return len(gold & found), len(found - gold), len(gold - found)


def _f1(counts: Iterable[Counts]) -> tuple[float, float, float, int]:
    right, extra, lost = (sum(c) for c in zip(*counts, strict=True))
    precision = right / (right + extra) if right + extra else 1.0
    recall = right / (right + lost) if right + lost else 1.0
    f1 = 2 * right / (2 * right + extra + lost) if right + extra + lost else 1.0
    return precision, recall, f1, right + lost


def _measure(label: str, counts: Sequence[Counts]) -> Medida:
    """Return the measure with the percentile interval of a bootstrap (Efron 1979) over agreements, seed fixed."""
    precision, recall, f1, n = _f1(counts)
    draw = random.Random(0)
    scores = sorted(_f1(draw.choices(counts, k=len(counts)))[2] for _ in range(REMUESTREOS))
    low, high = scores[int(0.025 * REMUESTREOS)], scores[int(0.975 * REMUESTREOS) - 1]
    return Medida(label, n, round(precision, 3), round(recall, 3), round(f1, 3), (round(low, 3), round(high, 3)))


def confusions(casos: Sequence[Caso], tag: Callable[[str, Ancla], Etiquetas]) -> list[tuple[str, str, str, str, str]]:
    """Return (id, set, extra, missing, text) of each agreement tagged otherwise than gold."""
    found = []
    for caso in casos:
        tags = tag(caso.texto, caso.ancla)
        for conjunto in CONJUNTOS:
            gold, mine = caso.codigos[conjunto], set(getattr(tags, conjunto))
            if gold != mine:
                found.append(
                    (caso.id, conjunto, " ".join(sorted(mine - gold)), " ".join(sorted(gold - mine)), caso.texto)
                )
        if caso.fechas is None:
            continue
        gold_dates, my_dates = {f[:2] for f in caso.fechas}, {(f.tipo, f.valor) for f in tags.fechas}
        if gold_dates != my_dates:
            extra, lost = (" ".join(v for _, v in sorted(d)) for d in (my_dates - gold_dates, gold_dates - my_dates))
            found.append((caso.id, "fechas", extra, lost, caso.texto))
    return found


def as_rows(medidas: dict[str, list[Medida]]) -> list[tuple[str, ...]]:
    """Return the measures as printed rows: set, label, n, precision, recall, F1, interval."""
    return [
        (
            conjunto,
            m.etiqueta,
            str(m.n),
            f"{m.precision:.3f}",
            f"{m.recall:.3f}",
            f"{m.f1:.3f}",
            "{:.3f}-{:.3f}".format(*m.intervalo),
        )
        for conjunto, rows in medidas.items()
        for m in rows
    ]
