import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.dedup import profile
from nlp_acuerdos.dedup.marcas import mark
from nlp_acuerdos.records import Acuerdo, Origen

ANCLA = make_anchor("2023-2024")


def marked(uno, otro):
    a, b = (
        profile(Acuerdo(i, "d", 1, "Colima", t, None, "", Origen("d")), ANCLA) for i, t in (("a", uno), ("b", otro))
    )
    return mark(uno, a, otro, b)


CASOS = {
    "fecha": ("Reunión el 2 de mayo de 2024.", "Reunión el 9 de mayo de 2024.", ("2 de mayo de 2024", "fecha"), ("9 de mayo de 2024", "fecha")),
    "numero": ("Se entregarán 30 boletas.", "Se entregarán 45 boletas.", ("30", "numero"), ("45", "numero")),
    "institucion": ("La GN custodiará las actas.", "La SEDENA custodiará las actas.", ("GN", "institucion"), ("SEDENA", "institucion")),
    "lugar": ("Patrullaje en Monterrey.", "Patrullaje en Torreón.", ("Monterrey", "lugar"), ("Torreón", "lugar")),
    "negacion": ("No se instalarán filtros.", "Se instalarán filtros.", ("No", "negacion"), None),
    "palabras": ("Remitir el directorio.", "Remitir el directorio actualizado.", None, ("actualizado", "palabras")),
    "sinonimo": ("La GN pide el listado.", "La GN solicita el listado.", ("pide", "forma"), ("solicita", "forma")),
}  # fmt: skip


@pytest.mark.parametrize(("uno", "otro", "izq", "der"), CASOS.values(), ids=CASOS)
def test_differences_are_marked_by_type(uno, otro, izq, der):
    for tramos, texto, wanted in zip(marked(uno, otro), (uno, otro), (izq, der), strict=True):
        assert "".join(t.texto for t in tramos) == texto
        found = [(t.texto, t.tipo) for t in tramos if t.tipo]
        assert found == ([wanted] if wanted else [])


def test_small_words_go_with_the_words_they_stand_among():
    _, right = marked("Se dará seguimiento.", "Se dará seguimiento con apoyo de la policía en las calles del centro.")
    assert [(t.texto, t.tipo) for t in right if t.tipo] == [
        ("con apoyo de la policía en las calles del centro", "palabras")
    ]


texto = st.text(st.sampled_from("abñ 2.,\n\u202e«»GNel mayo🗳"), max_size=60)


@settings(max_examples=80, deadline=None)
@given(texto, texto)
def test_stretches_joined_are_the_text(uno, otro):
    for tramos, whole in zip(marked(uno, otro), (uno, otro), strict=True):
        assert "".join(t.texto for t in tramos) == whole


def test_equal_texts_have_no_mark():
    for tramos in marked("Reunión el 2 de mayo.", "REUNIÓN el 2 de mayo"):
        assert [t.tipo for t in tramos] == [None]
