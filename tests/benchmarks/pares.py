"""Relations against the gold pairs: python -m tests.benchmarks.pares [desarrollo|prueba] [--errores].

Accuracy with a bootstrap interval, a confusion table, and what must not happen: a pair of `ninguna` or `plantilla` called
exacto, cambio_estatus or casi. `--errores` lists what was missed, of desarrollo only.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.dedup import profiles, relate
from nlp_acuerdos.records import RELACIONES, Acuerdo, Origen

GOLD = Path("data/gold/pairs.jsonl")
SAME = ("exacto", "cambio_estatus", "casi")


def relation_of(pair) -> str:
    rows = [
        Acuerdo(side, "oro", i, "", pair[side]["acuerdo"], pair[side]["estatus"], "", Origen("oro"))
        for i, side in enumerate("ab")
    ]
    first, second = profiles(rows, [make_anchor(), make_anchor()])
    found = relate(first, second)
    return found.relacion if found else "ninguna"


def main() -> None:
    parte = next((a for a in sys.argv[1:] if not a.startswith("-")), "prueba")
    pairs = [p for p in map(json.loads, GOLD.open(encoding="utf-8")) if p["parte"] == parte]
    found = [relation_of(p) for p in pairs]
    right = [f == p["relacion"] for f, p in zip(found, pairs, strict=True)]
    rng = random.Random(0)
    draws = sorted(sum(rng.choices(right, k=len(right))) / len(right) for _ in range(1000))
    table = Counter((p["relacion"], f) for p, f in zip(pairs, found, strict=True))
    wrong = sum(n for (gold, mine), n in table.items() if gold in ("ninguna", "plantilla") and mine in SAME)
    print(f"parte {parte}: accuracy {sum(right) / len(right):.3f} ({draws[25]:.3f}-{draws[974]:.3f}), n {len(right)}; "
          f"ninguna or plantilla taken for the same: {wrong}")  # fmt: skip
    print(f"{'gold / found':16}" + "".join(f"{r:>16}" for r in RELACIONES))
    for gold in RELACIONES:
        print(f"{gold:16}" + "".join(f"{table[gold, mine] or '':>16}" for mine in RELACIONES))
    if "--errores" in sys.argv and parte == "desarrollo":
        for p, mine in zip(pairs, found, strict=True):
            if mine != p["relacion"]:
                print(
                    f"\n{p['id']} {p['relacion']} -> {mine} ({p['dificultad']})\n  {p['a']['acuerdo']}\n  {p['b']['acuerdo']}"
                )


if __name__ == "__main__":
    main()
