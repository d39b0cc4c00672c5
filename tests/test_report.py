from html.parser import HTMLParser

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.report import summarise, write
from nlp_acuerdos.report.export import escape_formula, export
from nlp_acuerdos.report.render import render
from nlp_acuerdos.workspace import Workspace

HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% raw %}",
    "=cmd|' /C calc'!A0",
    "x" * 10_000,
    "🗳️ \u202eabc",
    "a|b\\`c`*d*",
]


STATES = ["Colima", "Jalisco", "Sonora", "Puebla", "Oaxaca", "Sinaloa"]


@pytest.fixture
def workspace(built):
    with Workspace.open(built.espacio) as ws:
        yield ws


@pytest.fixture
def hostile(tmp_path, stub):
    source = tmp_path / "h.csv"
    source.write_text(
        "Entidad;Acuerdo;Estatus\n" + "".join(f'{e};"{t}";Concluido\n' for e, t in zip(STATES, HOSTILE, strict=True)),
        encoding="utf-8",
    )
    settings = Settings(tmp_path / "e")
    build(settings, read_sources([source]))
    with Workspace.open(settings.espacio) as ws:
        yield ws


def test_counts_are_those_of_the_annex(workspace):
    r = summarise(workspace)
    assert r.total == 115 and r.distintos < 115
    assert [(c.valor, c.n) for c in r.estatus] == [
        ("En proceso", 63),
        ("Concluido", 26),
        ("Planeación", 22),
        ("Sin estatus", 4),
    ]
    assert dict(r.relaciones) == {"exacto": 12, "cambio_estatus": 11, "contenido": 8, "plantilla": 6, "casi": 3}
    assert r.series == 1


@pytest.mark.parametrize("por", ["actividad", "actor", "responsable", "entidad", "estatus", "mes"])
def test_every_grouping_adds_up(workspace, por):
    r = summarise(workspace, por=por)
    assert r.secciones and all(s.n == sum(c.n for c in s.detalle) for s in r.secciones)
    if por in ("entidad", "estatus"):
        assert sum(s.n for s in r.secciones) == 115


def test_unknown_grouping(workspace):
    with pytest.raises(EntradaInvalida, match="--por desconocido"):
        summarise(workspace, por="color")


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [v for k, v in attrs if k in ("src", "href")]

    def handle_data(self, data):
        self.text.append(data)


def parse(html):
    page = Page()
    page.feed(html)
    return page


def test_html_is_self_contained_with_described_charts(workspace):
    page = parse(render(summarise(workspace), ".html"))
    assert page.links == [] and "script" not in page.tags
    assert page.tags.count("svg") >= 4 and page.tags.count("desc") == page.tags.count("svg")
    text = " ".join(page.text)
    assert "anexo1_sexto_informe.txt, p. 1, fila" in text and "Sexto Informe" in text


def test_filters_are_printed(workspace):
    r = summarise(workspace, acepta=lambda a, t: a.entidad == "Colima", filtros={"entidad": "Colima"})
    assert r.total == 2
    assert "entidad = Colima" in render(r, ".html") and "entidad = Colima" in render(r, ".md")


def test_hostile_text_is_shown_as_text(hostile):
    page = parse(render(summarise(hostile), ".html"))
    assert "script" not in page.tags
    text = "".join(page.text)
    assert "<script>alert(1)</script>" in text and "{{ 7*7 }}" in text
    assert "<script>" not in render(summarise(hostile), ".md").replace("\\<script\\>", "")


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_same_workspace_same_bytes(workspace, tmp_path, suffix):
    paths = [tmp_path / f"{n}{suffix}" for n in "ab"]
    for path in paths:
        write(summarise(workspace), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_other_suffix_and_unwritable_folder(workspace, tmp_path):
    with pytest.raises(EntradaInvalida, match=".html o .md"):
        write(summarise(workspace), tmp_path / "i.odt")
    with pytest.raises(EntradaInvalida, match="no puedo escribir"):
        write(summarise(workspace), tmp_path / "nada" / "i.md")
    assert list(tmp_path.iterdir()) == []


def test_export_counts_and_escapes(hostile, tmp_path):
    assert export(hostile, tmp_path / "x.csv", lambda a, t: True) == len(HOSTILE)
    assert b"'=cmd" in (tmp_path / "x.csv").read_bytes()
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert export(hostile, tmp_path / "x.jsonl", lambda a, t: True) == len(
        (tmp_path / "x.jsonl").read_text().splitlines()
    )
    with pytest.raises(EntradaInvalida, match=".jsonl o .csv"):
        export(hostile, tmp_path / "x.doc", lambda a, t: True)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_formulas_are_escaped(cell):
    assert escape_formula(cell) == "'" + cell
