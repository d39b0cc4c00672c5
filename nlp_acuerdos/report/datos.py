"""What a report says, as data: frozen records that `json` writes whole and the other formats only dress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nlp_acuerdos.records import Acuerdo, Etiquetas

SIN_ESTATUS = "Sin estatus"
Acepta = Callable[[Acuerdo, Etiquetas], bool]
Pares = Sequence[tuple[Acuerdo, Etiquetas]]


@dataclass(frozen=True, slots=True)
class Cuenta:
    """A value, how many agreements have it, and their share of all in percent."""

    valor: str
    n: int
    porcentaje: float


@dataclass(frozen=True, slots=True)
class Ejemplo:
    """An agreement quoted with its source."""

    id: str
    entidad: str
    acuerdo: str
    estatus: str
    archivo: str
    pagina: int | None
    fila: int | None

    @classmethod
    def from_agreement(cls, a: Acuerdo) -> Ejemplo:
        """Return the quotation of an agreement."""
        origin = a.origen
        return cls(a.id, a.entidad, a.acuerdo, a.estatus or SIN_ESTATUS, origin.archivo, origin.pagina, origin.fila)

    @property
    def cita(self) -> str:
        """Return the place as one phrase."""
        page = f", p. {self.pagina}" if self.pagina else ""
        row = f", fila {self.fila}" if self.fila else ""
        return f"{self.entidad or 'Sin entidad'}; {self.archivo}{page}{row}"


@dataclass(frozen=True, slots=True)
class Seccion:
    """One theme or value: how many agreements, and examples."""

    nombre: str
    n: int
    porcentaje: float
    detalle: tuple[Cuenta, ...]
    ejemplos: tuple[Ejemplo, ...]


@dataclass(frozen=True, slots=True)
class Casilla:
    """A state in the tile map: short name, column and row from 0, and its agreements."""

    entidad: str
    sigla: str
    columna: int
    fila: int
    n: int
    porcentaje: float


@dataclass(frozen=True, slots=True)
class Periodo:
    """A week, month or year (ISO dates, both included): commitments whose last date is in it, and those concluded."""

    desde: str
    hasta: str
    n: int
    concluidos: int
    jornadas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calendario:
    """Commitments by their last date: `amplias` say only a date wider than a month, `sin_fecha` none."""

    unidad: str
    periodos: tuple[Periodo, ...]
    jornadas: tuple[str, ...]
    fechados: int
    amplias: int
    sin_fecha: int


@dataclass(frozen=True, slots=True)
class Vencido:
    """A commitment whose last date is before the reference date, and not concluded; `dias` since then."""

    ejemplo: Ejemplo
    ultima_fecha: str
    dias: int


@dataclass(frozen=True, slots=True)
class Matriz:
    """Agreements that have both the value of the row and that of the column."""

    filas: tuple[str, ...]
    columnas: tuple[str, ...]
    celdas: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Metodo:
    """How the tags were made: version of the rules, classifier, origin of the activity tags, and measured F1."""

    version: str
    clasificador: str
    creado: str
    entrenado_con: int
    por_reglas: int
    por_modelo: int
    por_personas: int
    f1: tuple[tuple[str, float], ...]
    f1_acuerdos: int


@dataclass(frozen=True, slots=True)
class Anterior:
    """What a report is compared with: how it is called, its agreements with tags, and the document left out of now."""

    nombre: str
    pares: Pares
    documento: str | None = None


@dataclass(frozen=True, slots=True)
class Cambio:
    """How many agreements had a value before and have it now."""

    valor: str
    antes: int
    ahora: int


@dataclass(frozen=True, slots=True)
class Movido:
    """An agreement that is still there with another status."""

    ejemplo: Ejemplo
    estatus_anterior: str


@dataclass(frozen=True, slots=True)
class Cambios:
    """What changed against an earlier document or snapshot."""

    anterior: str
    antes: int
    ahora: int
    iguales: int
    estatus: tuple[Cambio, ...]
    temas: tuple[Cambio, ...]
    nuevos: tuple[Ejemplo, ...]
    desaparecidos: tuple[Ejemplo, ...]
    movidos: tuple[Movido, ...]


@dataclass(frozen=True, slots=True)
class Resumen:
    """All the figures of a report; deterministic for a workspace."""

    titulo: str
    documentos: tuple[str, ...]
    fecha: str
    al: str
    filtros: tuple[tuple[str, str], ...]
    total: int
    entidades: int
    por: str
    estatus: tuple[Cuenta, ...]
    tablas: tuple[tuple[str, tuple[Cuenta, ...]], ...]
    temas: tuple[Seccion, ...]
    sin_tema: int
    secciones: tuple[Seccion, ...]
    mapa: tuple[Casilla, ...]
    sin_ubicar: int
    calendario: Calendario
    vencidos: tuple[Vencido, ...]
    matrices: tuple[tuple[str, Matriz], ...]
    relaciones: tuple[tuple[str, int], ...]
    copias: int
    acuerdos_en_copias: int
    series: int
    acuerdos_en_series: int
    distintos: int
    distintos_sin_series: int
    avisos: tuple[tuple[str, int], ...]
    acuerdos_con_aviso: int
    metodo: Metodo
    cambios: Cambios | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON data."""
        return asdict(self)


def share(part: int, whole: int) -> float:
    """Return `part` of `whole` in percent, to one decimal."""
    return round(100 * part / whole, 1) if whole else 0.0
