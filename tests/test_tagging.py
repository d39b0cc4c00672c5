import json

import pytest
import spacy

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.tagging import fingerprint, tag
from nlp_acuerdos.tagging.components import make_nlp, tag_all
from nlp_acuerdos.tagging.stream import tag_lines

TEXT = "La GN custodiará las boletas el 9 de mayo de 2024."
ANCHOR = make_anchor("2023-2024")


@pytest.fixture(scope="module")
def nlp():
    return make_nlp()


def test_tag_joins_the_finders():
    tags = tag(TEXT, ANCHOR)
    assert tags.actores == tags.responsables == ("GN",)
    assert tags.actividades == ("custodia",)
    assert [(f.texto, f.tipo, f.valor) for f in tags.fechas] == [("9 de mayo de 2024", "DATE", "2024-05-09")]
    assert all(TEXT[e.inicio : e.fin] == e.texto for e in tags.evidencia)


def test_the_component_gives_the_same_as_the_function(nlp):
    doc = nlp(TEXT)
    assert doc._.etiquetas == tag(TEXT, ANCHOR)
    assert [(s.label_, s.text) for s in doc.spans["fechas"]] == [("DATE", "9 de mayo de 2024")]
    assert {s.label_ for s in doc.spans["actores"]} == {"GN"}


@pytest.mark.parametrize(
    "name", ["acuerdos_actores", "acuerdos_responsables", "acuerdos_actividades", "acuerdos_fechas"]
)
def test_each_component_is_registered_and_fills_its_group(name):
    nlp = spacy.blank("es")
    nlp.add_pipe(name)
    doc = nlp(TEXT)
    assert len(doc.spans[name.removeprefix("acuerdos_")]) >= 1


def test_factories_are_found_through_their_entry_points():
    from importlib.metadata import entry_points

    names = {e.name for e in entry_points(group="spacy_factories") if e.value.startswith("nlp_acuerdos")}
    assert names == {
        "acuerdos_etiquetas",
        "acuerdos_actores",
        "acuerdos_responsables",
        "acuerdos_actividades",
        "acuerdos_fechas",
    }


def test_anchor_goes_with_the_document(nlp):
    text = "Sobre la Jornada Electoral."
    items = [(text, make_anchor(p)) for p in ("2017-2018", "2020-2021", "2024-2025")]
    assert [t.fechas[0].valor for t in tag_all(items, nlp)] == ["2018-07-01", "2021-06-06", "2025-06-01"]


def test_batches_and_order_change_nothing(nlp):
    texts = [TEXT, "Reunión con el INE.", ""] * 20
    together = list(tag_all([(t, ANCHOR) for t in texts], nlp))
    assert together == [tag(t, ANCHOR) for t in texts]


def test_fingerprint_follows_text_and_anchor():
    marks = {fingerprint(TEXT, ANCHOR), fingerprint(TEXT + ".", ANCHOR), fingerprint(TEXT, make_anchor("2020-2021"))}
    assert len(marks) == 3


def lines(*records):
    return [json.dumps(r).encode() + b"\n" if not isinstance(r, bytes) else r for r in records]


def test_stream_gives_ids_and_the_contract(nlp):
    found = list(tag_lines(lines({"acuerdo": TEXT}, b"\n", {"acuerdo": "Hola.", "id": "x"})))
    assert [r["id"] for r in found] == ["1", "x"]
    assert list(found[0]) == ["id", "actores", "responsables", "actividades", "fechas", "evidencia"]
    assert found[0]["fechas"] == [
        {"texto": "9 de mayo de 2024", "tipo": "DATE", "valor": "2024-05-09", "inicio": 32, "fin": 49}
    ]


def test_stream_takes_the_anchor_of_each_line():
    (found,) = tag_lines(lines({"acuerdo": "Jornada Electoral", "proceso": "2017-2018"}))
    assert found["fechas"][0]["valor"] == "2018-07-01"


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b'{"acuerdo": 3}',
        b'{"texto": "x"}',
        b"\xff\xfe",
        b'{"acuerdo": "x", "fecha_documento": "ayer"}',
        b'{"acuerdo": "x", "proceso": "1999"}',
    ],
    ids=["json", "list", "number", "key", "bytes", "date", "process"],
)
def test_a_bad_line_is_said_and_earlier_ones_stand(bad):
    stream = tag_lines(lines({"acuerdo": TEXT}, bad, {"acuerdo": TEXT}))
    assert next(stream)["id"] == "1"
    with pytest.raises(EntradaInvalida) as caught:
        next(stream)
    assert "\n" not in str(caught.value)
