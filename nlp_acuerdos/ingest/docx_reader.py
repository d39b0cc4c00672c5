"""Tables of a Word document; what is over the first table is its title."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import archive, grid
from nlp_acuerdos.ingest.rows import Opciones, Tabla
from nlp_acuerdos.text import clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACES = {f"{_W}tab", f"{_W}br", f"{_W}cr"}
_HYPHEN = f"{_W}noBreakHyphen"


def rows(data: bytes, name: str, opciones: Opciones) -> Tabla:
    """Return the rows of the tables of a DOCX. Raises EntradaInvalida when it is damaged or has no table."""
    archive.check(data, name, "DOCX")
    import docx

    try:
        body = docx.Document(io.BytesIO(data)).element.body
        found = list(_parts(body))
    except Exception as error:  # python-docx and lxml raise all kinds on a spoiled file
        raise archive.damaged(name, "DOCX") from error
    if not any(isinstance(part, grid.Malla) for part in found):
        raise EntradaInvalida(f"«{name}» no tiene ninguna tabla; ponga los acuerdos en una tabla")
    return grid.gather(found, name, opciones)


def _parts(body: Any) -> Iterator[grid.Malla | grid.Renglon]:
    """Yield paragraphs with text and tables, in order, content controls opened."""
    for tag in body:
        if tag.tag == f"{_W}p":
            if line := _text(tag):
                yield grid.Renglon(line)
        elif tag.tag == f"{_W}tbl":
            yield _table(tag)
        elif tag.tag == f"{_W}sdt":
            for content in tag.iterchildren(f"{_W}sdtContent"):
                yield from _parts(content)


def _table(table: Any) -> grid.Malla:
    filas: list[tuple[str, ...]] = []
    open_: dict[int, tuple[int, str]] = {}
    spans: list[grid.Tramo] = []
    for i, row in enumerate(_inside(table, "tr")):
        cells: list[str] = []
        here: dict[int, tuple[int, str]] = {}
        for cell in _inside(row, "tc"):
            place, text = len(cells), _text(cell)
            merged = _merge(cell)
            if merged == "continue" and place in open_:
                first, said = open_[place]
                here[place] = (first, f"{said} {text}".strip())
                text = ""
            elif merged:
                here[place] = (i, text)
            cells += [text, *[""] * (_width(cell) - 1)]
        spans += [grid.Tramo(c, first, i - 1, text) for c, (first, text) in open_.items() if here.get(c, (i,))[0] == i]
        open_ = here
        filas.append(tuple(cells[: grid.WIDEST]))
    spans += [grid.Tramo(c, first, len(filas) - 1, text) for c, (first, text) in open_.items()]
    return grid.Malla(filas, spans)


def _inside(tag: Any, kind: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, those in content controls and tracked changes too."""
    for child in tag:
        if child.tag == f"{_W}{kind}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _inside(child, kind)


def _merge(cell: Any) -> str | None:
    """Return "restart" or "continue" for a cell merged downwards, else None."""
    mark = cell.find(f"{_W}tcPr/{_W}vMerge")
    return None if mark is None else mark.get(f"{_W}val") or "continue"


def _width(cell: Any) -> int:
    mark = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = "" if mark is None else mark.get(f"{_W}val") or ""
    return min(max(1, int(value)), grid.WIDEST) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _text(tag: Any) -> str:
    """Return the text of a paragraph or cell as it stands with tracked changes accepted."""
    pieces: list[str] = []
    for part in tag.iter():
        if part.tag == f"{_W}t":
            pieces.append(part.text or "")
        elif part.tag in _SPACES or part.tag == f"{_W}p":
            pieces.append(" ")
        elif part.tag == _HYPHEN:
            pieces.append("-")
    return clean("".join(pieces))
