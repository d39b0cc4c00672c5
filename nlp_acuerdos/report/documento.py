"""The report as a Word document: real headings, tables that repeat their head, quotations."""

from __future__ import annotations

import io
from typing import Any

from nlp_acuerdos.report.bloques import Bloque, Cifras, Citas, Contenido, Parrafo, Subtitulo, Tabla
from nlp_acuerdos.report.charts import shade
from nlp_acuerdos.report.files import fixed_office, printable
from nlp_acuerdos.report.rotulos import show_in

_ACENTO, _GRIS, _LINEA = "7A1F4F", "4A5568", "D5DBE5"
_TONOS = ("", "F4E3EC", "E6BFD2", "D190B1", "9C4075", "7A1F4F")
_ANCHA = 7  # columns from which headings stand upright and letters are small


def as_docx(contenido: Contenido) -> bytes:
    """Return the report as the bytes of a docx."""
    from docx import Document

    doc = Document()
    _dress(doc, contenido)
    doc.add_heading(printable(contenido.titulo), 0)
    for title in contenido.documentos:
        _say(doc, title, "Subtitle")
    for key, value in contenido.ficha:
        p = _say(doc, f"{key}: ")
        p.runs[0].bold = True
        p.add_run(printable(value))
    for part in contenido.apartados:
        doc.add_heading(printable(f"{part.numero}. {part.titulo}"), 1)
        for block in part.bloques:
            _add(doc, block)
    stream = io.BytesIO()
    doc.save(stream)
    return fixed_office(stream.getvalue(), contenido.fecha)


def _dress(doc: Any, contenido: Contenido) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    about = doc.core_properties
    about.title, about.author, about.language, about.comments = contenido.titulo, "acuerdos", "es-MX", ""
    for lang in doc.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "es-MX")
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.2)
    sizes = {
        "Normal": 10.5,
        "Title": 22,
        "Subtitle": 10.5,
        "Heading 1": 15,
        "Heading 2": 12,
        "Quote": 10,
        "Caption": 10,
    }
    for name, size in sizes.items():
        font = doc.styles[name].font
        _set_face(doc.styles[name])
        font.size, font.italic = Pt(size), False
        font.color.rgb = RGBColor.from_string(
            {"Subtitle": _GRIS, "Title": _ACENTO, "Heading 1": _ACENTO}.get(name, "1C2330")
        )
    doc.styles["Quote"].paragraph_format.left_indent = Cm(0.7)


def _set_face(style: Any) -> None:
    """Set one typeface for all scripts: the template's headings take the theme's."""
    from docx.oxml.ns import qn

    style.font.name = "Calibri"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)


def _say(doc: Any, text: str, style: str | None = None) -> Any:
    return doc.add_paragraph(printable(text), style)


def _add(doc: Any, block: Bloque) -> None:
    match block:
        case Cifras():
            for n, what in block.pares:
                p = doc.add_paragraph(style="List Bullet")
                p.add_run(n).bold = True
                p.add_run(f" {what}")
        case Parrafo():
            p = _say(doc, block.texto)
            if block.nota:
                _small(p.runs[0])
        case Subtitulo():
            doc.add_heading(printable(f"{block.texto} ({block.aparte})" if block.aparte else block.texto), 2)
        case Citas():
            for q in block.citas:
                said, source = _say(doc, q.texto, "Quote"), _say(doc, f"{q.fuente} · {q.nota}", "Quote")
                said.paragraph_format.keep_with_next, said.paragraph_format.space_after = True, 0
                _small(source.runs[0])
        case Tabla():
            _table(doc, block)


def _small(run: Any) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(_GRIS)


def _table(doc: Any, block: Tabla) -> None:
    caption = _say(doc, block.titulo, "Caption")
    caption.paragraph_format.keep_with_next = True
    wide = len(block.columnas) > _ANCHA
    table = doc.add_table(rows=1 + len(block.filas), cols=len(block.columnas))
    _mark_head(table)
    rows = table._tbl.tr_lst
    for line, values in zip(rows, (block.columnas, *block.filas), strict=True):
        for n, (box, value) in enumerate(zip(line.tc_lst, values, strict=True)):
            _fill(doc, table, box, show_in(value, block.grafica), n >= block.numeros, line is rows[0], wide)
            if block.grafica == "calor" and n and line is not rows[0]:
                _shade(box, shade(value, block.datos))
    _size(table, block, wide)
    doc.add_paragraph()


def _mark_head(table: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    head = table._tbl.tr_lst[0].get_or_add_trPr()
    head.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color}"/>'
        for side, size, color in (("top", 8, _ACENTO), ("bottom", 4, _LINEA), ("insideH", 4, _LINEA))
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _fill(doc: Any, table: Any, box: Any, text: str, number: bool, head: bool, wide: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt
    from docx.table import _Cell

    p = _Cell(box, table).paragraphs[0]
    run = p.add_run(printable(text))
    run.bold, run.font.size = head, Pt(8.5 if wide else 10)
    p.paragraph_format.space_after = Pt(0)
    if number and not (head and wide):
        p.alignment = WD_ALIGN_PARAGRAPH.CENTER if wide else WD_ALIGN_PARAGRAPH.RIGHT
    if head and wide and number:
        _turn(box)


def _turn(box: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    box.get_or_add_tcPr().append(parse_xml(f'<w:textDirection {nsdecls("w")} w:val="btLr"/>'))


def _shade(box: Any, step: int) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import RGBColor
    from docx.text.run import Run

    if not step:
        return
    box.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{_TONOS[step]}"/>'))
    if step > 3:
        for p in box.p_lst:
            for run in p.r_lst:
                Run(run, p).font.color.rgb = RGBColor(255, 255, 255)


def _size(table: Any, block: Tabla, wide: bool) -> None:
    """Give the first column what the numbers leave of 17 cm."""
    from docx.shared import Cm

    table.autofit = False
    each = min(2.6, 12.5 / max(1, len(block.columnas) - 1)) if wide else 2.6
    texts = block.numeros - 1
    first = max(4.0, min(9.0, 17.0 - 3.4 * texts - each * (len(block.columnas) - 1 - texts)))
    for n, column in enumerate(table._tbl.tblGrid.gridCol_lst):
        column.w = Cm(first if n == 0 else 3.4 if n < block.numeros else each)
    widths = [column.w for column in table._tbl.tblGrid.gridCol_lst]
    for line in table._tbl.tr_lst:
        for box, width in zip(line.tc_lst, widths, strict=True):
            box.width = width
    if wide:
        table.rows[0].height = Cm(3.2)
