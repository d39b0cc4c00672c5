"""Ingest cut short: killed, interrupted, out of disk. One clear line, the workspace as it was, and the next run completes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nlp_acuerdos.errors import EspacioInvalido
from nlp_acuerdos.ingest import FORMATOS
from nlp_acuerdos.pipeline import ingest, read_sources
from nlp_acuerdos.workspace import ARCHIVO, Workspace
from tests import documentos
from tests.documentos import hojas, paginas, planos

ROWS = documentos.Documento(
    "Acuerdos de prueba",
    tuple(
        documentos.Renglon(entidad, f"Vigilar la bodega {n} del distrito.", "Concluido")
        for entidad in ("Puebla", "Sonora")
        for n in range(1, 9)
    ),
)
WRITERS = {
    "a.csv": planos.csv("utf-8", ","), "a.jsonl": planos.jsonl, "a.xlsx": hojas.xlsx, "a.docx": hojas.docx,
    "a.pdf": paginas.reportlab_abierto, "a.ods": hojas.ods, "a.html": hojas.html, "a.parquet": planos.parquet,
}  # fmt: skip
# The command itself, with one thing changed: what comes to pass at the n-th row read or stored, or how large a file may grow.
DRIVER = """
import os, resource, signal

where, what, limit = {!r}, {!r}, {!r}
child = __name__ != "__main__"


def counted(real):
    seen = 0

    def step(*args, **named):
        nonlocal seen
        seen += 1
        if seen == limit and (where != "proceso" or child):
            os.kill(os.getpid(), getattr(signal, what))
        return real(*args, **named)

    return step


if where in ("leer", "proceso"):
    from nlp_acuerdos.ingest import rows
    rows.Fila.__init__ = counted(rows.Fila.__init__)
elif where == "guardar":
    from nlp_acuerdos.workspace import filas
    filas.agreement_row = counted(filas.agreement_row)
elif where == "disco" and __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
if __name__ == "__main__":
    from nlp_acuerdos.cli import main
    main()
"""


@pytest.fixture
def source(tmp_path):
    """Return a function: name -> path of a document in that format."""

    def make(name):
        WRITERS[name](ROWS, tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def space(tmp_path):
    """A workspace with a document of before."""
    before = tmp_path / "antes.csv"
    before.write_text("Entidad,Acuerdo,Estatus\nColima,Uno.,Concluido\nColima,Dos.,En proceso\n", encoding="utf-8")
    with Workspace.open(tmp_path / "ws", create=True) as workspace:
        ingest(workspace, read_sources([before]))
    return tmp_path / "ws"


@pytest.fixture
def run(tmp_path):
    """Return a function: run the command with something coming to pass in the middle; give exit code and stderr."""

    def go(where, what, limit, *arguments, out=subprocess.PIPE):
        (tmp_path / "orden.py").write_text(DRIVER.format(where, what, limit), encoding="utf-8")
        command = [sys.executable, str(tmp_path / "orden.py"), *map(str, arguments)]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, timeout=120, cwd=tmp_path)
        return done.returncode, done.stderr

    return go


def contents(folder):
    with Workspace.open(folder) as ws:
        assert ws._rows("PRAGMA integrity_check") == [("ok",)]
        return [ws.reading(key) for key in ws.documents()], ws.meta("contenido")


def completes(space, path):
    """See that the next run stores the whole document, the same as in a workspace of its own."""
    with Workspace.open(space) as ws:
        assert ingest(ws, read_sources([path], workspace=ws)).agregadas == 16
    alone = path.parent / "aparte"
    with Workspace.open(alone, create=True) as ws:
        ingest(ws, read_sources([path]))
    assert contents(space)[0][0] == contents(alone)[0][0]


def one_line(said, *parts):
    assert said.count("\n") == 1 and "Traceback" not in said, said
    for part in parts:
        assert part in said


def test_every_reader_is_cut():
    families = {
        ".tsv": ".csv",
        ".txt": ".csv",
        ".ndjson": ".jsonl",
        ".htm": ".html",
        ".xlsm": ".xlsx",
    }  # same reader or path
    assert {families.get(s, s) for s in FORMATOS} == {Path(name).suffix for name in WRITERS}


@pytest.mark.parametrize("name", WRITERS)
def test_killed_while_it_reads(source, space, run, name):
    path, before = source(name), contents(space)
    assert run("leer", "SIGKILL", 5, "ingest", path, "--espacio", space)[0] == -signal.SIGKILL
    assert contents(space) == before
    completes(space, path)


@pytest.mark.parametrize("name", WRITERS)
def test_interrupted_while_it_reads(source, space, run, name):
    path, before = source(name), contents(space)
    code, said = run("leer", "SIGINT", 5, "ingest", path, "--espacio", space)
    one_line(said, "interrumpido: ", "repita la orden")
    assert code == 1 and contents(space) == before
    completes(space, path)


@pytest.mark.parametrize(("what", "code"), [("SIGKILL", -signal.SIGKILL), ("SIGINT", 1)])
@pytest.mark.parametrize("command", ["ingest", "build"])
def test_cut_while_it_stores(source, space, run, what, code, command):
    path, before = source("a.csv"), contents(space)
    assert run("guardar", what, 5, command, path, "--espacio", space)[0] == code
    assert contents(space) == before
    completes(space, path)


def test_cut_while_it_stores_another_version_of_a_document(source, space, run):
    changed, before = space.parent / "antes.csv", contents(space)
    changed.write_text(changed.read_text(encoding="utf-8").replace("Dos.", "Tres."), encoding="utf-8")
    assert run("guardar", "SIGKILL", 2, "ingest", changed, "--espacio", space)[0] == -signal.SIGKILL
    assert contents(space) == before
    assert run("", "", 0, "ingest", changed, "--espacio", space)[0] == 0
    assert [a.acuerdo for a in contents(space)[0][0].acuerdos] == ["Uno.", "Tres."]


def test_a_reading_process_that_is_killed(source, space, run):
    paths, before = [source("a.csv"), source("a.jsonl")], contents(space)
    paths[1] = paths[1].rename(paths[1].with_name("b.jsonl"))
    code, said = run("proceso", "SIGKILL", 5, "ingest", *paths, "-j", "2", "--espacio", space)
    one_line(said, "un proceso de lectura se cerró", "-j 1")
    assert code == 1 and contents(space) == before
    assert run("", "", 0, "ingest", *paths, "-j", "2", "--espacio", space)[0] == 0


@pytest.mark.parametrize(("rows", "limit"), [(200, 40_000), (9_000, 400_000)], ids=["al-terminar", "a-la-mitad"])
def test_a_full_disk_while_it_stores(space, run, rows, limit):
    path, before = space.parent / "a.csv", contents(space)
    lines = (f"Puebla,Vigilar la bodega {n} del distrito.,Concluido\n" for n in range(rows))
    path.write_text("Entidad,Acuerdo,Estatus\n" + "".join(lines), encoding="utf-8")
    code, said = run("disco", "", limit, "ingest", path, "--espacio", space)
    one_line(said.replace("aviso: «a» no dice su proceso", ""), "nada cambió", "disco")
    assert code == 1 and contents(space) == before
    assert run("", "", 0, "ingest", path, "--espacio", space)[0] == 0
    assert len(contents(space)[0][0].acuerdos) == rows


def test_a_full_disk_while_the_workspace_is_made(source, tmp_path, run):
    path = source("a.csv")
    code, said = run("disco", "", 2_000, "ingest", path, "--espacio", tmp_path / "nuevo")
    one_line(said, "no puedo abrir o escribir el espacio", "disco")
    assert code == 1
    assert run("", "", 0, "ingest", path, "--espacio", tmp_path / "nuevo")[0] == 0
    assert len(contents(tmp_path / "nuevo")[0][0].acuerdos) == 16


def test_a_database_that_may_not_grow(source, space):
    before = contents(space)
    with Workspace.open(space) as ws:
        pages = ws._rows("PRAGMA page_count")[0][0]
        ws._db.execute(f"PRAGMA max_page_count = {pages}")
        path = space.parent / "a.csv"
        path.write_text("Acuerdo\n" + "Vigilar la bodega.\n" * 5000, encoding="utf-8")
        with pytest.raises(EspacioInvalido, match=r"database or disk is full.*nada cambió"):
            ingest(ws, read_sources([path]))
    assert contents(space) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_where_the_output_goes(source, space, run):
    with open("/dev/full", "w") as full:
        code, said = run("", "", 0, "ingest", source("a.csv"), "--espacio", space, out=full)
    one_line(said.split("--fecha-documento)\n")[-1], "no pude escribir la salida")
    assert code == 1
    assert (space / ARCHIVO).is_file() and len(contents(space)[0]) == 2
