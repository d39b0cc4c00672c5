"""What a reader gives to table repair: raw rows with their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nlp_acuerdos.records import Rechazo


@dataclass(frozen=True, slots=True)
class Opciones:
    """What the caller said of a source: `columnas` maps entidad, acuerdo, estatus to their headings."""

    columnas: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Fila:
    """A raw row: its cells, its 1-based line in the file, and its page where the format has pages.

    `fundidas` are (column, text) of the merged cells that cover this row and others, `guiones` those of the cells in which
    a word cut at the end of a line was joined, as they were. `corte` says that another table
    starts here, which must show its own heading: a "tabla" of the same text, or a "hoja" apart.
    """

    celdas: tuple[str, ...]
    linea: int
    pagina: int | None = None
    fundidas: tuple[tuple[int, str], ...] = ()
    corte: str = ""
    guiones: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tabla:
    """All rows of a source with content, in order.

    `rechazadas` are rows the reader itself refused and `hechos` document facts the format states (proceso,
    fecha_documento). `paginas`: each repeated heading starts a page. `continua`: a row may carry on the one before.
    `llaves`: the heading is made of keys and is no row of the source.
    """

    filas: tuple[Fila, ...]
    rechazadas: tuple[Rechazo, ...] = ()
    hechos: Mapping[str, str] = field(default_factory=dict)
    paginas: bool = False
    continua: bool = True
    llaves: bool = False
