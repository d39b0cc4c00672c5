"""From the annex to an answer with the real model, and through interruptions."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict

import pytest

from nlp_acuerdos.catalogues import data_file
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.workspace import Workspace

AVISOS = {
    "estatus_faltante": [67, 68, 110, 112], "columnas_corridas": [35, 36, 37], "fila_continuada": [38],
    "entidad_ajena": [16, 110], "distrito_inexistente": [71], "entidad_tardia": [110],
}  # fmt: skip


@pytest.fixture(scope="module")
def ws(built):
    with Workspace.open(built.espacio) as workspace:
        yield workspace


def pairs(*groups):
    return {(a, b) for group in groups for a in group for b in group if a < b}


def test_115_agreements_and_their_statuses(ws):
    acuerdos = ws.agreements()
    assert Counter(a.estatus for a in acuerdos) == {"En proceso": 63, "Concluido": 26, "Planeación": 22, None: 4}
    assert acuerdos[37].acuerdo.endswith(
        "Lista de Ubicación de Casillas, la Lista de Casillas Especiales y los requerimientos específicos de custodia para los mecanismos de recolección."
    )
    assert {a.entidad for a in acuerdos[34:37]} == {"Ciudad de México"}
    assert [a.origen.pagina for a in acuerdos] == sorted(a.origen.pagina for a in acuerdos)


def test_avisos_by_row(ws):
    order = {a.id: a.orden for a in ws.agreements()}
    found = defaultdict(list)
    for a in ws.avisos():
        found[a.tipo].append(order[a.id])
    assert found == AVISOS
    (late,) = [a for a in ws.avisos() if a.tipo == "entidad_tardia"]
    assert "108, 109, 111, 112" in late.sugerencia and "inferid" in late.sugerencia


def test_relations_by_row(ws):
    order = {a.id: a.orden for a in ws.agreements()}
    found = defaultdict(set)
    for r in ws.relations():
        found[r.relacion].add(tuple(sorted((order[r.a], order[r.b]))))
    copies = {103, 104, 105, 106, 107}
    assert found["exacto"] == pairs({47, 48}, {99, 100}, copies)
    assert found["cambio_estatus"] == {(79, 80)} | {(a, b) for a in (99, 100) for b in copies}
    assert found["contenido"] == {(96, 97), (99, 101), (100, 101)} | {(101, b) for b in copies}
    assert found["plantilla"] == pairs({74, 75, 76, 77})
    assert found["casi"] == {(47, 51), (48, 51), (101, 102)}


def test_a_series_shows_its_slot_in_order(ws):
    (serie,) = [g for g in ws.groups() if g.tipo == "serie"]
    assert serie.ranura == "fecha" and serie.valores == ("2024-05-02", "2024-05-09", "2024-05-16", "2024-05-23")


def contents(folder):
    with Workspace.open(folder) as ws:
        return (ws.agreements(), ws.avisos(), ws.tags(), ws.relations(), ws.groups(), [s[0] for s in ws.snapshots()])


def test_a_second_build_does_nothing_again(built):
    before = contents(built.espacio)
    done = build(built, read_sources([data_file("anexo1_sexto_informe.txt")]))
    assert (done.ingesta.agregadas, done.ingesta.repetidas) == (0, 115)
    assert done.etiquetadas == done.vectorizadas == 0 and done.captura == 1
    assert contents(built.espacio) == before


@pytest.mark.parametrize(
    ("how", "after"),
    [(signal.SIGKILL, 0.4), (signal.SIGKILL, 2.0), (signal.SIGKILL, 3.5), (signal.SIGINT, 3.0)],
    ids=["kill-early", "kill-middle", "kill-late", "ctrl-c"],
)
def test_a_stopped_build_completes_to_the_same(built, tmp_path, how, after):
    command = [
        sys.executable,
        "-m",
        "nlp_acuerdos.cli",
        "build",
        str(data_file("anexo1_sexto_informe.txt")),
        "--espacio",
        str(tmp_path / "e"),
    ]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(after)
    first.send_signal(how)
    first.communicate(timeout=60)
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert contents(tmp_path / "e") == contents(built.espacio)
    search = [sys.executable, "-m", "nlp_acuerdos.cli", "search", "custodia de boletas", "--formato", "json", "-k", "2"]
    ours, theirs = (
        subprocess.run([*search, "--espacio", str(e)], check=True, capture_output=True, text=True).stdout
        for e in (tmp_path / "e", built.espacio)
    )
    assert json.loads(ours) == json.loads(theirs)
