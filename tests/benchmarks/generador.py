"""Agreements by the hundred thousand: the composed ones with their slots changed, and vectors that stand for them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

GOLD = Path("data/gold")
STATES = [
    "Jalisco",
    "Puebla",
    "Oaxaca",
    "Sonora",
    "Hidalgo",
    "Veracruz",
    "Chiapas",
    "Nuevo León",
    "Zacatecas",
    "Colima",
]
STATUSES = ["Concluido", "En proceso", "Planeación", ""]
TAILS = [
    "", " Se informará en la siguiente sesión.", " Queda a cargo de la vocalía.", " Lo anterior, en coordinación con el municipio.",
    " Se dará seguimiento semanal.", " Sin costo para el instituto.", " Con apoyo de protección civil.",
]  # fmt: skip


def agreements(n: int, seed: int = 0) -> Iterator[dict[str, str]]:
    """Yield `n` agreements: a composed text with its numbers changed, sometimes a tail, an entity and a status."""
    rng = random.Random(seed)
    texts = [json.loads(line)["acuerdo"] for line in (GOLD / "entrenamiento.jsonl").open(encoding="utf-8")]
    for i in range(n):
        text = re.sub(r"(?<![\d.])\d{1,2}(?![\d.:/])", lambda m: str(rng.randint(1, 30)), rng.choice(texts))
        text = f"{text.rstrip('.')}, distrito {i % 300 + 1:02d}, acuerdo {i}.{rng.choice(TAILS)}"
        yield {"entidad": rng.choice(STATES), "acuerdo": text, "estatus": rng.choice(STATUSES)}


def vectors(n: int, dim: int = 384, seed: int = 0) -> np.ndarray:
    """Return float32 (n, dim) unit vectors in clusters, as near to each other as e5's (cosines about .8)."""
    rng = np.random.default_rng(seed)
    centre = rng.standard_normal(dim)
    heads = rng.standard_normal((max(1, n // 50), dim))
    rows = 3.0 * centre + 1.2 * heads[rng.integers(len(heads), size=n)] + 0.7 * rng.standard_normal((n, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
