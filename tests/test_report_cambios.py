import json

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import NoEncontrado
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.pipeline.informe import earlier
from nlp_acuerdos.records import Acuerdo, Origen
from nlp_acuerdos.report import summarise
from nlp_acuerdos.report.cambios import compare
from nlp_acuerdos.report.render import render
from nlp_acuerdos.workspace import Workspace

MAYO = [
    "Colima;Sesionará la mesa el 3 de mayo.;En proceso",
    "Jalisco;Se custodiarán las bodegas.;Planeación",
    "Sonora;Sin nada.;Concluido",
]
JUNIO = [
    "Colima;Sesionará la mesa el 3 de mayo;Concluido",
    "Jalisco;Se custodiarán las bodegas.;Planeación",
    "Puebla;Se patrullarán las rutas.;En proceso",
]


def anything(acuerdo, tags):
    return True


def agreement(id_, entidad, text, estatus=None):
    return Acuerdo(id_, "d", 1, entidad, text, estatus, "", Origen("d.csv"))


@pytest.fixture
def two(tmp_path, stub):
    """A workspace of two editions, each a snapshot."""
    settings = Settings(tmp_path / "e")
    for name, rows in (("mayo", MAYO), ("junio", JUNIO)):
        source = tmp_path / f"{name}.csv"
        source.write_text("Entidad;Acuerdo;Estatus\n" + "".join(f"{r}\n" for r in rows), encoding="utf-8")
        build(settings, read_sources([source]))
    with Workspace.open(settings.espacio) as ws:
        yield ws


def test_ids_match_first_then_words_in_the_same_entity():
    before = [agreement("1", "Colima", "Uno."), agreement("2", "Colima", "Dos."), agreement("3", "Jalisco", "Tres")]
    now = [agreement("9", "COLIMA", "uno"), agreement("2", "Colima", "Dos, bis"), agreement("8", "Colima", "Tres")]
    pairs, new, gone = compare(before, now)
    assert sorted((a.id, b.id) for a, b in pairs) == [("1", "9"), ("2", "2")]
    assert [a.id for a in new] == ["8"] and [a.id for a in gone] == ["3"]


def test_equal_texts_match_one_to_one():
    before, now = (
        [agreement("1", "Colima", "Uno.")],
        [agreement("7", "Colima", "Uno."), agreement("8", "Colima", "Uno.")],
    )
    pairs, new, gone = compare(before, now)
    assert [(a.id, b.id) for a, b in pairs] == [("1", "7")] and [a.id for a in new] == ["8"] and gone == []


def test_against_a_document(two):
    r = summarise(two, anterior=earlier(two, "mayo", anything))
    c = r.cambios
    assert r.total == 3 and (c.antes, c.ahora, c.iguales) == (3, 3, 1)
    assert [e.acuerdo for e in c.nuevos] == ["Se patrullarán las rutas."]
    assert [e.acuerdo for e in c.desaparecidos] == ["Sin nada."]
    assert [(m.ejemplo.entidad, m.estatus_anterior, m.ejemplo.estatus) for m in c.movidos] == [
        ("Colima", "En proceso", "Concluido")
    ]
    assert {x.valor: (x.antes, x.ahora) for x in c.estatus} == {
        "En proceso": (1, 1),
        "Concluido": (1, 1),
        "Planeación": (1, 1),
    }
    themes = {x.valor: (x.antes, x.ahora) for x in c.temas}
    assert themes["Logística y resguardo de documentación"] == (1, 1) and themes[
        "Acompañamiento al personal en campo"
    ] == (0, 1)
    text = render(r, ".html")
    assert "Qué cambió" in text and "el documento «mayo»" in text and "antes: En proceso" in text
    json.dumps(r.as_dict())


def test_against_a_snapshot(two):
    c = summarise(two, anterior=earlier(two, "1", anything)).cambios
    assert c.anterior.startswith("la captura 1, del ") and (c.antes, c.ahora, len(c.nuevos)) == (3, 6, 3)
    assert c.desaparecidos == () and c.movidos == () and c.iguales == 3


def test_what_is_gone_from_the_workspace_is_tagged_for_its_snapshot(two):
    with two.transaction():
        two.remove("mayo")
    c = summarise(two, anterior=earlier(two, "#1", lambda a, t: "custodia" in t.actividades)).cambios
    assert c.antes == 1


def test_filters_apply_to_both_sides(two):
    def colima(a, t):
        return a.entidad == "Colima"

    c = summarise(two, acepta=colima, anterior=earlier(two, "mayo", colima)).cambios
    assert (c.antes, c.ahora, len(c.movidos)) == (1, 1, 1)


@pytest.mark.parametrize(("name", "said"), [("abril", "junio, mayo; capturas: #1, #2"), ("7", "no hay una captura #7")])
def test_what_is_not_there_is_one_line(two, name, said):
    with pytest.raises(NoEncontrado, match=said):
        earlier(two, name, anything)
