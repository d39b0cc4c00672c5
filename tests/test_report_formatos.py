"""Each format opened again by its library: its figures are the json's, its texts are text, its bytes do not change."""

import csv
import io
import json
import time
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from openpyxl import load_workbook

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.report import pdf, summarise, write
from nlp_acuerdos.report.bloques import Cifras, Cita, Citas, Tabla
from nlp_acuerdos.report.contenido import compose
from nlp_acuerdos.report.documento import as_docx
from nlp_acuerdos.report.files import fixed_office
from nlp_acuerdos.report.libro import report_book
from nlp_acuerdos.report.pdf import plain
from nlp_acuerdos.report.render import FORMATOS, render
from nlp_acuerdos.report.rotulos import show, show_in
from nlp_acuerdos.workspace import Workspace
from tests.conftest import StubEncoder
from tests.test_report import parse

STATES = ["Colima", "Jalisco", "Sonora", "Puebla", "Oaxaca", "Sinaloa"]
HOSTILE = [
    "<script>alert(1)</script> reunión",
    "{{ 7*7 }} {% raw %} reunión",
    "=cmd|' /C calc'!A0 reunión",
    "reunión " + "x" * 10_000,
    "🗳️ reunión \u202eabc שלום",
    "a|b\\`c`*d* reunión",
]


@pytest.fixture(scope="module")
def summary(built):
    with Workspace.open(built.espacio) as ws:
        return summarise(ws, por="entidad")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The report of texts that want to be something else, and the texts as they were read."""
    folder = tmp_path_factory.mktemp("hostil")
    rows = "".join(f'{e};"{t}";Concluido\n' for e, t in zip(STATES, HOSTILE, strict=True))
    (folder / "h.csv").write_text("Entidad;Acuerdo;Estatus\n" + rows, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nlp_acuerdos.pipeline.get_encoder", lambda nombre: StubEncoder())
        build(Settings(folder / "e"), read_sources([folder / "h.csv"]))
    with Workspace.open(folder / "e") as ws:
        return summarise(ws, por="entidad"), [a.acuerdo for a in ws.agreements()]


def blocks(summary, kind):
    return [b for part in compose(summary).apartados for b in part.bloques if isinstance(b, kind)]


def written(summary, folder, suffix):
    write(summary, folder / f"i{suffix}")
    return (folder / f"i{suffix}").read_bytes()


# -- the same figures --------------------------------------------------------------------------------------------------


def test_json_is_the_whole_summary(summary, tmp_path):
    data = json.loads(written(summary, tmp_path, ".json"))
    assert data["total"] == 115 and data["estatus"][0] == {"valor": "En proceso", "n": 63, "porcentaje": 54.8}
    assert set(data) == set(type(summary).__dataclass_fields__)
    assert data == json.loads(json.dumps(summary.as_dict()))


def figures(data):
    """Return (concept, number, share) of every count in the json."""
    for counts in [data["estatus"], *(table for _, table in data["tablas"])]:
        yield from ((c["n"], c["porcentaje"]) for c in counts)
    yield from ((t["n"], t["porcentaje"]) for t in (*data["temas"], *(m for m in data["mapa"] if m["n"])))


def test_xlsx_has_the_figures_of_the_json(summary, tmp_path):
    data = json.loads(written(summary, tmp_path, ".json"))
    written(summary, tmp_path, ".xlsx")
    book = load_workbook(tmp_path / "i.xlsx")
    rows = [tuple(v for v in row if v is not None) for sheet in book for row in sheet.iter_rows(values_only=True)]
    numbers = [tuple(v for v in row if isinstance(v, int | float)) for row in rows]
    assert all(pair in {n[:2] for n in numbers} for pair in figures(data))
    overdue = [r for r in rows if any("última fecha:" in str(v) for v in r)]
    assert len(overdue) == len(data["vencidos"]) and {r[3] for r in overdue} == {
        v["ejemplo"]["id"] for v in data["vencidos"]
    }
    for _, matrix in data["matrices"]:
        for name, cells in zip(matrix["filas"], matrix["celdas"], strict=True):
            assert (name, *cells) in rows


def test_xlsx_tables_are_the_reports(summary):
    book = load_workbook(io.BytesIO(report_book(compose(summary))))
    rows = {tuple(v for v in row if v is not None) for sheet in book for row in sheet.iter_rows(values_only=True)}
    for table in blocks(summary, Tabla):
        assert all(tuple(v for v in row if v != "") in rows or row in rows for row in table.filas), table.titulo
    assert book.sheetnames[:2] == ["Informe", "1. Cifras principales"]


def test_docx_has_the_figures_of_the_json(summary, tmp_path):
    data = json.loads(written(summary, tmp_path, ".json"))
    written(summary, tmp_path, ".docx")
    doc = Document(tmp_path / "i.docx")
    tables = [[tuple(c.text for c in row.cells) for row in t.rows] for t in doc.tables]
    expected = blocks(summary, Tabla)
    assert len(tables) == len(expected)
    for made, table in zip(tables, expected, strict=True):
        assert made == [table.columnas, *(tuple(show_in(v, table.grafica) for v in row) for row in table.filas)]
    rows = {row[-2:] for table in tables for row in table}
    assert {(f"{n:,}", f"{p:.1f} %") for n, p in figures({**data, "tablas": [t for t in data["tablas"]]})} <= rows
    text = "\n".join(p.text for p in doc.paragraphs)
    assert all(v["ejemplo"]["acuerdo"] in text for v in data["vencidos"])
    assert [p.text for p in doc.paragraphs if p.style.name == "Heading 1"][0] == "1. Cifras principales"


def test_csv_has_the_figures_of_the_json(summary, tmp_path):
    rows = list(csv.DictReader(io.StringIO(written(summary, tmp_path, ".csv").decode("utf-8-sig"))))
    status = {
        r["concepto"]: r["valor"] for r in rows if r["cuadro"] == "Acuerdos por estatus" and r["columna"] == "Acuerdos"
    }
    assert status == {c.valor: str(c.n) for c in summary.estatus}
    quoted = {r["id"] for r in rows if r["cuadro"] == "Compromisos vencidos"}
    assert quoted == {v.ejemplo.id for v in summary.vencidos}
    assert all(r["fuente"] for r in rows if r["id"])


def test_pdf_says_figures_and_quotations(summary, tmp_path):
    pdfplumber = pytest.importorskip("pdfplumber")
    written(summary, tmp_path, ".pdf")
    with pdfplumber.open(tmp_path / "i.pdf") as book:
        text = "\n".join(page.extract_text() for page in book.pages)
    words = " ".join(text.split())
    assert "115 acuerdos" in words and "En proceso 63 54.8 %" in words
    assert all(f"{t.nombre} {t.n} {t.porcentaje:.1f} %" in words for t in summary.temas)
    assert all(v.ejemplo.cita in words for v in summary.vencidos)


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_pages_have_every_row_of_the_tables(summary, suffix):
    text = render(summary, suffix)
    plain_text = " ".join("".join(parse(text).text).split()) if suffix == ".html" else text
    for table in blocks(summary, Tabla):
        for row in table.filas:
            assert all(show(v) in plain_text or show_in(v, table.grafica) in plain_text for v in row)
    for cifra in blocks(summary, Cifras):
        assert all(n in plain_text for n, _ in cifra.pares)


# -- the same bytes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATOS)
def test_same_workspace_same_bytes_in_another_second(built, tmp_path, suffix, monkeypatch):
    with Workspace.open(built.espacio) as ws:
        first = written(summarise(ws), tmp_path, suffix)
    now = int(time.time())
    while int(time.time()) == now:
        time.sleep(0.05)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        with Workspace.open(built.espacio) as ws:
            assert written(summarise(ws), tmp_path, suffix) == first
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_office_files_are_dated_as_the_document(summary, tmp_path, suffix):
    with zipfile.ZipFile(io.BytesIO(written(summary, tmp_path, suffix))) as archive:
        names = archive.namelist()
        assert names == sorted(names) and {i.date_time for i in archive.infolist()} == {(2024, 6, 2, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2024-06-02T00:00:00Z") == 2


def test_a_date_before_zips_is_the_first_of_zips():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a", "x")
    with zipfile.ZipFile(io.BytesIO(fixed_office(stream.getvalue(), "1917-02-05"))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_docx_tables_keep_the_order_word_asks_for(summary):
    doc = Document(io.BytesIO(as_docx(compose(summary))))
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblLook"]
    for table in doc.tables:
        names = [child.tag.rpartition("}")[2] for child in table._tbl.tblPr]
        assert "tblBorders" in names and names == sorted(names, key=order.index)
    assert 'w:val="es-MX"' in doc.styles.element.xml


# -- texts that want to be something else --------------------------------------------------------------------------------


def test_hostile_text_is_text_in_html(hostile):
    summary, texts = hostile
    page = parse(render(summary, ".html"))
    assert "script" not in page.tags
    shown = "".join(page.text)
    assert all(t in shown for t in texts)


def test_hostile_text_is_text_in_markdown(hostile):
    summary, _ = hostile
    text = render(summary, ".md")
    assert "\\<script\\>alert(1)\\</script\\>" in text and "<script" not in text.replace("\\<script", "")
    assert "a\\|b\\\\\\`c\\`\\*d\\*" in text and "\\{\\{ 7\\*7 \\}\\}" in text


def test_hostile_text_is_text_in_xlsx(hostile):
    summary, texts = hostile
    book = load_workbook(io.BytesIO(report_book(compose(summary))))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not [c for c in cells if c.data_type == "f"]
    assert set(texts) <= {c.value for c in cells}


def test_hostile_text_is_text_in_docx(hostile):
    summary, texts = hostile
    said = [p.text for p in Document(io.BytesIO(as_docx(compose(summary)))).paragraphs]
    assert all(any(p.startswith(t) for p in said) for t in texts)


def test_hostile_text_is_text_in_csv_and_json(hostile, tmp_path):
    summary, texts = hostile
    rows = list(csv.reader(io.StringIO(written(summary, tmp_path, ".csv").decode("utf-8-sig"))))
    assert not [c for row in rows for c in row if c[:1] in ("=", "+", "-", "@")]
    assert {"'" + t if t[0] == "=" else t for t in texts} <= {c for row in rows for c in row}
    data = json.loads(written(summary, tmp_path, ".json"))
    assert {e["acuerdo"] for s in data["secciones"] for e in s["ejemplos"]} == set(texts)


def test_hostile_text_is_text_in_pdf(hostile, tmp_path):
    pdfplumber = pytest.importorskip("pdfplumber")
    summary, _ = hostile
    written(summary, tmp_path, ".pdf")
    with pdfplumber.open(tmp_path / "i.pdf") as book:
        text = "".join("".join(page.extract_text().split()) for page in book.pages)
        right = max(c["x1"] for page in book.pages for c in page.chars)
        width = book.pages[0].width
    assert "<script>alert(1)</script>" in text and "{{7*7}}" in text and "=cmd|'/Ccalc'!A0" in text
    assert "[U+1F5F3]" in text and text.count("x" * 60) >= 60 and right <= width - 40


@pytest.mark.parametrize(
    ("text", "shown"),
    [("«Año» – 31.2 %", "«Año» – 31.2 %"), ("🗳", "[U+1F5F3]"), ("\u202e", "[U+202E]"), ("5\u202f000", "5 000"), ("\x07", "[U+0007]")],
    ids=ascii,
)  # fmt: skip
def test_letters_that_pdf_lacks_are_named(text, shown):
    assert plain(text) == shown


def test_controls_do_not_break_office_files(summary):
    content = compose(summary)
    quoted = Citas("t\x00", (Cita("i", "a\x01b\ud800", "f", "n"),))
    part = replace(content.apartados[0], bloques=(quoted,))
    content = replace(content, apartados=(part,))
    assert "a\ufffdb\ufffd" in [p.text.split("\n")[0] for p in Document(io.BytesIO(as_docx(content))).paragraphs]
    book = load_workbook(io.BytesIO(report_book(content)))
    assert "a\ufffdb\ufffd" in [c.value for row in book.worksheets[1].iter_rows() for c in row]


def test_a_cell_too_long_says_it_was_cut(summary):
    content = compose(summary)
    part = replace(content.apartados[0], bloques=(Citas("t", (Cita("i", "y" * 40_000, "f", "n"),)),))
    book = load_workbook(io.BytesIO(report_book(replace(content, apartados=(part,)))))
    long = max((str(c.value) for row in book.worksheets[1].iter_rows() for c in row), key=len)
    assert len(long) < 32_767 and long.endswith("(cortado)")


def test_pdf_without_its_library_is_one_line(summary, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(EntradaInvalida, match=r"pip install \"nlp-acuerdos\[pdf\]\""):
        write(summary, tmp_path / "i.pdf")
    assert list(tmp_path.iterdir()) == []
