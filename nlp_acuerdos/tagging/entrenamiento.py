"""Train the activity classifier on gold agreements: scikit-learn here, numpy alone when it is used.

One-vs-rest logistic regression over the features of `clasificador`. C, and where the model joins the rules, are chosen by
cross-validation on the training agreements (grouped, so that a repeated text is never on both sides); probabilities are
calibrated on the scores out of fold (Platt 1999).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.embeddings import Encoder
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.finders import actividades
from nlp_acuerdos.records import ACTIVIDADES
from nlp_acuerdos.tagging.clasificador import (
    PESO_PALABRAS,
    PESO_REGLAS,
    PESO_VECTOR,
    Clasificador,
    Umbrales,
    decide,
    rule_features,
    word_features,
)  # fmt: skip
from nlp_acuerdos.text import wording

MINIMO = 40
PLIEGUES = 10
APARICIONES = 2
_CS = (0.2, 0.5, 1.0)
_LIMITES = [
    Umbrales(v, a, r)
    for v in (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
    for a in (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 1.01)
    for r in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 1.01)
    if r <= a
]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Validacion:
    """What cross-validation measured, on `n` training agreements: micro F1 of rules, of the model, and joined."""

    c: float
    umbrales: Umbrales
    n: int
    f1_reglas: float
    f1_modelo: float
    f1_union: float


def train(
    textos: Sequence[str],
    codigos: Sequence[frozenset[str]],
    codificador: Encoder,
    progress: Progress,
    ajenos: Sequence[bool] = (),
) -> tuple[Clasificador, Validacion]:
    """Return the classifier and its cross-validation, measured on the agreements no rule was written with (`ajenos`).

    Without such agreements all are measured, which flatters the rules. Raises EntradaInvalida for fewer than 40 agreements.
    """
    if len(textos) < MINIMO:
        raise EntradaInvalida(f"hay {len(textos)} acuerdos para entrenar y hacen falta {MINIMO}; anote más")
    gold = np.array([[code in codes for code in ACTIVIDADES] for codes in codigos])
    evidence = [actividades.find(texto, indicios=True) for texto in textos]
    hints = actividades.hints()
    fired = [{e.etiqueta for e in found if e.regla not in hints} for found in evidence]
    ruled = np.array([[code in codes for code in ACTIVIDADES] for codes in fired])
    data = _Datos(textos, [rule_features(e) for e in evidence], codificador, progress)
    groups = np.unique([wording(t) for t in textos], return_inverse=True)[1]
    seen = np.flatnonzero(ajenos) if any(ajenos) else np.arange(len(textos))
    tried = []
    progress("validación", 0, len(_CS))
    for step, c in enumerate(_CS):
        scores = _out_of_fold(data, gold, groups, c)
        platt = _platt(scores, gold)
        p = _sigmoid(platt[0] * scores + platt[1])
        limits = max(_LIMITES, key=lambda u: _micro(decide(ruled[seen], p[seen], u), gold[seen]))
        joined = _micro(decide(ruled[seen], p[seen], limits), gold[seen])
        alone = _micro(p[seen] >= 0.5, gold[seen])
        tried.append((Validacion(c, limits, len(seen), _micro(ruled[seen], gold[seen]), alone, joined), platt))
        progress("validación", step + 1, len(_CS))
    best, platt = max(tried, key=lambda t: t[0].f1_union)
    return data.fit(gold, best.c, platt.astype(np.float32), best.umbrales, codificador), best


class _Datos:
    """The features of the training agreements, in one sparse matrix: words, rules, embeddings."""

    def __init__(
        self, textos: Sequence[str], reglas: Sequence[set[str]], codificador: Encoder, progress: Progress
    ) -> None:
        self._words, self._rules = [word_features(t) for t in textos], reglas
        batches = []
        for i in range(0, len(textos), 32):
            progress("vectores", i, len(textos))
            batches.append(codificador.encode(textos[i : i + 32], rol="pasaje"))
        progress("vectores", len(textos), len(textos))
        self._vectors = np.concatenate(batches)

    def matrix(self, train: NDArray[np.intp]) -> tuple[Any, list[str], NDArray[np.float64], list[str], Any, float]:
        """Return the matrix of all agreements, its vocabulary and scales taken from the `train` ones."""
        from scipy import sparse

        counts = Counter(f for i in train for f in self._words[i])
        vocabulary = sorted(f for f, n in counts.items() if n >= APARICIONES)
        idf = np.log(len(train) / np.array([counts[f] for f in vocabulary], dtype=float)) + 1
        names = sorted({f for i in train for f in self._rules[i]})
        center = self._vectors[train].mean(axis=0)
        scale = float((self._vectors[train] - center).std())
        words = _indicator(self._words, vocabulary).multiply(idf).tocsr()
        norms = np.sqrt(words.multiply(words).sum(axis=1)).A1
        words = sparse.diags(1 / np.maximum(norms, 1e-9)) @ words * PESO_PALABRAS
        rules = _indicator(self._rules, names) * PESO_REGLAS
        vectors = sparse.csr_matrix((self._vectors - center) / scale * PESO_VECTOR)
        return sparse.hstack([words, rules, vectors]).tocsr(), vocabulary, idf, names, center, scale

    def fit(
        self, gold: NDArray[np.bool_], c: float, platt: NDArray[np.float32], umbrales: Umbrales, codificador: Encoder
    ) -> Clasificador:
        """Return the classifier fitted on every agreement."""
        x, vocabulary, idf, names, center, scale = self.matrix(np.arange(len(gold)))
        models = [_logistic(x, gold[:, k], c) for k in range(len(ACTIVIDADES))]
        weights = np.array([m[0] for m in models], dtype=np.float32)
        a, b = len(vocabulary), len(vocabulary) + len(names)
        return Clasificador(
            {f: (i, float(idf[i])) for i, f in enumerate(vocabulary)}, {f: i for i, f in enumerate(names)},
            weights[:, :a].copy(), weights[:, a:b].copy(), weights[:, b:].copy(), center.astype(np.float32), scale,
            np.array([m[1] for m in models], dtype=np.float32), platt, umbrales, codificador.huella, "",
        )  # fmt: skip


def _indicator(rows: Sequence[set[str]], columns: Sequence[str]) -> Any:
    """Return the sparse 0/1 matrix of which features each row has."""
    from scipy import sparse

    place = {f: i for i, f in enumerate(columns)}
    pairs = [(r, place[f]) for r, row in enumerate(rows) for f in sorted(row) if f in place]
    index = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return sparse.csr_matrix((np.ones(len(pairs)), (index[:, 0], index[:, 1])), shape=(len(rows), len(columns)))


def _logistic(x: Any, y: NDArray[np.bool_], c: float) -> tuple[NDArray[np.float64], float]:
    """Return weights and intercept; a label that all or none have is a constant."""
    from sklearn.linear_model import LogisticRegression

    if y.all() or not y.any():
        return np.zeros(x.shape[1]), 6.0 if y.all() else -6.0
    model = LogisticRegression(C=c, max_iter=3000).fit(x, y)
    return model.coef_[0], float(model.intercept_[0])


def _out_of_fold(data: _Datos, gold: NDArray[np.bool_], groups: NDArray[np.intp], c: float) -> NDArray[np.float64]:
    from sklearn.model_selection import GroupKFold

    scores = np.zeros(gold.shape)
    for train_rows, test_rows in GroupKFold(PLIEGUES).split(groups, groups=groups):
        x = data.matrix(train_rows)[0]
        for k in range(gold.shape[1]):
            weights, intercept = _logistic(x[train_rows], gold[train_rows, k], c)
            scores[test_rows, k] = x[test_rows] @ weights + intercept
    return scores


def _platt(scores: NDArray[np.float64], gold: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (2, 16): slope and intercept of each label's sigmoid, fitted out of fold."""
    fitted = [_logistic(scores[:, [k]], gold[:, k], 1e3) for k in range(gold.shape[1])]
    return np.array([[float(w[0]) for w, _ in fitted], [b for _, b in fitted]])


def _sigmoid(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-scores)))


def _micro(found: NDArray[np.bool_], gold: NDArray[np.bool_]) -> float:
    total = int(found.sum() + gold.sum())
    return float(2 * (found & gold).sum() / total) if total else 1.0
