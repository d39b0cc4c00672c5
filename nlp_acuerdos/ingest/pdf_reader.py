"""PDF: ruled tables by their lines, else text in columns by its layout. Scanned and encrypted files are refused."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import archive, columns, grid, pdf_lattice, pdf_layout, pdf_merges
from nlp_acuerdos.ingest.rows import Opciones, Tabla
from nlp_acuerdos.text import clean

_MOST_PAGES = 2000
_TAIL = 4096  # bytes at the end of a whole file among which its end mark stands
_FIGURES = re.compile(r"\d+")


@dataclass(slots=True)
class Pagina:
    """What was read of a page: ruled tables, lines of text outside them with their height, words, and images."""

    numero: int
    mallas: list[pdf_lattice.Reticula]
    lineas: list[pdf_layout.Linea]
    imagenes: int


def rows(data: bytes, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of a PDF with their pages. Raises EntradaInvalida when encrypted, scanned, damaged or too long."""
    if b"%%EOF" not in data.rstrip(b"\0\r\n ")[-_TAIL:]:
        raise archive.damaged(name, "PDF")  # cut: pdfminer would read the pages that are left
    pages = _read(data, name)
    if not any(page.lineas or page.mallas for page in pages):
        raise EntradaInvalida(f"«{name}» no tiene texto: {_why(pages)}; páselo por reconocimiento de texto (OCR)")
    tables = [table for page in pages for table in page.mallas]
    if not any(table.malla.heading(opciones) is not None for table in tables):
        found = pdf_layout.rows([(p.numero, p.lineas) for p in pages], opciones)
        if found or not tables:
            return Tabla(tuple(found or _as_lines(pages)))
    pdf_merges.join(tables, opciones)
    return grid.gather(_parts(pages), name, opciones)


def _why(pages: Sequence[Pagina]) -> str:
    return "parece escaneado" if any(page.imagenes for page in pages) else "sus páginas están en blanco"


def _read(data: bytes, name: str) -> list[Pagina]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        with _silent(), pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > _MOST_PAGES:
                raise EntradaInvalida(f"«{name}» pasa de {_MOST_PAGES} páginas; divídalo")
            pages = []
            for page in document.pages:
                pages.append(_page(page))
                page.close()
    except EntradaInvalida:
        raise
    except Exception as error:  # pdfminer raises all kinds on a spoiled file
        if isinstance(error, PDFPasswordIncorrect) or isinstance(error.args and error.args[0], PDFPasswordIncorrect):
            raise EntradaInvalida(f"«{name}» está cifrado con contraseña; guárdelo sin ella") from error
        raise archive.damaged(name, "PDF") from error
    if not pages:
        raise archive.damaged(name, "PDF")
    return pages


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what pdfminer logs of odd fonts and streams off the user's terminal."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _page(page: Any) -> Pagina:
    tables = pdf_lattice.find(page)
    lines = pdf_layout.lines(page, [table.caja for table in tables])
    return Pagina(page.page_number, tables, lines, len(page.images))


def _parts(pages: Sequence[Pagina]) -> Iterator[grid.Malla | grid.Renglon]:
    """Yield tables and the lines outside them in the order they stand on the pages."""
    often = Counter(text for page in pages for text in {_shape(line.texto) for line in page.lineas})
    for page in pages:
        things: list[tuple[float, grid.Malla | grid.Renglon]] = [(t.caja[1], t.malla) for t in page.mallas]
        for line in page.lineas:
            shape = _shape(line.texto)
            things.append(
                (line.arriba, grid.Renglon(line.texto, page.numero, often[shape] > 1 or not shape.strip("#")))
            )
        yield from (part for _, part in sorted(things, key=lambda thing: thing[0]))


def _shape(text: str) -> str:
    """Return a line with its figures masked: what running headers and page numbers keep from page to page."""
    return _FIGURES.sub("#", columns.key(clean(text)))


def _as_lines(pages: Sequence[Pagina]) -> Iterator[Any]:
    """Yield the lines as rows of one cell, for the message of a PDF in which no columns were found."""
    from nlp_acuerdos.ingest.rows import Fila

    for page in pages:
        for n, line in enumerate(page.lineas, 1):
            yield Fila((line.texto, ""), n, page.numero)
