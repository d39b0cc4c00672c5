"""Pages: the annex as PDF by two writers, ruled, and once as text only."""

from __future__ import annotations

import re
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN, TITLE, LINE, SIZE = 612, 792, 50, 60, 12, 9
EDGES = (50, 140, 482, 562)
PAD = 4
HEAD = ("Entidad", "Acuerdo", "Estatus")


@dataclass
class Parte:
    """The part of row `n` that stands on one page: its lines and its top and bottom (points from the page's top)."""

    n: int
    lineas: list[str]
    estatus: str
    arriba: float
    abajo: float


def wrap(text, width, measure):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def paginate(doc, measure, *, split, gap=0):
    """Return the parts on each page; with `split` a row that does not fit is cut, in the middle of a sentence."""
    pages, top, bottom = [[]], MARGIN + TITLE + LINE + 2 * PAD, HEIGHT - MARGIN
    for n, row in enumerate(doc.renglones):
        lines, status = wrap(row.acuerdo, EDGES[2] - EDGES[1] - 2 * PAD, measure), row.estatus
        while lines:
            room = int((bottom - top - 2 * PAD) // LINE)
            fits = len(lines) <= room
            keep = len(lines)
            if not fits and split:
                keep = max(
                    (k for k in range(2, min(room, len(lines) - 1) + 1) if not re.search(r"[.:;!?]$", lines[k - 1])),
                    default=0,
                )
            elif not fits:
                keep = 0
            if keep:
                end = top + keep * LINE + 2 * PAD
                pages[-1].append(Parte(n, lines[:keep], status, top, end))
                lines, status, top = lines[keep:], "", end + gap
            if lines:
                pages.append([])
                top = MARGIN + LINE + 2 * PAD
    return pages


def pages_of(doc, pages):
    first = {}
    for number, parts in enumerate(pages, 1):
        for part in parts:
            first.setdefault(part.n, number)
    return [first[n] for n in range(len(doc.renglones))]


def pieces(doc, parts):
    """Return (first part, last part, span) of each entity cell on a page."""
    found = []
    for span in doc.tramos:
        inside = [p for p in parts if span[0] <= p.n <= span[1]]
        if inside:
            found.append((inside[0], inside[-1], span))
    return found


def reportlab_abierto(doc, path):
    """Draw with lines; an entity cell cut by the page has no line there, and its label stands once, at its middle."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    def measure(text):
        return stringWidth(text, "Helvetica", SIZE)

    pages = paginate(doc, measure, split=False)
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)

    def write(x, y, lines, size=SIZE):
        canvas.setFont("Helvetica", size)
        for i, line in enumerate(lines):
            canvas.drawString(x, HEIGHT - y - LINE * (i + 1) + 3, line)

    def rule(x0, y0, x1, y1):
        canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    for number, parts in enumerate(pages, 1):
        top = MARGIN + (TITLE if number == 1 else 0)
        if number == 1:
            write(MARGIN, MARGIN - 10, wrap(doc.titulo, WIDTH - 2 * MARGIN, measure))
        for x, word in zip(EDGES, HEAD, strict=False):
            write(x + PAD, top + PAD, [word])
        rule(EDGES[0], top, EDGES[3], top)
        rule(EDGES[0], parts[0].arriba, EDGES[3], parts[0].arriba)
        for x in EDGES:
            rule(x, top, x, parts[-1].abajo)
        for part in parts:
            write(EDGES[1] + PAD, part.arriba + PAD, part.lineas)
            write(EDGES[2] + PAD, part.arriba + PAD, [part.estatus])
            rule(EDGES[1], part.abajo, EDGES[3], part.abajo)
        for first, last, (a, b) in pieces(doc, parts):
            if last.n == b:
                rule(EDGES[0], last.abajo, EDGES[1], last.abajo)
            middle = (a + b) // 2
            if first.n <= middle <= last.n:
                label = wrap(doc.renglones[a].entidad, EDGES[1] - EDGES[0] - 2 * PAD, measure)
                height = LINE * len(label)
                write(EDGES[0] + PAD, max(first.arriba + 2, (first.arriba + last.abajo - height) / 2), label)
        write(WIDTH / 2, HEIGHT - 40, [f"Página {number} de {len(pages)}"])
        canvas.showPage()
    canvas.save()
    return pages_of(doc, pages)


def fpdf2_cerrado(doc, path):
    """Draw boxes; a page closes the entity cell it cuts, the label stands in the first part, and rows are cut too."""
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
    pdf.set_auto_page_break(False)
    pdf.set_font("Times", size=SIZE)
    pages = paginate(doc, pdf.get_string_width, split=True)

    def write(x, y, lines):
        for i, line in enumerate(lines):
            pdf.text(x, y + LINE * (i + 1) - 3, line)

    def box(column, top, bottom):
        pdf.rect(EDGES[column], top, EDGES[column + 1] - EDGES[column], bottom - top)

    for number, parts in enumerate(pages, 1):
        pdf.add_page()
        pdf.set_font("Times", size=SIZE)
        top = MARGIN + (TITLE if number == 1 else 0)
        if number == 1:
            write(MARGIN, MARGIN - 10, wrap(doc.titulo, WIDTH - 2 * MARGIN, pdf.get_string_width))
        pdf.set_fill_color(220)
        pdf.rect(EDGES[0], top, EDGES[3] - EDGES[0], parts[0].arriba - top, style="F")
        for column, word in enumerate(HEAD):
            box(column, top, parts[0].arriba)
            write(EDGES[column] + PAD, top + PAD, [word])
        for part in parts:
            box(1, part.arriba, part.abajo)
            box(2, part.arriba, part.abajo)
            write(EDGES[1] + PAD, part.arriba + PAD, part.lineas)
            write(EDGES[2] + PAD, (part.arriba + part.abajo - LINE) / 2, [part.estatus] if part.estatus else [])
        for first, last, (a, _) in pieces(doc, parts):
            box(0, first.arriba, last.abajo)
            if (
                first.n == a
                and first.lineas[0]
                == wrap(doc.renglones[a].acuerdo, EDGES[2] - EDGES[1] - 2 * PAD, pdf.get_string_width)[0]
            ):
                label = wrap(doc.renglones[a].entidad, EDGES[1] - EDGES[0] - 2 * PAD, pdf.get_string_width)
                write(EDGES[0] + PAD, max(first.arriba + 2, (first.arriba + last.abajo - LINE * len(label)) / 2), label)
        write(WIDTH / 2, HEIGHT - 40, [str(number)])
    pdf.output(str(path))
    return pages_of(doc, pages)


def reportlab_texto(doc, path):
    """Write text only, in columns, a wider gap between rows, the label beside the first row of its entity."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    def measure(text):
        return stringWidth(text, "Helvetica", SIZE)

    pages = paginate(doc, measure, split=False)
    starts = {a for a, _ in doc.tramos}
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)

    def write(x, y, lines):
        for i, line in enumerate(lines):
            canvas.drawString(x, HEIGHT - y - LINE * (i + 1) + 3, line)

    for number, parts in enumerate(pages, 1):
        canvas.setFont("Helvetica", SIZE)
        if number == 1:
            write(MARGIN, MARGIN - 10, wrap(doc.titulo, WIDTH - 2 * MARGIN, measure))
        for x, word in zip(EDGES, HEAD, strict=False):
            write(x + PAD, MARGIN + PAD + (TITLE if number == 1 else 0), [word])
        for part in parts:
            if part.n in starts:
                write(EDGES[0] + PAD, part.arriba + PAD, wrap(doc.renglones[part.n].entidad, 84, measure))
            write(EDGES[1] + PAD, part.arriba + PAD, part.lineas)
            write(EDGES[2] + PAD, part.arriba + PAD, [part.estatus])
        write(WIDTH / 2, HEIGHT - 40, [f"- {number} -"])
        canvas.showPage()
    canvas.save()
    return pages_of(doc, pages)
