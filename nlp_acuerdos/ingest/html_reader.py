"""Tables of an HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import grid
from nlp_acuerdos.ingest.rows import Opciones, Tabla
from nlp_acuerdos.text import clean

_TEXT = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "caption", "div", "li")
_SKIP = ("script", "style", "template", "noscript")
_TALLEST = 65_534  # rows a cell may span, by the standard


def rows(text: str, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of the tables of a page. Raises EntradaInvalida when it has none."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(text.replace("\0", "").encode(), parser=parser)
        for tag in list(page.iter(*_SKIP)):
            tag.clear(keep_tail=True)
        found = list(_parts(page))
    except (etree.LxmlError, ValueError, AssertionError, RecursionError) as error:
        raise EntradaInvalida(f"«{name}» no es un HTML legible; ábralo y guárdelo de nuevo") from error
    if not any(isinstance(part, grid.Malla) for part in found):
        raise EntradaInvalida(f"«{name}» no tiene ninguna tabla; guarde los acuerdos como tabla o csv")
    return grid.gather(found, name, opciones)


def _parts(page: Any) -> Iterator[grid.Malla | grid.Renglon]:
    """Yield texts and innermost tables in the order of the page."""
    for tag in page.iter("table", *_TEXT):
        if tag.tag == "table":
            if next(tag.iterdescendants("table"), None) is None:
                yield grid.lay_out(_cells(row) for row in tag.iter("tr"))
        elif _is_line(tag) and (line := _text(tag)):
            yield grid.Renglon(line)


def _is_line(tag: Any) -> bool:
    """Tell an innermost block of text outside tables, or a caption."""
    outside = tag.tag == "caption" or next(tag.iterancestors("table"), None) is None
    return outside and next(tag.iterdescendants("table", *_TEXT), None) is None


def _cells(row: Any) -> list[tuple[str, int, int]]:
    return [
        (_text(c), _span(c, "rowspan", _TALLEST), _span(c, "colspan", grid.WIDEST))
        for c in row.iterchildren("td", "th")
    ]


def _span(cell: Any, name: str, most: int) -> int:
    """Return a span as browsers read it: 0 rows is all that are left, anything unreadable 1."""
    digits = (cell.get(name) or "1").strip()[:9]
    value = int(digits) if digits.isascii() and digits.isdigit() else 1
    return min(value or (most if name == "rowspan" else 1), most)


def _text(tag: Any) -> str:
    """Return the text of a tag; blocks and line breaks part words."""
    pieces: list[str] = []
    for event in tag.iter():
        pieces += [" " if event.tag in ("br", "p", "div", "li") else "", event.text or ""]
        if event is not tag:
            pieces += [" " if event.tag in ("p", "div", "li") else "", event.tail or ""]
    return clean("".join(pieces))
