import csv
import io
from collections import Counter
from html.parser import HTMLParser

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.pipeline.auditoria import audit_record, audit_report
from nlp_acuerdos.pipeline.decisiones import decide, decide_file
from nlp_acuerdos.report.auditoria import FORMULARIO, audit_csv, audit_xlsx, render_audit
from nlp_acuerdos.workspace import Workspace

SCRIPT, FORMULA, RTL, LARGO = "<script>alert(1)</script> & «ñ»", "=cmd|' /C calc'!A0", "\u202eabc 🗳️\x07", "x" * 10_000


@pytest.fixture(scope="module")
def anexo(built):
    with Workspace.open(built.espacio) as ws:
        yield ws


@pytest.fixture
def ws(tmp_path, quick):
    source = tmp_path / "acta.csv"
    texts = [
        SCRIPT,
        FORMULA,
        RTL,
        LARGO,
        "Remitir el directorio de enlaces.",
        "Remitir el directorio actualizado de enlaces.",
    ]
    rows = [(t, s) for t in texts[:4] for s in ("Concluido", "En proceso")] + [(t, "Concluido") for t in texts[4:]]
    lines = "".join(f'Colima,"{t}",{s}\n' for t, s in rows)
    source.write_text("Entidad,Acuerdo,Estatus\n" + lines, encoding="utf-8")
    build(Settings(tmp_path / "e"), read_sources([source]))
    with Workspace.open(tmp_path / "e") as workspace:
        yield workspace


def report(ws, **asked):
    record = audit_record(ws, **asked)
    return record, audit_report(ws, record, ["Pares de prueba."])


def test_counts_add_up_by_entity_and_relation(anexo):
    record = audit_record(anexo, entre_entidades=True)
    total = Counter(r["relacion"] for r in record["relaciones"])
    assert total == {"exacto": 12, "cambio_estatus": 11, "contenido": 8, "plantilla": 6, "casi": 3}
    counted = Counter()
    for c in record["conteos"]:
        counted[c["relacion"]] += c["n"]
    across = Counter(r["relacion"] for r in record["relaciones"] if r["entidad_a"] != r["entidad_b"])
    assert counted == total + across and across


def test_filters_by_relation_and_entity(anexo):
    only = audit_record(anexo, relaciones=["plantilla"])
    assert {r["relacion"] for r in only["relaciones"]} == {"plantilla"} and [g["tipo"] for g in only["grupos"]] == [
        "serie"
    ]
    durango = audit_record(anexo, entre_entidades=True, entidades=["durango"])
    assert durango["relaciones"] and all("Durango" in (r["entidad_a"], r["entidad_b"]) for r in durango["relaciones"])
    with pytest.raises(EntradaInvalida, match="relación desconocida: «primo»"):
        audit_record(anexo, relaciones=["primo"])
    with pytest.raises(EntradaInvalida, match="entidad desconocida"):
        audit_record(anexo, entidades=["Atlántida"])


def test_both_directions_of_a_group(anexo):
    _, found = report(anexo, entre_entidades=True)
    ids = {r[s] for r in found["relaciones"] for s in "ab"}
    for g in found["grupos"]:
        kept = [m for m in g["miembros"] if m["es_representante"]]
        assert [m["id"] for m in kept] == [g["representante"]] and {m["id"] for m in g["miembros"]} <= ids
        weakest = min((m for m in g["miembros"] if not m["es_representante"]), key=lambda m: m["similitud"])
        assert [m["similitud"] for m in g["miembros"] if m["mas_debil"]] == [weakest["similitud"]]
        pairs = [r for r in found["relaciones"] if r["representante"] == g["representante"]]
        assert len(pairs) >= len(g["miembros"]) - 1


def test_a_series_has_its_slot_and_values_in_order(anexo):
    _, found = report(anexo)
    (serie,) = [g for g in found["grupos"] if g["tipo"] == "serie"]
    values = [m["valor"] for m in serie["miembros"]]
    assert serie["ranura"] == "fecha" and values == sorted(values) == list(serie["valores"]) and len(values) == 4


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text, self.links, self.ids, self.open = Counter(), [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.ids += [v for k, v in attrs if k == "id"]
        self.links += [v for k, v in attrs if k in ("src", "href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def parse(html):
    page = Page()
    page.feed(html)
    assert page.open == []
    return page


def test_html_of_the_annex(anexo):
    record, found = report(anexo, entre_entidades=True)
    html = render_audit(found)
    page, text = parse(html), " ".join("".join(parse(html).text).split())
    assert page.tags["script"] == 0 and "default-src 'none'" in html
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids) and len(page.ids) == len(set(page.ids))
    for r in record["relaciones"]:
        assert f"acuerdos audit decide {r['a']} {r['b']} --relacion ninguna" in text
    for word in ("se conserva", "Par más débil", "2024-05-23", "fecha: 2024-05-02 → 2024-05-09", "Pares de prueba."):
        assert word in text
    assert page.tags["ins"] > 20 and page.tags["del"] > 5 and render_audit(found) == html


def test_no_relations_is_said(anexo):
    _, found = report(anexo, entidades=["Campeche"])
    assert "No hay relaciones que mostrar" in render_audit(found)


def test_hostile_texts_are_texts(ws):
    record, found = report(ws)
    assert len(record["relaciones"]) == 5
    page = parse(render_audit(found))
    text = "".join(page.text)
    assert page.tags["script"] == 0
    for hostile in (SCRIPT, FORMULA, "abc 🗳️", LARGO):
        assert hostile in text
    assert page.tags["bdi"] >= 10
    rows = list(csv.DictReader(io.StringIO(audit_csv(record).decode("utf-8-sig"))))
    assert tuple(rows[0]) == FORMULARIO and "'" + FORMULA in {r["texto_a"] for r in rows}
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(audit_xlsx(found)))
    assert book.sheetnames == ["Relaciones", "Grupos", "Conteos"]
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert "f" not in {c.data_type for c in cells} and FORMULA in {c.value for c in cells}
    assert LARGO in {c.value for c in cells}


def test_decided_pairs_say_who_and_how_to_undo(ws):
    pair = next(r for r in audit_record(ws)["relaciones"] if r["relacion"] == "casi")
    decide(ws, pair["a"], pair["b"], "exacto", "Ana <b>")
    record, found = report(ws)
    row = next(r for r in record["relaciones"] if r["decidida"])
    assert (row["relacion"], row["quien"]) == ("exacto", "Ana <b>") and row["cuando"][:2] == "20"
    html = render_audit(found)
    assert "decidido por Ana &lt;b&gt;" in html and f"acuerdos audit undo {row['a']} {row['b']}" in html


def test_a_pair_decided_apart_is_still_told(ws):
    pair = next(r for r in audit_record(ws)["relaciones"] if r["relacion"] == "casi")
    decide(ws, pair["a"], pair["b"], "ninguna", "ana")
    record, found = report(ws)
    assert "casi" not in {r["relacion"] for r in record["relaciones"]}
    (kept,) = record["decisiones"]
    assert (kept["a"], kept["b"], kept["relacion"], kept["quien"]) == (pair["a"], pair["b"], "ninguna", "ana")
    html = render_audit(found)
    assert parse(html) and f"acuerdos audit undo {pair['a']} {pair['b']}" in html


def fill(ws, path, changes, header=FORMULARIO, delimiter=","):
    """Write the form with the decision and name of the pairs of `changes`, by relation."""
    record = audit_record(ws)
    if path.suffix == ".csv":
        rows = list(csv.DictReader(io.StringIO(audit_csv(record).decode("utf-8-sig"))))
        for row in rows:
            row["decision"], row["quien"] = changes.get(row["relacion"], ("", ""))
        with path.open("w", encoding="cp1252" if delimiter == ";" else "utf-8", errors="replace", newline="") as stream:
            writer = csv.DictWriter(stream, header, delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
        return
    from openpyxl import load_workbook

    path.write_bytes(audit_xlsx(audit_report(ws, record)))
    book = load_workbook(path)
    sheet = book["Relaciones"]
    for row in sheet.iter_rows(min_row=2):
        row[3].value, row[4].value = changes.get(row[2].value, (None, None))
    book.save(path)


@pytest.mark.parametrize(
    ("name", "delimiter"), [("f.xlsx", ""), ("f.csv", ","), ("f.csv", ";")], ids=["xlsx", "csv", "csv-;"]
)
def test_a_filled_form_is_stored(ws, tmp_path, name, delimiter):
    fill(
        ws, tmp_path / name, {"casi": ("Ninguna", "ana"), "cambio_estatus": ("cambio estatus", "")}, delimiter=delimiter
    )
    assert decide_file(ws, tmp_path / name, "beto") == 5
    notes = ws.decision_notes()
    assert Counter((r, who) for r, who, _ in notes.values()) == {("ninguna", "ana"): 1, ("cambio_estatus", "beto"): 4}
    left = audit_record(ws)["relaciones"]
    assert {r["relacion"] for r in left} == {"cambio_estatus"} and all(r["decidida"] for r in left)


def form(folder, *rows, head="a,b,decision,quien"):
    path = folder / "f.csv"
    path.write_text("\n".join((head, *rows)), encoding="utf-8")
    return path


BAD = {
    "relation": ("{a},{b},primo,", "fila 3: decisión desconocida: «primo»"),
    "unknown-id": ("{a},000000000000,casi,", "fila 3: no hay un acuerdo con id «000000000000»"),
    "mangled-id": ("{a},1.2E+45,casi,", "fila 3: no hay un acuerdo con id «1.2e\\+45»"),
    "itself": ("{a},{a},casi,", "fila 3: los dos ids son el mismo"),
    "contradiction": ("{b},{a},ninguna,", "fila 3: contradice a la fila 2"),
}


@pytest.mark.parametrize(("row", "said"), BAD.values(), ids=BAD)
def test_one_bad_row_stores_nothing(ws, tmp_path, row, said):
    a, b = (x.id for x in ws.agreements()[:2])
    path = form(tmp_path, f"{a},{b},casi,ana", row.format(a=a, b=b))
    with pytest.raises(EntradaInvalida, match=said + ".*no se guardó ninguna"):
        decide_file(ws, path)
    assert ws.decisions() == {}


def test_an_id_of_digits_that_lost_its_zeros_is_known(ws, tmp_path):
    from nlp_acuerdos.report.formulario import read_form

    (one,) = read_form(form(tmp_path, "12345,00AB34567890,casi,").read_bytes(), "f.csv")
    assert (one.a, one.b) == ("000000012345", "00ab34567890")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("f.csv", b"x,y\n1,2\n", "no tiene las columnas a, b y decision"), ("f.csv", b"", "no tiene las columnas"),
        ("f.csv", b"a,b,decision\n1,2,\n", "no tiene ninguna decisi"), ("f.xlsx", b"no soy un libro", "f.xlsx"),
        ("f.txt", b"a,b,decision\n", "use .xlsx o .csv"), ("nada.csv", None, "no puedo leer"),
    ],
    ids=["columns", "empty", "unfilled", "broken", "suffix", "missing"],
)  # fmt: skip
def test_what_is_no_form_is_said(ws, tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(EntradaInvalida, match=said):
        decide_file(ws, tmp_path / name)
