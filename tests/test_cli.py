"""The command contract, through the real command in fresh processes where that matters."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from nlp_acuerdos.workspace import ARCHIVO, Workspace

COMMAND = [sys.executable, "-m", "nlp_acuerdos.cli"]
CSV = (
    "Entidad,Acuerdo,Estatus\nColima,La GN custodiará las boletas.,Concluido\nColima,Reunión el 3 de mayo.,En proceso\n"
)


def run(*args, cwd, stdin=None, env=None):
    return subprocess.run(
        [*COMMAND, *map(str, args)], cwd=cwd, input=stdin, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, **(env or {})}, timeout=120,
    )  # fmt: skip


@pytest.fixture
def here(tmp_path):
    (tmp_path / "acta.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def prebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("listo")
    (folder / "acta.csv").write_text(CSV, encoding="utf-8")
    assert run("build", "acta.csv", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def ready(prebuilt, tmp_path):
    """A folder with a small workspace already built."""
    shutil.copytree(prebuilt, tmp_path, dirs_exist_ok=True)
    return tmp_path


def fails(done, *said):
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    (line,) = [x for x in done.stderr.splitlines() if x.startswith("error:")]
    for part in said:
        assert part in line


def test_build_search_show_and_remove(here):
    done = run("build", "acta.csv", cwd=here)
    assert done.returncode == 0 and "2 acuerdos nuevos" in done.stdout and "supongo 2023-2024" in done.stderr
    found = json.loads(run("search", "boletas", "--formato", "json", cwd=here).stdout)
    first = found["resultados"][0]
    assert (
        found["total"] == 2
        and first["actores"] == ["GN"]
        and first["origen"] == {"archivo": "acta.csv", "pagina": None, "fila": 1}
    )
    shown = json.loads(run("show", first["id"], "--formato", "json", cwd=here).stdout)
    assert shown["cita"] == "«La GN custodiará las boletas.» (Colima; acta.csv, fila 1)"
    assert {e["etiqueta"] for e in shown["evidencia"]} >= {"GN", "custodia"}
    assert "quitado «acta» con 2 acuerdos" in run("remove", "acta", cwd=here).stdout


def test_second_build_adds_nothing_and_other_documents_stay(ready):
    (ready / "otra.csv").write_text(CSV.replace("boletas", "actas"), encoding="utf-8")
    run("build", "otra.csv", cwd=ready)
    again = run("build", "acta.csv", cwd=ready)
    assert "0 acuerdos nuevos, 2 ya estaban" in again.stdout and "con vector nuevo 0" in again.stdout
    assert json.loads(run("status", "--formato", "json", cwd=ready).stdout)["documentos"] == ["acta", "otra"]


def test_ids_are_the_same_in_every_format(here):
    (here / "acta2.jsonl").write_text(
        '{"entidad":"Colima","acuerdo":"La GN custodiará las boletas.","estatus":"Concluido"}\n', encoding="utf-8"
    )
    (here / "acta.tsv").write_text(CSV.replace(",", "\t"), encoding="utf-8")
    ids = set()
    for n, source in enumerate(("acta.csv", "acta.tsv", "acta2.jsonl")):
        run("ingest", source, "--documento", "acta", "--espacio", f"e{n}", cwd=here)
        with Workspace.open(here / f"e{n}") as ws:
            ids.add(ws.agreements()[0].id)
    assert len(ids) == 1


def test_ingest_json_follows_the_contract(here):
    data = json.loads(run("ingest", "acta.csv", "--formato", "json", cwd=here).stdout)
    assert list(data) == ["leidas", "agregadas", "repetidas", "rechazadas", "avisos"]


def test_search_csv_and_table(ready):
    assert run("search", "boletas", "--formato", "csv", cwd=ready).stdout.startswith(
        "id,puntaje,entidad,acuerdo,estatus,motivo\n"
    )
    done = run("search", "boletas", cwd=ready)
    assert "custodiará" in done.stdout and "coincidencias entre 2 acuerdos" in done.stderr


def test_workspace_is_option_then_environment_then_here(here):
    run("ingest", "acta.csv", cwd=here, env={"ACUERDOS_ESPACIO": "por-entorno"})
    run("ingest", "acta.csv", "--espacio", "por-opcion", cwd=here, env={"ACUERDOS_ESPACIO": "por-entorno"})
    run("ingest", "acta.csv", cwd=here)
    assert {p.parent.name for p in here.rglob(ARCHIVO)} == {"por-entorno", "por-opcion", ".acuerdos"}


def test_search_without_a_workspace_builds_one_from_the_annex(tmp_path):
    done = run("search", "custodia de boletas", "-k", "1", "--formato", "json", cwd=tmp_path)
    assert done.returncode == 0 and "anexo de ejemplo" in done.stderr
    assert json.loads(done.stdout)["total"] == 115


def test_search_imports_nothing_heavy(built, tmp_path):
    code = (
        "import sys; sys.argv=['acuerdos','search','custodia de boletas','--espacio',sys.argv[1]]\n"
        "from nlp_acuerdos.cli import main\n"
        "try: main()\nexcept SystemExit as e: assert not e.code, e.code\n"
        "heavy={'torch','spacy','sklearn','sentence_transformers','pandas','bm25s'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(built.espacio)], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_tag_streams_jsonl_without_a_workspace(tmp_path):
    done = run("tag", "-", cwd=tmp_path, stdin='{"acuerdo":"La GN custodiará las boletas el 9 de mayo de 2024."}\n')
    record = json.loads(done.stdout)
    assert record["id"] == "1" and record["responsables"] == ["GN"] and record["fechas"][0]["valor"] == "2024-05-09"
    assert list(tmp_path.iterdir()) == []


def test_tag_says_the_bad_line_and_keeps_earlier_ones(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"acuerdo":"Uno."}\nno\n', encoding="utf-8")
    done = run("tag", "x.jsonl", cwd=tmp_path)
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 1 and "línea 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_audit_decisions_are_honoured_by_later_builds_and_undone(here):
    (here / "acta.csv").write_text(
        "Entidad,Acuerdo,Estatus\n" + "Colima,Remitir el listado de casillas.,Concluido\n" * 2, encoding="utf-8"
    )
    run("build", "acta.csv", cwd=here)
    (pair,) = json.loads(run("audit", "--formato", "json", cwd=here).stdout)["relaciones"]
    assert pair["relacion"] == "exacto"
    assert (
        run("audit", "decide", pair["a"], pair["b"], "--relacion", "ninguna", "--quien", "ana", cwd=here).returncode
        == 0
    )
    run("build", "acta.csv", cwd=here)
    assert json.loads(run("audit", "--formato", "json", cwd=here).stdout)["relaciones"] == []
    run("audit", "undo", pair["b"], pair["a"], cwd=here)
    assert len(json.loads(run("audit", "--formato", "json", cwd=here).stdout)["relaciones"]) == 1
    fails(run("audit", "decide", pair["a"], pair["b"], "--relacion", "primo", cwd=here), "relación desconocida")
    fails(run("audit", "undo", pair["a"], pair["b"], cwd=here), "nada que deshacer")


def test_report_and_export(ready):
    for name in ("i.html", "i.md", "i.json", "i.csv"):
        assert run("report", "-o", name, "--entidad", "colima", "--al", "2024-05-01", cwd=ready).returncode == 0
        assert "Colima" in (ready / name).read_text(encoding="utf-8")
    assert json.loads((ready / "i.json").read_text(encoding="utf-8"))["al"] == "2024-05-01"
    empty = run("report", "-o", "v.md", "--entidad", "yucatan", cwd=ready)
    assert empty.returncode == 0 and empty.stderr.count("\n") == 1 and "ningún acuerdo pasa los filtros" in empty.stderr
    compared = run("report", "-o", "c.md", "--comparar", "1", cwd=ready)
    assert compared.returncode == 0 and "Qué cambió" in (ready / "c.md").read_text(encoding="utf-8")
    assert "exportados 1 acuerdos" in run("export", "-o", "x.csv", "--actor", "GN", cwd=ready).stdout


def write(name, data):
    return lambda folder: (folder / name).write_bytes(data)


BAD = {
    "missing": (lambda f: None, "nada.csv", "nada.csv"),
    "folder": (lambda f: (f / "d.csv").mkdir(), "d.csv", "carpeta"),
    "binary": (write("b.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20), "b.txt", "b.txt"),
    "empty": (write("v.csv", b""), "v.csv", "vac"),
    "blank": (write("v.txt", b" \n\n"), "v.txt", "v.txt"),
    "columns": (write("c.csv", b"nombre,edad\nAna,3\n"), "c.csv", "c.csv"),
    "suffix": (write("x.odt", b"hola"), "x.odt", "x.odt"),
    "no-rows": (write("s.csv", b"Entidad,Acuerdo,Estatus\n"), "s.csv", "s.csv"),
}


@pytest.mark.parametrize(("make", "source", "said"), BAD.values(), ids=BAD)
def test_a_bad_source_is_one_line_and_leaves_no_workspace(tmp_path, make, source, said):
    make(tmp_path)
    fails(run("build", source, cwd=tmp_path), said)
    assert not (tmp_path / ".acuerdos").exists()


def test_a_bad_source_among_good_ones_changes_nothing(ready):
    (ready / "otra.csv").write_text(CSV, encoding="utf-8")
    fails(run("build", "otra.csv", "nada.csv", cwd=ready), "nada.csv")
    assert json.loads(run("status", "--formato", "json", cwd=ready).stdout)["documentos"] == ["acta"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_offices_are_read(tmp_path, encoding):
    (tmp_path / "acta.csv").write_bytes(
        "Entidad,Acuerdo,Estatus\nMichoacán,Sesión mañana.,Planeación\n".encode(encoding)
    )
    run("ingest", "acta.csv", cwd=tmp_path)
    with Workspace.open(tmp_path / ".acuerdos") as ws:
        (a,) = ws.agreements()
    assert (a.entidad, a.acuerdo, a.estatus) == ("Michoacán", "Sesión mañana.", "Planeación")


def test_mojibake_is_said(tmp_path):
    (tmp_path / "acta.csv").write_text(
        "Entidad,Acuerdo,Estatus\nColima,Se acordÃ³ la reuniÃ³n.,Concluido\n", encoding="utf-8"
    )
    data = json.loads(run("ingest", "acta.csv", "--formato", "json", cwd=tmp_path).stdout)
    assert [a["tipo"] for a in data["avisos"]] == ["texto_danado"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["search", ""], "vacía"),
        (["search", "x", "--entidad", "Atlántida"], "entidad desconocida"),
        (["search", "x", "--actor", "zzz"], "actor desconocido"),
        (["search", "x", "--formato", "xml"], "formato desconocido"),
        (["search", "x", "--desde", "ayer"], "AAAA-MM-DD"),
        (["show", "000000000000"], "no hay un acuerdo"),
        (["similar", "000000000000"], "no hay un acuerdo"),
        (["remove", "nada"], "no hay un documento"),
        (["report", "-o", "x.odt"], ".json o .pdf"),
        (["report", "-o", "x.md", "--al", "ayer"], "AAAA-MM-DD"),
        (["report", "-o", "x.md", "--comparar", "nada"], "no hay un documento ni una captura"),
        (["export", "-o", "x.odt"], ".xlsx o .parquet"),
        (["report", "-o", "nada/x.md"], "no puedo escribir"),
        (["report", "-o", "x.md", "--por", "color"], "--por desconocido"),
        (["search", "x", "--modelo", "nada/de/nada"], "modelo"),
        (["ingest", "acta.csv", "--proceso", "1999-2000"], "proceso desconocido"),
        (["ingest", "acta.csv", "--fecha-documento", "1/1/24"], "AAAA-MM-DD"),
    ],
    ids=lambda v: " ".join(v)[:40] if isinstance(v, list) else "",
)
def test_what_a_user_can_mend_is_one_line(ready, args, said):
    fails(run(*args, cwd=ready), said)


def test_a_command_line_that_cannot_be_parsed_is_2(here):
    assert run("search", cwd=here).returncode == 2
    assert run("nadar", cwd=here).returncode == 2


def test_commands_on_no_workspace_say_how_to_make_one(tmp_path):
    for args in (["show", "0" * 12], ["audit"], ["status"], ["avisos"], ["report", "-o", "x.md"]):
        fails(run(*args, cwd=tmp_path), "acuerdos build")


def test_a_damaged_workspace_is_one_line(here):
    (here / ".acuerdos").mkdir()
    (here / ".acuerdos" / ARCHIVO).write_bytes(b"no soy una base" * 100)
    fails(run("search", "x", cwd=here), "dañado")


def test_a_damaged_index_is_rebuilt(ready):
    before = run("search", "boletas", "--formato", "json", cwd=ready).stdout
    (vectors,) = (ready / ".acuerdos").rglob("vectores.npy")
    vectors.write_bytes(vectors.read_bytes()[:100])
    assert run("search", "boletas", "--formato", "json", cwd=ready).stdout == before


def test_a_folder_that_cannot_be_written(here):
    target = here / "archivo"
    target.write_text("no soy carpeta")
    fails(run("build", "acta.csv", "--espacio", target / "espacio", cwd=here), "no puedo abrir o escribir")


def test_help_is_spanish(tmp_path):
    assert "Lee, etiqueta" in run("--help", cwd=tmp_path).stdout
    assert run("--ayuda", cwd=tmp_path).returncode == 0


def test_output_to_a_closed_pipe_is_quiet(built, tmp_path):
    command = f"{sys.executable} -m nlp_acuerdos.cli search seguridad -k 100 --formato json --espacio {built.espacio} | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path)
    assert "Traceback" not in done.stderr


def test_module_paths_are_not_in_messages(tmp_path):
    assert str(Path(__file__).parent.parent) not in run("build", "nada.csv", cwd=tmp_path).stderr


def test_serve_answers_until_it_is_stopped(ready):
    command = [*COMMAND, "serve", "--puerto", "0"]
    with subprocess.Popen(command, cwd=ready, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline()).group()
            with urllib.request.urlopen(f"{address}api/buscar?q=boletas", timeout=60) as answer:
                assert json.load(answer)["resultados"][0]["acuerdo"] == "La GN custodiará las boletas."
        finally:
            process.terminate()


def test_serve_refuses_other_machines_without_a_token(ready):
    fails(run("serve", "--host", "0.0.0.0", cwd=ready), "--token", "127.0.0.1")


def test_serve_says_when_the_port_is_taken(ready):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        fails(run("serve", "--puerto", taken.getsockname()[1], cwd=ready), "--puerto")


def test_serve_reads_neither_torch_nor_spacy(ready):
    code = (
        "import sys, nlp_acuerdos.web as w; from nlp_acuerdos.config import Settings; from pathlib import Path;"
        "w.make_app(Settings(Path('.acuerdos'))); print(sorted({'torch', 'spacy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ready, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr
