"""The report as PDF, with reportlab (the optional extra `pdf`)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape
from importlib.util import find_spec
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.report.bloques import Bloque, Cifras, Citas, Contenido, Parrafo, Subtitulo, Tabla
from nlp_acuerdos.report.charts import shade
from nlp_acuerdos.report.rotulos import show, show_in

_ACENTO, _TINTA, _GRIS, _LINEA = "#7a1f4f", "#1c2330", "#4a5568", "#d5dbe5"
_TONOS = ("#ffffff", "#f4e3ec", "#e6bfd2", "#d190b1", "#9c4075", "#7a1f4f")
_MARGEN, _ANCHA = 56, 7
_OTROS = {"−": "-", "‑": "-", "\u202f": " ", "\u2009": " "}


def check_library() -> None:
    """Raise EntradaInvalida, saying how to install it, when reportlab is not there."""
    if find_spec("reportlab") is None:
        raise EntradaInvalida(
            'para escribir pdf falta reportlab; instálelo con «pip install "nlp-acuerdos[pdf]"» o use .html y la impresora'
        )


def as_pdf(contenido: Contenido) -> bytes:
    """Return the report as the bytes of a PDF, the same for the same content. Raises EntradaInvalida without reportlab."""
    check_library()
    from reportlab.lib.pagesizes import letter
    from reportlab.platypus import SimpleDocTemplate

    stream = io.BytesIO()
    doc = SimpleDocTemplate(
        stream, pagesize=letter, leftMargin=_MARGEN, rightMargin=_MARGEN, topMargin=_MARGEN, bottomMargin=_MARGEN,
        title=contenido.titulo, author="acuerdos", lang="es", invariant=1,
    )  # fmt: skip
    doc.build(list(_flow(contenido, letter[0] - 2 * _MARGEN)), onFirstPage=_foot, onLaterPages=_foot)
    return stream.getvalue()


def plain(text: str) -> str:
    """Return `text` in the letters of PDF's own typefaces; any other letter as its code point, "[U+1F5F3]"."""
    return "".join(_OTROS.get(c, c) if _known(_OTROS.get(c, c)) else f"[U+{ord(c):04X}]" for c in text)


def _known(char: str) -> bool:
    try:
        return char.isprintable() and bool(char.encode("cp1252"))
    except UnicodeEncodeError:
        return False


def _foot(canvas: Any, doc: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(_GRIS)
    canvas.drawRightString(doc.pagesize[0] - _MARGEN, 32, f"{doc.page}")


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle("texto", fontName="Helvetica", fontSize=9.5, leading=13.5, textColor=_TINTA, spaceAfter=5)
    made: dict[str, dict[str, Any]] = {
        "titulo": {"fontName": "Helvetica-Bold", "fontSize": 20, "leading": 25, "textColor": _ACENTO},
        "documento": {"textColor": _GRIS},
        "h1": {"fontName": "Helvetica-Bold", "fontSize": 14, "leading": 18, "textColor": _ACENTO, "spaceBefore": 16, "keepWithNext": 1},
        "h2": {"fontName": "Helvetica-Bold", "fontSize": 10.5, "leading": 14, "spaceBefore": 9, "keepWithNext": 1},
        "nota": {"fontSize": 8.5, "leading": 12, "textColor": _GRIS},
        "cita": {"leftIndent": 12, "splitLongWords": 1, "spaceAfter": 1},
        "fuente": {"leftIndent": 12, "fontSize": 8.5, "leading": 11, "textColor": _GRIS, "spaceAfter": 7},
        "celda": {"fontSize": 8.5, "leading": 11, "spaceAfter": 0},
    }  # fmt: skip
    return {"texto": body} | {name: ParagraphStyle(name, parent=body, **look) for name, look in made.items()}


def _flow(contenido: Contenido, width: float) -> Iterator[Any]:
    from reportlab.platypus import Paragraph

    look = _styles()
    yield Paragraph(_safe(contenido.titulo), look["titulo"])
    yield from (Paragraph(_safe(d), look["documento"]) for d in contenido.documentos)
    yield from (Paragraph(f"<b>{_safe(key)}:</b> {_safe(value)}", look["texto"]) for key, value in contenido.ficha)
    for part in contenido.apartados:
        yield Paragraph(_safe(f"{part.numero}. {part.titulo}"), look["h1"])
        for block in part.bloques:
            yield from _dress(block, look, width)


def _safe(text: str) -> str:
    return escape(plain(text), quote=False)


def _dress(block: Bloque, look: dict[str, Any], width: float) -> Iterator[Any]:
    from reportlab.platypus import Paragraph

    match block:
        case Cifras():
            yield from (Paragraph(f"<b>{_safe(n)}</b> {_safe(what)}", look["texto"]) for n, what in block.pares)
        case Parrafo():
            yield Paragraph(_safe(block.texto), look["nota" if block.nota else "texto"])
        case Subtitulo():
            aside = f' <font name="Helvetica" color="{_GRIS}">{_safe(block.aparte)}</font>' if block.aparte else ""
            yield Paragraph(_safe(block.texto) + aside, look["h2"])
        case Citas():
            for q in block.citas:
                yield Paragraph(_safe(q.texto), look["cita"])
                yield Paragraph(_safe(f"{q.fuente} · {q.nota}"), look["fuente"])
        case Tabla():
            yield Paragraph(_safe(block.titulo), look["h2"])
            yield _table(block, look, width)


def _table(block: Tabla, look: dict[str, Any], width: float) -> Any:
    from reportlab.platypus import Paragraph, Table, TableStyle

    wide = len(block.columnas) > _ANCHA
    each = (width - 110) / (len(block.columnas) - 1) if wide else 64
    first = 110 if wide else min(240, width - 90 * (block.numeros - 1) - each * (len(block.columnas) - block.numeros))
    heads = [_upright(h) if wide and n else plain(h) for n, h in enumerate(block.columnas)]
    rows = [
        [Paragraph(_safe(show(row[0])), look["celda"]), *(plain(show_in(v, block.grafica)) for v in row[1:])]
        for row in block.filas
    ]
    rules: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 8.5), ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), _TINTA), ("VALIGN", (0, 0), (-1, 0), "BOTTOM"), ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, _ACENTO), ("LINEBELOW", (0, 1), (-1, -1), 0.4, _LINEA),
        ("LEFTPADDING", (0, 0), (0, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("ALIGN", (block.numeros, 0), (-1, -1), "CENTER" if wide else "RIGHT"),
    ]  # fmt: skip
    if block.grafica == "calor":
        rules += list(_heat(block))
    table = Table(
        [heads, *rows], [first, *[each] * (len(block.columnas) - 1)], repeatRows=1, hAlign="LEFT", spaceAfter=8
    )
    table.setStyle(TableStyle(rules))
    return table


def _heat(block: Tabla) -> Iterator[tuple[Any, ...]]:
    for y, row in enumerate(block.filas, 1):
        for x, n in enumerate(row[1:], 1):
            step = shade(n, block.datos)
            yield "BACKGROUND", (x, y), (x, y), _TONOS[step]
            if step > 3:
                yield "TEXTCOLOR", (x, y), (x, y), "#ffffff"


def _upright(text: str) -> Any:
    """Return a heading that reads upwards."""
    from reportlab.graphics.shapes import Drawing, Group, String
    from reportlab.pdfbase.pdfmetrics import stringWidth

    words = plain(text)
    drawing = Drawing(10, stringWidth(words, "Helvetica-Bold", 8) + 2)
    drawing.add(Group(String(0, -8, words, fontName="Helvetica-Bold", fontSize=8), transform=(0, 1, -1, 0, 0, 0)))
    return drawing
