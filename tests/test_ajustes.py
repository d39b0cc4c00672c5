import json
import shutil

import pytest
from typer.testing import CliRunner

from nlp_acuerdos.cli import app
from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.ingest.encoding import mend
from nlp_acuerdos.ingest.personal import cover
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.pipeline.ajustes import apply, undo, warnings
from nlp_acuerdos.workspace import Workspace

ROWS = """Entidad,Acuerdo,Estatus
Jalisco,Custodia de la bodega de Guadalajara.,Concluido
Jalisco,Llamar al teléfono 33 1234 5678 del enlace.,En proceso
Jalisco,Patrullaje en la reuniÃ³n distrital.,
"""


@pytest.fixture
def annex_workspace(built, tmp_path):
    shutil.copytree(built.espacio, tmp_path / "anexo")
    with Workspace.open(tmp_path / "anexo") as opened:
        yield opened


@pytest.fixture
def cli():
    return lambda *args: CliRunner().invoke(app, list(args))


def one(workspace, tipo):
    return next(w for w in warnings(workspace) if w["tipo"] == tipo)


def test_a_suggestion_is_applied_and_undone(workspace):
    warning = one(workspace, "dato_personal")
    assert apply(workspace, [warning["id"]], "Ana") == 1
    assert workspace.agreement(warning["id"]).acuerdo == "Llamar al teléfono [dato personal] del enlace."
    assert one(workspace, "dato_personal")["aplicado"] and one(workspace, "dato_personal")["quien"] == "Ana"
    assert undo(workspace, [warning["id"]]) == 1
    assert "33 1234 5678" in workspace.agreement(warning["id"]).acuerdo
    assert not one(workspace, "dato_personal")["aplicado"]


def test_tags_follow_a_changed_text(workspace):
    warning = one(workspace, "texto_danado")
    apply(workspace, [f"{warning['id']}:texto_danado"])
    assert "reunión" in workspace.agreement(warning["id"]).acuerdo
    tags = workspace.tags()[warning["id"]]
    assert all(
        e.texto == workspace.agreement(warning["id"]).acuerdo[e.inicio : e.fin] for e in tags.evidencia if e.texto
    )


def test_what_was_accepted_survives_another_build_and_undo_gives_the_new_reading(workspace, source, tmp_path):
    id_ = one(workspace, "estatus_faltante")["id"]
    apply(workspace, [f"{id_}:estatus_faltante"], estatus="concluida")
    assert workspace.agreement(id_).estatus == "Concluido"
    source.write_text(ROWS.replace("distrital.,", "distrital.,Planeación"), encoding="utf-8")
    build(Settings(tmp_path / "ws"), read_sources([source]))
    assert workspace.agreement(id_).estatus == "Concluido"
    undo(workspace, [id_])
    assert workspace.agreement(id_).estatus == "Planeación"


def test_what_a_person_must_say_is_not_guessed(workspace):
    id_ = one(workspace, "estatus_faltante")["id"]
    with pytest.raises(EntradaInvalida, match="no trae un valor que aplicar"):
        apply(workspace, [f"{id_}:estatus_faltante"])
    with pytest.raises(EntradaInvalida, match="varios avisos; diga cuál"):
        apply(workspace, [id_])
    with pytest.raises(EntradaInvalida, match="entidad desconocida: «Narnia»"):
        apply(workspace, [f"{id_}:estatus_faltante"], entidad="Narnia")


@pytest.mark.parametrize("run", [apply, undo], ids=["apply", "undo"])
def test_nothing_changes_when_one_id_is_unknown(workspace, run):
    good = one(workspace, "dato_personal")["id"]
    with pytest.raises(NoEncontrado, match="abc"):
        run(workspace, ["abc", good])
    assert not any(w["aplicado"] for w in warnings(workspace))


def test_a_late_label_moves_its_block(annex_workspace):
    late = [w for w in warnings(annex_workspace) if w["tipo"] == "entidad_tardia"]
    block = next(w for w in late if any(c["valor"] == "Zacatecas" for c in w["cambios"]))
    apply(annex_workspace, [f"{block['id']}:entidad_tardia"])
    rows = {a.orden: a.entidad for a in annex_workspace.agreements()}
    assert {rows[n] for n in range(108, 113)} == {"Zacatecas"} and rows[107] == "Tamaulipas"
    undo(annex_workspace, [block["id"]])
    assert {a.orden: a.entidad for a in annex_workspace.agreements()}[109] == "Tamaulipas"


def test_the_command_lists_applies_and_undoes(cli, workspace, tmp_path):
    space = ["--espacio", str(tmp_path / "ws")]
    id_ = one(workspace, "dato_personal")["id"]
    assert "1 campos" in cli("avisos", "apply", id_, "--quien", "Ana", *space).stdout
    listed = json.loads(cli("avisos", "--formato", "json", *space).stdout)
    assert [w["aplicado"] for w in listed if w["tipo"] == "dato_personal"] == [True]
    assert "aplicado por Ana" in cli("avisos", "--tipo", "dato_personal", *space).stdout.replace("\n", " ")
    assert cli("avisos", "undo", id_, *space).exit_code == 0
    assert isinstance(cli("avisos", "undo", id_, *space).exception, NoEncontrado)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Escribir a ana@ine.mx o al tel. 55 1234 5678.", "Escribir a [dato personal] o al tel. [dato personal]."),
        ("Oficio 5512345678 y km 33 de la carretera 15.", "Oficio 5512345678 y km 33 de la carretera 15."),
    ],
    ids=["two", "none"],
)
def test_personal_data_is_covered(text, covered):
    assert cover(text) == covered


@pytest.mark.parametrize(("text", "mended"), [("reuniÃ³n", "reunión"), ("reuni?n", None), ("reunión", None)])
def test_mojibake_is_mended_only_where_it_can(text, mended):
    assert mend(text) == mended


def test_an_unchanged_file_is_not_read_again(source, workspace, monkeypatch):
    from nlp_acuerdos import ingest as readers

    first = read_sources([source])[0]
    with monkeypatch.context() as patch:
        patch.setattr(readers, "read_source", lambda *a, **k: pytest.fail("read again"))
        again = read_sources([source], workspace=workspace)[0]
    assert again.intacta and (again.leidas, again.acuerdos, again.avisos) == (
        first.leidas,
        first.acuerdos,
        first.avisos,
    )


@pytest.mark.parametrize("change", ["bytes", "options"])
def test_a_changed_file_or_option_is_read_again(source, workspace, change):
    if change == "bytes":
        source.write_text(ROWS + "Jalisco,Otro acuerdo.,Concluido\n", encoding="utf-8")
    again = read_sources([source], proceso="2020-2021" if change == "options" else None, workspace=workspace)[0]
    assert not again.intacta
