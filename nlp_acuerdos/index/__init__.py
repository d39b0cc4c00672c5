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
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.embeddings import Vectores
from nlp_acuerdos.errors import EspacioInvalido
from nlp_acuerdos.finders.conceptos import Tesauro
from nlp_acuerdos.index import grafo, palabras

FORMATO = 3
HNSW_DESDE = 300_000
_WORD_FILES = ("datos.npy", "filas.npy", "inicios.npy")
_CONCEPT_FILES = ("conceptos_filas.npy", "conceptos_inicios.npy")
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

    `grafo` is a FAISS graph and its rows, past 300,000 agreements: it proposes, the exact cosine decides.
    """

    ids: tuple[str, ...]
    words: Words
    vectors: Vectores | None
    huella: str
    conceptos: tuple[NDArray[np.int32], NDArray[np.int64]] = (np.zeros(0, np.int32), np.zeros(1, np.int64))
    grafo: tuple[Any, grafo.Filas] | None = None
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
            # No BLAS: its threads and the encoder's wait for each other, and a query takes three times as long.
            return np.asarray(np.einsum("ij,j->i", self.vectors, query), dtype=np.float32)
        near = grafo.propose(*self.grafo, query)
        rows = near if besides is None else np.union1d(near, besides)
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
    flow = palabras.Corriente.of(texts)
    _write_words(place, flow)
    _write_concepts(place, flow, thesaurus)
    if vectors is not None:
        np.save(place / "vectores.npy", np.ascontiguousarray(vectors, dtype=np.float32))
        if len(vectors) > HNSW_DESDE:
            grafo.write(place, vectors, _graph_before(place.parent))
    files = {path.name: _digest(path) for path in sorted(place.iterdir())}
    manifest = {"formato": FORMATO, "huella": huella, "n": len(ids), "archivos": files}
    (place / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _write_words(place: Path, flow: palabras.Corriente) -> None:
    vocabulary, impacts, rows, starts = palabras.bm25(flow)
    np.save(place / "datos.npy", impacts)
    np.save(place / "filas.npy", rows)
    np.save(place / "inicios.npy", starts)
    (place / "vocabulario.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (place / "formas.json").write_text(json.dumps(flow.frequent(), ensure_ascii=False), encoding="utf-8")


def _write_concepts(place: Path, flow: palabras.Corriente, thesaurus: Tesauro) -> None:
    """Store the rows of each concept, one after another."""
    rows, starts = palabras.concepts(flow, thesaurus.textos)
    np.save(place / "conceptos_filas.npy", rows)
    np.save(place / "conceptos_inicios.npy", starts)
    (place / "tesauro.json").write_text(thesaurus.as_json(), encoding="utf-8")


def _load(place: Path, manifest: dict[str, Any]) -> Index:
    ids = tuple(json.loads((place / "ids.json").read_text(encoding="utf-8")))
    vocabulary = json.loads((place / "vocabulario.json").read_text(encoding="utf-8"))
    data, rows, starts = (_open_array(place / name) for name in _WORD_FILES)
    concepts = tuple(_open_array(place / name) for name in _CONCEPT_FILES)
    vectors = _open_array(place / "vectores.npy") if "vectores.npy" in manifest["archivos"] else None
    graph = grafo.open_graph(place) if grafo.GRAFO in manifest["archivos"] else None
    if len(ids) != manifest["n"] or (vectors is not None and len(vectors) != len(ids)):
        raise IndiceDanado("cuentas distintas")
    forms = tuple(json.loads((place / "formas.json").read_text(encoding="utf-8")))
    words = Words(vocabulary, data, rows, starts, len(ids), forms)
    thesaurus = Tesauro.from_json((place / "tesauro.json").read_text(encoding="utf-8"))
    return Index(ids, words, vectors, manifest["huella"], (concepts[0], concepts[1]), graph, thesaurus)


def _open_array(path: Path) -> Any:
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _graph_before(folder: Path) -> tuple[Any, Vectores, grafo.Filas] | None:
    """Return the graph of an earlier build, its vectors and its rows, when there is a whole one."""
    for place in sorted(p.parent for p in folder.glob(f"*/{grafo.GRAFO}")):
        try:
            found = open_index(folder, place.name)
        except IndiceDanado:
            continue
        if found.grafo is not None and found.vectors is not None:
            return found.grafo[0], found.vectors, found.grafo[1]
    return None


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
