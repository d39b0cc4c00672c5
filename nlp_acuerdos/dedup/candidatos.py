"""Pairs worth comparing, found in near-linear time: equal keys, MinHash (Broder 1997), rare runs, and vectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup.perfil import Perfil

Par = tuple[int, int]
Rows = NDArray[np.int64]
MEZCLA = np.uint64(0x9E3779B97F4A7C15)
CHUNK, MARGEN = 200_000, 0.1  # pairs checked at once; a digest of 128 errs by more than .1 on one pair in a hundred
PERMUTACIONES, BANDAS, SEMILLA = 128, 32, 20240602
VECINOS, COSENO = 8, 0.96  # e5: 99.9 % of unrelated pairs are under .948


def candidates(
    perfiles: Sequence[Perfil], vectores: NDArray[np.float32] | None = None, umbrales: Umbrales | None = None
) -> set[tuple[str, str]]:
    """Return the pairs of ids (a < b) worth comparing; never all with all.

    `vectores`, when given, is float32 (n, dim), L2-normalised, in the order of `perfiles`.
    """
    limits = umbrales or Umbrales()
    pairs = set(_pairs(perfiles, vectores, limits))
    ids = [p.id for p in perfiles]
    return {(ids[i], ids[j]) if ids[i] < ids[j] else (ids[j], ids[i]) for i, j in pairs}


def _pairs(perfiles: Sequence[Perfil], vectores: NDArray[np.float32] | None, umbrales: Umbrales) -> Iterator[Par]:
    """Yield pairs of rows: first inside blocks of equal keys, then between one row of each distinct text."""
    order = sorted(range(len(perfiles)), key=lambda i: (_rank(perfiles[i]), perfiles[i].id))
    yield from _blocks(((perfiles[i].texto, i) for i in order), 5 * umbrales.bloque)
    yield from _blocks(((perfiles[i].conjunto, i) for i in order), umbrales.bloque)
    yield from _blocks(((perfiles[i].marca, i) for i in order), umbrales.bloque)
    members: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in order:
        members[perfiles[i].claves].append(i)
    heads = [rows[0] for key, rows in members.items() if key]
    for i, j in _between(perfiles, heads, umbrales):
        yield from _spread(members[perfiles[i].claves], members[perfiles[j].claves], umbrales.bloque)
    if vectores is not None:
        yield from _neighbours(vectores)


def _rank(p: Perfil) -> tuple[tuple[str, str], ...]:
    """Return what orders a block, so that its first row is the earliest of a series."""
    return p.ranuras


def _blocks(keyed: Iterable[tuple[Hashable, int]], limit: int) -> Iterator[Par]:
    """Yield the pairs inside each block: all with all up to `limit` rows, beyond it each with the first."""
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for key, row in keyed:
        if key:
            blocks[key].append(row)
    for rows in blocks.values():
        heads = rows if len(rows) <= limit else rows[:1]
        for n, i in enumerate(heads):
            yield from ((i, j) for j in rows[n + 1 :])


def _spread(left: list[int], right: list[int], limit: int) -> Iterator[Par]:
    """Yield the pairs between two sets of equal texts: all with all, or through their first rows when many."""
    if len(left) * len(right) <= limit:
        yield from ((i, j) for i in left for j in right)
        return
    yield from ((left[0], j) for j in right)
    yield from ((i, right[0]) for i in left[1:])


def _between(perfiles: Sequence[Perfil], heads: list[int], umbrales: Umbrales) -> set[Par]:
    """Return the pairs between distinct texts, by containment, rare runs and MinHash."""
    if len(heads) < 2:
        return set()
    keys = [perfiles[i].claves for i in heads]
    hashed = _Hashed(keys)
    found = _by_sentence(perfiles, heads, umbrales.continentes)
    found |= _by_rarest_run(hashed, [perfiles[i].conjunto for i in heads], umbrales.continentes)
    found |= _by_shared_runs(hashed, umbrales)
    found |= _by_minhash(hashed, [perfiles[i] for i in heads], umbrales)
    return {(heads[i], heads[j]) for i, j in found}


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class _Hashed:
    """The pieces of all texts as 64-bit numbers in one flat array, with the runs of four pieces and their frequency."""

    def __init__(self, keys: Sequence[tuple[str, ...]]) -> None:
        known = {k: _hash(k) for k in {k for key in keys for k in key}}
        self.tokens = np.fromiter((known[k] for key in keys for k in key), dtype=np.uint64)
        self.sizes = np.array([len(key) for key in keys], dtype=np.int64)
        self.offsets = np.concatenate(([0], np.cumsum(self.sizes)))
        self.runs, self.rows = self._runs(4)

    def _runs(self, n: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return the hashes of the runs of `n` pieces, each once a text, with the text's row, sorted by hash."""
        if len(self.tokens) < n:
            return np.empty(0, np.uint64), np.empty(0, np.int64)
        mixed = np.zeros(len(self.tokens) - n + 1, dtype=np.uint64)
        for k in range(n):
            mixed = mixed * MEZCLA + self.tokens[k : len(self.tokens) - n + 1 + k]
        rows = np.repeat(np.arange(len(self.sizes)), self.sizes)
        inside = rows[: len(mixed)] == rows[n - 1 :]
        mixed, owner = mixed[inside], rows[: len(mixed)][inside]
        order = np.lexsort((owner, mixed))
        mixed, owner = mixed[order], owner[order]
        fresh = np.ones(len(mixed), dtype=bool)
        fresh[1:] = (mixed[1:] != mixed[:-1]) | (owner[1:] != owner[:-1])
        return mixed[fresh], owner[fresh]

    def groups(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return start and length of each group of equal runs."""
        return _grouped(self.runs)


def _by_sentence(perfiles: Sequence[Perfil], heads: list[int], limit: int) -> set[Par]:
    """Return (text, text that has it as a sentence)."""
    whole = {perfiles[row].claves: n for n, row in enumerate(heads)}
    inside: dict[int, list[int]] = defaultdict(list)
    for n, row in enumerate(heads):
        for sentence in perfiles[row].sentences() if perfiles[row].oraciones[-1] else ():
            inner = whole.get(sentence)
            if inner is not None and inner != n and len(inside[inner]) < limit:
                inside[inner].append(n)
    return {(inner, n) for inner, rows in inside.items() for n in rows}


def _by_rarest_run(hashed: _Hashed, sets: Sequence[frozenset[str]], limit: int) -> set[Par]:
    """Return (text, text it may be inside of): those that share its rarest run of four and then all its pieces."""
    starts, lengths = hashed.groups()
    if not len(starts):
        return set()
    place = np.repeat(np.arange(len(starts)), lengths)
    order = np.lexsort((lengths[place], hashed.rows))
    rows = hashed.rows[order]
    first = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    found: set[Par] = set()
    for n, group in zip(rows[first].tolist(), place[order][first].tolist(), strict=True):
        if lengths[group] == 1:
            continue
        own, size = sets[n], hashed.sizes[n]
        near = hashed.rows[starts[group] : starts[group] + min(20 * limit, lengths[group])].tolist()
        holders = [other for other in near if hashed.sizes[other] > size and own <= sets[other]]
        found.update((n, other) for other in holders[:limit])
    return found


def _by_shared_runs(hashed: _Hashed, umbrales: Umbrales) -> set[Par]:
    """Return the pairs that share several rare runs of four: long passages reworded around."""
    starts, lengths = hashed.groups()
    coded, counts = np.unique(
        _pairs_inside(hashed.rows, starts, lengths, umbrales.raros, len(hashed.sizes)), return_counts=True
    )
    left, right = np.divmod(coded, max(1, len(hashed.sizes)))
    shorter = np.minimum(hashed.sizes[left], hashed.sizes[right]) - 3
    kept = counts >= np.minimum(np.maximum(umbrales.tramos_raros, 0.25 * shorter), shorter)
    return set(zip(left[kept].tolist(), right[kept].tolist(), strict=True))


def _pairs_inside(rows: Rows, starts: Rows, lengths: Rows, limit: int, n: int) -> Rows:
    """Return the pairs of rows inside each group of 2 to `limit`, coded i * n + j with i < j (repeats kept)."""
    pieces = [np.empty(0, np.int64)]
    for size in range(2, limit + 1):
        chosen = starts[lengths == size]
        if len(chosen):
            block = np.sort(rows[chosen[:, None] + np.arange(size)], axis=1)
            left, right = np.triu_indices(size, 1)
            pieces.append((block[:, left] * n + block[:, right]).ravel())
    return np.concatenate(pieces)


def _by_minhash(hashed: _Hashed, perfiles: Sequence[Perfil], umbrales: Umbrales) -> set[Par]:
    """Return the pairs that share a band of their MinHash and then enough pieces."""
    digests, n = _digests(hashed), len(perfiles)
    marks: dict[tuple[tuple[str, str], ...], int] = {}
    slots = np.array([marks.setdefault(tuple(sorted(set(p.ranuras))), len(marks)) for p in perfiles], dtype=np.uint64)
    width = PERMUTACIONES // BANDAS
    bands = [_band(digests[:, k : k + width], slots, umbrales.bloque) for k in range(0, PERMUTACIONES, width)]
    left, right = np.divmod(np.unique(np.concatenate(bands)), max(1, n))
    found: set[Par] = set()
    for start in range(0, len(left), CHUNK):
        i, j = left[start : start + CHUNK], right[start : start + CHUNK]
        likely = (digests[i] == digests[j]).mean(axis=1) >= umbrales.jaccard - MARGEN
        for x, y in zip(i[likely].tolist(), j[likely].tolist(), strict=True):
            shared = len(perfiles[x].conjunto & perfiles[y].conjunto)
            if shared >= umbrales.jaccard * (len(perfiles[x].conjunto) + len(perfiles[y].conjunto) - shared):
                found.add((x, y))
    return found


def _band(band: NDArray[np.uint32], slots: NDArray[np.uint64], limit: int) -> Rows:
    """Return the coded pairs of rows equal in a band; a large bucket is split by its slots, which copies share."""
    mixed = np.zeros(len(band), dtype=np.uint64)
    for k in range(band.shape[1]):
        mixed = mixed * MEZCLA + band[:, k].astype(np.uint64)
    order = np.argsort(mixed, kind="stable")
    starts, lengths = _grouped(mixed[order])
    small = _pairs_inside(order, starts, lengths, limit, len(band))
    large = order[np.repeat(lengths > limit, lengths)]
    finer = mixed[large] * MEZCLA + slots[large]
    large = large[np.argsort(finer, kind="stable")]
    starts, lengths = _grouped(np.sort(finer, kind="stable"))
    return np.concatenate((small, _pairs_inside(large, starts, lengths, limit, len(band))))


def _grouped(ordered: NDArray[np.uint64]) -> tuple[Rows, Rows]:
    """Return start and length of each group of equal values of a sorted array."""
    if not len(ordered):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return starts, np.diff(np.concatenate((starts, [len(ordered)])))


def _digests(hashed: _Hashed, chunk: int = 20_000) -> NDArray[np.uint32]:
    """Return the MinHash of each text, uint32 (n, PERMUTACIONES)."""
    from rensa import RMinHash

    found = np.empty((len(hashed.sizes), PERMUTACIONES), dtype=np.uint32)
    for start in range(0, len(found), chunk):
        bounds = hashed.offsets[start : start + chunk + 1]
        tokens, offsets = hashed.tokens[bounds[0] : bounds[-1]], (bounds - bounds[0]).astype(np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(tokens, offsets, PERMUTACIONES, SEMILLA)
        found[start : start + chunk] = matrix.to_rows()
    return found


def _neighbours(vectores: NDArray[np.float32]) -> Iterator[Par]:
    """Yield each row with its nearest by cosine, above the noise of the encoder."""
    import faiss

    n, dim = vectores.shape
    if n < 2:
        return
    index = faiss.IndexFlatIP(dim) if n <= 300_000 else faiss.IndexHNSWFlat(dim, 32, faiss.METRIC_INNER_PRODUCT)
    index.add(vectores)
    scores, rows = index.search(vectores, min(VECINOS + 1, n))
    for i, (near, cosines) in enumerate(zip(rows.tolist(), scores.tolist(), strict=True)):
        yield from ((i, j) for j, c in zip(near, cosines, strict=True) if j >= 0 and j != i and c >= COSENO)
