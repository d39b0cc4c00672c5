import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.pipeline import open_searcher
from nlp_acuerdos.search import Filtros, query_codes, resolve_filters

ENTIDADES = ["Coahuila de Zaragoza", "Guerrero", "Tamaulipas", "Ciudad de México", "Zacatecas"]


@pytest.fixture(scope="module")
def searcher(built):
    return open_searcher(built).searcher


def rows(found):
    return [h.acuerdo.orden for h in found.hits]


def test_custody_of_ballots_finds_coahuila_then_guerrero(searcher):
    assert rows(searcher.search("custodia de boletas"))[:2] == [40, 55]


@pytest.mark.parametrize("consulta", ["reuniones oaxaqueñas", "reuniones en Oaxaca", "reunión en tuxtepec"])
def test_places_of_the_query_put_their_state_first(searcher, consulta):
    assert {h.acuerdo.entidad for h in searcher.search(consulta, k=4).hits} == {"Oaxaca"}


def test_a_hit_says_why(searcher):
    hit = searcher.search("custodia de boletas").hits[0]
    assert "custodia" in hit.palabras and ("actividades", "custodia") in hit.codigos
    assert {m.motor for m in hit.motores} == {"semantica", "lexica", "tesauro", "etiquetas"}
    assert hit.puntaje == pytest.approx(sum(m.aporte for m in hit.motores))
    start, end = hit.pasaje
    assert "boletas" in hit.acuerdo.acuerdo[start:end]
    assert hit.motivo.startswith("palabras: ")


def test_json_follows_the_contract(searcher):
    data = searcher.search("reunión", k=1).as_dict()
    assert list(data) == [
        "consulta", "total", "coincidencias", "sin_coincidencias", "sugerencia", "facetas", "resultados",
    ]  # fmt: skip
    assert list(data["resultados"][0]) == [
        "id", "puntaje", "entidad", "acuerdo", "estatus", "actores", "responsables", "actividades", "fechas", "origen", "motivo", "cita",
    ]  # fmt: skip
    assert list(data["resultados"][0]["motivo"]) == ["texto", "palabras", "etiquetas", "motores", "pasaje"]


@pytest.mark.parametrize("modo", ["hibrida", "semantica", "lexica"])
def test_scores_are_in_the_unit_interval_and_sorted(searcher, modo):
    hits = searcher.search("seguridad de candidatas", k=115, modo=modo).hits
    scores = [h.puntaje for h in hits]
    assert len(hits) == 115 and all(0 <= s <= 1 for s in scores)
    keys = [(-round(h.puntaje, 6), h.acuerdo.id) for h in hits]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("consulta", "nothing"),
    [
        ("receta de mole poblano", True),
        ("custodia de boletas", False),
        ("mecanismos de recolección", False),
        ("grupo de WhatsApp", False),
        ("Marina", False),
        ("Ejército en Guerrero", False),
        ("CRyT", False),
        ("lanchas para traslado marítimo", True),
        ("xqzt wvvk", True),
    ],
)
def test_nothing_found_is_an_answer(searcher, consulta, nothing):
    assert searcher.search(consulta).sin_coincidencias is nothing


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["custodia de boletas", "reuniones", "GN", "riesgo"]),
    st.sets(st.sampled_from(ENTIDADES), min_size=1),
)
def test_a_filter_is_a_mask_over_the_same_ranking(searcher, consulta, entidades):
    whole = searcher.search(consulta, k=115)
    part = searcher.search(consulta, k=115, filtros=Filtros(entidad=tuple(entidades)))
    expected = [(h.acuerdo.id, h.puntaje) for h in whole.hits if h.acuerdo.entidad in entidades]
    assert [(h.acuerdo.id, h.puntaje) for h in part.hits] == expected
    assert part.total == len(expected)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"entidad": ["coahuila"]}, 5),
        ({"entidad": ["CDMX"]}, 17),
        ({"estatus": ["EN PROCESO"]}, 63),
        ({"estatus": ["sin_estatus"]}, 4),
        ({"estatus": ["concluido", "planeacion"]}, 48),
        ({"actor": ["Guardia Nacional"], "entidad": ["Puebla"]}, 2),
        ({"actividad": ["prensa"]}, 2),
        ({"desde": "2024-05-16", "hasta": "2024-05-16", "entidad": ["Oaxaca"]}, 1),
    ],
    ids=str,
)
def test_filters_count_exactly(searcher, options, expected):
    assert searcher.search("x", filtros=resolve_filters(**options)).total == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"entidad": ["Atlántida"]}, "entidad desconocida"),
        ({"estatus": ["quizá"]}, "estatus desconocido"),
        ({"actor": ["nadie"]}, "actor desconocido"),
        ({"actividad": ["nadar"]}, "actividad desconocido"),
        ({"desde": "31/12"}, "AAAA-MM-DD"),
    ],
    ids=["entidad", "estatus", "actor", "actividad", "fecha"],
)
def test_unknown_filter_values_are_said(options, said):
    with pytest.raises(EntradaInvalida, match=said):
        resolve_filters(**options)


@pytest.mark.parametrize("consulta", ["", "   ", "\u200b"])
def test_empty_query(searcher, consulta):
    with pytest.raises(EntradaInvalida, match="vacía"):
        searcher.search(consulta)


def test_unknown_mode(searcher):
    with pytest.raises(EntradaInvalida, match="modo desconocido"):
        searcher.search("x", modo="magia")


def test_queries_name_tags_through_the_catalogues():
    assert ("actores", "SEDENA") in query_codes("Ejército en Guerrero")
    assert ("actividades", "cryt") in query_codes("CRyT")


def test_similar_leaves_itself_out_and_finds_the_copy(searcher):
    first = next(
        h.acuerdo for h in searcher.search("acompañamiento de camiones Puebla", k=20).hits if h.acuerdo.orden == 79
    )
    near = searcher.similar(first.id, k=3)
    assert near[0][0].orden == 80 and near[0][1] == pytest.approx(1, abs=1e-4)
    with pytest.raises(NoEncontrado, match="no hay un acuerdo"):
        searcher.similar("0" * 12)
