import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from nlp_acuerdos.errors import EspacioInvalido, NoEncontrado
from nlp_acuerdos.records import (
    Acuerdo,
    Aviso,
    Documento,
    Etiquetas,
    Evidencia,
    Fecha,
    Grupo,
    Lectura,
    Miembro,
    Origen,
    Relacion,
    make_id,
)
from nlp_acuerdos.workspace import ARCHIVO, Workspace


def reading(texts, key="doc", estatus="En proceso"):
    acuerdos = tuple(
        Acuerdo(make_id(key, "Colima", t, 1), key, n, "Colima", t, estatus, estatus, Origen(f"{key}.txt", 1, n))
        for n, t in enumerate(texts, 1)
    )
    doc = Documento(key, f"{key}.txt", "0" * 64, "", "2023-2024", date(2024, 6, 2))
    avisos = (Aviso("estatus_faltante", acuerdos[0].id, "d", "s"),) if acuerdos else ()
    return Lectura(doc, acuerdos, avisos, (), len(acuerdos))


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "e", create=True) as workspace:
        yield workspace


def save(ws, lectura):
    with ws.transaction():
        ws.save(lectura)


def test_agreements_come_back_as_stored(ws):
    lectura = reading(["Uno.", "Dos."])
    save(ws, lectura)
    assert ws.agreements() == list(lectura.acuerdos)
    assert ws.avisos() == list(lectura.avisos)
    assert ws.documents() == {"doc": lectura.documento}


def test_a_new_version_of_a_document_replaces_it_and_leaves_others(ws):
    save(ws, reading(["Uno.", "Dos."]))
    save(ws, reading(["Otro."], key="otro"))
    save(ws, reading(["Dos.", "Tres."], estatus="Concluido"))
    assert [(a.acuerdo, a.estatus) for a in ws.agreements()] == [
        ("Dos.", "Concluido"),
        ("Tres.", "Concluido"),
        ("Otro.", "En proceso"),
    ]


def test_tags_relations_groups_and_decisions_come_back(ws):
    lectura = reading(["Uno.", "Dos."])
    a, b = sorted(x.id for x in lectura.acuerdos)
    save(ws, lectura)
    tags = Etiquetas.from_evidence(
        [Evidencia("actores", "GN", "r", 0, 3, "Uno")], [Fecha("hoy", "DATE", "2024-05-01", 0, 3, "r")]
    )
    relation = Relacion(a, b, "casi", 0.9)
    group = Grupo("g", "copias", a, (Miembro(a, "exacto", 1.0), Miembro(b, "casi", 0.9)), (a, b))
    with ws.transaction():
        ws.save_tags([(a, "huella", tags)])
        ws.save_relations([relation], [group])
        ws.decide(b, a, "ninguna", "ana")
    assert ws.tags() == {a: tags} and ws.tag_fingerprints() == {a: "huella"}
    assert ws.relations() == [relation] and ws.groups() == [group]
    assert ws.decisions() == {(a, b): "ninguna"}


def test_decisions_outlive_the_agreements_they_are_about(ws):
    save(ws, reading(["Uno.", "Dos."]))
    ids = [a.id for a in ws.agreements()]
    with ws.transaction():
        ws.decide(*ids, "casi", "")
        ws.remove("doc")
    assert len(ws.decisions()) == 1 and ws.count() == 0


def test_undoing_what_was_not_decided_is_said(ws):
    with pytest.raises(NoEncontrado, match="nada que deshacer"), ws.transaction():
        ws.undo_decision("a", "b")


def test_a_failed_transaction_leaves_nothing(ws):
    with pytest.raises(ZeroDivisionError), ws.transaction():
        ws.save(reading(["Uno."]))
        _ = 1 / 0
    assert ws.count() == 0


def test_snapshots_are_numbered_and_only_taken_when_something_changed(ws):
    save(ws, reading(["Uno."]))
    numbers = []
    for texts in (["Uno."], ["Uno."], ["Dos."]):
        with ws.transaction():
            ws.save(reading(texts))
            numbers.append(ws.snapshot())
    assert numbers == [1, 1, 2]


def test_vectors_are_kept_by_model_and_text(ws):
    with ws.transaction():
        ws.save_vectors("m1", {"t1": b"1234"})
    assert ws.vectors("m1", ["t1", "t2"]) == {"t1": b"1234"} and ws.vectors("m2", ["t1"]) == {}


def test_unknown_id_and_document(ws):
    with pytest.raises(NoEncontrado, match="no hay un acuerdo"):
        ws.agreement("0" * 12)
    with pytest.raises(NoEncontrado, match="no hay un documento"), ws.transaction():
        ws.remove("nada")


def test_missing_workspace(tmp_path):
    with pytest.raises(EspacioInvalido, match="acuerdos build"):
        Workspace.open(tmp_path / "nada")


@pytest.mark.parametrize(
    "content", [b"no soy una base de datos" * 50, b"SQLite format 3\x00" + b"\xff" * 4000], ids=["text", "broken"]
)
def test_damaged_workspace(tmp_path, content):
    (tmp_path / ARCHIVO).write_bytes(content)
    with pytest.raises(EspacioInvalido, match="dañado"):
        Workspace.open(tmp_path)


def test_truncated_workspace(tmp_path):
    with Workspace.open(tmp_path, create=True) as ws:
        save(ws, reading([f"Acuerdo {n} " + "x" * 500 for n in range(300)]))
        ws._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = (tmp_path / ARCHIVO).read_bytes()
    (tmp_path / ARCHIVO).write_bytes(data[: len(data) // 3])
    with pytest.raises(EspacioInvalido, match="dañado"), Workspace.open(tmp_path) as ws:
        ws.agreements()


def test_newer_schema_is_refused(tmp_path):
    Workspace.open(tmp_path, create=True).close()
    db = sqlite3.connect(tmp_path / ARCHIVO)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(EspacioInvalido, match="versión más nueva"):
        Workspace.open(tmp_path)


def test_foreign_keys_and_wal_are_on(ws):
    assert ws._rows("PRAGMA foreign_keys") == [(1,)] and ws._rows("PRAGMA journal_mode") == [("wal",)]


def test_records_are_frozen():
    with pytest.raises(AttributeError):
        reading(["Uno."]).acuerdos[0].estatus = "x"  # type: ignore[misc]
    assert replace(reading(["Uno."]).acuerdos[0], estatus=None).estatus is None
