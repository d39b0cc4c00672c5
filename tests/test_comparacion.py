import csv
import io
import json
from collections import Counter
from html.parser import HTMLParser

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import AcuerdosError
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.pipeline.comparacion import CLASES, compare, mark_rows, movement, open_if_there, side
from nlp_acuerdos.pipeline.decisiones import decide
from nlp_acuerdos.report.comparacion import comparison_csv, comparison_xlsx, render_comparison
from nlp_acuerdos.workspace import Workspace

HEAD = "Entidad,Acuerdo,Estatus\n"
HOSTIL = "<script>alert(1)</script> {{ 7*7 }} \u202eabc"
MARZO = HEAD + (
    "Colima,La GN custodiará las boletas hasta los consejos distritales.,Planeación\n"
    "Colima,Reunión de seguimiento el 2 de mayo de 2024.,Concluido\n"
    "Colima,El IEE Colima pide a la SSP el directorio de enlaces de cada municipio.,En proceso\n"
    "Jalisco,Se instalará un C5 permanente durante la jornada electoral.,En proceso\n"
    "Jalisco,La FISEL impartirá una capacitación sobre delitos electorales a las policías.,\n"
    "Sonora,Dar seguimiento a los acuerdos de la mesa.,En proceso\n"
    f'Sonora,"{HOSTIL}",En proceso\n'
    "Sonora,=cmd|' /C calc'!A0,En proceso\n"
)
ABRIL = HEAD + (
    "Colima,La GN custodiará las boletas hasta los consejos distritales.,Concluido\n"
    "Colima,Reunión de seguimiento el 16 de mayo de 2024.,Planeación\n"
    "Colima,Reunión de seguimiento el 9 de mayo de 2024.,En proceso\n"
    "Colima,El IEE Colima solicita a la SSP el directorio actualizado de enlaces de cada municipio.,Concluido\n"
    "Jalisco,Se instalará un C5 permanente durante la jornada electoral.,Planeación\n"
    "Jalisco,La FISEL impartirá una capacitación sobre delitos electorales a las policías.,En proceso\n"
    "Sonora,Dar seguimiento a los acuerdos de la mesa,En proceso\n"
    "Sonora,Dar seguimiento a los acuerdos de la mesa,En proceso\n"
    "Sonora,Patrullar las colonias con mayor incidencia delictiva.,\n"
)


@pytest.fixture
def files(tmp_path):
    for name, text in (("marzo", MARZO), ("abril", ABRIL)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return [tmp_path / "marzo.csv", tmp_path / "abril.csv"]


@pytest.fixture
def record(files):
    return compare(None, *(side(None, str(f)) for f in files))


def by_class(record):
    found = {}
    for r in record["filas"]:
        found.setdefault(r["clase"], []).append(r)
    return found


def test_each_class_and_every_row_once(record):
    assert record["resumen"] == {
        "nuevo": 2, "desaparecido": 2, "movido": 3, "reformulado": 1, "serie": 2, "repetido": 1,
    }  # fmt: skip
    assert record["movimientos"] == {"avanzo": 2, "retrocedio": 1, "estatus_cambiado": 1}
    assert list(record["resumen"]) == list(CLASES)
    for s, n in (("a", 8), ("b", 9)):
        ids = [r[s]["id"] for r in record["filas"] if r[s]]
        assert len(ids) == len(set(ids)) == n == record["lados"][s]["acuerdos"]


def test_rows_say_why(record):
    rows = by_class(record)
    assert {r["movimiento"] for r in rows["movido"]} == {"avanzo", "retrocedio", "estatus_cambiado"}
    (reworded,) = rows["reformulado"]
    assert (reworded["relacion"], reworded["movimiento"]) == ("casi", "avanzo")
    assert {"tipo": "estatus", "a": "En proceso", "b": "Concluido"} in reworded["diferencias"]
    paired, further = sorted(rows["serie"], key=lambda r: r["a"] is None)
    assert paired["diferencias"][0] == {"tipo": "fecha", "a": "2024-05-02", "b": "2024-05-09"}
    assert further["b"]["acuerdo"].endswith("16 de mayo de 2024.") and further["cercano"]["id"] == paired["a"]["id"]
    assert paired["movimiento"] is None
    copy = next(r for r in rows["nuevo"] if r["cercano"])
    assert (copy["cercano"]["relacion"], copy["b"]["estatus"]) == ("exacto", "En proceso")


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("Planeación", "En proceso", "avanzo"), ("Planeación", "Concluido", "avanzo"), ("En proceso", "Concluido", "avanzo"),
        ("Concluido", "En proceso", "retrocedio"), ("En proceso", "Planeación", "retrocedio"),
        (None, "Concluido", "estatus_cambiado"), ("Concluido", None, "estatus_cambiado"),
        ("Concluido", "Concluido", None), (None, None, None),
    ],
)  # fmt: skip
def test_movement(before, after, moved):
    assert movement(before, after) == moved


def test_only_the_moved(files):
    found = compare(None, *(side(None, str(f)) for f in files), solo_movidos=True)
    assert [r["clase"] for r in found["filas"]] == ["movido"] * 3 + ["reformulado"]
    assert found["resumen"]["nuevo"] == 2


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text, self.links = Counter(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.links += [v for k, v in attrs if k in ("src", "href") and not v.startswith("#")]

    def handle_data(self, data):
        self.text.append(data)


def test_html_shows_texts_as_texts_and_needs_nothing(files):
    sides = [side(None, str(f)) for f in files]
    html = render_comparison(mark_rows(compare(None, *sides), *sides))
    page = Page()
    page.feed(html)
    text = "".join(page.text)
    assert page.links == [] and page.tags["script"] == 0 and "Content-Security-Policy" in html
    assert HOSTIL in text and page.tags["ins"] >= 2 and page.tags["del"] >= 1
    assert "avanzó: Planeación → Concluido" in text and "retrocedió: En proceso → Planeación" in text


def test_csv_and_xlsx_have_every_row_and_no_formula(record):
    data = comparison_csv(record)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert data.startswith(b"\xef\xbb\xbf") and len(rows) == len(record["filas"])
    assert "'=cmd|' /C calc'!A0" in {r["acuerdo_a"] for r in rows}
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(comparison_xlsx(record)))
    cells = [c for row in book["Comparación"].iter_rows() for c in row]
    assert book.sheetnames == ["Comparación", "Resumen"] and book["Comparación"].max_row == len(rows) + 1
    assert any(c.value == "=cmd|' /C calc'!A0" for c in cells) and "f" not in {c.data_type for c in cells}


@pytest.fixture
def ws(files, tmp_path, quick):
    settings = Settings(tmp_path / "e")
    build(settings, read_sources(files))
    with Workspace.open(settings.espacio) as workspace:
        yield workspace


def test_documents_files_and_snapshots_compare_alike(ws, files, record):
    assert compare(ws, side(ws, "marzo"), side(ws, "abril"))["resumen"] == record["resumen"]
    assert compare(ws, side(ws, "marzo"), side(ws, str(files[1])))["resumen"] == record["resumen"]
    assert side(ws, "#1").tipo == side(ws, "1").tipo == side(ws, "1", captura=True).tipo == "captura"
    same = compare(ws, side(ws, "#1"), side(ws, "1"))
    assert same["resumen"] == dict.fromkeys(CLASES, 0) | {"repetido": 17}


def test_a_document_named_as_a_number_is_the_document(ws, tmp_path):
    (tmp_path / "1.csv").write_text(HEAD + "Colima,Otro.,\n", encoding="utf-8")
    build(Settings(tmp_path / "e"), read_sources([tmp_path / "1.csv"]))
    assert side(ws, "1").tipo == "documento" and side(ws, "#1").tipo == side(ws, "1", captura=True).tipo == "captura"


def test_files_alone_need_no_workspace_and_leave_none(files, tmp_path):
    with open_if_there(tmp_path / "nada") as workspace:
        assert workspace is None
        side(workspace, str(files[0]))
    assert not (tmp_path / "nada").exists()


def test_two_builds(ws, files, tmp_path):
    files[0].write_text(MARZO.replace("Planeación", "En proceso"), encoding="utf-8")
    build(Settings(tmp_path / "e"), read_sources(files[:1]))
    found = compare(ws, side(ws, "#1"), side(ws, "#2"))
    assert found["resumen"] == dict.fromkeys(CLASES, 0) | {"repetido": 16, "movido": 1}


def test_decisions_are_honoured(ws):
    before = compare(ws, side(ws, "marzo"), side(ws, "abril"))
    (row,) = by_class(before)["reformulado"]
    decide(ws, row["a"]["id"], row["b"]["id"], "ninguna", "ana")
    after = compare(ws, side(ws, "marzo"), side(ws, "abril"))
    assert after["resumen"]["reformulado"] == 0 and after["resumen"]["nuevo"] == before["resumen"]["nuevo"] + 1


@pytest.mark.parametrize(
    ("name", "captura", "said"),
    [
        ("#9", False, "no hay una captura #9"), ("7", False, "no hay una captura #7"), ("mayo", False, "documentos abril, marzo"),
        ("marzo", True, "número de captura inválido"), ("#x", False, "número de captura inválido"),
        ("9" * 40, False, "número de captura inválido"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(ws, name, captura, said):
    with pytest.raises(AcuerdosError, match=said):
        side(ws, name, captura=captura)


def test_neither_file_nor_workspace():
    with pytest.raises(AcuerdosError, match="no hay un archivo «nada» ni un espacio"):
        side(None, "nada")


def test_the_record_is_plain_data(record):
    assert json.loads(json.dumps(record)) == record
