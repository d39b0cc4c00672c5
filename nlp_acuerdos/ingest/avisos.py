"""What looks wrong in a document, each with a suggestion; nothing is changed here."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from nlp_acuerdos.catalogues import data_file
from nlp_acuerdos.finders import fechas
from nlp_acuerdos.finders.lugares import distritos, normalize_entidad
from nlp_acuerdos.ingest.encoding import is_garbled
from nlp_acuerdos.ingest.late import late_labels, own_states
from nlp_acuerdos.ingest.personal import personal_data
from nlp_acuerdos.ingest.tables import CONTINUADA, CORRIDA
from nlp_acuerdos.records import Acuerdo, Ancla, Aviso

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "setiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
_FIGURES = re.compile(
    r"\d\s?(?:[-/.:]\s?\w|(?:de\s)?(?:ene|feb|mar|abr|may|jun|jul|ago|sep|set|oct|nov|dic))", re.IGNORECASE
)
_MAP_YEAR = 2023  # the district table is the 2023 map: silent for elections held before it


def find(
    acuerdos: Sequence[Acuerdo], ancla: Ancla, *, con_estatus: bool, propias: Collection[str] = frozenset()
) -> list[Aviso]:
    """Return the warnings of a document's agreements, in row order.

    `con_estatus`: the document has a status column. `propias`: ids of the rows that bear their entity's label.
    """
    late = late_labels(acuerdos, propias)
    found: list[Aviso] = []
    for a in acuerdos:
        found += _repairs(a)
        found += _status(a) if con_estatus else ()
        found += _foreign_state(a)
        found += _districts(a, ancla)
        found += _contents(a)
        found += [late[a.id]] if a.id in late else []
    return found


def _repairs(a: Acuerdo) -> Iterator[Aviso]:
    if CORRIDA in a.reparaciones:
        detail = "el texto no estaba en la columna del acuerdo: la fila venía corrida"
        yield Aviso(CORRIDA, a.id, detail, f"se leyó bajo {a.entidad or 'ninguna entidad'}; confírmelo con el original")
    if CONTINUADA in a.reparaciones:
        detail = "el texto venía partido en varias filas y se unió"
        yield Aviso(CONTINUADA, a.id, detail, "confirme con el original que es un solo acuerdo")


def _status(a: Acuerdo) -> Iterator[Aviso]:
    if a.estatus is None and a.estatus_original:
        detail = f"estatus no reconocido: «{a.estatus_original[:60]}»"
        yield Aviso("estatus_faltante", a.id, detail, "asígnele En proceso, Concluido o Planeación")
    elif a.estatus is None:
        yield Aviso("estatus_faltante", a.id, "la fila no trae estatus", "pida el estatus a la entidad")


def _foreign_state(a: Acuerdo) -> Iterator[Aviso]:
    own = normalize_entidad(a.entidad)
    named = own_states(a.acuerdo) if own else set()
    if named and own not in named:
        others = " y ".join(sorted(named))
        detail = f"el texto nombra {others} y la fila es de {a.entidad}"
        yield Aviso("entidad_ajena", a.id, detail, f"revise si el acuerdo es de {others} o si el nombre es un error")


@cache
def _district_counts() -> dict[str, int]:
    with data_file("distritos_federales_2023.csv").open(encoding="utf-8", newline="") as stream:
        return {row["entidad"]: int(row["distritos"]) for row in csv.DictReader(stream)}


def _districts(a: Acuerdo, ancla: Ancla) -> Iterator[Aviso]:
    own = normalize_entidad(a.entidad)
    if own is None or ancla.jornada.year <= _MAP_YEAR:
        return
    count = _district_counts()[own]
    named = {n for d in distritos(a.acuerdo) if d.ambito != "local" for n in d.numeros}
    wrong = [f"{n:02d}" for n in sorted(named) if n > count]
    if wrong:
        noun = f"los distritos {', '.join(wrong)}" if len(wrong) > 1 else f"el distrito {wrong[0]}"
        detail = f"nombra {noun} y {own} tiene {count} distritos federales (mapa de 2023)"
        yield Aviso("distrito_inexistente", a.id, detail, "revise la entidad de la fila o los números")


def _may_date(texto: str) -> bool:
    """Tell cheaply whether a text has a month or a date in figures: the grammar of dates is costly."""
    lowered = texto.lower()
    return bool(_FIGURES.search(texto)) or any(month in lowered for month in _MONTHS)


def _contents(a: Acuerdo) -> Iterator[Aviso]:
    if is_garbled(a.acuerdo):
        detail = "hay letras perdidas o mal codificadas; el texto se dejó como viene"
        yield Aviso("texto_danado", a.id, detail, "guarde el original como UTF-8 y léalo de nuevo")
    for bad in fechas.impossible(a.acuerdo) if _may_date(a.acuerdo) else ():
        detail = f"«{bad.texto}» no existe en el calendario"
        yield Aviso("fecha_imposible", a.id, detail, "revise la fecha en el documento de origen")
    for kind in personal_data(a.acuerdo):
        yield Aviso("dato_personal", a.id, f"parece llevar un dato personal: {kind}", "téstelo antes de publicar")
