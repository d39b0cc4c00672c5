import os
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import build, read_sources
from nlp_acuerdos.records import Acuerdo, Correccion, Etiquetas, Fecha, Origen
from nlp_acuerdos.report import summarise, write
from nlp_acuerdos.report.charts import shade
from nlp_acuerdos.report.contenido import compose
from nlp_acuerdos.report.datos import Cuenta
from nlp_acuerdos.report.mapa import tiles
from nlp_acuerdos.report.render import FORMATOS, environment, render
from nlp_acuerdos.report.rotulos import Diferencia, Medida, Porcentaje, day, show
from nlp_acuerdos.report.summary import _distinct
from nlp_acuerdos.report.tiempo import calendar, overdue
from nlp_acuerdos.workspace import Workspace

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def workspace(built):
    with Workspace.open(built.espacio) as ws:
        yield ws


@pytest.fixture
def small(tmp_path, stub):
    """A workspace of a few lines of CSV."""

    def make(*lines):
        source = tmp_path / "acta.csv"
        source.write_text("Entidad;Acuerdo;Estatus\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        settings = Settings(tmp_path / "e")
        build(settings, read_sources([source]))
        return settings.espacio

    return make


def agreed(text="Sesionar.", estatus="En proceso", *days, entidad="Colima"):
    tags = Etiquetas(fechas=tuple(Fecha(d, "DATE", d, 0, 1) for d in days))
    return Acuerdo(text, "d", 1, entidad, text, estatus, estatus or "", Origen("d.csv", None, 1)), tags


# -- figures ---------------------------------------------------------------------------------------------------------


def test_counts_are_those_of_the_annex(workspace):
    r = summarise(workspace)
    assert r.total == 115 and r.entidades == 22
    assert [(c.valor, c.n, c.porcentaje) for c in r.estatus] == [
        ("En proceso", 63, 54.8),
        ("Concluido", 26, 22.6),
        ("Planeación", 22, 19.1),
        ("Sin estatus", 4, 3.5),
    ]
    assert r.relaciones == (("exacto", 12), ("cambio_estatus", 11), ("contenido", 8), ("plantilla", 6), ("casi", 3))


def test_copies_and_series_count_once(workspace):
    r = summarise(workspace)
    groups = workspace.groups()
    copies, series = ([g for g in groups if g.tipo == t] for t in ("copias", "serie"))
    assert (r.copias, r.series) == (len(copies), len(series)) == (4, 1)
    assert r.acuerdos_en_copias == sum(len(g.miembros) for g in copies)
    assert r.distintos == 115 - sum(len(g.miembros) - 1 for g in copies)
    assert r.distintos_sin_series == r.distintos - sum(len(g.miembros) - 1 for g in series)


def test_groups_that_share_a_member_count_once():
    assert _distinct({"a", "b", "c", "d", "e"}, [{"a", "b"}, {"c", "d"}, {"b", "c"}]) == 2
    assert _distinct({"a", "b"}, []) == 2


def test_a_filter_that_cuts_a_group_counts_the_members_left(workspace):
    group = max((g for g in workspace.groups() if g.tipo == "copias"), key=lambda g: len(g.miembros))
    kept = {m.id for m in group.miembros[:3]}
    r = summarise(workspace, acepta=lambda a, t: a.id in kept)
    assert (r.total, r.copias, r.acuerdos_en_copias, r.distintos) == (3, 1, 3, 1)


@pytest.mark.parametrize("por", ["actividad", "actor", "responsable", "entidad", "estatus", "mes"])
def test_every_grouping_adds_up(workspace, por):
    r = summarise(workspace, por=por)
    assert r.secciones and all(s.n == sum(c.n for c in s.detalle) for s in r.secciones)
    if por in ("entidad", "estatus"):
        assert sum(s.n for s in r.secciones) == 115
    assert {s.nombre: s.n for s in r.secciones} == {c.valor: c.n for c in dict(r.tablas)[por]}


def test_unknown_grouping(workspace):
    with pytest.raises(EntradaInvalida, match="--por desconocido"):
        summarise(workspace, por="color")


def test_an_agreement_counts_once_in_each_theme(workspace):
    r = summarise(workspace)
    tags = workspace.tags().values()
    theme = next(t for t in r.temas if t.nombre == "Logística y resguardo de documentación")
    assert theme.n == sum(bool({"custodia", "cryt"} & set(t.actividades)) for t in tags)
    assert theme.n < sum(c.n for c in theme.detalle)
    assert [t.n for t in r.temas] == sorted((t.n for t in r.temas), reverse=True)


def test_examples_are_of_different_entities(workspace):
    for theme in summarise(workspace).temas:
        entities = [e.entidad for e in theme.ejemplos]
        assert 0 < len(entities) <= 3 and len(set(entities)) == len(entities)


def test_matrix_counts_pairs(workspace):
    tags = workspace.tags().values()
    for por, matrix in summarise(workspace).matrices:
        codes = {"responsable": "responsables", "actor": "actores"}[por]
        for row, cells in zip(matrix.filas, matrix.celdas, strict=True):
            for column, n in zip(matrix.columnas, cells, strict=True):
                assert n == sum(row in getattr(t, codes) and column in t.actividades for t in tags)


def test_map_has_the_32_states_once_each(workspace):
    r = summarise(workspace)
    assert len({t.entidad for t in r.mapa}) == len({(t.columna, t.fila) for t in r.mapa}) == len(r.mapa) == 32
    assert sum(t.n for t in r.mapa) + r.sin_ubicar == r.total and r.sin_ubicar == 0


def test_map_reads_the_ways_states_are_written():
    counts = [
        Cuenta(n, 1, 10.0) for n in ("CDMX", "Edo. de México", "Veracruz", "MICHOACÁN", "Estado de Puebla", "Marte")
    ]
    found, lost = tiles(counts, 10)
    assert lost == 1
    assert [t.sigla for t in found if t.n] == ["VER", "MICH", "MEX", "CDMX", "PUE"]


def test_tags_of_people_and_of_the_model_are_told_from_rules(small):
    with Workspace.open(small("Colima;Se custodiarán las bodegas.;Concluido")) as ws:
        (a,) = ws.agreements()
        before = summarise(ws).metodo
        with ws.transaction():
            ws.correct([Correccion(a.id, "actividades", "difusion", True, "ana")])
        after = summarise(ws).metodo
    assert before.por_personas == 0 and after.por_personas == 1
    assert after.por_reglas == before.por_reglas > 0
    assert dict(after.f1)["reglas solas"] == 0.798 and after.f1_acuerdos == 480


# -- dates -----------------------------------------------------------------------------------------------------------


def test_overdue_are_dated_before_the_day_and_not_concluded():
    pairs = [
        agreed("a", "En proceso", "2024-05-01", "2024-05-20"),
        agreed("b", "Concluido", "2024-05-01"),
        agreed("c", None, "2024-05"),
        agreed("d", "Planeación", "2024-06-02"),
        agreed("e", "En proceso"),
    ]
    found = overdue(pairs, date(2024, 6, 2))
    assert [(v.ejemplo.acuerdo, v.ultima_fecha, v.dias) for v in found] == [
        ("a", "2024-05-20", 13),
        ("c", "2024-05-31", 2),
    ]


def test_reference_date_is_the_documents_unless_said(workspace):
    usual, early = summarise(workspace), summarise(workspace, al=date(2024, 5, 9))
    assert usual.al == "2024-06-02" and len(usual.vencidos) == 12
    assert early.al == "2024-05-09" and [v.ultima_fecha for v in early.vencidos] == ["2024-05-06", "2024-05-08"]
    assert "Fecha de referencia</dt><dd>9 de mayo de 2024" in render(early, ".html")


@pytest.mark.parametrize(
    ("days", "unit", "periods", "first"),
    [
        (["2024-05-01", "2024-05-20"], "semana", 5, "2024-04-29"),
        (["2023-10-15", "2024-05-20"], "mes", 9, "2023-10-01"),
        (["2015-10-15", "2024-05-20"], "año", 10, "2015-01-01"),
    ],
)
def test_calendar_chooses_its_unit_and_loses_no_commitment(days, unit, periods, first):
    pairs = [agreed(d, "Concluido", d) for d in days]
    found = calendar(pairs, [date(2024, 6, 2)])
    assert (found.unidad, len(found.periodos), found.periodos[0].desde) == (unit, periods, first)
    assert sum(p.n for p in found.periodos) == sum(p.concluidos for p in found.periodos) == len(days) == found.fechados
    assert [p.jornadas for p in found.periodos if p.jornadas] == [("2024-06-02",)]


def test_calendar_counts_by_the_last_date_and_says_what_it_cannot_place():
    pairs = [agreed("a", "En proceso", "2024-05-01", "2024-05-29"), agreed("b", "En proceso", "2024"), agreed("c")]
    found = calendar(pairs, [date(2024, 6, 2)])
    assert [(p.desde, p.n) for p in found.periodos] == [("2024-05-27", 1)]
    assert (found.fechados, found.amplias, found.sin_fecha) == (1, 1, 1)


def test_a_long_list_is_cut_and_says_so(workspace, monkeypatch):
    r = summarise(workspace)
    monkeypatch.setattr("nlp_acuerdos.report.contenido.CITADOS", 5)
    text = render(r, ".md")
    assert "Se citan los primeros 5 de 12; el informe en json los lleva todos." in text
    assert text.count("última fecha:") == 5 and len(r.vencidos) == 12


# -- pages -----------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links, self.text, self.attributes, self.open = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        self.links += [v for k, v in attrs if k in ("src", "href")]
        if tag not in ("meta", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text.append(data)


def parse(html):
    page = Page()
    page.feed(html)
    assert page.open == []
    return page


def test_html_is_self_contained_with_described_charts(workspace):
    page = parse(render(summarise(workspace), ".html"))
    assert page.links == [] and "script" not in page.tags
    assert page.tags.count("svg") == 9
    described = [t for t in page.attributes if t[:2] == ("svg", "role")]
    assert page.tags.count("desc") == page.tags.count("svg") == len(described)
    assert not [a for a in page.attributes if a[1] == "style" or a[1].startswith("on")]
    ids = [a[2] for a in page.attributes if a[1] == "id"]
    assert len(ids) == len(set(ids)) == 18
    text = " ".join(page.text)
    assert (
        "anexo1_sexto_informe.txt, p. 1, fila" in text
        and "Sexto Informe" in text
        and "Jornada Electoral, 2 jun" in text
    )


def test_sections_are_numbered_in_order(workspace):
    parts = compose(summarise(workspace)).apartados
    assert [p.numero for p in parts] == list(range(1, len(parts) + 1))
    assert [p.titulo for p in parts][:3] == ["Cifras principales", "Temas", "Panorama"]


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_golden_of_the_annex(workspace, suffix):
    """Write it anew with ACUERDOS_GOLDEN=1 after a change of rules, of the classifier or of the report."""
    made, kept = render(summarise(workspace), suffix), GOLDEN / f"informe_anexo{suffix}"
    if os.environ.get("ACUERDOS_GOLDEN"):
        kept.write_text(made, encoding="utf-8")
    assert made == kept.read_text(encoding="utf-8")


def luminance(color):
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    ("tinta", "fondo"),
    ("suave", "fondo"),
    ("acento", "fondo"),
    ("suave", "cero"),
    *((f"u{n}", f"t{n}") for n in range(1, 6)),
]


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_contrast_is_aa(mode):
    blocks = re.findall(r":root \{(.*?)\}", environment().get_template("informe.html.j2").render(
        c=compose_empty(), dibujo={}, show=str, show_in=str, tono=shade), re.DOTALL)  # fmt: skip
    colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", blocks[mode]))
    assert all(contrast(colors[a], colors[b]) >= 4.5 for a, b in PAIRS)
    assert contrast(colors["acento"], colors["fondo"]) >= 3 and contrast(colors["acento"], colors["pendiente"]) >= 3


def compose_empty():
    from nlp_acuerdos.report.bloques import Contenido

    return Contenido("t", (), (), "2024-06-02", ())


def test_filters_are_printed(workspace):
    r = summarise(workspace, acepta=lambda a, t: a.entidad == "Colima", filtros={"entidad": "Colima"})
    assert r.total == 2
    assert "entidad = Colima" in render(r, ".html") and "entidad = Colima" in render(r, ".md")


@pytest.mark.parametrize("suffix", FORMATOS)
def test_an_empty_selection_gives_an_honest_report(workspace, tmp_path, suffix):
    r = summarise(workspace, acepta=lambda a, t: False, filtros={"entidad": "Yucatán"})
    write(r, tmp_path / f"i{suffix}")
    assert (tmp_path / f"i{suffix}").stat().st_size > 0
    assert r.total == 0 and r.vencidos == ()
    assert "Ningún acuerdo pasa los filtros" in render(r, ".md") and "Yucatán" in render(r, ".md")


def test_many_documents_are_named_in_part(workspace):
    r = replace(summarise(workspace), documentos=tuple(f"Minuta {n}" for n in range(40)))
    text = render(r, ".md")
    assert "Minuta 11" in text and "Minuta 12" not in text and "y 28 documentos más" in text


def test_other_suffix_and_unwritable_folder(workspace, tmp_path):
    with pytest.raises(EntradaInvalida, match=r"\.html, \.md, .* o \.pdf"):
        write(summarise(workspace), tmp_path / "i.odt")
    with pytest.raises(EntradaInvalida, match="no puedo escribir"):
        write(summarise(workspace), tmp_path / "nada" / "i.md")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234, "1,234"), (Porcentaje(31.25), "31.2 %"), (Porcentaje(7), "7.0 %"), (Diferencia(3), "+3"), (Diferencia(-1200), "-1,200"), (Diferencia(0), "0"), (Medida(0.8), "0.800"), ("a", "a")],
    ids=str,
)  # fmt: skip
def test_numbers_as_ine_writes_them(value, shown):
    assert show(value) == shown
    assert day("2024-06-02") == "2 de junio de 2024"


@pytest.mark.parametrize(("n", "step"), [(0, 0), (1, 1), (3, 1), (4, 2), (17, 5)])
def test_shading_steps(n, step):
    assert shade(n, 17) == step
