"""What was repaired on reading is listed, undone and made again, and every row read stays accounted for."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import openpyxl
import pytest
from typer.testing import CliRunner

from nlp_acuerdos.cli import app
from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.ingest import read, repairs
from nlp_acuerdos.pipeline import build, ingest, read_sources
from nlp_acuerdos.pipeline.ajustes import apply, undo, warnings
from nlp_acuerdos.pipeline.reparaciones import accounts, listed
from nlp_acuerdos.records import COMBINADA, CONTINUADA, CORRIDA, ESTATUS_COMBINADO, GUION, HEREDADA
from nlp_acuerdos.workspace import ARCHIVO, Workspace

JOINED = "Se remitirá la documentación a la Secretaría de Seguridad, tel. 33 1234 5678 del enlace."
SHIFTED = "Se remitirá el listado de casillas a la Secretaría de Seguridad"
ROWS = f"""Entidad,Acuerdo,Estatus,Notas
Jalisco,Custodia de la bodega de Guadalajara.,Concluido,
,Se remitirá la docu-,,primera
,"mentación a la Secretaría de Seguridad,",Concluido,segunda
,tel. 33 1234 5678 del enlace.,,
,{SHIFTED},En proceso,
,"mentación a la Secretaría de Seguridad,",Concluido,
{SHIFTED},En proceso,,
Puebla,Otro acuerdo.,Planeación,
"""


@pytest.fixture(autouse=True)
def models(quick):
    """No test here needs a model."""


def with_text(workspace, text):
    return next(a for a in workspace.agreements() if a.acuerdo == text)


def contents(workspace):
    lectura = workspace.reading("datos")
    return replace(lectura, reparaciones=tuple(sorted(lectura.reparaciones, key=lambda r: (r.id, r.tipo))))


def accounted(lectura):
    return len(lectura.acuerdos) + lectura.continuaciones + lectura.encabezados + len(lectura.rechazadas)


def test_joined_rows_come_apart_and_join_again(workspace):
    before, joined = contents(workspace), with_text(workspace, JOINED)
    assert accounted(before) == before.leidas == 9
    assert undo(workspace, [joined.id], "Ana") == 1
    after = contents(workspace)
    rows = [(a.entidad, a.acuerdo, a.estatus, a.origen.fila, a.extra) for a in after.acuerdos[1:4]]
    assert rows == [
        ("Jalisco", "Se remitirá la docu-", None, 2, {"Notas": "primera"}),
        ("Jalisco", "mentación a la Secretaría de Seguridad,", "Concluido", 3, {"Notas": "segunda"}),
        ("Jalisco", "tel. 33 1234 5678 del enlace.", None, 4, {}),
    ]
    assert after.acuerdos[1].id == joined.id and len(after.acuerdos) == 8
    assert accounted(after) == after.leidas == 9 and after.continuaciones == 0
    assert {a.id for a in before.acuerdos} <= {a.id for a in after.acuerdos}
    assert [a.orden for a in after.acuerdos] == [a.origen.fila for a in after.acuerdos] == list(range(1, 9))
    (warning,) = [w for w in warnings(workspace) if w["id"] == joined.id and w["tipo"] == CONTINUADA]
    assert warning["deshecho"] and not warning["aplicado"] and warning["quien"] == "Ana"
    assert apply(workspace, [f"{joined.id}:{CONTINUADA}"]) == 0
    assert contents(workspace) == before
    assert not any(w["deshecho"] for w in warnings(workspace))


def test_undone_joins_are_those_of_a_later_reading(workspace, source, tmp_path):
    joined = with_text(workspace, JOINED)
    undo(workspace, [joined.id])
    here = contents(workspace)
    source.write_text(ROWS + "Puebla,Uno más.,Concluido\n", encoding="utf-8")
    build(Settings(tmp_path / "ws"), read_sources([source]))
    more = contents(workspace)
    assert more.acuerdos[:-1] == here.acuerdos and more.avisos == here.avisos and more.leidas == here.leidas + 1
    source.write_text(ROWS, encoding="utf-8")
    build(Settings(tmp_path / "ws"), read_sources([source]))
    assert contents(workspace) == here
    apply(workspace, [joined.id + ":" + CONTINUADA])
    fresh = read(source)
    assert workspace.reading("datos").acuerdos == fresh.acuerdos
    assert set(workspace.reading("datos").avisos) == set(fresh.avisos)


def test_a_row_apart_keeps_the_decisions_on_it_over_its_return(workspace):
    joined = with_text(workspace, JOINED)
    undo(workspace, [joined.id])
    part = workspace.reading("datos").acuerdos[3]
    apply(workspace, [f"{part.id}:dato_personal"], "Ana")
    covered = workspace.agreement(part.id).acuerdo
    assert covered == "tel. [dato personal] del enlace."
    apply(workspace, [f"{joined.id}:{CONTINUADA}"])
    assert "33 1234 5678" in workspace.agreement(joined.id).acuerdo
    undo(workspace, [f"{joined.id}:{CONTINUADA}"])
    assert workspace.agreement(part.id).acuerdo == covered


def test_shifted_columns_go_back_and_come_again(workspace):
    before = contents(workspace)
    shifted = next(a for a in before.acuerdos if CORRIDA in a.reparaciones)
    assert (shifted.entidad, shifted.acuerdo, shifted.estatus) == ("Jalisco", SHIFTED, "En proceso")
    undo(workspace, [shifted.id])
    now = workspace.agreement(shifted.id)
    assert (now.entidad, now.acuerdo, now.estatus) == (SHIFTED, "En proceso", None)
    assert now.origen == shifted.origen and accounted(contents(workspace)) == before.leidas
    assert apply(workspace, [f"{shifted.id}:{CORRIDA}"], "Ana") == 0
    assert contents(workspace) == before


def test_a_row_whose_text_was_in_another_column_goes_back_without_text(tmp_path):
    path = tmp_path / "datos.csv"
    path.write_text(f"Entidad,Acuerdo,Estatus\nPuebla,Uno.,Concluido\n{SHIFTED},,En proceso\n", encoding="utf-8")
    build(Settings(tmp_path / "ws"), read_sources([path]))
    with Workspace.open(tmp_path / "ws") as workspace:
        id_ = with_text(workspace, SHIFTED).id
        undo(workspace, [id_])
        now = workspace.agreement(id_)
        assert (now.entidad, now.acuerdo, now.estatus) == (SHIFTED, "", "En proceso")
    build(Settings(tmp_path / "ws"), read_sources([path]))


def test_a_label_from_above_is_listed_and_goes_back_to_blank(workspace):
    before, filled = contents(workspace), with_text(workspace, SHIFTED)
    assert filled.reparaciones == (HEREDADA,)
    assert (HEREDADA, filled.id) in {(r["tipo"], r["id"]) for r in listed(workspace)}
    undo(workspace, [f"{filled.id}:{HEREDADA}"])
    assert workspace.agreement(filled.id).entidad == ""
    (record,) = [r for r in listed(workspace) if r["id"] == filled.id]
    assert record["deshecha"] and record["reparado"]["entidad"] == "Jalisco"
    apply(workspace, [f"{filled.id}:{HEREDADA}"])
    assert contents(workspace) == before


def test_a_merged_cell_is_listed_and_goes_back_to_blank(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("Entidad", "Acuerdo", "Estatus"), ("Puebla", "Uno.", "Concluido"), (None, "Dos.", None)):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "datos.xlsx")
    with Workspace.open(tmp_path / "ws", create=True) as workspace:
        ingest(workspace, read_sources([tmp_path / "datos.xlsx"]))
        before, second = contents(workspace), with_text(workspace, "Dos.")
        assert second.reparaciones == (COMBINADA, ESTATUS_COMBINADO) and not before.acuerdos[0].reparaciones
        undo(workspace, [f"{second.id}:{COMBINADA}", f"{second.id}:{ESTATUS_COMBINADO}"])
        now = workspace.agreement(second.id)
        assert (now.entidad, now.estatus, now.estatus_original) == ("", None, "")
        assert "estatus_faltante" in {a.tipo for a in workspace.avisos(second.id)}
        apply(workspace, [f"{second.id}:{COMBINADA}", f"{second.id}:{ESTATUS_COMBINADO}"])
        assert contents(workspace) == before


def ruled(path):
    from reportlab.platypus import SimpleDocTemplate, Table

    rows = [("Entidad", "Acuerdo", "Estatus"), ("Puebla", "Enviar la docu-\nmentación de casillas.", "Concluido")]
    SimpleDocTemplate(str(path)).build([Table(rows, style=[("GRID", (0, 0), (-1, -1), 1, "black")])])


def unruled(path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    lines = (
        ("Entidad", "Acuerdo", "Estatus"),
        ("Puebla", "Enviar la docu-", "Concluido"),
        ("", "mentación de casillas.", ""),
    )
    for y, words in zip((700, 660, 648), lines, strict=True):
        for x, word in zip((72, 150, 320), words, strict=True):
            canvas.drawString(x, y, word)
    canvas.save()


@pytest.mark.parametrize("write", [ruled, unruled], ids=["con-líneas", "en-columnas"])
def test_a_word_cut_at_the_end_of_a_line_is_listed_and_comes_apart(tmp_path, write):
    write(tmp_path / "datos.pdf")
    with Workspace.open(tmp_path / "ws", create=True) as workspace:
        ingest(workspace, read_sources([tmp_path / "datos.pdf"]))
        before = contents(workspace)
        (only,) = before.acuerdos
        assert only.acuerdo == "Enviar la documentación de casillas." and only.reparaciones == (GUION,)
        (record,) = listed(workspace)
        assert record["leido"][0]["acuerdo"] == "Enviar la docu- mentación de casillas."
        undo(workspace, [f"{only.id}:{GUION}"])
        assert workspace.agreement(only.id).acuerdo == "Enviar la docu- mentación de casillas."
        assert not workspace.agreement(only.id).reparaciones
        apply(workspace, [f"{only.id}:{GUION}"])
        assert contents(workspace) == before


def test_what_was_accepted_over_the_joined_text_is_withdrawn_first(workspace):
    joined = with_text(workspace, JOINED)
    apply(workspace, [f"{joined.id}:dato_personal"])
    before = contents(workspace)
    with pytest.raises(EntradaInvalida, match=rf"cambio de acuerdo \(dato_personal\).*undo {joined.id}:dato_personal"):
        undo(workspace, [f"{joined.id}:{CONTINUADA}"])
    assert contents(workspace) == before and not workspace.undone()
    with pytest.raises(EntradaInvalida, match="varias cosas que deshacer; diga cuál"):
        undo(workspace, [joined.id])
    undo(workspace, [f"{joined.id}:dato_personal", f"{joined.id}:{CONTINUADA}"])
    assert workspace.agreement(joined.id).acuerdo == "Se remitirá la docu-"


def test_nothing_is_undone_when_one_name_has_nothing(workspace):
    joined, before = with_text(workspace, JOINED), contents(workspace)
    for bad in ("abc", f"{joined.id}:{CORRIDA}"):
        with pytest.raises(NoEncontrado):
            undo(workspace, [joined.id, bad])
    assert contents(workspace) == before and not workspace.undone()


def test_a_failure_in_the_middle_changes_nothing(workspace, monkeypatch):
    joined, before = with_text(workspace, JOINED), contents(workspace)
    monkeypatch.setattr(
        workspace, "save_avisos", lambda avisos: (_ for _ in ()).throw(sqlite3.OperationalError("disk"))
    )
    with pytest.raises(Exception, match="nada cambió"):
        undo(workspace, [joined.id])
    assert contents(workspace) == before and not workspace.undone()


def test_a_document_of_an_older_workspace_says_to_read_it_again(workspace):
    joined = with_text(workspace, JOINED)
    workspace._db.execute("DELETE FROM reparaciones")
    with pytest.raises(EntradaInvalida, match="lea «datos» de nuevo"):
        undo(workspace, [joined.id])
    assert not workspace.undone()


def test_undone_and_repaired_are_inverse_on_the_annex(annex):
    lectura = read(annex)
    everything = {(a.id, kind) for a in lectura.acuerdos for kind in a.reparaciones}
    apart = repairs.undone(lectura, everything)
    assert not any(a.reparaciones for a in apart.acuerdos if a.id in {i for i, _ in everything})
    assert accounted(apart) == lectura.leidas and len({a.id for a in apart.acuerdos}) == len(apart.acuerdos)
    back = repairs.repaired(apart)
    assert back == lectura and repairs.undone(lectura, ()) is lectura


def test_the_command_lists_undoes_and_accounts_for_every_row(workspace, tmp_path):
    space, joined = ["--espacio", str(tmp_path / "ws")], with_text(workspace, JOINED)
    cli = lambda *args: CliRunner().invoke(app, [*args, *space])  # noqa: E731
    records = json.loads(cli("avisos", "--reparaciones", "--formato", "json", "--tipo", CONTINUADA).stdout)
    assert [row["acuerdo"] for row in records[0]["leido"]][0] == "Se remitirá la docu-" and not records[0]["deshecha"]
    said = cli("avisos", "undo", joined.id, "--quien", "Ana").stdout
    assert "9 filas leídas = 8 acuerdos + 0 unidas a la anterior + 1 encabezados + 0 rechazadas" in said
    assert "deshecha por Ana" in " ".join(cli("avisos", "--reparaciones").stdout.replace("│", " ").split())
    assert "deshecho por Ana" in " ".join(cli("avisos", "--tipo", CONTINUADA).stdout.replace("│", " ").split())
    assert "6 acuerdos + 2 unidas" in cli("avisos", "apply", f"{joined.id}:{CONTINUADA}").stdout
    assert "6 acuerdos" in accounts(workspace, [joined.id])[0]


def test_a_workspace_of_the_version_before_opens(workspace, tmp_path):
    workspace.close()
    with sqlite3.connect(tmp_path / "ws" / ARCHIVO) as db:
        for sql in ("DROP TABLE reparaciones", "DROP TABLE deshechas", "PRAGMA user_version = 5"):
            db.execute(sql)
        for column in ("encabezados", "continuaciones", "con_estatus"):
            db.execute(f"ALTER TABLE documentos DROP COLUMN {column}")
    with Workspace.open(tmp_path / "ws") as opened:
        assert opened.count() == 6 and not opened.undone()
