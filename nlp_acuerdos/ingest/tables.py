"""Repair of table rows: headings, page furniture, carried labels, continuation rows, shifted columns. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.ingest import columns
from nlp_acuerdos.ingest.rows import Fila, Opciones, Tabla
from nlp_acuerdos.ingest.status import normalize_estatus
from nlp_acuerdos.records import COMBINADA, CONTINUADA, CORRIDA, ESTATUS_COMBINADO, GUION, HEREDADA, Rechazo
from nlp_acuerdos.text import STOPWORDS, clean, fold

_MERGING = ("entidad", "estatus")  # columns whose merged cell stands for every row it covers
_LARGEST_TEXT = 100_000  # characters: more is a broken file, not an agreement
_SHORT_LABEL = 40  # characters: a longer cell under the entity is a text, not a label
_ENDS = re.compile(r"[.;:!?…][)»”\"']*$")
_OPEN = re.compile(r"(?:[,\-(/–]|\b[yeou])$")
_PAGE = re.compile(r"^(?:p[aá]g(?:ina|\.)?\s*)?\d{1,4}(?:\s*(?:de|/)\s*\d{1,4})?$|^-\s*\d{1,4}\s*-$", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:\*|notas?\s?[:.]|fuentes?\s?:|elabor(?:o|ado por|acion)\s?:|(?:gran |sub)?total(?:es)?\b|corte al\b)"
)
_FIGURE = re.compile(r"[\d.,% ]+$")
_HYPHEN = re.compile(r"[a-záéíóúñ]-$")


@dataclass(slots=True)
class Registro:
    """An agreement as the repaired table gives it, from its first row.

    What was read is kept: `antes` is the row before its columns were put right or its cut words joined, `filas` are those
    that were joined.
    """

    entidad: str
    acuerdo: str
    estatus: str
    pagina: int | None
    linea: int
    reparaciones: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    antes: tuple[tuple[str, Registro], ...] = ()
    filas: tuple[Registro, ...] = ()


@dataclass(slots=True)
class Reparada:
    """A repaired table: agreements, title lines, refusals, and the count of every row that is no agreement."""

    registros: list[Registro] = field(default_factory=list)
    titulo: list[str] = field(default_factory=list)
    rechazadas: list[Rechazo] = field(default_factory=list)
    encabezados: int = 0
    continuaciones: int = 0
    con_estatus: bool = False


def repair(tabla: Tabla, name: str, opciones: Opciones) -> Reparada:
    """Return the agreements of a table; rows = agreements + continuations + headings + refused, always.

    Raises EntradaInvalida when no row is a heading with a column of agreements.
    """
    columns.check_mapping(opciones.columnas)
    mending = _Reparacion(tabla, name, opciones)
    for row in tabla.filas:
        mending.take(row)
    if not mending.places:
        first = next((row for row in tabla.filas if len(row.celdas) > 1), tabla.filas[0] if tabla.filas else None)
        if first is None:
            raise EntradaInvalida(f"«{name}»: {_why_empty(tabla.rechazadas)}")
        raise columns.missing(name, first.celdas)
    return mending.done


def _why_empty(refused: Iterable[Rechazo]) -> str:
    first = next(iter(refused), None)
    return f"ninguna línea es un acuerdo ({first.origen}: {first.motivo}); revise el archivo" if first else "está vacío"


class _Reparacion:
    """The walk over the rows of one table."""

    def __init__(self, tabla: Tabla, name: str, opciones: Opciones) -> None:
        self.tabla, self.name, self.opciones = tabla, name, opciones
        self.done = Reparada(rechazadas=list(tabla.rechazadas))
        self.places: dict[str, int] = {}
        self.heading: tuple[str, ...] = ()
        self.label = ""
        self.page = 0
        self.broken = False  # a heading stands between the last agreement and this row

    def take(self, row: Fila) -> None:
        """Add one row to what is done."""
        row = Fila(tuple(map(clean, row.celdas)), row.linea, row.pagina, row.fundidas, row.corte, row.guiones)
        if row.corte:
            self._cut(row.corte)
        if self._is_heading(row) or self._under_heading(row):
            return
        if not self.places:
            self.done.titulo.append(" ".join(filter(None, row.celdas)))
            self.done.encabezados += 1
            return
        if self._is_furniture(row) or self._is_label(row):
            self.done.encabezados += 1
            return
        self._take_cells(row)

    def _cut(self, kind: str) -> None:
        """Begin another table, which shows its own heading; a sheet apart takes no label with it."""
        self.places, self.heading = {}, ()
        self.label = "" if kind == "hoja" else self.label

    def _under_heading(self, row: Fila) -> bool:
        """Take a second row of a heading whose cells are merged over both."""
        tops = [text for place, text in row.fundidas if place in self.places.values()]
        if not tops or any(text and clean(text) not in self.heading for text in tops):
            return False
        self.done.encabezados += any(tops)
        return any(tops)

    def _is_heading(self, row: Fila) -> bool:
        """Take a heading: the first one, a repetition of it, or that of another table in the same source."""
        found = columns.find(row.celdas, self.opciones.columnas) if not self.places else self._another(row)
        if not found:
            return False
        self.places, self.heading = found, row.celdas
        self.done.con_estatus |= "estatus" in found
        self.done.encabezados += not self.tabla.llaves
        self.page, self.broken = self.page + 1, True
        return True

    def _another(self, row: Fila) -> dict[str, int] | None:
        """Return the columns of a heading after the first, or None for a row of any other kind."""
        cells = row.celdas
        if self.tabla.llaves or max(map(len, cells)) > columns.LONGEST_HEADING:
            return None
        keys = [columns.key(cell) for cell in cells]
        if all(i < len(keys) and keys[i] == columns.key(self.heading[i]) for i in self.places.values()):
            return self.places
        found = columns.find(cells, self.opciones.columnas)
        return found if found and columns.is_exact(cells, found) else None

    def _is_furniture(self, row: Fila) -> bool:
        """Tell a page number or the title once more."""
        cells = [c for c in row.celdas if c]
        return (
            len(cells) == 1 and not self.tabla.llaves and (bool(_PAGE.match(cells[0])) or cells[0] in self.done.titulo)
        )

    def _is_label(self, row: Fila) -> bool:
        """Take a row that is only the name of a state, over the rows it heads."""
        cells = [c for c in row.celdas if c]
        if len(cells) != 1 or normalize_entidad(cells[0]) is None or self.tabla.llaves:
            return False
        self.label = cells[0]
        return True

    def _take_cells(self, row: Fila) -> None:
        cells, shift = self._align(row)
        reason = self._refusal(cells, row)
        record = self._record(row, cells, shift)
        if reason is None and self._continues(cells):
            self._continue(record, cells)
            return
        self.broken = False
        if reason is not None:
            where = f"{self.name}, línea {row.linea}"
            self.done.rechazadas.append(Rechazo(where, f"{reason}: «{' | '.join(row.celdas)[:80]}»"))
            return
        self.label = record.entidad
        self.done.registros.append(record)

    def _record(self, row: Fila, cells: Mapping[str, str], shift: int) -> Registro:
        """Return the agreement of a row; of one that was repaired, with what stood in it."""
        page = row.pagina or (self.page if self.tabla.paginas else None)
        # fmt: off
        made = Registro(
            cells["entidad"] or self.label, cells["acuerdo"], cells["estatus"], page, row.linea,
            self._filled(row, cells, shift), self._extra(row, shift),
        )
        # fmt: on
        cut = dict(row.guiones).get(self.places.get("acuerdo", -1) + shift)
        if shift:
            before = self._record(replace(row, guiones=()), self._cells(row, 0), 0)
            made.reparaciones, made.antes = (CORRIDA, *made.reparaciones), ((CORRIDA, before),)
        if cut is not None:
            before = replace(made, acuerdo=clean(cut), antes=())
            made.reparaciones, made.antes = (GUION, *made.reparaciones), (*made.antes, (GUION, before))
        return made

    def _filled(self, row: Fila, cells: Mapping[str, str], shift: int) -> tuple[str, ...]:
        """Return which blank cells of a row a merged cell or the label above filled."""
        found = (HEREDADA,) if not cells["entidad"] and self.label else ()
        if shift or not row.fundidas:
            return found
        own = {c: row.celdas[i] if i < len(row.celdas) else "" for c, i in self.places.items()}
        kinds = {"entidad": COMBINADA, "estatus": ESTATUS_COMBINADO}
        return found + tuple(kinds[c] for c in _MERGING if cells[c] and c in own and not own[c])

    def _align(self, row: Fila) -> tuple[dict[str, str], int]:
        """Return the core cells of a row and by how many columns they slid (0 for a row that stands right)."""
        here = self._cells(row, 0)
        if self.tabla.llaves or _stands(here, strict=False):
            return here, 0
        for shift in (-1, 1):
            slid = self._cells(row, shift)
            if _stands(slid, strict=True):
                return slid, shift
        if not here["acuerdo"] and len(here["entidad"]) > _SHORT_LABEL:
            return {"entidad": "", "acuerdo": here["entidad"], "estatus": here["estatus"]}, -1
        return here, 0

    def _cells(self, row: Fila, shift: int) -> dict[str, str]:
        last = len(row.celdas)
        places = {core: self.places[core] + shift for core in columns.CORE if core in self.places}
        cells = {c: row.celdas[places[c]] if c in places and 0 <= places[c] < last else "" for c in columns.CORE}
        merged = {} if shift else dict(row.fundidas)
        return cells | {c: clean(merged[places[c]]) for c in _MERGING if places.get(c) in merged}

    def _refusal(self, cells: Mapping[str, str], row: Fila) -> str | None:
        """Return why a row is no agreement, or None."""
        if not self.tabla.llaves and self.places["acuerdo"] > 0 and _is_note(row):
            return "parece una nota o un total"
        if not cells["acuerdo"]:
            return "la fila no tiene texto de acuerdo"
        return "el texto es demasiado largo para un acuerdo" if len(cells["acuerdo"]) > _LARGEST_TEXT else None

    def _continues(self, cells: Mapping[str, str]) -> bool:
        """Tell whether a row only carries on the text of the row before, which stopped in the middle of a sentence."""
        if not self.tabla.continua or not self.done.registros:
            return False
        last, text = self.done.registros[-1], cells["acuerdo"]
        if cells["estatus"] and last.estatus:
            return False
        if (cells["entidad"] and fold(cells["entidad"]) != fold(last.entidad)) or _ENDS.search(last.acuerdo):
            return False
        if _is_open(last.acuerdo):
            return True
        if not self.done.con_estatus or cells["estatus"]:
            return False
        lower = text.lstrip('«“"(¿¡')[:1].islower() and not last.acuerdo[:1].islower()
        return lower or (self.broken and bool(last.estatus))

    def _continue(self, record: Registro, cells: Mapping[str, str]) -> None:
        last = self.done.registros[-1]
        last.filas = (*(last.filas or (replace(last),)), record)
        hyphenated = _HYPHEN.search(last.acuerdo) and cells["acuerdo"][:1].islower()
        last.acuerdo = last.acuerdo[:-1] + cells["acuerdo"] if hyphenated else f"{last.acuerdo} {cells['acuerdo']}"
        last.estatus = last.estatus or cells["estatus"]
        last.reparaciones = tuple(dict.fromkeys((CONTINUADA, *last.reparaciones)))
        self.done.continuaciones += 1
        self.broken = False

    def _extra(self, row: Fila, shift: int) -> dict[str, str]:
        """Return the cells of the other columns under their headings; those with no heading by their number."""
        used = {i + shift for i in self.places.values()}
        found: dict[str, str] = {}
        for i, cell in enumerate(row.celdas):
            if i in used or not cell:
                continue
            name = self.heading[i] if i < len(self.heading) and not shift else ""
            name = name or f"columna {i + 1}"
            found[f"{name} ({i + 1})" if name in found else name] = cell
        return found


def _stands(cells: Mapping[str, str], *, strict: bool) -> bool:
    """Tell whether cells mean what their columns say; `strict` asks for a status and no foreign text as entity."""
    text, entity, status = cells["acuerdo"], cells["entidad"], cells["estatus"]
    if not text or (len(text) <= _SHORT_LABEL and normalize_estatus(text) is not None):
        return False
    if len(text) <= _SHORT_LABEL and normalize_entidad(text) is not None and len(status) > _SHORT_LABEL:
        return False
    if not strict:
        return not (
            len(status) > 2 * _SHORT_LABEL and normalize_estatus(status) is None and len(text) < len(status) // 2
        )
    return normalize_estatus(status) is not None and (not entity or normalize_entidad(entity) is not None)


def _is_note(row: Fila) -> bool:
    """Tell a note or a total: such a word in the first cell, and nothing but figures in the others."""
    first, *others = row.celdas
    return bool(_NOTE.match(fold(first[:40]))) and all(not cell or _FIGURE.match(cell) for cell in others)


def _is_open(text: str) -> bool:
    """Tell whether a text stops where no sentence can: at a comma, a hyphen or a function word."""
    if _OPEN.search(text):
        return True
    last = text.rsplit(" ", 1)[-1]
    return last.islower() and fold(last) in STOPWORDS
