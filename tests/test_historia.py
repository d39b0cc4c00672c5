from datetime import date

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.pipeline.decisiones import decide
from nlp_acuerdos.pipeline.historia import Hilos, moved
from nlp_acuerdos.workspace import Workspace

TEXTO = "La GN custodiará las boletas electorales hasta los consejos distritales."


class Lugar:
    """A workspace built again and again from documents of one or more rows."""

    def __init__(self, folder):
        self.folder, self.settings = folder, Settings(folder / "e")

    def build(self, doc, *rows, mes=None):
        path = self.folder / f"{doc}.csv"
        lines = "".join(f'{e},"{t}",{s}\n' for e, t, s in rows)
        path.write_text("Entidad,Acuerdo,Estatus\n" + lines, encoding="utf-8")
        build(self.settings, read_sources([path], fecha_documento=date(2024, mes, 28) if mes else None))

    def open(self):
        return Workspace.open(self.settings.espacio)

    def history(self, doc, n=0):
        with self.open() as ws:
            own = [a for a in ws.agreements() if a.documento == doc][n]
            return Hilos(ws).history(own.id)


@pytest.fixture
def lugar(tmp_path, quick):
    return Lugar(tmp_path)


def brief(history):
    return [(h["documento"], h["captura"], h["estatus"], h["relacion"]) for h in history]


def test_over_snapshots_each_status_is_one_entry(lugar):
    for status in ("Planeación", "Planeación", "En proceso", "Concluido"):
        lugar.build("acta", ("Colima", TEXTO, status))
    lugar.build("otra", ("Sonora", "Remitir el directorio.", ""))
    found = lugar.history("acta")
    assert brief(found) == [
        ("acta", 1, "Planeación", None),
        ("acta", 2, "En proceso", None),
        ("acta", 3, "Concluido", None),
    ]
    assert [h["hasta_captura"] for h in found] == [1, 2, 4]


def test_over_documents_by_their_dates_whatever_was_read_first(lugar):
    lugar.build("mayo", ("Colima", TEXTO, "Concluido"), mes=5)
    lugar.build("marzo", ("Colima", TEXTO, "Planeación"), mes=3)
    lugar.build("abril", ("Colima", TEXTO.upper(), "En proceso"), mes=4)
    expected = [("marzo", 2, "Planeación"), ("abril", 3, "En proceso"), ("mayo", 1, "Concluido")]
    for doc in ("marzo", "abril", "mayo"):
        assert [x[:3] for x in brief(lugar.history(doc))] == expected
        assert [h["relacion"] for h in lugar.history(doc) if h["documento"] == doc] == [None]


def test_copies_of_a_document_are_followed_one_to_one(lugar):
    lugar.build("marzo", ("Colima", TEXTO, "En proceso"), ("Colima", TEXTO, "Concluido"), mes=3)
    lugar.build("abril", ("Colima", TEXTO, "Concluido"), ("Colima", TEXTO, "Concluido"), mes=4)
    histories = [lugar.history("abril", n) for n in (0, 1)]
    assert sorted(h[0]["estatus"] for h in histories) == ["Concluido", "En proceso"]
    assert len({h[0]["id"] for h in histories}) == 2


def test_another_entity_is_another_commitment(lugar):
    lugar.build("marzo", ("Jalisco", TEXTO, "En proceso"), mes=3)
    lugar.build("abril", ("Colima", TEXTO, "Concluido"), mes=4)
    assert len(lugar.history("abril")) == 1


def test_a_rewording_in_place_is_followed_back(lugar):
    lugar.build(
        "acta",
        ("Colima", "La GN custodiará las boletas hasta los consejos.", "Planeación"),
        ("Colima", "Patrullar.", ""),
    )
    lugar.build(
        "acta",
        ("Colima", "La Guardia Nacional custodiará debidamente las boletas hasta los consejos.", "Concluido"),
        ("Colima", "Patrullar.", ""),
    )
    assert brief(lugar.history("acta")) == [("acta", 1, "Planeación", "casi"), ("acta", 2, "Concluido", None)]


def test_decisions_cut_and_join(lugar):
    lugar.build(
        "marzo", ("Colima", TEXTO, "En proceso"), ("Colima", "Remitir el directorio de enlaces.", "Planeación"), mes=3
    )
    lugar.build("abril", ("Colima", TEXTO, "Concluido"), mes=4)
    with lugar.open() as ws:
        own, same, other = (
            next(a.id for a in ws.agreements() if a.documento == d and a.acuerdo == t)
            for d, t in (("abril", TEXTO), ("marzo", TEXTO), ("marzo", "Remitir el directorio de enlaces."))
        )
        decide(ws, own, same, "ninguna", "ana")
        assert [h["id"] for h in Hilos(ws).history(own)] == [own]
        decide(ws, own, other, "casi", "ana")
        assert [h["id"] for h in Hilos(ws).history(own)] == [other, own]


def test_what_no_build_recorded_is_told(lugar):
    lugar.build("acta", ("Colima", TEXTO, "Planeación"))
    with lugar.open() as ws:
        ws._db.execute("UPDATE acuerdos SET estatus='Concluido'")
        found = Hilos(ws).history(ws.agreements()[0].id)
    assert brief(found) == [("acta", 1, "Planeación", None), ("acta", None, "Concluido", None)]


def test_every_commitment_that_moved_is_listed_once(lugar):
    still = ("Sonora", "Remitir el directorio de enlaces.", "En proceso")
    lugar.build("marzo", ("Colima", TEXTO, "Planeación"), still, ("Jalisco", TEXTO, "Concluido"), mes=3)
    lugar.build("abril", ("Colima", TEXTO, "En proceso"), still, ("Jalisco", TEXTO, "En proceso"), mes=4)
    lugar.build("mayo", ("Colima", TEXTO, "Concluido"), still, mes=5)
    with lugar.open() as ws:
        found = moved(ws)
    assert [(c["documento"], c["entidad"], c["movimiento"]) for c in found["compromisos"]] == [
        ("mayo", "Colima", "avanzo"), ("abril", "Jalisco", "retrocedio"),
    ]  # fmt: skip
    assert found["total"] == 2 and [len(c["historia"]) for c in found["compromisos"]] == [3, 2]
