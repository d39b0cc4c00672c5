"""Words and concepts of many texts as sparse columns, in array operations: one pass over a stream of numbered words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.finders.conceptos import SALTADAS
from nlp_acuerdos.text import SEPARADOR, STOPWORDS, stem, stream

BM25_K1 = 1.5
Rows = NDArray[np.int32]
Starts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Corriente:
    """The words of all texts one after another: number of each word in `formas`, and the row it stands in."""

    formas: tuple[str, ...]
    numeros: Rows
    filas: Rows
    n: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> Corriente:
        """Number the words of `texts`."""
        words = stream(texts)
        numbers = {word: i for i, word in enumerate(dict.fromkeys(words)) if word != SEPARADOR}
        flow = np.fromiter(map(numbers.get, words, [-1] * len(words)), dtype=np.int32, count=len(words))
        ends = flow < 0
        rows = np.cumsum(ends, dtype=np.int32)[~ends]
        names = tuple(numbers)
        back = np.zeros(len(names) + 1, np.int32)
        back[list(numbers.values())] = np.arange(len(names), dtype=np.int32)
        return cls(names, back[flow[~ends]], rows, len(texts))

    def frequent(self) -> list[str]:
        """Return the words of over three letters, the most frequent first."""
        counts = np.bincount(self.numeros, minlength=len(self.formas))
        kept = [(-int(c), w) for c, w in zip(counts, self.formas, strict=True) if len(w) > 3 and w.isalpha()]
        return [word for _, word in sorted(kept)]

    def without(self, skipped: frozenset[str]) -> tuple[dict[str, int], Rows, Rows]:
        """Return the stems of all words but the skipped ones, sorted and numbered, and the number and row of each word."""
        roots = [None if word in skipped else stem(word) for word in self.formas]
        numbers = {root: i for i, root in enumerate(sorted({r for r in roots if r is not None}))}
        table = np.array([-1 if r is None else numbers[r] for r in roots], dtype=np.int32)
        flow = table[self.numeros] if len(table) else self.numeros
        return numbers, flow[flow >= 0], self.filas[flow >= 0]


def bm25(corriente: Corriente) -> tuple[dict[str, int], NDArray[np.float32], Rows, Starts]:
    """Return stems, impacts, rows and column starts: BM25 as Lucene computes it (Lù 2024, BM25S), no length norm.

    With a length norm the shorter of two equal matches always wins over the nearer in meaning ("custodia de boletas":
    row 55 over row 40 of the annex); an agreement that says more is not less about what it says.
    """
    vocabulary, roots, rows = corriente.without(STOPWORDS)
    pairs = np.sort(roots.astype(np.int64) * max(1, corriente.n) + rows)
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    pairs, times = pairs[first], np.diff(first, append=len(pairs))
    column, row = np.divmod(pairs, max(1, corriente.n))
    frequency = np.bincount(column, minlength=len(vocabulary))
    idf = np.log(1 + (corriente.n - frequency + 0.5) / (frequency + 0.5))
    impacts = idf[column] * times / (times + BM25_K1)
    return vocabulary, impacts.astype(np.float32), row.astype(np.int32), _starts(column, len(vocabulary))


def concepts(corriente: Corriente, frases: Mapping[str, Sequence[int]]) -> tuple[Rows, Starts]:
    """Return the rows of each concept, one after another, and where each begins; `frases`: stems joined by spaces."""
    numbers, flow, rows = corriente.without(SALTADAS)
    tree = _Arbol(frases, numbers)
    found = [np.zeros(0, np.int64)]
    places = np.arange(len(flow))
    nodes = np.zeros(len(flow), np.int64)
    while len(places):
        nodes = tree.follow(nodes, flow[places])
        places, nodes = places[nodes > 0], nodes[nodes > 0]
        found.append(tree.named(nodes, rows[places].astype(np.int64), corriente.n))
        inside = places + 1 < len(flow)
        inside[inside] = rows[places[inside] + 1] == rows[places[inside]]
        places, nodes = places[inside] + 1, nodes[inside]
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    concept, row = np.divmod(pairs, max(1, corriente.n))
    return row.astype(np.int32), _starts(concept, int(concept.max()) + 1 if len(concept) else 0)


class _Arbol:
    """Phrases as a tree of stems: sorted edges (node, stem) -> node, and the concepts of each node."""

    def __init__(self, frases: Mapping[str, Sequence[int]], numbers: Mapping[str, int]) -> None:
        self._width = max(1, len(numbers))
        edges: dict[int, int] = {}
        named: list[Sequence[int]] = [()]
        for phrase, found in frases.items():
            steps = [numbers.get(root, -1) for root in phrase.split(" ")]
            if min(steps) < 0:
                continue
            node = 0
            for step in steps:
                key = node * self._width + step
                if key not in edges:
                    edges[key] = len(named)
                    named.append(())
                node = edges[key]
            named[node] = found
        self._keys = np.array(sorted(edges), dtype=np.int64)
        self._next = np.array([edges[k] for k in sorted(edges)], dtype=np.int64)
        self._sizes = np.array([len(c) for c in named], dtype=np.int64)
        self._begin = np.concatenate(([0], np.cumsum(self._sizes)[:-1]))
        self._concepts = np.array([c for group in named for c in group], dtype=np.int64)

    def follow(self, nodes: NDArray[np.int64], steps: Rows) -> NDArray[np.int64]:
        """Return the node each one leads to by its step, 0 for none."""
        if not len(self._keys):
            return np.zeros_like(nodes)
        wanted = nodes * self._width + steps
        place = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[place] == wanted, self._next[place], 0)

    def named(self, nodes: NDArray[np.int64], rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return concept * n + row for each concept of each node."""
        sizes = self._sizes[nodes]
        first = np.repeat(self._begin[nodes], sizes)
        offset = np.arange(len(first)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self._concepts[first + offset] * max(1, n) + np.repeat(rows, sizes)


def _starts(column: NDArray[np.int64], size: int) -> Starts:
    return np.concatenate(([0], np.cumsum(np.bincount(column, minlength=size)[:size]))).astype(np.int64)
