"""Tables as people draw them: merged headings, several tables and sheets, text around them, cells cut by pages."""

from __future__ import annotations

import pytest

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import grid, pdf_merges, read
from nlp_acuerdos.ingest.pdf_lattice import Reticula
from nlp_acuerdos.ingest.rows import Opciones

HEAD = ("Entidad", "Acuerdo", "Estatus")


def rows(path, **options):
    return [(a.entidad, a.acuerdo, a.estatus) for a in read(path, **options).acuerdos]


def page(tmp_path, body):
    path = tmp_path / "a.html"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return path


def table(*lines, head=HEAD):
    cells = "".join(f"<th>{h}</th>" for h in head)
    return f"<table><tr>{cells}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


# -- HTML ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", ["2", "0", "99", " 2 "], ids=["dos", "hasta-el-fin", "de-más", "con-espacios"])
def test_html_rowspan(tmp_path, span):
    lines = [f"<td rowspan='{span}'>Puebla<td>Uno.<td>Concluido", "<td>Dos.<td>En proceso"]
    assert rows(page(tmp_path, table(*lines))) == [("Puebla", "Uno.", "Concluido"), ("Puebla", "Dos.", "En proceso")]


def test_html_merged_status_stands_for_every_row_it_covers(tmp_path):
    lines = ["<td>Puebla<td>Uno.<td rowspan=2>Concluido", "<td>Sonora<td>Dos.", "<td>Colima<td>Tres.<td>"]
    assert rows(page(tmp_path, table(*lines))) == [
        ("Puebla", "Uno.", "Concluido"), ("Sonora", "Dos.", "Concluido"), ("Colima", "Tres.", None),
    ]  # fmt: skip


def test_html_heading_of_two_rows(tmp_path):
    body = (
        "<table><tr><th rowspan=2>Entidad<th rowspan=2>Acuerdo<th rowspan=2>Estatus<th colspan=2>Seguimiento</tr>"
        "<tr><th>Área<th>Fecha</tr><tr><td>Puebla<td>Uno.<td>Concluido<td>JLE<td>3 de mayo</tr></table>"
    )
    reading = read(page(tmp_path, body))
    assert [(a.entidad, a.acuerdo, a.estatus) for a in reading.acuerdos] == [("Puebla", "Uno.", "Concluido")]
    assert reading.encabezados == 2 and reading.acuerdos[0].extra == {"Seguimiento": "JLE", "columna 5": "3 de mayo"}


def test_html_layout_tables_around_the_real_one(tmp_path):
    body = f"<table><tr><td><p>Minuta</p>{table('<td>Puebla<td>Uno.<br>Dos<td>Concluido')}</td></tr></table>"
    assert rows(page(tmp_path, body)) == [("Puebla", "Uno. Dos", "Concluido")]


def test_html_tables_by_state_with_their_names_over_them(tmp_path):
    head = ("Acuerdo", "Estatus")
    body = (
        "<h1>Acuerdos del Proceso Electoral Federal 2020-2021</h1><h2>Puebla</h2>"
        f"{table('<td>Uno.<td>Concluido', head=head)}<h2>Sonora</h2>{table('<td>Dos.<td>En proceso', head=head)}"
    )
    reading = read(page(tmp_path, body))
    assert [(a.entidad, a.acuerdo) for a in reading.acuerdos][1] == ("Sonora", "Dos.")
    assert reading.documento.proceso == "2020-2021"


def test_html_other_tables_and_text_are_refused_with_a_reason(tmp_path):
    body = table("<td>Puebla<td>Uno.<td>Concluido") + "<p>Firman:</p><table><tr><td>Ana Ruiz<td>Vocal</table>"
    reading = read(page(tmp_path, body))
    assert [r.motivo for r in reading.rechazadas] == [
        "está fuera de las tablas: «Firman:»", "su tabla no tiene columna de acuerdos: «Ana Ruiz | Vocal»",
    ]  # fmt: skip
    assert reading.leidas == len(reading.acuerdos) + reading.encabezados + len(reading.rechazadas) == 4


def test_html_table_that_goes_on_without_a_heading(tmp_path):
    body = table("<td>Puebla<td>Uno.<td>Concluido") + "<table><tr><td><td>Dos.<td>En proceso</table>"
    assert rows(page(tmp_path, body)) == [("Puebla", "Uno.", "Concluido"), ("Puebla", "Dos.", "En proceso")]


def test_html_tables_with_other_columns(tmp_path):
    other = table("<td>En curso<td>Dos.<td>Sonora", head=("Situación que guarda", "Compromiso", "Estado"))
    body = table("<td>Puebla<td>Uno.<td>Concluido") + other
    assert rows(page(tmp_path, body)) == [("Puebla", "Uno.", "Concluido"), ("Sonora", "Dos.", "En proceso")]


def test_html_scripts_and_comments_are_no_text(tmp_path):
    line = "<td>Puebla<td>Uno<script>x()</script><!-- nota --> dos.<td>Concluido"
    assert rows(page(tmp_path, table(line))) == [("Puebla", "Uno dos.", "Concluido")]


def test_html_without_tables(tmp_path):
    with pytest.raises(EntradaInvalida, match="no tiene ninguna tabla"):
        read(page(tmp_path, "<p>Acuerdo</p>"))


def test_html_spans_that_would_fill_memory(tmp_path):
    body = table(*["<td rowspan=65534 colspan=99999999999>Puebla<td>Uno.<td>Concluido"] * 300)
    try:
        read(page(tmp_path, body))
    except EntradaInvalida as error:
        assert "\n" not in str(error)


# -- sheets -------------------------------------------------------------------------------------------------------


def book(path, *sheets):
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, lines in sheets:
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    made.save(path)
    return made


def test_xlsx_reads_every_sheet_with_a_heading(tmp_path):
    path = tmp_path / "a.xlsx"
    book(
        path, ("Notas", [["Lea esto"]]), ("Mayo", [["Minuta de mayo"], [], HEAD, ["Puebla", "Uno.", "Concluido"]]),
        ("Junio", [["Situación", "Compromiso", "Responsable"], ["En proceso", "Dos.", "INE"]]),
    )  # fmt: skip
    first, second = read(path).acuerdos
    assert (first.entidad, first.acuerdo, first.estatus) == ("Puebla", "Uno.", "Concluido")
    assert (second.entidad, second.acuerdo, second.estatus) == ("", "Dos.", "En proceso")
    assert second.extra == {"Responsable": "INE"}


def test_xlsx_hidden_sheets_are_not_read(tmp_path):
    made = book(
        tmp_path / "a.xlsx",
        ("Vista", [HEAD, ["Puebla", "Uno.", "Concluido"]]),
        ("Oculta", [HEAD, ["Puebla", "Dos.", ""]]),
    )
    made["Oculta"].sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx") == [("Puebla", "Uno.", "Concluido")]


def test_xlsx_numbers_dates_and_shares(tmp_path):
    from datetime import datetime

    head = ("No.", "Entidad", "Acuerdo", "Avance", "Fecha", "Monto")
    made = book(tmp_path / "a.xlsx", ("A", [head, [1, "Puebla", "Uno.", 0.5, datetime(2024, 5, 3), 2.25]]))
    made["A"]["D2"].number_format = "0%"
    made.save(tmp_path / "a.xlsx")
    (only,) = read(tmp_path / "a.xlsx").acuerdos
    assert (only.estatus, only.estatus_original) == ("En proceso", "50%")
    assert only.extra == {"No.": "1", "Fecha": "2024-05-03", "Monto": "2.25"}


def test_xlsx_with_one_cell_far_away(tmp_path):
    made = book(tmp_path / "a.xlsx", ("A", [HEAD, ["Puebla", "Uno.", "Concluido"]]))
    made["A"]["XFD1048576"] = "lejos"
    made.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx") == [("Puebla", "Uno.", "Concluido")]


def test_xlsx_without_the_column_shows_what_there_is(tmp_path):
    book(tmp_path / "a.xlsx", ("A", [["Nombre", "Edad"], ["Ana", 3]]))
    with pytest.raises(EntradaInvalida, match="no encuentro la columna «acuerdo»; columnas vistas: Nombre, Edad"):
        read(tmp_path / "a.xlsx")


def test_ods_repeated_rows_and_comments(tmp_path):
    from odf.office import Annotation
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    made, sheet = OpenDocumentSpreadsheet(), Table(name="A")
    for cells, times in ((HEAD, 1), (("", "", ""), 1_000_000), (("Puebla", "Uno.", "Concluido"), 2)):
        row = TableRow(numberrowsrepeated=times)
        for text in cells:
            cell = TableCell()
            if text == "Uno.":
                note = Annotation()
                note.addElement(P(text="Revisar"))
                cell.addElement(note)
            cell.addElement(P(text=text))
            row.addElement(cell)
        row.addElement(TableCell(numbercolumnsrepeated=16_000))
        sheet.addElement(row)
    made.spreadsheet.addElement(sheet)
    made.save(str(tmp_path / "a.ods"))
    assert rows(tmp_path / "a.ods") == [("Puebla", "Uno.", "Concluido")] * 2


# -- Word ---------------------------------------------------------------------------------------------------------


def word(path, *lines, before=(), after=()):
    import docx

    made = docx.Document()
    for text in before:
        made.add_paragraph(text)
    drawn = made.add_table(rows=0, cols=3)
    for line in lines:
        for cell, text in zip(drawn.add_row().cells, line, strict=True):
            cell.text = text
    for text in after:
        made.add_paragraph(text)
    return made, drawn


def test_docx_title_labels_and_text_after(tmp_path):
    made, _ = word(
        tmp_path,
        HEAD,
        ("Puebla", "Uno.", "Concluido"),
        before=["Proceso Electoral 2020-2021"],
        after=["Puebla", "Fin."],
    )
    made.save(tmp_path / "a.docx")
    reading = read(tmp_path / "a.docx")
    assert reading.documento.titulo == "Proceso Electoral 2020-2021" and len(reading.acuerdos) == 1
    assert [r.motivo for r in reading.rechazadas] == ["está fuera de las tablas: «Fin.»"]


def test_docx_merged_across_and_down(tmp_path):
    made, drawn = word(
        tmp_path,
        ("Acuerdos alcanzados", "", ""),
        HEAD,
        ("Puebla", "Uno.", "Concluido"),
        ("", "Dos.", ""),
        ("Sonora", "Tres.", ""),
    )
    drawn.cell(0, 0).merge(drawn.cell(0, 2))
    drawn.cell(2, 0).merge(drawn.cell(3, 0))
    drawn.cell(2, 2).merge(drawn.cell(3, 2))
    made.save(tmp_path / "a.docx")
    assert rows(tmp_path / "a.docx") == [
        ("Puebla", "Uno.", "Concluido"),
        ("Puebla", "Dos.", "Concluido"),
        ("Sonora", "Tres.", None),
    ]


def test_docx_label_in_the_last_row_of_its_merged_cell(tmp_path):
    made, drawn = word(tmp_path, HEAD, ("Sonora", "Uno.", ""), ("", "Dos.", ""), ("", "Tres.", ""))
    for n, mark in ((2, "restart"), (3, "continue")):
        drawn.cell(n, 0)._tc.vMerge = mark
    drawn._tbl.tr_lst[3].tc_lst[0].p_lst[0].add_r().text = "Puebla"
    made.save(tmp_path / "a.docx")
    assert [e for e, _, _ in rows(tmp_path / "a.docx")] == ["Sonora", "Puebla", "Puebla"]


def test_docx_tracked_changes_read_as_accepted(tmp_path):
    from docx.oxml import parse_xml

    made, drawn = word(tmp_path, HEAD, ("Puebla", "Enviar ", "Concluido"))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraph = drawn.cell(1, 1)._tc.p_lst[0]
    paragraph.append(parse_xml(f"<w:del {space}><w:r><w:delText>mapas.</w:delText></w:r></w:del>"))
    paragraph.append(parse_xml(f"<w:ins {space}><w:r><w:t>listas.</w:t></w:r></w:ins>"))
    made.save(tmp_path / "a.docx")
    assert rows(tmp_path / "a.docx") == [("Puebla", "Enviar listas.", "Concluido")]


# -- PDF ----------------------------------------------------------------------------------------------------------


def pdf(path, *pages, widths=(50, 140, 480, 560), heads=True):
    """Draw pages of rows (entity, text, status); an entity of None goes on with the cell above."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for number, (lines, notes) in enumerate(pages):
        y = 760
        canvas.drawString(50, 790, "Informe de la mesa")
        body = [HEAD, *lines] if heads or not number else lines
        for n, cells in enumerate(body):
            for i, text in enumerate(cells):
                canvas.drawString(widths[i] + 3, y - 14, text or "")
                canvas.line(widths[i], y, widths[i], y - 20)
                if text is not None:
                    canvas.line(widths[i], y, widths[i + 1], y)
            canvas.line(widths[3], y, widths[3], y - 20)
            y -= 20
            if n == len(body) - 1:
                canvas.line(widths[0], y, widths[3], y)
        for note in notes:
            y -= 30
            canvas.drawString(50, y, note)
        canvas.drawString(300, 30, f"{number + 1}")
        canvas.showPage()
    canvas.save()
    return path


def test_pdf_without_merged_cells_carries_the_label(tmp_path):
    first = [("Puebla", "Uno.", "Concluido"), ("", "Dos.", "En proceso")]
    reading = read(pdf(tmp_path / "a.pdf", (first, []), ([("", "Tres.", ""), ("Sonora", "Cuatro.", "")], [])))
    assert [(a.entidad, a.origen.pagina) for a in reading.acuerdos] == [
        ("Puebla", 1),
        ("Puebla", 1),
        ("Puebla", 2),
        ("Sonora", 2),
    ]
    assert not reading.rechazadas  # page numbers and the running header are no rows


def test_pdf_table_that_goes_on_without_its_heading(tmp_path):
    path = pdf(tmp_path / "a.pdf", ([("Puebla", "Uno.", "Concluido")], []), ([("Sonora", "Dos.", "")], []), heads=False)
    assert rows(path) == [("Puebla", "Uno.", "Concluido"), ("Sonora", "Dos.", None)]


def test_pdf_text_outside_the_table_is_refused_with_its_page(tmp_path):
    path = pdf(tmp_path / "a.pdf", ([("Puebla", "Uno.", "Concluido")], ["Nota final del informe."]))
    (refused,) = read(path).rechazadas
    assert refused.origen == "a.pdf, página 1" and "está fuera de las tablas: «Nota final" in refused.motivo


def part(pagina, *entities, open_=False):
    """Return a page's table; equal neighbouring names are one merged cell whose label stands on its first row."""
    filas, spans, start = [HEAD], [], 1
    for n, name in enumerate(entities, 1):
        begins = n == 1 or name != entities[n - 2]
        start = n if begins else start
        filas.append((name.strip("*").strip() if begins and not name.startswith("*") else "", f"{pagina}.{n}.", ""))
        if n == len(entities) or entities[n] != name:
            text = "" if name.startswith("*") else name
            if n > start:
                spans.append(grid.Tramo(0, start, n, text))
    return Reticula(grid.Malla(filas, spans, (), pagina), (0, 0, 1, 1), frozenset([0]) if open_ else frozenset())


def joined(*tables):
    pdf_merges.join(tables, Opciones())
    found, label = [], ""
    for t in tables:
        for row in list(t.malla.rows(1))[1:]:
            merged = dict(row.fundidas)
            label = merged.get(0, "") or row.celdas[0] or label
            found.append(label)
    return found


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([part(1, "A", "B", "B"), part(2, "*", "*", "C")], "A B B B B C"),
        ([part(1, "A", "A", "*", "*"), part(2, "B", "B")], "A A B B B B"),
        ([part(1, "A", "A", "*", open_=True), part(2, "B", "C")], "A A B B C"),
        ([part(1, "A", "A", "*"), part(2, "B", "C")], "A A A B C"),
        ([part(1, "A", "A"), part(2, "*", "*"), part(3, "*", "B")], "A A A A A B"),
        ([part(1, "A", "*", "*"), part(2, "*", "*"), part(3, "B", "B")], "A B B B B B B"),
        ([part(1, "A", "A"), part(2, "A", "A")], "A A A A"),
    ],
    ids=[
        "etiqueta-arriba",
        "etiqueta-abajo",
        "celda-abierta",
        "celda-cerrada",
        "tres-hojas",
        "tres-hojas-abajo",
        "repetida",
    ],
)
def test_merged_cells_over_page_breaks(pages, expected):
    assert joined(*pages) == expected.split()
