"""The HNSW graph against the flat product: python -m tests.benchmarks.grafo [n].

Prints recall@10, time of a query and of building; then the same after a fifth of the vectors left and as many came.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from nlp_acuerdos.index import grafo
from tests.benchmarks.generador import vectors


def measure(label: str, place: Path, rows: np.ndarray, before=None) -> tuple:
    start = time.perf_counter()
    grafo.write(place, rows, before)
    print(f"{label}: {len(rows)} vectors, graph written in {time.perf_counter() - start:.0f} s", flush=True)
    graph, places = grafo.open_graph(place)
    rng = np.random.default_rng(1)
    queries = rows[rng.integers(len(rows), size=100)] + 0.02 * rng.standard_normal(
        (100, rows.shape[1]), dtype=np.float32
    )
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    recalled, near, flat = 0, 0.0, 0.0
    for query in queries:
        start = time.perf_counter()
        scores = rows @ query
        flat += time.perf_counter() - start
        exact = np.argpartition(-scores, 10)[:10]
        start = time.perf_counter()
        found = grafo.propose(graph, places, query)
        near += time.perf_counter() - start
        recalled += len(set(exact.tolist()) & set(found.tolist()))
    dead = int((places < 0).sum())
    print(f"  recall@10 {recalled / 1000:.3f} with {dead} tombstones; graph {near * 10:.1f} ms a query, flat product {flat * 10:.1f} ms",
          flush=True)  # fmt: skip
    return graph, rows, places


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    every = vectors(n + n // 5)
    place = Path(tempfile.mkdtemp())
    before = measure("built", place, every[:n])
    measure("updated", place, every[n // 5 :].copy(), before)


if __name__ == "__main__":
    main()
