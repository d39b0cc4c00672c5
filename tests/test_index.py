import numpy as np
import pytest

from nlp_acuerdos.index import BM25_B, IndiceDanado, build, open_index
from nlp_acuerdos.text import stems

TEXTS = ["custodia de boletas", "reunión de trabajo", "custodia y escolta de paquetes", ""]
IDS = ["a", "b", "c", "d"]


def vectors(n=4, dim=8):
    rows = np.random.default_rng(0).normal(size=(n, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def folder(tmp_path):
    build(tmp_path, "huella", IDS, TEXTS, vectors())
    return tmp_path


def test_words_score_in_the_unit_interval_and_rank_the_match_first(folder):
    scores = open_index(folder, "huella").words.scores(stems("custodia de boletas"))
    assert scores.argmax() == 0 and scores[1] == scores[3] == 0
    assert scores.min() >= 0 and scores.max() <= 1 + 1e-6


def test_words_agree_with_bm25s(folder):
    import bm25s

    documents = [stems(t) for t in TEXTS]
    engine = bm25s.BM25(method="lucene", b=BM25_B)
    engine.index(documents, show_progress=False)
    query = stems("custodia de paquetes")
    ours = open_index(folder, "huella").words.scores(query)
    theirs = engine.get_scores(query)
    assert np.allclose(ours / ours.max(), theirs / theirs.max(), atol=1e-5)


def test_an_unknown_stem_lowers_the_score(folder):
    words = open_index(folder, "huella").words
    assert words.scores(stems("custodia mole")).max() < words.scores(stems("custodia")).max()


def test_vectors_come_back_exactly(folder):
    index = open_index(folder, "huella")
    assert np.array_equal(index.vectors, vectors())
    assert np.allclose(index.cosines(vectors()[2]), vectors() @ vectors()[2])


def test_without_vectors_words_alone(tmp_path):
    build(tmp_path, "h", IDS, TEXTS, None)
    assert open_index(tmp_path, "h").vectors is None


def test_empty_corpus(tmp_path):
    build(tmp_path, "h", [], [], None)
    assert open_index(tmp_path, "h").words.scores(["x"]).shape == (0,)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-5])


@pytest.mark.parametrize(
    "name", ["vectores.npy", "datos.npy", "filas.npy", "inicios.npy", "vocabulario.json", "ids.json", "manifest.json"]
)
@pytest.mark.parametrize(
    "harm", [truncate, lambda p: p.unlink(), lambda p: p.write_bytes(b"x" * 40)], ids=["truncated", "gone", "swapped"]
)
def test_damage_is_noticed_and_mended(folder, name, harm):
    harm(folder / "huella" / name)
    with pytest.raises(IndiceDanado):
        open_index(folder, "huella")
    build(folder, "huella", IDS, TEXTS, vectors())
    assert open_index(folder, "huella").ids == tuple(IDS)


def test_another_fingerprint_is_not_served_and_older_ones_go(folder):
    with pytest.raises(IndiceDanado):
        open_index(folder, "otra")
    build(folder, "otra", IDS, TEXTS, None)
    assert [p.name for p in folder.iterdir()] == ["otra"]
