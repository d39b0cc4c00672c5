"""The FAISS graph of large corpora: kept from build to build, with rows added and tombstones for those gone.

HNSW (Malkov and Yashunin 2018) has no deletion: a vector that left stays in the graph as a tombstone, on no row, until
too many have; then the graph is built anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.embeddings import Vectores

GRAFO, FILAS = "grafo.faiss", "grafo_filas.npy"
CANDIDATOS = 2000
# Share of tombstones past which the graph is built anew (tests/benchmarks/grafo.py measures recall and time at it).
TUMBAS = 0.2
_VECINOS, _ANCHO = 32, 80
Filas = NDArray[np.int32]


def write(place: Path, vectors: Vectores, before: tuple[Any, Vectores, Filas] | None) -> None:
    """Write the graph of `vectors`; `before` is the graph of an earlier build, its vectors and its rows."""
    import faiss

    made = _updated(vectors, *before) if before is not None else None
    graph, rows = made or (_new(vectors), np.arange(len(vectors), dtype=np.int32))
    faiss.write_index(graph, str(place / GRAFO))
    np.save(place / FILAS, rows)


def open_graph(place: Path) -> tuple[Any, Filas]:
    """Return the graph and the row of each of its places, -1 for a tombstone."""
    import faiss

    graph: Any = faiss.read_index(str(place / GRAFO))
    graph.hnsw.efSearch = CANDIDATOS
    return graph, np.load(place / FILAS, allow_pickle=False)


def propose(graph: Any, rows: Filas, query: Vectores) -> NDArray[np.int32]:
    """Return the rows of the vectors a graph finds near the query, shape (dim,)."""
    _, near = graph.search(np.ascontiguousarray(query[np.newaxis]), CANDIDATOS)
    found: Filas = rows[near[0][near[0] >= 0]]
    return found[found >= 0]


def _new(vectors: Vectores) -> Any:
    import faiss

    graph: Any = faiss.IndexHNSWFlat(vectors.shape[1], _VECINOS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _ANCHO
    graph.add(np.ascontiguousarray(vectors))
    return graph


def _updated(vectors: Vectores, graph: Any, old: Vectores, rows: Filas) -> tuple[Any, Filas] | None:
    """Return the graph with the new vectors added and the rows of all, or None when too many are gone."""
    if graph.d != vectors.shape[1]:
        return None
    alive = np.flatnonzero(rows >= 0)
    free: dict[int, list[int]] = {}
    for place, key in zip(alive.tolist(), _keys(old[rows[alive]]).tolist(), strict=True):
        free.setdefault(key, []).append(place)
    updated = np.full(len(rows), -1, np.int32)
    fresh = []
    for row, key in enumerate(_keys(vectors).tolist()):
        places = free.get(key)
        if places:
            updated[places.pop()] = row
        else:
            fresh.append(row)
    if (updated < 0).sum() > TUMBAS * (len(updated) + len(fresh)):
        return None
    if fresh:
        graph.add(np.ascontiguousarray(vectors[fresh]))
    return graph, np.concatenate((updated, np.array(fresh, dtype=np.int32)))


def _keys(vectors: Vectores) -> NDArray[np.uint64]:
    """Return a 64-bit key of each vector's bits (multiply-add over odd constants, modulo 2**64)."""
    bits = np.ascontiguousarray(vectors, dtype=np.float32).view(np.uint32)
    odd: list[int] = np.random.default_rng(7).integers(2**62, size=(bits.shape[1],)).tolist()
    keys = np.zeros(len(bits), np.uint64)
    for i in range(bits.shape[1]):
        keys += bits[:, i] * np.uint64(2 * odd[i] + 1)
    return keys
