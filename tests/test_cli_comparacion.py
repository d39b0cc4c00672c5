"""`compare`, `audit -o` and `audit decide --archivo` through the real command."""

import csv
import json
import shutil

import pytest

from tests.test_cli import fails, run

HEAD = "Entidad,Acuerdo,Estatus\n"
MARZO = HEAD + "Colima,La GN custodiará las boletas.,Planeación\nColima,Reunión el 2 de mayo.,Concluido\n"
ABRIL = (
    HEAD
    + "Colima,La GN custodiará las boletas.,Concluido\nColima,Reunión el 9 de mayo.,En proceso\nSonora,Patrullar.,\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("meses")
    for name, text in (("marzo", MARZO), ("abril", ABRIL)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    for name, day in (("marzo", "2024-03-28"), ("abril", "2024-04-28")):
        assert run("build", f"{name}.csv", "--fecha-documento", day, cwd=folder).returncode == 0
    return folder


@pytest.fixture
def there(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_compare_documents_snapshots_and_files(there):
    counts = {"nuevo": 1, "desaparecido": 0, "movido": 1, "reformulado": 0, "serie": 1, "repetido": 0}
    for sides in (["marzo", "abril"], ["marzo.csv", "abril.csv"], ["#1", "abril"]):
        data = json.loads(run("compare", *sides, "--formato", "json", cwd=there).stdout)
        assert data["resumen"] == counts and [data["a"], data["b"]] == sides
    data = json.loads(run("compare", "1", "2", "--capturas", "--formato", "json", cwd=there).stdout)
    assert data["resumen"] == dict.fromkeys(counts, 0) | {"nuevo": 2, "serie": 1, "repetido": 2}


def test_compare_table_and_files(there):
    done = run("compare", "marzo", "abril", cwd=there)
    assert "avanzo" in done.stdout and "Planeación → Concluido" in done.stdout and "movido: 1" in done.stdout
    for name in ("c.html", "c.xlsx", "c.csv", "c.json"):
        assert run("compare", "marzo", "abril", "-o", name, cwd=there).returncode == 0
        assert (there / name).stat().st_size > 500


def test_compare_two_files_makes_no_workspace(there, tmp_path_factory):
    other = tmp_path_factory.mktemp("sin")
    done = run("compare", there / "marzo.csv", there / "abril.csv", "--formato", "csv", cwd=other)
    assert done.stdout.startswith("clase,movimiento,") and list(other.iterdir()) == []


def test_history_of_one_and_of_all(there):
    data = json.loads(run("compare", "--historia", "--formato", "json", cwd=there).stdout)
    (moved,) = data["compromisos"]
    assert [h["estatus"] for h in moved["historia"]] == ["Planeación", "Concluido"] and moved["movimiento"] == "avanzo"
    shown = json.loads(run("show", moved["id"], "--formato", "json", cwd=there).stdout)
    assert shown["historia"] == moved["historia"]
    for args in (["show", moved["id"]], ["compare", "--historia"], ["show", moved["id"], "--formato", "html"]):
        done = run(*args, cwd=there)
        assert done.returncode == 0 and "2024-03-28" in done.stdout and "Planeación" in done.stdout
    only = json.loads(run("compare", "marzo", "abril", "--historia", "--formato", "json", cwd=there).stdout)
    assert [r["clase"] for r in only["filas"]] == ["movido"]


def test_audit_files_and_a_filled_form(there):
    for name in ("a.html", "a.xlsx", "a.csv", "a.json"):
        assert "2 relaciones en" in run("audit", "-o", name, cwd=there).stdout
    assert run("audit", "--formato", "html", cwd=there).stdout.startswith("<!DOCTYPE html>")
    one = json.loads(run("audit", "--relacion", "plantilla", "--formato", "json", cwd=there).stdout)
    assert [r["relacion"] for r in one["relaciones"]] == ["plantilla"]
    with (there / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["decision"] = "ninguna"
    with (there / "lleno.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = run("audit", "decide", "--archivo", "lleno.csv", "--quien", "ana", cwd=there)
    assert "guardadas 2 decisiones de «lleno.csv»" in done.stdout
    assert json.loads(run("audit", "--formato", "json", cwd=there).stdout)["relaciones"] == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["compare", "marzo", "junio"], "no hay un documento, captura ni archivo «junio»"),
        (["compare", "#1", "#9"], "no hay una captura #9"),
        (["compare", "marzo", "abril", "--formato", "xlsx"], "-o resultado.xlsx"),
        (["compare", "marzo", "abril", "-o", "x.doc"], "no sé escribir «x.doc»"),
        (["compare", "marzo", "abril", "-o", "nada/x.csv"], "no puedo escribir"),
        (["compare", "--historia", "--formato", "html"], "formato desconocido"),
        (["audit", "--formato", "xlsx"], "-o resultado.xlsx"),
        (["audit", "--formato", "tabla", "-o", "x.html"], "la tabla se ve en la terminal"),
        (["audit", "--relacion", "primo"], "relación desconocida"),
        (["audit", "--entidad", "Atlántida"], "entidad desconocida"),
        (["audit", "decide", "--archivo", "nada.xlsx"], "no puedo leer"),
        (["audit", "decide", "--archivo", "marzo.csv"], "no tiene las columnas"),
    ],
    ids=lambda v: " ".join(v)[:40] if isinstance(v, list) else "",
)
def test_what_a_user_can_mend_is_one_line(made, args, said):
    fails(run(*args, cwd=made), said)


@pytest.mark.parametrize(
    "args",
    [["compare"], ["compare", "marzo"], ["audit", "decide"], ["audit", "decide", "a", "b"], ["audit", "decide", "a", "--archivo", "x.csv"]],
    ids=" ".join,
)  # fmt: skip
def test_a_line_that_lacks_something_is_2(made, args):
    assert run(*args, cwd=made).returncode == 2
