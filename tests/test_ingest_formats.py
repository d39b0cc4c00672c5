"""The annex in every format: the same agreements and statuses, page and row right, the same ids."""

from __future__ import annotations

import pytest

from nlp_acuerdos.ingest import FORMATOS, read
from nlp_acuerdos.records import make_id
from tests import documentos

KEY = "anexo1_sexto_informe"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory, annex):
    """Return name -> (document written, page of each row, what is read of it)."""
    folder = tmp_path_factory.mktemp("formatos con acentos: ñ")
    made = {}
    for writers, doc in (
        (documentos.FUNDIDOS, documentos.dibujado(annex)),
        (documentos.PLANOS, documentos.planar(annex)),
    ):
        for name, write in writers.items():
            pages = write(doc, folder / name)
            made[name] = (doc, pages, read(folder / name, documento=KEY))
    return made


EVERY = [*documentos.FUNDIDOS, *documentos.PLANOS]


def test_every_format_has_a_fixture():
    written = {name.rpartition(".")[2] for name in EVERY} | {"txt", "ndjson", "htm"}
    assert {suffix.removeprefix(".") for suffix in FORMATOS} == written


@pytest.mark.parametrize("name", EVERY)
def test_the_same_agreements_pages_and_rows(rendered, name):
    doc, pages, reading = rendered[name]
    found = [
        (a.entidad, a.acuerdo, a.estatus_original, a.origen.pagina, a.origen.fila, a.orden) for a in reading.acuerdos
    ]
    assert len(found) == 115
    assert found == [
        (r.entidad, r.acuerdo, r.estatus, page, n, n)
        for n, (r, page) in enumerate(zip(doc.renglones, pages, strict=True), 1)
    ]
    assert not reading.rechazadas
    assert reading.leidas == len(found) + reading.continuaciones + reading.encabezados


@pytest.mark.parametrize("name", EVERY)
def test_statuses_are_those_of_the_text(rendered, annex, name):
    assert [a.estatus for a in rendered[name][2].acuerdos] == [a.estatus for a in read(annex).acuerdos]


@pytest.mark.parametrize("name", documentos.PLANOS)
def test_flat_formats_give_the_ids_of_the_text(rendered, annex, name):
    assert [a.id for a in rendered[name][2].acuerdos] == [a.id for a in read(annex).acuerdos]


@pytest.mark.parametrize("name", documentos.FUNDIDOS)
def test_formats_with_merged_cells_give_one_set_of_ids(rendered, name):
    reading = rendered[name][2]
    assert [a.id for a in reading.acuerdos] == [a.id for a in rendered["pagina.html"][2].acuerdos]
    seen: dict[str, int] = {}
    for a in reading.acuerdos:
        first = make_id(KEY, a.entidad, a.acuerdo, 1)
        seen[first] = seen.get(first, 0) + 1
        assert a.id == make_id(KEY, a.entidad, a.acuerdo, seen[first])


@pytest.mark.parametrize("name", documentos.FUNDIDOS)
def test_merged_cells_settle_the_entity_and_its_warnings(rendered, name):
    reading = rendered[name][2]
    assert [a.entidad for a in reading.acuerdos][107:112] == ["Zacatecas"] * 5
    assert reading.acuerdos[70].entidad == "Nuevo León"
    row = {a.id: a.orden for a in reading.acuerdos}
    kinds = {(v.tipo, row[v.id]) for v in reading.avisos}
    cut = {("fila_continuada", n) for t, n in kinds if t == "fila_continuada"}
    assert kinds - cut == {("entidad_ajena", 16), *(("estatus_faltante", n) for n in (67, 68, 110, 112))}


@pytest.mark.parametrize("name", [n for n in documentos.PLANOS if not n.endswith(("jsonl", "parquet"))])
def test_flat_formats_keep_the_warnings_of_the_text(rendered, annex, name):
    text, reading = read(annex), rendered[name][2]
    order = {a.id: a.orden for a in text.acuerdos}
    shape = {"columnas_corridas", "fila_continuada"}  # of how the text was laid out, not of what it says
    assert [(v.tipo, order[v.id], v.detalle) for v in reading.avisos] == [
        (v.tipo, order[v.id], v.detalle) for v in text.avisos if v.tipo not in shape
    ]


def test_pdfs_cut_entities_and_a_row_over_pages(rendered):
    doc, pages, _ = rendered["reportlab.pdf"]
    assert any(pages[a] != pages[b] for a, b in doc.tramos)
    assert rendered["fpdf2.pdf"][2].continuaciones >= 1


@pytest.mark.parametrize("name", [n for n in EVERY if not n.endswith(("jsonl", "parquet"))])
def test_title_tells_the_process(rendered, name):
    facts = rendered[name][2].documento
    assert (facts.titulo, facts.proceso, facts.proceso_supuesto) == (rendered[name][0].titulo, "2023-2024", False)
