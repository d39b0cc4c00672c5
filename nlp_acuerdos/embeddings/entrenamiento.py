"""Training of the search head, with torch, over frozen vectors.

Contrastive cross-entropy over all the passages (InfoNCE: van den Oord, Li and Vinyals 2018) with one more choice, "none
of them", at a learnt cosine: queries without an answer have it as theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlp_acuerdos.embeddings import Vectores
from nlp_acuerdos.embeddings.cabeza import Cabeza

Progreso = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Ajustes:
    """How the head is trained; chosen on the development half of `data/gold/queries.jsonl` (nDCG of the vectors alone)."""

    epocas: int = 20
    lote: int = 128
    paso: float = 1e-3
    temperatura: float = 0.05
    # Weight of the squared maps: keeps them near doing nothing.
    freno: float = 0.01
    # Passages this near to a query's own (cosine of the encoder) may answer it too: they are no wrong answer.
    gemelos: float = 0.93
    semilla: int = 0


@dataclass(frozen=True, eq=False)
class Pares:
    """Vectors of queries (n, dim), of passages (m, dim), the passage of each query, and queries with no answer (k, dim)."""

    consultas: Vectores
    pasajes: Vectores
    respuesta: Sequence[int]
    sin_respuesta: Vectores


def train(
    pares: Pares, codificador: str, ajustes: Ajustes | None = None, progreso: Progreso = lambda hechas, total: None
) -> tuple[Cabeza, float]:
    """Return the head and the learnt cosine of "none of them"."""
    import torch

    a = ajustes or Ajustes()
    torch.manual_seed(a.semilla)
    learnt = _Aprendiz(torch, pares, a)
    asked = torch.from_numpy(np.concatenate([pares.consultas, pares.sin_respuesta]))
    none = np.full(len(pares.sin_respuesta), len(pares.pasajes))
    answer = torch.from_numpy(np.concatenate([np.asarray(pares.respuesta, dtype=np.int64), none]))
    for epoch in range(a.epocas):
        for part in torch.randperm(len(asked)).split(a.lote):
            learnt.step(asked[part], answer[part])
        progreso(epoch + 1, a.epocas)
    return learnt.head(codificador)


class _Aprendiz:
    """The maps being learnt, and one step of learning."""

    def __init__(self, torch: Any, pares: Pares, a: Ajustes) -> None:
        self._torch, self._a = torch, a
        dim = pares.pasajes.shape[1]
        self._maps = [torch.zeros(shape, requires_grad=True) for shape in ((dim, dim), (dim,), (dim, dim), (dim,))]
        self._none = torch.tensor(0.3, requires_grad=True)
        self._optimiser = torch.optim.AdamW([*self._maps, self._none], lr=a.paso, weight_decay=0)
        self._passages = torch.from_numpy(pares.pasajes)
        twins = self._passages @ self._passages.T > a.gemelos
        twins.fill_diagonal_(False)
        self._twins = torch.cat([twins, torch.zeros(1, len(twins), dtype=torch.bool)])  # the last row: no answer

    def step(self, asked: Any, answer: Any) -> None:
        """Learn from queries (b, dim) and the number of each one's passage (the number of passages: none)."""
        normalise, a = self._torch.nn.functional.normalize, self._a
        query, query_offset, passage, passage_offset = self._maps
        left = normalise(asked + asked @ query + query_offset, dim=1)
        right = normalise(self._passages + self._passages @ passage + passage_offset, dim=1)
        scores = (left @ right.T).masked_fill(self._twins[answer], -1e4)
        scores = self._torch.cat([scores, self._none.expand(len(asked), 1)], 1) / a.temperatura
        brake = a.freno * ((query**2).sum() + (passage**2).sum())
        loss = self._torch.nn.functional.cross_entropy(scores, answer) + brake
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()

    def head(self, codificador: str) -> tuple[Cabeza, float]:
        """Return what was learnt."""
        arrays = [m.detach().numpy() for m in self._maps]
        return Cabeza(codificador, *arrays), float(self._none.detach())
