"""A trained head over frozen vectors: one linear map for queries, one for passages, chosen together for search.

Each is v -> normalise(v + v M + s): where nothing was learnt it leaves the vector as the encoder gave it. Queries that a
corpus cannot answer were trained to stay far from everything, so the cosine also says whether there is an answer.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.embeddings import Vectores
from nlp_acuerdos.errors import ModeloInvalido

NOMBRE = "busqueda"
FORMATO = 1
_ARCHIVO, _MANIFIESTO = "cabeza.npz", "manifest.json"
_PARTES = ("consulta", "consulta_sesgo", "pasaje", "pasaje_sesgo")


@dataclass(frozen=True, eq=False)
class Cabeza:
    """Maps of shape (dim, dim) with their offsets (dim,), of the vectors of the encoder `codificador`."""

    codificador: str
    consulta: NDArray[np.float32]
    consulta_sesgo: NDArray[np.float32]
    pasaje: NDArray[np.float32]
    pasaje_sesgo: NDArray[np.float32]
    huella: str = ""

    def consultas(self, vectores: Vectores) -> Vectores:
        """Return the vectors of queries, float32 (n, dim), mapped and L2-normalised."""
        return _mapped(vectores, self.consulta, self.consulta_sesgo)

    def pasajes(self, vectores: Vectores) -> Vectores:
        """Return the vectors of agreements, float32 (n, dim), mapped and L2-normalised."""
        return _mapped(vectores, self.pasaje, self.pasaje_sesgo)


def _mapped(rows: Vectores, matrix: NDArray[np.float32], offset: NDArray[np.float32]) -> Vectores:
    moved = rows + rows @ matrix + offset
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def save(cabeza: Cabeza, carpeta: Path, hechos: Mapping[str, Any]) -> None:
    """Write the head as half-precision arrays (no pickle) with its manifest."""
    carpeta.mkdir(parents=True, exist_ok=True)
    stream = io.BytesIO()
    np.savez_compressed(stream, **{name: getattr(cabeza, name).astype(np.float16) for name in _PARTES})
    data = stream.getvalue()
    (carpeta / _ARCHIVO).write_bytes(data)
    manifest = {"formato": FORMATO, "codificador": cabeza.codificador, "sha256": _sha(data), **hechos}
    (carpeta / _MANIFIESTO).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def load(carpeta: Path) -> Cabeza:
    """Read a head. Raises ModeloInvalido when its files are missing, damaged or of another version."""
    try:
        manifest = json.loads((carpeta / _MANIFIESTO).read_text(encoding="utf-8"))
        data = (carpeta / _ARCHIVO).read_bytes()
        if manifest["formato"] != FORMATO or manifest["sha256"] != _sha(data):
            raise ValueError("el archivo no es el que dice el manifiesto")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            parts = {name: arrays[name].astype(np.float32) for name in _PARTES}
        return Cabeza(str(manifest["codificador"]), **parts, huella=manifest["sha256"][:16])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModeloInvalido(
            f"no puedo leer el modelo de búsqueda de «{carpeta}» ({error}); entrénelo con «acuerdos train --busqueda»"
        ) from error


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
