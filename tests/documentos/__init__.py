"""The annex as every format: written by the tests with other libraries than those that read it, where there are two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from nlp_acuerdos.ingest import read
from tests.documentos import hojas, paginas, planos

COLUMNAS = ("Entidad", "Acuerdo", "Estatus")
DIBUJADAS = {71: "Nuevo León"} | dict.fromkeys(range(108, 113), "Zacatecas")  # as the printed annex draws its cells


@dataclass(frozen=True, slots=True)
class Renglon:
    """A row to write: entity, text and status; `pagina` is where a paged writer put it."""

    entidad: str
    acuerdo: str
    estatus: str
    pagina: int | None = None


@dataclass(frozen=True, slots=True)
class Documento:
    """A title and rows; `tramos` are the (first, last) 0-based rows of each entity cell."""

    titulo: str
    renglones: tuple[Renglon, ...]

    @property
    def tramos(self) -> list[tuple[int, int]]:
        found, start = [], 0
        for _, group in groupby(self.renglones, key=lambda r: r.entidad):
            count = len(list(group))
            found.append((start, start + count - 1))
            start += count
        return found


def planar(annex: Path) -> Documento:
    """Return the annex with the labels in the order of the text."""
    reading = read(annex)
    rows = tuple(Renglon(a.entidad, a.acuerdo, a.estatus_original) for a in reading.acuerdos)
    return Documento(reading.documento.titulo, rows)


def dibujado(annex: Path) -> Documento:
    """Return the annex with the entities of its drawn cells."""
    flat = planar(annex)
    rows = (replace(r, entidad=DIBUJADAS.get(n, r.entidad)) for n, r in enumerate(flat.renglones, 1))
    return replace(flat, renglones=tuple(rows))


Escritor = Callable[[Documento, Path], Sequence[int | None]]
"""Write a document to a path; return the page of each row."""

FUNDIDOS: dict[str, Escritor] = {
    "reportlab.pdf": paginas.reportlab_abierto,
    "fpdf2.pdf": paginas.fpdf2_cerrado,
    "palabra.docx": hojas.docx,
    "palabra_tablas.docx": hojas.docx_por_tablas,
    "libro.xlsx": hojas.xlsx,
    "libro.xlsm": hojas.xlsx,
    "hoja.ods": hojas.ods,
    "pagina.html": hojas.html,
}
PLANOS: dict[str, Escritor] = {
    "utf8.csv": planos.csv("utf-8", ","),
    "bom.csv": planos.csv("utf-8-sig", ","),
    "cp1252.csv": planos.csv("cp1252", ","),
    "utf16.csv": planos.csv("utf-16", ","),
    "punto_y_coma.csv": planos.csv("cp1252", ";"),
    "tabulado.tsv": planos.csv("utf-8", "\t"),
    "lineas.jsonl": planos.jsonl,
    "columnas.parquet": planos.parquet,
    "texto.pdf": paginas.reportlab_texto,
}
