"""Frozen records that flow through every stage, and the closed sets of the annotation guide."""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from nlp_acuerdos.text import fold

ACTORES = (
    "GN", "SEDENA", "SEMAR", "SSP", "SSPC", "OPL", "INE", "FISEL", "FGR", "FGE", "SEGOB", "SGG", "MESA", "C5",
    "PARTIDOS", "MUNICIPIO",
)  # fmt: skip
ACTIVIDADES = (
    "custodia", "cryt", "reunion", "informacion", "jornada", "computos", "candidaturas", "campo", "patrullaje",
    "riesgo", "capacitacion", "enlace", "difusion", "evento", "penitenciario", "seguimiento",
)  # fmt: skip
ESTATUS = ("En proceso", "Concluido", "Planeación")
CONJUNTOS = ("actores", "responsables", "actividades")
RELACIONES = ("exacto", "cambio_estatus", "contenido", "plantilla", "casi", "ninguna")
AVISOS = (
    "estatus_faltante", "entidad_tardia", "entidad_ajena", "distrito_inexistente", "fecha_imposible",
    "columnas_corridas", "fila_continuada", "texto_danado", "dato_personal",
)  # fmt: skip
CONTINUADA, CORRIDA = "fila_continuada", "columnas_corridas"
HEREDADA, COMBINADA, ESTATUS_COMBINADO = "entidad_heredada", "entidad_combinada", "estatus_combinado"
GUION = "guion_unido"
REPARACIONES = (CONTINUADA, CORRIDA, GUION, HEREDADA, COMBINADA, ESTATUS_COMBINADO)


def in_order(codes: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """Return the unique `codes` in the order of the guide."""
    present = set(codes)
    return tuple(code for code in order if code in present)


@dataclass(frozen=True, slots=True)
class Origen:
    """Where an agreement was read: file name, 1-based page and 1-based row of the document's agreements."""

    archivo: str
    pagina: int | None = None
    fila: int | None = None


@dataclass(frozen=True, slots=True)
class Ancla:
    """What resolves dates without a year: the process, its election day and the document's date."""

    proceso: str
    jornada: date
    documento: date


@dataclass(frozen=True, slots=True)
class Evidencia:
    """Why a tag was given: the set, the code, the rule, and the half-open span of `acuerdo` it rests on."""

    conjunto: str
    etiqueta: str
    regla: str
    inicio: int
    fin: int
    texto: str


@dataclass(frozen=True, slots=True)
class Fecha:
    """A time expression: TIMEX3 type, ISO 8601 value, half-open span of `acuerdo`, and the rule that read it."""

    texto: str
    tipo: str
    valor: str
    inicio: int
    fin: int
    regla: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the public form (without the rule)."""
        return {"texto": self.texto, "tipo": self.tipo, "valor": self.valor, "inicio": self.inicio, "fin": self.fin}


@dataclass(frozen=True, slots=True)
class Correccion:
    """A person's correction of a tag: the code of a set is there, or is not; who said so and when (ISO 8601)."""

    id: str
    conjunto: str
    codigo: str
    presente: bool
    quien: str = ""
    cuando: str = ""

    @property
    def regla(self) -> str:
        """What stands as the rule of a tag a person gave."""
        return "persona" + (f": {self.quien}" if self.quien else "") + (f", {self.cuando[:10]}" if self.cuando else "")


@dataclass(frozen=True, slots=True)
class Etiquetas:
    """All tags of one agreement; codes unique and in the guide's order."""

    actores: tuple[str, ...] = ()
    responsables: tuple[str, ...] = ()
    actividades: tuple[str, ...] = ()
    fechas: tuple[Fecha, ...] = ()
    evidencia: tuple[Evidencia, ...] = ()

    @classmethod
    def from_evidence(cls, evidencia: Iterable[Evidencia], fechas: Iterable[Fecha]) -> Etiquetas:
        """Gather evidence into code sets; evidence is kept sorted by set, place and code."""
        kept = sorted(set(evidencia), key=lambda e: (CONJUNTOS.index(e.conjunto), e.inicio, e.fin, e.etiqueta, e.regla))
        codes = {c: [e.etiqueta for e in kept if e.conjunto == c] for c in CONJUNTOS}
        return cls(
            in_order(codes["actores"], ACTORES),
            in_order(codes["responsables"], ACTORES),
            in_order(codes["actividades"], ACTIVIDADES),
            tuple(sorted(fechas, key=lambda f: (f.inicio, f.fin))),
            tuple(kept),
        )

    def corrected(self, correcciones: Iterable[Correccion]) -> Etiquetas:
        """Return the tags as people corrected them; a tag a person gave has that person as evidence, on no span."""
        changed = {(c.conjunto, c.codigo): c for c in correcciones}
        kept = [e for e in self.evidencia if (e.conjunto, e.etiqueta) not in changed]
        given = [Evidencia(c.conjunto, c.codigo, c.regla, 0, 0, "") for c in changed.values() if c.presente]
        return Etiquetas.from_evidence([*kept, *given], self.fechas)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of `acuerdos tag`, without the id."""
        return {
            "actores": list(self.actores),
            "responsables": list(self.responsables),
            "actividades": list(self.actividades),
            "fechas": [f.as_dict() for f in self.fechas],
            "evidencia": [asdict(e) for e in self.evidencia],
        }


@dataclass(frozen=True, slots=True)
class Acuerdo:
    """One agreement as read: `acuerdo` is the text as given; `orden` its 1-based place in the document."""

    id: str
    documento: str
    orden: int
    entidad: str
    acuerdo: str
    estatus: str | None
    estatus_original: str
    origen: Origen
    reparaciones: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def cita(self) -> str:
        """Return the line to paste: quotation, entity, document, page and row."""
        page = f", p. {self.origen.pagina}" if self.origen.pagina else ""
        row = f", fila {self.origen.fila}" if self.origen.fila else ""
        return f"«{self.acuerdo}» ({self.entidad}; {self.origen.archivo}{page}{row})"


@dataclass(frozen=True, slots=True)
class Cambio:
    """A change of a field (entidad, estatus or acuerdo) of an agreement."""

    id: str
    campo: str
    valor: str


@dataclass(frozen=True, slots=True)
class Aviso:
    """Something that looks wrong in a document: `id` of the agreement, what, and what a person may want to do.

    `cambios` is the suggestion as changes that can be applied; empty when only a person can tell what is right.
    """

    tipo: str
    id: str
    detalle: str
    sugerencia: str
    cambios: tuple[Cambio, ...] = ()

    def as_dict(self) -> dict[str, str]:
        """Return the JSON form of the command contract."""
        return {"tipo": self.tipo, "id": self.id, "detalle": self.detalle, "sugerencia": self.sugerencia}


@dataclass(frozen=True, slots=True)
class Reparacion:
    """What an agreement was before a repair of its row: the rows as read, of which the first bears its id.

    Repairs that only filled a blank cell keep none: the cell was blank. `tipo` "" keeps the agreement as repaired,
    of one whose repair a person undid.
    """

    id: str
    tipo: str
    filas: tuple[Acuerdo, ...]


@dataclass(frozen=True, slots=True)
class Rechazo:
    """A row or line that could not become an agreement: where (file and line) and why."""

    origen: str
    motivo: str


@dataclass(frozen=True, slots=True)
class Documento:
    """What is known of a source as a whole; `sha256` is of its bytes."""

    clave: str
    archivo: str
    sha256: str
    titulo: str
    proceso: str
    fecha_documento: date
    proceso_supuesto: bool = False


@dataclass(frozen=True, slots=True)
class Lectura:
    """The result of reading one source: leidas = agreements + continuations + headings + refused, always.

    `reparaciones` are what its repairs changed and `con_estatus` whether it has a status column. `marca` tells the bytes,
    options and readers it came from; `intacta`: it is what the workspace already has.
    """

    documento: Documento
    acuerdos: tuple[Acuerdo, ...]
    avisos: tuple[Aviso, ...]
    rechazadas: tuple[Rechazo, ...]
    leidas: int
    encabezados: int = 0
    continuaciones: int = 0
    marca: str = ""
    intacta: bool = False
    reparaciones: tuple[Reparacion, ...] = ()
    con_estatus: bool = True


@dataclass(frozen=True, slots=True)
class Diferencia:
    """One aligned difference between two texts: its type (fecha, numero, distrito, lugar, institucion, …) and sides."""

    tipo: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Relacion:
    """The relation of two agreements (a < b by id); `similitud` in [0, 1] is that of their wordings."""

    a: str
    b: str
    relacion: str
    similitud: float
    diferencias: tuple[Diferencia, ...] = ()
    decidida: bool = False


@dataclass(frozen=True, slots=True)
class Miembro:
    """A member of a group and its direct relation to the representative."""

    id: str
    relacion: str
    similitud: float


@dataclass(frozen=True, slots=True)
class Grupo:
    """Copies or a series: every member is related directly to the representative."""

    id: str
    tipo: str
    representante: str
    miembros: tuple[Miembro, ...]
    par_mas_debil: tuple[str, str]
    ranura: str | None = None
    valores: tuple[str, ...] = ()


def make_id(documento: str, entidad: str, acuerdo: str, ocurrencia: int) -> str:
    """Return the 12-hex id: SHA-256 of document key, folded entity as read, folded text and n-th equal occurrence."""
    parts = "\x1f".join((documento, _fold_label(entidad), fold(acuerdo), str(ocurrencia)))
    return hashlib.sha256(parts.encode("utf-8")).hexdigest()[:12]


@lru_cache(maxsize=1024)
def _fold_label(entidad: str) -> str:
    return fold(entidad)


_YEAR = re.compile(r"([0-9]{4})(?:-(?:W([0-9]{2})|([0-9]{2})(?:-([0-9]{2}))?))?(?:T[0-9:]+)?", re.ASCII)


def interval(valor: str) -> tuple[date, date] | None:
    """Return the inclusive days a DATE value, or a TIME value with a date, covers.

    A month, a week or a year gives all its days, a range the days from its first to its last. Durations, sets and
    clock times without a date give None. Source: ISO 8601-1.
    """
    ends = [*_days(valor)]
    if not ends or None in ends:
        return None
    spans = [span for span in ends if span]
    return spans[0][0], max(spans[0][0], spans[-1][1])


def _days(valor: str) -> Iterator[tuple[date, date] | None]:
    """Yield the first and last day of each side of a value."""
    for side in valor.split("/", 2)[:3]:
        match = _YEAR.fullmatch(side)
        yield _period(match) if match else None


def _period(match: re.Match[str]) -> tuple[date, date] | None:
    """Return the first and last day of a year, week, month or day."""
    year, week, month, day = (int(g) if g else 0 for g in match.groups())
    try:
        if week:
            monday = date.fromisocalendar(year, week, 1)
            return monday, monday + timedelta(days=6)
        first = date(year, month or 1, day or 1)
        return first, date(year, month or 12, day or monthrange(year, month or 12)[1])
    except (ValueError, OverflowError):
        return None
