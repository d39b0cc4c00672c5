"""The duplicate audit over many agreements: python -m tests.benchmarks.duplicados [n] [seed] [--perfil] [--breve].

Annex and composed agreements varied (dates, numbers, places, clauses put in), with planted relations of every kind. Prints seconds a
phase, peak memory, recall of the planted pairs among the candidates, and what the audit calls them. Tags are found beforehand, as
a build has them. Beside it datasketch's MinHash LSH alone, on the same pieces, as a ratio. `--breve` gives seconds and memory only: how the
cost grows is seen by running it at 100000, 300000 and 1000000.
"""

from __future__ import annotations

import json
import random
import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from nlp_acuerdos import dedup
from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.records import Acuerdo, Origen
from nlp_acuerdos.tagging.components import tag_all

GOLD = Path("data/gold")
MONTHS = "enero febrero marzo abril mayo junio".split()
SYLLABLES = "ca na li to re mi xo chi tla pan te co zu ma ro sa".split()
SWAPS = [
    ("remitirá", "enviará"), ("solicitará", "pedirá"), ("Guardia Nacional", "GN"), ("listado", "lista"), ("custodia", "resguardo"),
    ("traslado", "transporte"), ("Se realizará", "Se llevará a cabo"), ("Junta Local Ejecutiva", "JLE"),
    ("Secretaría de Seguridad Pública", "SSP"), ("informar", "comunicar"), ("Instituto Nacional Electoral", "INE"),
]  # fmt: skip
KINDS = ("exacto", "cambio_estatus", "contenido", "plantilla", "casi")


class Corpus:
    """Agreements made by one seed, and the planted pairs (row, row, kind)."""

    def __init__(self, n: int, seed: int) -> None:
        self.rng = random.Random(seed)
        names = ("anexo.jsonl", "entrenamiento.jsonl")
        self.base = [json.loads(line)["acuerdo"] for name in names for line in (GOLD / name).open(encoding="utf-8")]
        parts = (c.strip() for t in self.base for c in re.split(r"[.,;]", t))
        whole = {t.rstrip(".") for t in self.base}  # an agreement put into others would be inside hundreds of them
        self.clauses = [c for c in parts if 4 <= len(c.split()) <= 14 and c not in whole]
        self.texts = [self.vary(self.rng.choice(self.base)) for _ in range(n)]
        self.status = [self.rng.choice(("En proceso", "Concluido")) for _ in range(n)]
        self.planted = [self.plant(KINDS[i % 5], n) for i in range(min(2000, n // 10))]

    def place(self) -> str:
        return "".join(self.rng.choice(SYLLABLES) for _ in range(3)).capitalize()

    def vary(self, text: str) -> str:
        rng = self.rng
        text = re.sub(
            r"\b\d{1,2} de (?:mayo|abril|junio)", lambda m: f"{rng.randint(1, 28)} de {rng.choice(MONTHS)}", text
        )
        text = re.sub(r"\b\d{2}\b(?!\d)(?! de)", lambda m: f"{rng.randint(1, 40):02d}", text)
        if rng.random() < 0.35:
            text = text.rstrip(".") + f" en el municipio de {self.place()}."
        elif rng.random() < 0.5:
            text = text.rstrip(".") + f", {rng.choice(self.clauses)}."
        if rng.random() < 0.4:
            text = f"{rng.choice(self.clauses).capitalize()}, {text[0].lower()}{text[1:]}"
        if rng.random() < 0.3:
            text = text.rstrip(".") + f", con {rng.randint(2, 300)} elementos."
        return text.rstrip(".") + f" ({self.place()} {self.place()})."

    def plant(self, kind: str, n: int) -> tuple[int, int, str]:
        rng, row = self.rng, self.rng.randrange(n)
        text, status = self.texts[row], self.status[row]
        if kind == "exacto":
            other = text.upper()
        elif kind == "cambio_estatus":
            other, status = text, "Planeación"
        elif kind == "contenido":
            other = text.rstrip(".") + f". Asimismo, el ayuntamiento de {self.place()} dará aviso por escrito."
        elif kind == "plantilla":
            self.texts[row] = text.rstrip(".") + f" el {rng.randint(15, 28)} de marzo."
            other = text.rstrip(".") + f" el {rng.randint(1, 14)} de marzo."
        else:
            swaps = [(x, y) for x, y in SWAPS if x in text]
            x, y = rng.choice(swaps) if swaps else ("", "")
            other = "Se acordó que " + (text.replace(x, y) if x else text[0].lower() + text[1:])
        self.texts.append(other)
        self.status.append(status)
        return row, len(self.texts) - 1, kind

    def agreements(self) -> list[Acuerdo]:
        rows = enumerate(zip(self.texts, self.status, strict=True))
        return [Acuerdo(f"{i:012x}", "x", i, "x", t, s, "", Origen("x")) for i, (t, s) in rows]


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def by_lsh(profiles) -> float:
    """Return the seconds datasketch's MinHash LSH takes to propose pairs."""
    from datasketch import MinHash, MinHashLSH

    start = time.perf_counter()
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for p in profiles:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([k.encode() for k in p.conjunto])
        index.query(sketch)
        index.insert(p.id, sketch)
    return time.perf_counter() - start


def main() -> None:
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    corpus = Corpus(numbers[0] if numbers else 100_000, numbers[1] if numbers[1:] else 7)
    rows = corpus.agreements()
    print(f"{len(rows)} agreements, {len(set(corpus.texts))} texts, {len(corpus.planted)} planted", flush=True)
    anchor = make_anchor()
    tags = {a.id: t for a, t in zip(rows, tag_all([(a.acuerdo, anchor) for a in rows]), strict=True)}
    print(f"tags ready; {memory():.2f} GB", flush=True)
    if "--perfil" in sys.argv:
        import cProfile
        import pstats

        with cProfile.Profile() as watch:
            dedup.audit(rows, tags)
        pstats.Stats(watch).sort_stats("tottime").print_stats(40)
        return
    start = time.perf_counter()
    found = dedup.audit(rows, tags)
    seconds = time.perf_counter() - start
    kinds = dict(Counter(r.relacion for r in found.relaciones))
    print(f"audit {seconds:.1f} s, peak {memory():.2f} GB; {kinds}, {len(found.grupos)} groups", flush=True)
    if "--breve" in sys.argv:
        return
    profiles = dedup.profiles(rows, [tags[a.id] for a in rows])
    proposed, named = dedup.candidates(profiles), {(r.a, r.b): r.relacion for r in found.relaciones}
    pairs = [(tuple(sorted((rows[i].id, rows[j].id))), kind) for i, j, kind in corpus.planted]
    print(f"planted pairs among the candidates: {sum(p in proposed for p, _ in pairs) / len(pairs):.4f} of {len(pairs)}, "
          f"in {len(proposed)} candidates")  # fmt: skip
    told = Counter((kind, named.get(pair, "ninguna")) for pair, kind in pairs)
    for kind in KINDS:
        print(f"  {kind:16}", {name: count for (k, name), count in sorted(told.items()) if k == kind})
    if "--solo" not in sys.argv:
        print(f"datasketch MinHash LSH alone, proposing: {by_lsh(profiles) / seconds:.2f} times our whole audit")


if __name__ == "__main__":
    main()
