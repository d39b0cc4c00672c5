"""Search beyond the ranking: query syntax, thesaurus, spelling, facets, columns, saved searches, batches, scale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_acuerdos import index as store
from nlp_acuerdos.config import Settings, make_anchor
from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.finders import conceptos
from nlp_acuerdos.finders.conceptos import Tesauro
from nlp_acuerdos.pipeline import build, busquedas, open_searcher, read_sources
from nlp_acuerdos.pipeline.decisiones import fix, read_changes
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, ESTATUS, Acuerdo, Etiquetas, Fecha, Origen
from nlp_acuerdos.search import Filtros, Searcher, columnas
from nlp_acuerdos.search.consulta import read_query, states
from nlp_acuerdos.tagging import tag
from nlp_acuerdos.text import tokens

TEXTS = [
    "La Guardia Nacional custodiará las boletas hasta la bodega.",
    "Se convocará a la Mesa de Seguridad a una reunión el 9 de mayo.",
    "El Ejército vigilará las casillas durante la Jornada Electoral.",
    "Capacitación de la FISEL a la policía municipal.",
    "Los CAE no entrarán a las comunidades con bloqueos.",
    "Rueda de prensa sobre los cómputos distritales.",
]
ENTITIES = ["Puebla", "Oaxaca", "Puebla", "Sonora", "Oaxaca", "Colima"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    agreements = [
        Acuerdo(f"{i:012x}", "d", i, e, t, ESTATUS[i % 3] if i % 4 else None, "", Origen("d", 1, i))
        for i, (t, e) in enumerate(zip(TEXTS, ENTITIES, strict=True))
    ]
    tags = {a.id: tag(a.acuerdo, make_anchor("2023-2024")) for a in agreements}
    folder = tmp_path_factory.mktemp("indice")
    store.build(folder, "x", [a.id for a in agreements], TEXTS, None, conceptos.compiled())
    return agreements, tags, store.open_index(folder, "x")


@pytest.fixture(scope="module")
def searcher(corpus):
    return Searcher.over(*corpus, None)


def found(searcher, query, **options):
    return [h.acuerdo.orden for h in searcher.search(query, **options).hits]


def test_a_query_is_read_once_with_all_it_names():
    q = read_query('soldados en Puebla "mesa de seguridad" +boletas -cómputos el 9 de mayo', conceptos.compiled())
    assert q.entidades == {"Puebla"} and q.con == ("bolet",) and q.sin == ("comput",)
    assert q.frases == (("mes", "de", "segur"),) and q.dias[0] == (date(2024, 5, 9).toordinal(),) * 2
    assert "cómputos" not in q.texto and "boletas" in q.texto


@pytest.mark.parametrize("query", ["", "  ", "-boletas", '-"mesa de seguridad"'])
def test_a_query_that_asks_nothing_is_refused(query):
    with pytest.raises(EntradaInvalida):
        read_query(query, conceptos.compiled())


def test_a_hyphen_inside_is_no_order():
    assert read_query("proceso 2023-2024", conceptos.compiled()).sin == ()


@pytest.mark.parametrize(("query", "name"), [("patrullas en nuevo leon", "Nuevo León"), ("EDOMEX", "México"), ("Guerrero", "Guerrero")])  # fmt: skip
def test_states_are_named_in_any_case(query, name):
    assert name in states(query)


def test_a_demonym_says_the_state_and_a_name_inside_a_name_does_not():
    assert read_query("policía oaxaqueña", conceptos.compiled()).entidades == {"Oaxaca"}
    assert read_query("convoy a Guerrero Negro", conceptos.compiled()).entidades == set()


def test_phrase_must_and_not_are_masks(searcher):
    assert found(searcher, '"mesa de seguridad"') == [1]
    assert 0 not in found(searcher, "seguridad -boletas", k=6)
    assert set(found(searcher, "+casillas vigilancia")) == {2}
    assert found(searcher, '"seguridad de mesa"') == [] and searcher.search('"seguridad de mesa"').sin_coincidencias


def test_the_thesaurus_finds_what_shares_no_word(searcher):
    assert found(searcher, "soldados afuera de los centros de votación", k=1) == [2]
    hit = searcher.search("papeletas", k=1).hits[0]
    assert hit.acuerdo.orden == 0 and "boletas" in hit.afines and "afines: boletas" in hit.motivo


def test_one_way_words_stay_one_way():
    table = Tesauro({"bolet": (0,)}, {"papelet": (0,)}, {})
    assert table.find(["boletas"]) == [0] and table.find(["papeletas"]) == []
    assert table.asked(["papelet"]) == ((0, 1, (0,)),) and table.asked(["bolet"]) == ()
    assert Tesauro.from_json(table.as_json()).asked(["papelet"]) == table.asked(["papelet"])


def test_every_code_of_the_thesaurus_is_known():
    known = {f"@{c}" for c in ACTORES} | {f"#{c}" for c in ACTIVIDADES}
    assert {c for found in conceptos.compiled().codigos.values() for c in found} <= known


def test_a_misspelt_word_is_mended_and_a_known_one_is_not(searcher):
    assert searcher.search("custodia de bolettas").sugerencia == "custodia de boletas"
    assert searcher.search("custodia de boletas").sugerencia is None
    assert searcher.search("xqzt").sugerencia is None


def test_weak_hits_say_so_and_citations_can_be_pasted(searcher):
    result = searcher.search("receta de mole poblano")
    assert result.sin_coincidencias and all(h.debil and h.motivo.startswith("débil") for h in result.hits)
    assert searcher.search("boletas").as_dict()["resultados"][0]["cita"].startswith("«La Guardia Nacional")


def test_facets_count_the_coincidences(searcher):
    facets = searcher.search("seguridad boletas casillas", facetas=True).facetas
    assert facets["entidad"] == {"Puebla": 2, "Oaxaca": 1} and facets["actor"]["GN"] == 1
    assert facets["mes"] == {"2024-05": 1, "2024-06": 1}


FILTERS = st.builds(
    Filtros,
    entidad=st.sets(st.sampled_from(["Puebla", "Oaxaca", "Sonora", "Chiapas"]), max_size=2).map(tuple),
    estatus=st.sets(st.sampled_from([*ESTATUS, "sin_estatus"]), max_size=2).map(tuple),
    actor=st.sets(st.sampled_from(ACTORES), max_size=3).map(tuple),
    actividad=st.sets(st.sampled_from(ACTIVIDADES), max_size=3).map(tuple),
    desde=st.none() | st.dates(date(2024, 4, 1), date(2024, 7, 1)),
    hasta=st.none() | st.dates(date(2024, 4, 1), date(2024, 7, 1)),
)


@settings(max_examples=200, deadline=None)
@given(FILTERS)
def test_columns_filter_as_records_do(corpus, filtros):
    agreements, tags, _ = corpus
    made = columnas.make(agreements, [tags[a.id] for a in agreements])
    assert made.mask(filtros).tolist() == [filtros.accepts(a, tags[a.id]) for a in agreements]


@settings(max_examples=60, deadline=None)
@given(FILTERS, st.sampled_from(["boletas", "reuniones de mayo", "policía", "soldados", "jornada Puebla"]))
def test_a_filtered_search_is_the_full_ranking_filtered(searcher, filtros, consulta):
    whole = searcher.search(consulta, k=6)
    part = searcher.search(consulta, k=6, filtros=filtros)
    expected = [(h.acuerdo.id, h.puntaje) for h in whole.hits if filtros.accepts(h.acuerdo, h.etiquetas)]
    assert [(h.acuerdo.id, h.puntaje) for h in part.hits] == expected and part.total == len(expected)


@pytest.mark.parametrize("harm", [lambda p: p.write_bytes(p.read_bytes()[:200]), lambda p: p.write_bytes(b"no"), lambda p: p.unlink()])  # fmt: skip
def test_damaged_columns_are_made_again(corpus, tmp_path, harm):
    agreements, tags, _ = corpus
    path = tmp_path / "c.npz"
    columnas.save(columnas.make(agreements, [tags[a.id] for a in agreements]), path, "m")
    assert columnas.load(path, "m", 6) is not None
    assert columnas.load(path, "otra", 6) is None and columnas.load(path, "m", 7) is None
    harm(path)
    assert columnas.load(path, "m", 6) is None


def test_dates_without_days_and_odd_years_have_no_column():
    tags = Etiquetas(fechas=(Fecha("x", "DURATION", "P1D", 0, 1), Fecha("x", "TIME", "T07:00", 0, 1)))
    made = columnas.make([Acuerdo("a", "d", 1, "Puebla", "x", None, "", Origen("d"))], [tags])
    assert len(made.fecha_fila) == 0 and made.n == 1


@pytest.fixture
def space(tmp_path):
    rows = "".join(f"{e},{t},Concluido\n" for e, t in zip(ENTITIES, TEXTS, strict=True))
    (tmp_path / "a.csv").write_text("Entidad,Acuerdo,Estatus\n" + rows, encoding="utf-8")
    settings_ = Settings(tmp_path / "e")
    build(settings_, read_sources([tmp_path / "a.csv"], proceso="2023-2024"))
    return settings_, tmp_path


def test_a_correction_reaches_the_columns(space):
    settings_, _ = space
    opened = open_searcher(settings_)
    with opened.workspace:
        before = opened.searcher.search("boletas", filtros=Filtros(actor=("C5",))).total
        id_ = opened.searcher.search("boletas").hits[0].acuerdo.id
        fix(opened.workspace, id_, read_changes(["+C5"], [], []), "Ana")
    again = open_searcher(settings_)
    with again.workspace:
        assert again.searcher.search("boletas", filtros=Filtros(actor=("C5",))).total == before + 1


def test_a_saved_search_tells_what_is_new(space):
    settings_, folder = space
    opened = open_searcher(settings_)
    with opened.workspace:
        assert busquedas.save(opened, "papel", "boletas", {"entidad": ["Puebla"]}) == 1
    (folder / "b.csv").write_text("Entidad,Acuerdo,Estatus\nPuebla,Boletas nuevas.,Concluido\nSonora,Boletas.,\n")
    build(settings_, read_sources([folder / "b.csv"], proceso="2023-2024"))
    again = open_searcher(settings_)
    with again.workspace:
        (saved,) = busquedas.saved(again)
        assert saved.coincidencias == 2 and len(saved.nuevas) == 1
        with pytest.raises(NoEncontrado, match="guardadas"):
            busquedas.saved_search(again, "otra")


def test_batch_and_saved_searches_from_the_command_line(space):
    settings_, folder = space
    env = {**os.environ, "ACUERDOS_ESPACIO": str(settings_.espacio)}
    command = [sys.executable, "-m", "nlp_acuerdos.cli", "search"]

    def run(*args, stdin=""):
        return subprocess.run([*command, *args], input=stdin, env=env, cwd=folder, capture_output=True, text=True)

    lines = run("--archivo", "-", "--formato", "json", stdin="boletas\n\nmole poblano\n").stdout.splitlines()
    assert [json.loads(line)["sin_coincidencias"] for line in lines] == [False, True]
    assert run("boletas", "--guardar", "uno").returncode == 0
    assert json.loads(run("--guardadas", "--formato", "json").stdout)[0]["nombre"] == "uno"
    assert "0 nuevas" in run("--guardada", "uno").stderr
    missing = run()
    assert missing.returncode == 2 and "falta la consulta" in missing.stderr


def test_past_the_limit_a_graph_proposes_and_the_exact_cosine_decides(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "HNSW_DESDE", 500)
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((3000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store.build(tmp_path, "x", [f"{i:05}" for i in range(3000)], ["boletas"] * 3000, vectors)
    index = store.open_index(tmp_path, "x")
    assert index.grafo is not None
    recalled = 0
    for query in vectors[:40]:
        exact = np.argsort(-(vectors @ query))[:10]
        mine = index.cosines(query)
        recalled += len(set(exact) & set(np.argsort(-mine)[:10]))
        assert np.allclose(mine[exact[0]], vectors[exact[0]] @ query)
    assert recalled / 400 >= 0.98


def test_concepts_are_stored_as_they_are_found(corpus):
    _, _, index = corpus
    for row, text in enumerate(TEXTS):
        for concept in conceptos.compiled().find(tokens(text)):
            assert row in index.concept_rows(concept)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(2, 50))
def test_the_best_of_many_are_the_best_of_all(seed, k, kinds):
    """Scores with many ties, more rows than are sorted at once: the same as sorting everything."""
    n = 5000
    rng = np.random.default_rng(seed)
    scores = (rng.integers(kinds, size=n) / kinds).astype(np.float32)
    mask = rng.random(n) < 0.8
    ids = tuple(f"{i:012x}" for i in rng.permutation(n))
    searcher = Searcher.__new__(Searcher)
    searcher._index = store.Index(ids, None, None, "x")
    rows = np.flatnonzero(mask)
    expected = sorted(rows.tolist(), key=lambda r: (-round(float(scores[r]), 6), ids[r]))[:k]
    assert searcher._best(scores, mask, k) == expected
