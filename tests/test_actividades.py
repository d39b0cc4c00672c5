import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_acuerdos.finders.actividades import find, names
from nlp_acuerdos.records import ACTIVIDADES

CASES = [
    ("La GN custodiará las boletas hasta la bodega distrital.", "custodia"),
    ("Apoyo del Ejército en la recepción de las listas nominales.", "custodia"),
    ("Se requiere traslado marítimo para las casillas de la isla.", "custodia"),
    ("Vigilar los CRyT fijos e itinerantes.", "cryt"),
    ("Remitir archivo con los mecanismos de recolección.", "cryt informacion"),
    ("Se convocará a una sesión de la Mesa.", "reunion"),
    ("La policía impedirá el paso a personas armadas.", "riesgo"),
    ("Estudio de riesgos para la Jornada Electoral.", "jornada riesgo"),
    ("Se realizará un simulacro del PREP el domingo.", "jornada"),
    ("Resguardo de los cómputos distritales.", "computos"),
    ("Instalar cámaras en el Centro de Control, Comando, Comunicaciones y Cómputo.", "enlace"),
    ("Protección a la candidata a la gubernatura.", "candidaturas"),
    ("Los CAE y las SE se identificarán con chaleco.", "campo"),
    ("Instalar un retén y hacer rondines.", "patrullaje"),
    ("Se instalará una BOM en la sierra.", "patrullaje"),
    ("La FISEL impartirá un curso a policías municipales.", "capacitacion"),
    ("Crear un grupo de WhatsApp con los mandos.", "enlace"),
    ("Conferencia de prensa sobre las medidas.", "difusion"),
    ("Seguridad perimetral en el debate de candidatos a la gubernatura.", "candidaturas evento"),
    ("Apoyo para la VPPP en el CERESO.", "penitenciario"),
    ("Dar seguimiento a los temas pendientes.", "seguimiento"),
    ("Atender cualquier solicitud.", "seguimiento"),
    ("No hubo acuerdos.", ""),
    ("", ""),
]


@pytest.mark.parametrize(("texto", "codigos"), CASES, ids=[t[:30] for t, _ in CASES])
def test_codes(texto, codigos):
    assert {e.etiqueta for e in find(texto)} == set(codigos.split())


@pytest.mark.parametrize("texto", ["mesa directiva de casilla", "el Vocal de Capacitación Electoral"])
def test_names_that_hold_an_activity_are_none(texto):
    assert {e.etiqueta for e in find(texto)} <= {"seguimiento"}


def test_queries_get_no_fallback():
    assert find("receta de mole poblano", respaldo=False) == []


def test_every_code_can_be_named():
    assert set(names().values()) == set(ACTIVIDADES)


@given(st.text(max_size=300))
def test_never_raises_and_spans_slice_to_their_text(texto):
    for e in find(texto):
        assert texto[e.inicio : e.fin] == e.texto and e.etiqueta in ACTIVIDADES
    assert find(texto) == find(texto)


@given(st.text(alphabet="abcdefgh .;custodia boletas reunión", max_size=200))
def test_follow_up_stands_alone(texto):
    codes = {e.etiqueta for e in find(texto)}
    assert "seguimiento" not in codes or codes == {"seguimiento"}
