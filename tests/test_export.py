import csv
import io
import json

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.report.export import FORMATOS, escape_formula, export, with_personal_data
from nlp_acuerdos.workspace import Workspace

ROWS = [
    "Colima;La GN custodiará las bodegas el 2 de junio de 2024.;Concluido",
    "Jalisco;=cmd|' /C calc'!A0;Planeación",
    "Sonora;Llamar a María al 55 1234 5678 o a maria@ejemplo.mx.;",
]


def anything(acuerdo, tags):
    return True


@pytest.fixture
def workspace(tmp_path, stub):
    source = tmp_path / "acta.csv"
    source.write_text("Entidad;Acuerdo;Estatus\n" + "".join(f"{r}\n" for r in ROWS), encoding="utf-8")
    settings = Settings(tmp_path / "e")
    build(settings, read_sources([source]))
    with Workspace.open(settings.espacio) as ws:
        yield ws


def test_every_format_has_the_same_agreements(workspace, tmp_path):
    for suffix in FORMATOS:
        assert export(workspace, tmp_path / f"x{suffix}", anything) == 3
    lines = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    table = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert table == lines
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_bytes().decode("utf-8-sig"))))
    sheet = load_workbook(tmp_path / "x.xlsx").active
    head, *cells = sheet.iter_rows(values_only=True)
    assert list(head) == list(rows[0]) == list(lines[0])
    assert [row[0] for row in cells] == [r["id"] for r in rows] == [r["id"] for r in lines]
    assert rows[0]["actores"] == "GN" and table[0]["actores"] == ["GN"]
    assert table[0]["fechas"][0]["valor"] == "2024-06-02" and "= 2024-06-02" in rows[0]["fechas"]


def test_formulas_stay_text(workspace, tmp_path):
    export(workspace, tmp_path / "x.csv", anything)
    export(workspace, tmp_path / "x.xlsx", anything)
    data = (tmp_path / "x.csv").read_bytes()
    assert b"'=cmd" in data and data.startswith(b"\xef\xbb\xbf")
    cell = next(
        c for row in load_workbook(tmp_path / "x.xlsx").active.iter_rows() for c in row if "cmd" in str(c.value)
    )
    assert cell.data_type == "s" and cell.value == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize("suffix", FORMATOS)
def test_nothing_to_export_is_a_file_with_its_heading(workspace, tmp_path, suffix):
    assert export(workspace, tmp_path / f"x{suffix}", lambda a, t: False) == 0
    assert (tmp_path / f"x{suffix}").exists()


def test_another_suffix(workspace, tmp_path):
    with pytest.raises(EntradaInvalida, match=r"\.jsonl, \.csv, \.xlsx o \.parquet"):
        export(workspace, tmp_path / "x.doc", anything)


def test_personal_data_is_told_of_what_is_exported(workspace):
    count, kinds = with_personal_data(workspace, anything)
    assert count == 1 and kinds
    assert with_personal_data(workspace, lambda a, t: a.entidad == "Colima") == (0, [])


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_formulas_are_escaped(cell):
    assert escape_formula(cell) == "'" + cell
