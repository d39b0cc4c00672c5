"""Sources: folders, globs, zips when asked for, several processes, a mapping of columns."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import FORMATOS, expand
from nlp_acuerdos.pipeline import read_sources

CSV = "Entidad,Acuerdo,Estatus\nColima,La GN custodiará las boletas.,Concluido\n"


@pytest.fixture
def folder(tmp_path):
    """A folder of three documents among things that are none."""
    place = tmp_path / "actas de año"
    (place / "mayo").mkdir(parents=True)
    for name in ("uno.csv", "dos.csv", "mayo/tres.csv"):
        (place / name).write_text(CSV, encoding="utf-8")
    for name in ("foto.png", ".oculto.csv", "~$dos.xlsx", "notas.md"):
        (place / name).write_bytes(b"x")
    return place


def keys(*sources, **options):
    return [r.documento.clave for r in read_sources(list(sources), **options)]


def test_folder_takes_its_documents_in_order(folder):
    assert keys(folder) == ["dos", "tres", "uno"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("*.csv", ["dos", "uno"]), ("**/*.csv", ["dos", "tres", "uno"]), ("[du]*.csv", ["dos", "uno"])],
)
def test_globs(folder, pattern, expected):
    assert sorted(keys(folder / pattern)) == expected


def test_a_name_with_brackets_is_a_file_before_a_glob(tmp_path):
    (tmp_path / "acta [1].csv").write_text(CSV, encoding="utf-8")
    assert keys(tmp_path / "acta [1].csv") == ["acta [1]"]


def test_a_source_given_twice_is_read_once(folder):
    assert sorted(keys(folder / "uno.csv", folder / "*.csv")) == ["dos", "uno"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("*.pdf", "ningún archivo corresponde"),
        ("vacía", "no tiene documentos que sepa leer"),
        ("*.png", "no sé leer «foto.png»"),
    ],
)
def test_sources_with_nothing_to_read(folder, source, said):
    (folder / "vacía").mkdir()
    with pytest.raises(EntradaInvalida, match=said):
        read_sources([folder / source])


def test_one_key_for_several_files_is_refused(folder):
    with pytest.raises(EntradaInvalida, match="un solo documento"):
        read_sources([folder], documento="x")
    (folder / "mayo" / "uno.csv").write_text(CSV, encoding="utf-8")
    with pytest.raises(EntradaInvalida, match="dan el mismo documento «uno»"):
        read_sources([folder])


def zipped(path: Path, *members: tuple[str, bytes], **options) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as box:
        for name, data in members:
            box.writestr(name, data)
    return path


def test_zip_is_read_only_when_asked_for(tmp_path):
    members = [
        ("actas/enero.csv", CSV.encode()),
        ("actas/b.csv", CSV.encode()),
        ("__MACOSX/._b.csv", b"x"),
        ("lee.md", b"x"),
    ]
    path = zipped(tmp_path / "Actas.zip", *members)
    with pytest.raises(EntradaInvalida, match="es un zip; use --zip"):
        read_sources([path])
    readings = read_sources([path], zips=True)
    assert [(r.documento.clave, r.documento.archivo) for r in readings] == [("b", "b.csv"), ("enero", "enero.csv")]
    assert [r.documento.clave for r in read_sources([tmp_path], zips=True)] == ["b", "enero"]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([("../fuera.csv", CSV.encode())], "sale de su carpeta"),
        ([("/etc/acta.csv", CSV.encode())], "sale de su carpeta"),
        ([("C:\\acta.csv", CSV.encode())], "sale de su carpeta"),
        ([("acta.csv", CSV.encode() + b" " * (64 * 2**20))], "bomba zip"),
        ([(f"{n}.csv", b"") for n in range(5001)], "trae 5001 partes"),
        ([("foto.png", b"x")], "no trae documentos"),
        ([("vacio.csv", b"")], "vacío"),
        ([("acta.csv", b"nada que leer")], "no encuentro la columna"),
    ],
    ids=["sube", "raíz", "unidad", "bomba", "muchas", "sin-documentos", "vacío", "sin-columna"],
)
def test_bad_zips(tmp_path, members, said):
    path = zipped(tmp_path / "a.zip", *members)
    with pytest.raises(EntradaInvalida, match=said):
        read_sources([path], zips=True)


def test_damaged_and_locked_zips(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.csv", CSV.encode()))
    data = bytearray(path.read_bytes())
    path.write_bytes(data[:-30])
    with pytest.raises(EntradaInvalida, match="dañado"):
        read_sources([path], zips=True)
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # the mark of an encrypted member
    path.write_bytes(data)
    with pytest.raises(EntradaInvalida, match="contraseña"):
        read_sources([path], zips=True)


def test_processes_give_the_same_in_the_same_order(folder):
    said = []
    readings = read_sources([folder], procesos=2, progress=lambda *step: said.append(step))
    assert readings == read_sources([folder])
    assert said == [("lectura", n, 3) for n in (0, 1, 2, 3)]


def test_an_error_in_another_process_is_the_same_line(folder):
    (folder / "mal.csv").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(EntradaInvalida, match="«mal.csv»: no encuentro la columna"):
        read_sources([folder], procesos=2)


def test_hidden_files_and_folders_stay_out(folder):
    (folder / ".git").mkdir()
    (folder / ".git" / "x.csv").write_text(CSV, encoding="utf-8")
    assert {f.nombre for f in expand([folder], FORMATOS)} == {"uno.csv", "dos.csv", "tres.csv"}


def command(*args, cwd):
    return subprocess.run(
        [sys.executable, "-m", "nlp_acuerdos.cli", *args], cwd=cwd, capture_output=True, text=True, encoding="utf-8",
        env=dict(os.environ), timeout=120,
    )  # fmt: skip


def test_command_reads_a_folder_by_two_processes(folder):
    done = command("ingest", ".", "-j", "2", cwd=folder)
    assert (done.returncode, "3 acuerdos nuevos" in done.stdout) == (0, True), done.stderr


def test_command_takes_a_mapping_of_columns(tmp_path):
    (tmp_path / "a.csv").write_text("Lugar,Qué se acordó,Va\nPuebla,Vigilar.,Concluido\n", encoding="utf-8")
    done = command("ingest", "a.csv", "--columnas", "acuerdo=Qué se acordó, entidad=Lugar,estatus=Va", cwd=tmp_path)
    assert (done.returncode, "1 acuerdos nuevos" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["a.csv", "--columnas", "acuerdo"], "--columnas no se entiende"),
        (["a.csv", "--columnas", "cosa=Acuerdo"], "no conoce «cosa»"),
        (["a.zip"], "use --zip"),
    ],
)
def test_command_says_one_line(tmp_path, args, said):
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    zipped(tmp_path / "a.zip", ("a.csv", CSV.encode()))
    done = command("ingest", *args, cwd=tmp_path)
    assert done.returncode == 1 and done.stdout == "" and "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error:") and said in line
    assert not (tmp_path / ".acuerdos").exists()
