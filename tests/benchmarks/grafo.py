"""The HNSW graph against the flat product: python -m tests.benchmarks.grafo [n]: recall@10, time of a query, building."""

from __future__ import annotations

import sys
import time

import faiss
import numpy as np

from nlp_acuerdos import index as store
from tests.benchmarks.generador import vectors


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    rows = vectors(n)
    start = time.perf_counter()
    graph = faiss.IndexHNSWFlat(rows.shape[1], 32, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = 80
    graph.add(rows)
    print(f"{n} vectors: graph built in {time.perf_counter() - start:.0f} s", flush=True)
    graph.hnsw.efSearch = store.CANDIDATOS
    rng = np.random.default_rng(1)
    queries = rows[rng.integers(n, size=100)] + 0.02 * rng.standard_normal((100, rows.shape[1])).astype(np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    recalled, near, flat = 0, 0.0, 0.0
    for query in queries.astype(np.float32):
        start = time.perf_counter()
        scores = rows @ query
        flat += time.perf_counter() - start
        exact = np.argpartition(-scores, 10)[:10]
        start = time.perf_counter()
        _, found = graph.search(query[np.newaxis], store.CANDIDATOS)
        near += time.perf_counter() - start
        recalled += len(set(exact.tolist()) & set(found[0].tolist()))
    print(f"recall@10 {recalled / 1000:.3f}; graph {near * 10:.1f} ms a query, flat product {flat * 10:.1f} ms")


if __name__ == "__main__":
    main()
