import numpy as np
import pytest

from nlp_acuerdos import index as store
from nlp_acuerdos.finders import conceptos
from nlp_acuerdos.index import IndiceDanado, build, open_index
from nlp_acuerdos.text import stems, tokens

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
    engine = bm25s.BM25(method="lucene", b=0)
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


LARGER = [f"acuerdo {i} de la mesa" for i in range(400)]


@pytest.fixture
def graphed(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "HNSW_DESDE", 100)
    rows = vectors(400, 16)
    build(tmp_path, "h1", [str(i) for i in range(400)], LARGER, rows)
    return tmp_path, rows


def nearest(index, query):
    return int(index.cosines(query).argmax())


def test_a_graph_proposes_what_the_product_finds(graphed):
    folder, rows = graphed
    index = open_index(folder, "h1")
    assert index.grafo is not None and [nearest(index, rows[i]) for i in range(0, 400, 40)] == list(range(0, 400, 40))


def test_a_few_rows_gone_and_come_leave_tombstones(graphed):
    folder, rows = graphed
    kept = np.concatenate((rows[40:], vectors(420, 16)[400:]))[::-1].copy()
    build(folder, "h2", [str(i) for i in range(380)], LARGER[:380], kept)
    index = open_index(folder, "h2")
    graph, places = index.grafo
    assert graph.ntotal == 420 and (places < 0).sum() == 40 and sorted(places[places >= 0]) == list(range(380))
    assert [nearest(index, kept[i]) for i in range(0, 380, 19)] == list(range(0, 380, 19))


def test_past_a_share_of_tombstones_the_graph_is_new(graphed):
    folder, rows = graphed
    build(folder, "h2", [str(i) for i in range(200)], LARGER[:200], rows[:200])
    graph, places = open_index(folder, "h2").grafo
    assert graph.ntotal == 200 and (places >= 0).all()


def test_a_damaged_graph_is_not_carried_on(graphed):
    folder, rows = graphed
    truncate(folder / "h1" / "grafo.faiss")
    build(folder, "h2", [str(i) for i in range(390)], LARGER[:390], rows[:390])
    assert open_index(folder, "h2").grafo[0].ntotal == 390


def test_equal_vectors_keep_a_place_each(graphed):
    folder, rows = graphed
    twice = np.concatenate((rows, rows[:5]))
    build(folder, "h2", [str(i) for i in range(405)], [*LARGER, *LARGER[:5]], twice)
    _, places = open_index(folder, "h2").grafo
    assert sorted(places) == list(range(405))


def test_concepts_are_those_of_each_text(tmp_path):
    texts = [
        "Instalar el CRyT y el centro de recepción y traslado", "simulacro", "", "Ensayo: voto en prisión preventiva",
        "de la", "Centro de\nacopio; recepción, traslado", "policía\u0301 ñandú C5i",
    ]  # fmt: skip
    thesaurus = conceptos.compiled()
    build(tmp_path, "h", [str(i) for i in range(len(texts))], texts, None, thesaurus)
    index = open_index(tmp_path, "h")
    rows, starts = index.conceptos
    found = [[c for c in range(len(starts) - 1) if i in index.concept_rows(c)] for i in range(len(texts))]
    assert found == [thesaurus.find(tokens(t)) for t in texts] and any(found)
