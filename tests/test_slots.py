import pytest

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.finders import actores
from nlp_acuerdos.finders.slots import TIPOS, find, mask

ANCLA = make_anchor("2023-2024")


def read(texto):
    spans = [(e.inicio, e.fin) for e in actores.find(texto)]
    return find(texto, ANCLA, instituciones=spans)


@pytest.mark.parametrize(
    ("texto", "esperadas"),
    [
        ("Próxima reunión el 02 de mayo 2024.", [("fecha", "2024-05-02")]),
        ("Vigilancia el 08/05/2024.", [("fecha", "2024-05-08")]),
        ("Presencia de 200 elementos.", [("numero", "200")]),
        ("Presencia de 1,200 elementos.", [("numero", "1200")]),
        ("Traslado a los ocho distritos.", [("numero", "8")]),
        ("Apoyo vial al 100% de las rutas.", [("numero", "100%")]),
        ("Segunda sesión de trabajo.", [("numero", "2º")]),
        ("Actividades en la ZORE 22.", [("numero", "22")]),
        ("Rutas de los distritos electorales 09,13 y 14.", [("distrito", "09, 13, 14")]),
        ("Recorrido en el distrito electoral IV.", [("distrito", "04")]),
        ("Casillas de la sección 1234.", [("distrito", "seccion 1234")]),
        ("Patrullajes en el municipio de Aramberri.", [("lugar", "aramberri")]),
        ("Patrullajes en Reynosa.", [("lugar", "reynosa")]),
        ("Vigilancia en el estado de Sonora.", [("lugar", "sonora")]),
        ("Bloqueo en el km 188.", [("lugar", "km 188")]),
        ("Vigilancia en la colonia Centro.", [("lugar", "centro")]),
        ("La 48 zona militar apoyará.", []),
        ("Remitir el directorio de enlaces.", []),
        ("Entrega a las Mesas Directivas de Casilla.", []),
        ("", []),
    ],
    ids=lambda v: v[:28] if isinstance(v, str) else None,
)
def test_closed_list_of_slots(texto, esperadas):
    assert [(s.tipo, s.valor) for s in read(texto)] == esperadas


@pytest.mark.parametrize(
    ("uno", "otro"),
    [
        ("el 9 de mayo de 2024", "el 09/05/2024"),
        ("en el municipio de Reynosa", "en Reynosa"),
        ("con ocho unidades", "con 8 unidades"),
        ("los distritos 1 y 4", "los distritos 01 y 04"),
    ],
)
def test_equal_slots_have_equal_values(uno, otro):
    assert [(s.tipo, s.valor) for s in read(uno)] == [(s.tipo, s.valor) for s in read(otro)]


def test_district_keeps_its_head_towns():
    left, right = read("Rutas del distrito 02 de Reynosa."), read("Rutas del distrito 02 de Matamoros.")
    assert {s.valor for s in left} != {s.valor for s in right}


def test_mask_puts_the_type_in_the_place_of_the_slot():
    texto = "Reunión en el municipio de Galeana con 20 elementos."
    assert mask(texto, read(texto)) == "Reunión en el <lugar> con <numero> elementos."


def test_slots_are_ordered_apart_and_inside_the_text(anexo_textos):
    for texto in anexo_textos:
        found = read(texto)
        assert all(s.tipo in TIPOS and 0 <= s.inicio < s.fin <= len(texto) and s.valor for s in found)
        assert all(a.fin <= b.inicio for a, b in zip(found, found[1:], strict=False))


@pytest.fixture(scope="module")
def anexo_textos():
    from nlp_acuerdos.catalogues import data_file
    from nlp_acuerdos.ingest import read as ingest

    return [a.acuerdo for a in ingest(data_file("anexo1_sexto_informe.txt")).acuerdos]


@pytest.mark.parametrize("texto", ["\x00", "n\u0303 12 \u202e", "²³ ½ ٣٤", "ﬁ 3 de mayo", "Ⅳ distrito Ⅳ", "🗳️ 9 İ"])
def test_any_unicode_is_read(texto):
    assert all(0 <= s.inicio < s.fin <= len(texto) for s in find(texto, ANCLA))
