"""Tables with merged cells, whatever drew them, to rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.ingest import columns
from nlp_acuerdos.ingest.rows import Fila, Opciones, Tabla
from nlp_acuerdos.records import Rechazo
from nlp_acuerdos.text import clean

WIDEST = 256  # columns
LARGEST = 4_000_000  # cells: more is a broken or hostile file
_TITLE_LINES = 12  # lines kept of the text before the first table
_HEADING_ROWS = 50  # rows of a table among which its heading is looked for


@dataclass(frozen=True, slots=True)
class Tramo:
    """A merged cell: its 0-based column, its first and last rows, and its text."""

    columna: int
    primera: int
    ultima: int
    texto: str


@dataclass(slots=True)
class Malla:
    """A table as drawn: rows of cells (a merged cell's text only on its first row), merged cells, line numbers.

    `guiones` are cells, by row and column, as they were before the words cut in them were joined.
    """

    filas: list[tuple[str, ...]]
    tramos: list[Tramo] = field(default_factory=list)
    lineas: Sequence[int] = ()
    pagina: int | None = None
    guiones: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def heading(self, opciones: Opciones) -> int | None:
        """Return the place of the first row that is a heading with a column of agreements, or None."""
        found = (
            i for i, row in enumerate(self.filas[:_HEADING_ROWS]) if columns.find(_cleaned(row), opciones.columnas)
        )
        return next(found, None)

    def rows(self, first_line: int) -> Iterator[Fila]:
        """Yield the rows with a text of their own."""
        over: dict[int, list[tuple[int, str]]] = {}
        for span in self.tramos:
            if span.ultima > span.primera or span.texto:
                for i in range(span.primera, min(span.ultima + 1, len(self.filas))):
                    over.setdefault(i, []).append((span.columna, span.texto))
        for i, cells in enumerate(self.filas):
            if any(cell.strip() for cell in cells):
                line = self.lineas[i] if self.lineas else first_line + i
                cut = tuple((column, text) for (row, column), text in self.guiones.items() if row == i)
                yield Fila(cells, line, self.pagina, tuple(over.get(i, ())), guiones=cut)


@dataclass(frozen=True, slots=True)
class Renglon:
    """A line of text outside the tables; `margen`: it repeats from page to page."""

    texto: str
    pagina: int | None = None
    margen: bool = False


def _cleaned(row: Sequence[str]) -> list[str]:
    return [clean(cell) if len(cell) < 4 * columns.LONGEST_HEADING else cell for cell in row]


def gather(parts: Iterable[Malla | Renglon], name: str, opciones: Opciones) -> Tabla:
    """Return the rows of a text with tables: the lines before the first as its title, state names over tables as labels.

    A table without a heading goes on with the columns of the one before when it is as wide, else its rows are refused;
    so are lines of text between tables.
    """
    walk = _Reunion(name, opciones)
    for part in parts:
        walk.take(part)
    return walk.table()


class _Reunion:
    """The walk over the parts of one text."""

    def __init__(self, name: str, opciones: Opciones) -> None:
        self.name, self.opciones = name, opciones
        self.title: list[Renglon] = []
        self.rows: list[Fila] = []
        self.refused: list[Rechazo] = []
        self.aside: list[Fila] = []  # rows of tables seen before one with a heading
        self.width = 0
        self.line = 0

    def take(self, part: Malla | Renglon) -> None:
        """Take one table or line."""
        if isinstance(part, Malla):
            self._take_table(part)
        elif not self.width:
            self.title.append(part)
        elif normalize_entidad(part.texto):
            self._add([Fila((part.texto,), self.line + 1, part.pagina)])
        elif part.texto not in {line.texto for line in self.title} and not part.margen:
            self._refuse([Fila((part.texto,), self.line, part.pagina)], "está fuera de las tablas")

    def _take_table(self, table: Malla) -> None:
        rows = list(table.rows(self.line + 1))
        place, width = table.heading(self.opciones), max(map(len, table.filas), default=0)
        if place is not None:
            cut = "tabla" if self.width else ""
            self.width = width
            self._add([replace(r, corte="" if i else cut) for i, r in enumerate(rows)])
        elif self.width == width:
            self._add(rows)
        elif self.width:
            self._refuse(rows, "su tabla no tiene columna de acuerdos")
        else:
            self.aside += rows
        self.line += len(table.filas)

    def _add(self, rows: Sequence[Fila]) -> None:
        self.rows += rows

    def _refuse(self, rows: Iterable[Fila], why: str) -> None:
        for row in rows:
            where = f"{self.name}, página {row.pagina}" if row.pagina else f"{self.name}, tras la línea {row.linea}"
            self.refused.append(Rechazo(where, f"{why}: «{clean(' | '.join(row.celdas))[:80]}»"))

    def table(self) -> Tabla:
        """Return what was gathered; tables before the first with a heading are refused, or shown when none has one."""
        if self.width:
            self._refuse(self.aside, "su tabla no tiene columna de acuerdos")
        rows = self.rows if self.width else self.aside
        title = [Fila((line.texto,), 0, line.pagina) for line in self.title[-_TITLE_LINES:]]
        return Tabla((*title, *rows), tuple(self.refused))


def lay_out(rows: Iterable[Sequence[tuple[str, int, int]]]) -> Malla:
    """Lay cells of (text, rows, columns) on a grid, as HTML does: each in the first place free of cells from above."""
    filas: list[tuple[str, ...]] = []
    open_: dict[int, tuple[int, int, str]] = {}  # column -> first row, rows left, text
    spans: list[Tramo] = []
    total = 0
    for i, given in enumerate(rows):
        cells: dict[int, str] = {}
        place = 0
        for text, down, across in given:
            while place in open_ or place in cells:
                place += 1
            for j in range(place, min(place + max(1, across), WIDEST)):
                cells[j] = text if j == place else ""
                if down > 1:
                    open_[j] = (i, down, text if j == place else "")
        width = min(max((*cells, *open_), default=-1) + 1, WIDEST)
        filas.append(tuple(cells.get(j, "") for j in range(width)))
        total += width + 1
        if total > LARGEST:
            raise ValueError("too many cells")
        open_ = _close(open_, i, spans)
    spans += [Tramo(j, first, len(filas) - 1, text) for j, (first, _, text) in open_.items()]
    return Malla(filas, spans)


def _close(open_: Mapping[int, tuple[int, int, str]], row: int, spans: list[Tramo]) -> dict[int, tuple[int, int, str]]:
    """Return the cells still open under `row`; those that end there go to `spans`."""
    left = {}
    for column, (first, down, text) in open_.items():
        if down > 1:
            left[column] = (first, down - 1, text)
        else:
            spans.append(Tramo(column, first, row, text))
    return left
