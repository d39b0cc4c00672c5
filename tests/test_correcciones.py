"""What people correct: stored, shown, kept by builds, undone, offered to training; and the agreement as html."""

from __future__ import annotations

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.pipeline import build, current_tags, read_sources
from nlp_acuerdos.pipeline.decisiones import fix, read_changes, undo_fix
from nlp_acuerdos.pipeline.medida import _corrected
from nlp_acuerdos.pipeline.registros import describe, state
from nlp_acuerdos.records import Evidencia
from nlp_acuerdos.report.etiquetado import pieces, render_page, render_tags
from nlp_acuerdos.workspace import Workspace

CSV = "Entidad,Acuerdo,Estatus\nColima,La GN custodiará las boletas <b>.,Concluido\nColima,Reunión con el INE el 3 de mayo.,\n"


@pytest.fixture
def space(tmp_path):
    (tmp_path / "acta.csv").write_text(CSV, encoding="utf-8")
    settings = Settings(tmp_path / "e")
    build(settings, read_sources([tmp_path / "acta.csv"], proceso="2023-2024"))
    with Workspace.open(settings.espacio) as workspace:
        yield settings, workspace, workspace.agreements()[0].id, tmp_path / "acta.csv"


def changes(*, actor=(), responsable=(), actividad=()):
    return read_changes(actor, responsable, actividad)


def test_a_correction_is_shown_with_who_and_when(space):
    settings, workspace, id_, _ = space
    tags = fix(workspace, id_, changes(actor=["+SEDENA"], actividad=["-custodia", "+riesgo"]), "Ana")
    assert tags.actores == ("GN", "SEDENA") and tags.actividades == ("riesgo",)
    given = [e for e in tags.evidencia if e.regla.startswith("persona: Ana, 20")]
    assert {e.etiqueta for e in given} == {"SEDENA", "riesgo"}
    record = describe(workspace, id_)
    assert [(c["codigo"], c["presente"], c["quien"]) for c in record["correcciones"]] == [
        ("custodia", False, "Ana"), ("riesgo", True, "Ana"), ("SEDENA", True, "Ana"),
    ]  # fmt: skip
    assert state(workspace, settings)["correcciones"] == 3


def test_corrections_survive_rebuilds_and_removal(space):
    settings, workspace, id_, source = space
    fix(workspace, id_, changes(actividad=["+evento"]), "Ana")
    workspace.remove("acta")
    build(settings, read_sources([source], proceso="2023-2024"))
    assert current_tags(workspace)[id_].actividades == ("custodia", "evento")


def test_undo_withdraws_all_or_the_named_ones(space):
    _, workspace, id_, _ = space
    before = current_tags(workspace)[id_]
    fix(workspace, id_, changes(actor=["+SEDENA"], actividad=["+evento"]), "")
    assert undo_fix(workspace, id_, changes(actividad=["+evento"])) == 1
    assert current_tags(workspace)[id_].actividades == before.actividades
    assert undo_fix(workspace, id_) == 1 and current_tags(workspace)[id_] == before
    with pytest.raises(NoEncontrado, match="no hay correcciones"):
        undo_fix(workspace, id_)


def test_who_acts_is_named_and_who_is_not_named_does_not_act(space):
    _, workspace, id_, _ = space
    assert fix(workspace, id_, changes(responsable=["+SSP"]), "").actores == ("GN", "SSP")
    tags = fix(workspace, id_, changes(actor=["-GN"]), "")
    assert "GN" not in tags.actores + tags.responsables
    with pytest.raises(EntradaInvalida, match="no puede ser responsable"):
        fix(workspace, id_, changes(actor=["-C5"], responsable=["+C5"]), "")


@pytest.mark.parametrize("value", ["GN", "+XX", "", "+"])
def test_a_change_without_sign_or_code_is_refused(value):
    with pytest.raises(EntradaInvalida, match="cambio inválido"):
        changes(actor=[value])


def test_no_change_and_no_agreement_are_refused(space):
    _, workspace, id_, _ = space
    with pytest.raises(EntradaInvalida, match="falta el cambio"):
        fix(workspace, id_, [], "")
    with pytest.raises(NoEncontrado):
        fix(workspace, "nada", changes(actor=["+GN"]), "")


def test_training_is_offered_what_people_corrected(space):
    _, workspace, id_, _ = space
    assert _corrected(workspace) == []
    fix(workspace, id_, changes(actividad=["-custodia", "+riesgo"]), "Ana")
    fix(workspace, id_, changes(actor=["+SSP"]), "Ana")
    assert _corrected(workspace) == [("La GN custodiará las boletas <b>.", frozenset({"riesgo"}))]


def test_pieces_join_to_the_text_and_overlap():
    marks = [Evidencia("actores", "GN", "r", 0, 5, ""), Evidencia("responsables", "GN", "r", 0, 5, ""), Evidencia("fechas", "x", "r", 3, 8, "")]  # fmt: skip
    found = list(pieces("0123456789", marks))
    assert "".join(p.texto for p in found) == "0123456789"
    assert [p.clases for p in found] == [
        ("actores", "responsables"), ("actores", "responsables", "fechas"), ("fechas",), (),
    ]  # fmt: skip
    assert found[1].rotulos == (("actores", "GN"), ("responsables", "GN"))


def test_html_escapes_the_text_and_marks_the_tags(space):
    _, workspace, id_, _ = space
    tags = current_tags(workspace)[id_]
    fragment = render_tags(workspace.agreement(id_).acuerdo, tags)
    assert "&lt;b&gt;" in fragment and "<b>." not in fragment
    assert '<mark class="actores responsables">GN</mark>' in fragment
    page = render_page(describe(workspace, id_), tags)
    assert page.startswith("<!doctype html>") and "Colima" in page
