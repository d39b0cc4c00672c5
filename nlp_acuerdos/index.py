"""Vectors, words and concepts of the corpus on disk: derived, fingerprinted, swapped in whole, rebuilt when damaged."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.embeddings import Vectores
from nlp_acuerdos.errors import EspacioInvalido
from nlp_acuerdos.finders.conceptos import Tesauro
from nlp_acuerdos.text import STOPWORDS, stem, tokens

FORMATO = 2
HNSW_DESDE = 300_000
# No length normalisation: an agreement that says more is not less about what it says. With b = .75 the shorter of two
# equal matches always wins over the nearer in meaning ("custodia de boletas": row 55 over row 40 of the annex).
BM25_B = 0.0
_WORD_FILES = ("datos.npy", "filas.npy", "inicios.npy")
_CONCEPT_FILES = ("conceptos_filas.npy", "conceptos_inicios.npy")
CANDIDATOS = 2000
_FULL_HASH_BYTES = 64 * 2**20
Scores = NDArray[np.float32]


class IndiceDanado(Exception):
    """The index on disk is missing, truncated, swapped or of another corpus: build it again."""


@dataclass(frozen=True, slots=True)
class Words:
    """BM25 impacts in compressed sparse columns: one column a stem, rows are agreements.

    `formas` are the words of the corpus as written (folded), the most frequent first, to mend a misspelt query.
    """

    vocabulario: dict[str, int]
    datos: Scores
    filas: NDArray[np.int32]
    inicios: NDArray[np.int64]
    n: int
    formas: tuple[str, ...] = ()

    def impacts(self, stem: str) -> tuple[NDArray[np.int32], Scores]:
        """Return (rows, impacts) of a stem; both empty for an unknown one."""
        column = self.vocabulario.get(stem)
        if column is None:
            return self.filas[:0], self.datos[:0]
        part = slice(int(self.inicios[column]), int(self.inicios[column + 1]))
        return self.filas[part], self.datos[part]

    def scores(self, query: Sequence[str]) -> Scores:
        """Return float32 (n,) in [0, 1]: BM25 over its ideal, the best impact each query stem has in the corpus.

        A stem the corpus lacks counts with the largest impact there is, so an unanswerable query stays low.
        """
        total, ideal = np.zeros(self.n, np.float32), 0.0
        largest = float(self.datos.max()) if len(self.datos) else 1.0
        for root, times in Counter(query).items():
            rows, impacts = self.impacts(root)
            total[rows] += times * impacts
            ideal += times * (float(impacts.max()) if len(impacts) else largest)
        return total / np.float32(ideal) if ideal else total


@dataclass(frozen=True, slots=True)
class Index:
    """An open index: `ids` in row order, words, concepts, and vectors when an encoder was there.

    `grafo` is a FAISS HNSW graph (Malkov and Yashunin 2018) past 300,000 agreements: it proposes, the exact cosine decides.
    """

    ids: tuple[str, ...]
    words: Words
    vectors: Vectores | None
    huella: str
    conceptos: tuple[NDArray[np.int32], NDArray[np.int64]] = (np.zeros(0, np.int32), np.zeros(1, np.int64))
    grafo: Any = None
    tesauro: Tesauro = field(default_factory=lambda: Tesauro({}, {}, {}))

    def concept_rows(self, concept: int) -> NDArray[np.int32]:
        """Return the rows of the agreements whose text names a concept."""
        rows, starts = self.conceptos
        if concept + 1 >= len(starts):
            return rows[:0]
        return rows[int(starts[concept]) : int(starts[concept + 1])]

    def cosines(self, query: Vectores, besides: NDArray[np.intp] | None = None) -> Scores:
        """Return float32 (n,): the cosine of each agreement with the query vector, shape (dim,).

        With a graph only the agreements it proposes, and the rows `besides`, have theirs; the rest have -1.
        """
        if self.vectors is None:
            return np.zeros(len(self.ids), np.float32)
        if self.grafo is None:
            return np.asarray(self.vectors @ query, dtype=np.float32)
        _, near = self.grafo.search(np.ascontiguousarray(query[np.newaxis]), CANDIDATOS)
        rows = near[0][near[0] >= 0] if besides is None else np.union1d(near[0][near[0] >= 0], besides)
        found = np.full(len(self.ids), -1, np.float32)
        found[rows] = self.vectors[rows] @ query
        return found


def build(
    folder: Path,
    huella: str,
    ids: Sequence[str],
    texts: Sequence[str],
    vectors: Vectores | None,
    tesauro: Tesauro | None = None,
) -> None:
    """Write the index of `texts` under `folder`/`huella`, complete or not at all, and drop older ones.

    `vectors` is float32 (n, dim) in the order of `ids`, or None for words alone. Raises EspacioInvalido when the
    folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix="nuevo-", dir=folder))
        try:
            _write(temporary, huella, ids, texts, vectors, tesauro or Tesauro({}, {}, {}))
            _swap(temporary, folder / huella)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise EspacioInvalido(
            f"no puedo escribir el índice en «{folder}» ({error}); revise permisos y disco"
        ) from error
    _drop_older(folder, huella)


def open_index(folder: Path, huella: str) -> Index:
    """Open the index `huella`, memory-mapped. Raises IndiceDanado when it is not there or not whole."""
    place = folder / huella
    try:
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        if manifest["formato"] != FORMATO or manifest["huella"] != huella:
            raise IndiceDanado("otra versión o corpus")
        if any(_digest(place / name) != digest for name, digest in manifest["archivos"].items()):
            raise IndiceDanado("archivo alterado")
        return _load(place, manifest)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise IndiceDanado(str(error)) from error


def _write(
    place: Path,
    huella: str,
    ids: Sequence[str],
    texts: Sequence[str],
    vectors: Vectores | None,
    thesaurus: Tesauro,
) -> None:
    (place / "ids.json").write_text(json.dumps(list(ids)), encoding="utf-8")
    words = [tokens(text) for text in texts]
    _write_words(place, words)
    _write_concepts(place, [thesaurus.find(found) for found in words])
    (place / "tesauro.json").write_text(thesaurus.as_json(), encoding="utf-8")
    if vectors is not None:
        np.save(place / "vectores.npy", np.ascontiguousarray(vectors, dtype=np.float32))
        if len(vectors) > HNSW_DESDE:
            _write_graph(place / "grafo.faiss", vectors)
    files = {path.name: _digest(path) for path in sorted(place.iterdir())}
    manifest = {"formato": FORMATO, "huella": huella, "n": len(ids), "archivos": files}
    (place / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _write_concepts(place: Path, concepts: Sequence[Sequence[int]]) -> None:
    """Store the rows of each concept, one after another."""
    sizes = np.fromiter(map(len, concepts), dtype=np.int64, count=len(concepts))
    numbers = np.fromiter(chain.from_iterable(concepts), dtype=np.int32, count=int(sizes.sum()))
    rows = np.repeat(np.arange(len(concepts), dtype=np.int32), sizes)
    order = np.argsort(numbers, kind="stable")
    size = int(numbers.max()) + 1 if len(numbers) else 0
    starts = np.concatenate(([0], np.cumsum(np.bincount(numbers, minlength=size)))).astype(np.int64)
    np.save(place / "conceptos_filas.npy", rows[order])
    np.save(place / "conceptos_inicios.npy", starts)


def _write_graph(path: Path, vectors: Vectores) -> None:
    import faiss

    graph: Any = faiss.IndexHNSWFlat(vectors.shape[1], 32, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = 80
    graph.add(np.ascontiguousarray(vectors))
    faiss.write_index(graph, str(path))


def _write_words(place: Path, texts: Sequence[Sequence[str]]) -> None:
    """Compute BM25 impacts with bm25s (Lù 2024) over Spanish stems and store its sparse columns."""
    forms = Counter(word for words in texts for word in words)
    root = {word: stem(word) for word in forms if word not in STOPWORDS}
    documents = [[root[word] for word in words if word in root] for words in texts]
    ordered = sorted((w for w in forms if len(w) > 3 and w.isalpha()), key=lambda w: (-forms[w], w))
    (place / "formas.json").write_text(json.dumps(ordered, ensure_ascii=False), encoding="utf-8")
    vocabulary = {stem: i for i, stem in enumerate(sorted({s for d in documents for s in d}))}
    columns: dict[str, Any] = {"data": np.zeros(0), "indices": np.zeros(0), "indptr": np.zeros(1)}
    if vocabulary:
        import bm25s

        engine = bm25s.BM25(method="lucene", b=BM25_B)
        numbered = [[vocabulary[s] for s in d] for d in documents]
        engine.index((numbered, vocabulary), show_progress=False, create_empty_token=False)
        columns = engine.scores
    np.save(place / "datos.npy", np.asarray(columns["data"], np.float32))
    np.save(place / "filas.npy", np.asarray(columns["indices"], np.int32))
    np.save(place / "inicios.npy", np.asarray(columns["indptr"], np.int64))
    (place / "vocabulario.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")


def _load(place: Path, manifest: dict[str, Any]) -> Index:
    ids = tuple(json.loads((place / "ids.json").read_text(encoding="utf-8")))
    vocabulary = json.loads((place / "vocabulario.json").read_text(encoding="utf-8"))
    data, rows, starts = (_open_array(place / name) for name in _WORD_FILES)
    concepts = tuple(_open_array(place / name) for name in _CONCEPT_FILES)
    vectors = _open_array(place / "vectores.npy") if "vectores.npy" in manifest["archivos"] else None
    graph = _open_graph(place / "grafo.faiss") if "grafo.faiss" in manifest["archivos"] else None
    if len(ids) != manifest["n"] or (vectors is not None and len(vectors) != len(ids)):
        raise IndiceDanado("cuentas distintas")
    forms = tuple(json.loads((place / "formas.json").read_text(encoding="utf-8")))
    words = Words(vocabulary, data, rows, starts, len(ids), forms)
    thesaurus = Tesauro.from_json((place / "tesauro.json").read_text(encoding="utf-8"))
    return Index(ids, words, vectors, manifest["huella"], (concepts[0], concepts[1]), graph, thesaurus)


def _open_array(path: Path) -> Any:
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _open_graph(path: Path) -> Any:
    import faiss

    graph: Any = faiss.read_index(str(path))
    graph.hnsw.efSearch = CANDIDATOS
    return graph


def _digest(path: Path) -> str:
    """Return SHA-256 of a file; of its size, head and tail when it is large, so that opening stays quick."""
    size, digest = path.stat().st_size, hashlib.sha256()
    with path.open("rb") as stream:
        if size <= _FULL_HASH_BYTES:
            digest.update(stream.read())
        else:
            digest.update(f"{size}".encode() + stream.read(2**20))
            stream.seek(-(2**20), os.SEEK_END)
            digest.update(stream.read())
    return digest.hexdigest()


def _swap(temporary: Path, target: Path) -> None:
    """Put a complete folder in the place of a missing or damaged one."""
    if target.exists():
        shutil.rmtree(target, ignore_errors=True)
    try:
        temporary.rename(target)
    except OSError:
        if not (target / "manifest.json").exists():  # else another build of the same corpus was first: equal content
            raise


def _drop_older(folder: Path, huella: str) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name != huella and not path.name.startswith("nuevo-"):
            shutil.rmtree(path, ignore_errors=True)
