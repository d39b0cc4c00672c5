import pytest

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.finders.lugares import entidades
from nlp_acuerdos.finders.sitios import sitios


@pytest.mark.parametrize(
    ("consulta", "states"),
    [
        ("la policía michoacana", {"Michoacán de Ocampo"}),
        ("candidatas OAXAQUEÑAS", {"Oaxaca"}),
        ("acopio tabasqueno", {"Tabasco"}),
        ("actas que pide el IMPEPAC", {"Morelos"}),
        ("casillas en tlapa de comonfort", {"Guerrero"}),
        ("bloqueo en la Mixteca", {"Oaxaca", "Puebla"}),
        ("bodega de San Luis Río Colorado", {"Sonora"}),
        ("convoy a Guerrero Negro", {"Baja California Sur"}),
        ("escoltas en La Paz", {"Baja California Sur"}),
    ],
)
def test_places_say_their_states(consulta, states):
    assert set().union(*(site.entidades for site in sitios(consulta))) == states


@pytest.mark.parametrize(
    "consulta", ["elecciones libres", "mesa de la Paz", "reforma electoral", "el progreso", "centro", ""]
)
def test_words_that_are_also_places_need_more(consulta):
    assert sitios(consulta) == ()


def test_every_state_has_its_places_and_no_other():
    data = load("lugares")["estados"]
    assert set(data) == set(entidades())
    assert all(entry["gentilicios"] and entry["lugares"] for entry in data.values())
