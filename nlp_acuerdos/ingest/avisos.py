"""What looks wrong in a document, each with a suggestion; nothing is changed here."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from nlp_acuerdos.catalogues import data_file
from nlp_acuerdos.finders import fechas
from nlp_acuerdos.finders.lugares import distritos, normalize_entidad
from nlp_acuerdos.ingest.encoding import is_garbled, mend
from nlp_acuerdos.ingest.impossible import may_have_impossible
from nlp_acuerdos.ingest.late import late_labels, own_states
from nlp_acuerdos.ingest.personal import cover, personal_data
from nlp_acuerdos.records import CONTINUADA, CORRIDA, Acuerdo, Ancla, Aviso, Cambio

_FIGURES = re.compile(r"\d+")
_NUMERAL = re.compile(r"\b[XVIL]+\b")
_NUMBERS = (
    "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce", "quince",
    "dieci", "veint",
)  # fmt: skip
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
    if not _may_pass(a.acuerdo, count):
        return
    named = {n for d in distritos(a.acuerdo) if d.ambito != "local" for n in d.numeros}
    wrong = [f"{n:02d}" for n in sorted(named) if n > count]
    if wrong:
        noun = f"los distritos {', '.join(wrong)}" if len(wrong) > 1 else f"el distrito {wrong[0]}"
        detail = f"nombra {noun} y {own} tiene {count} distritos federales (mapa de 2023)"
        yield Aviso("distrito_inexistente", a.id, detail, "revise la entidad de la fila o los números")


def _may_pass(texto: str, count: int) -> bool:
    """Tell cheaply whether a text may number a district over `count`, in figures, words or Roman numerals."""
    lowered = texto.lower()
    if not any(noun in lowered for noun in ("distri", "jde", "dtto", "dto")):
        return False
    figures = (n for n in _FIGURES.findall(texto) if len(n) < 3 or (len(n) == 3 and n[0] == "0"))
    if any(int(n) > count for n in figures):
        return True
    return any(word in lowered for word in _NUMBERS) or bool(_NUMERAL.search(texto))


def _contents(a: Acuerdo) -> Iterator[Aviso]:
    if is_garbled(a.acuerdo):
        detail = "hay letras perdidas o mal codificadas; el texto se dejó como viene"
        mended = mend(a.acuerdo)
        changes = (Cambio(a.id, "acuerdo", mended),) if mended else ()
        yield Aviso("texto_danado", a.id, detail, "guarde el original como UTF-8 y léalo de nuevo", changes)
    for bad in fechas.impossible(a.acuerdo) if may_have_impossible(a.acuerdo) else ():
        detail = f"«{bad.texto}» no existe en el calendario"
        yield Aviso("fecha_imposible", a.id, detail, "revise la fecha en el documento de origen")
    for kind in personal_data(a.acuerdo):
        covered = (Cambio(a.id, "acuerdo", cover(a.acuerdo)),)
        yield Aviso(
            "dato_personal", a.id, f"parece llevar un dato personal: {kind}", "téstelo antes de publicar", covered
        )
