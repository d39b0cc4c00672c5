"""A wheel holds everything: installed elsewhere it works outside the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rueda")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        folder,
        ROOT,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    place = folder / "sitio"
    zipfile.ZipFile(wheel).extractall(place)
    return place


def run(installed, *args):
    env = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *args],
        cwd=installed.parent,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def test_catalogues_annex_and_templates_travel_inside(installed):
    inside = {
        p.relative_to(installed / "nlp_acuerdos").as_posix()
        for p in (installed / "nlp_acuerdos").rglob("*")
        if p.is_file()
    }
    assert {"py.typed", "_datos/anexo1_sexto_informe.txt", "_datos/distritos_federales_2023.csv"} <= inside
    assert {"catalogues/actores.toml", "catalogues/tiempo.toml", "report/templates/informe.html.j2"} <= inside
    assert {"web/templates/buscar.html.j2", "web/static/acuerdos.css", "web/static/acuerdos.js"} <= inside


def test_the_command_works_outside_the_checkout(installed):
    where = run(installed, "-c", "import nlp_acuerdos; print(nlp_acuerdos.__file__)")
    assert where.stdout.startswith(str(installed))
    found = run(installed, "-m", "nlp_acuerdos.cli", "search", "custodia de boletas", "-k", "1", "--formato", "json")
    assert json.loads(found.stdout)["total"] == 115, found.stderr
    assert run(installed, "-m", "nlp_acuerdos.cli", "report", "-o", "i.html").returncode == 0
