"""Formats that know their merged cells: DOCX, XLSX, ODS and HTML."""

from __future__ import annotations

import html as html_module

HEAD = ("Entidad", "Acuerdo", "Estatus")


def docx(doc, path, tables=None):
    """Write one Word table (or one over each slice of rows, headings repeated), entity cells merged vertically."""
    import docx as word

    document = word.Document()
    document.add_paragraph(doc.titulo)
    last = len(doc.renglones) - 1
    for first, end in tables or [(0, last)]:
        table = document.add_table(rows=1 + end - first + 1, cols=3)
        cells = [c for row in table._tbl.tr_lst for c in row.tc_lst]
        texts = [*HEAD]
        for n in range(first, end + 1):
            starts = n == first or any(n == a for a, _ in doc.tramos)
            texts += [doc.renglones[n].entidad if starts else "", doc.renglones[n].acuerdo, doc.renglones[n].estatus]
        for cell, text in zip(cells, texts, strict=True):
            cell.p_lst[0].add_r().text = text
        for a, b in doc.tramos:
            for n in range(max(a, first), min(b, end) + 1):
                cells[3 * (n - first + 1)].vMerge = "restart" if n == max(a, first) else "continue"
        document.add_paragraph()
    document.save(path)
    return [None] * len(doc.renglones)


def docx_por_tablas(doc, path):
    """Write a table every forty rows, wherever that cuts the entities."""
    ends = [*range(39, len(doc.renglones) - 1, 40), len(doc.renglones) - 1]
    return docx(doc, path, [(e + 1 if i else 0, f) for i, (e, f) in enumerate(zip([0, *ends], ends, strict=False))])


def xlsx(doc, path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Acuerdos"
    sheet.append([doc.titulo])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(HEAD)
    for r in doc.renglones:
        sheet.append([None, r.acuerdo, r.estatus or None])
    for first, last in doc.tramos:
        sheet.cell(first + 4, 1, doc.renglones[first].entidad)
        if last > first:
            sheet.merge_cells(start_row=first + 4, end_row=last + 4, start_column=1, end_column=1)
    book.create_sheet("Catálogo").append(["Clave", "Nombre"])
    book.save(path)
    return [None] * len(doc.renglones)


def ods(doc, path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Acuerdos")

    def add(cells):
        row = TableRow()
        for kind, text, extra in cells:
            cell = kind(**extra)
            if text:
                cell.addElement(P(text=text))
            row.addElement(cell)
        sheet.addElement(row)

    add([(TableCell, doc.titulo, {"numbercolumnsspanned": 3}), (CoveredTableCell, "", {"numbercolumnsrepeated": 2})])
    add([(TableCell, "", {"numbercolumnsrepeated": 3})])
    add([(TableCell, h, {}) for h in HEAD])
    spans = {a: b - a + 1 for a, b in doc.tramos}
    for n, r in enumerate(doc.renglones):
        if n in spans:
            first = (TableCell, r.entidad, {"numberrowsspanned": spans[n], "numbercolumnsspanned": 1})
        else:
            first = (CoveredTableCell, "", {})
        add([first, (TableCell, r.acuerdo, {}), (TableCell, r.estatus, {"valuetype": "string"})])
    book.spreadsheet.addElement(sheet)
    book.save(str(path))
    return [None] * len(doc.renglones)


def html(doc, path):
    spans = {a: b - a + 1 for a, b in doc.tramos}
    lines = ["<!doctype html><meta charset='utf-8'><title>Anexo</title>", f"<h1>{html_module.escape(doc.titulo)}</h1>"]
    lines.append("<table><thead><tr>" + "".join(f"<th>{h}</th>" for h in HEAD) + "</tr></thead><tbody>")
    for n, r in enumerate(doc.renglones):
        label = f"<td rowspan={spans[n]}>{r.entidad}</td>" if n in spans else ""
        lines.append(f"<tr>{label}<td><p>{html_module.escape(r.acuerdo)}</p></td><td>{r.estatus}</td></tr>")
    lines.append("</tbody></table>")
    path.write_text("\n".join(lines), encoding="utf-8")
    return [None] * len(doc.renglones)
