"""Counts of a workspace as data: everything a report shows, and nothing of how it looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, ESTATUS, Acuerdo, Etiquetas
from nlp_acuerdos.workspace import Workspace

POR = ("actividad", "actor", "responsable", "entidad", "estatus", "mes")
SIN_ESTATUS = "Sin estatus"
EJEMPLOS = 3
Acepta = Callable[[Acuerdo, Etiquetas], bool]


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

    @property
    def cita(self) -> str:
        """Return the place as one phrase."""
        page = f", p. {self.pagina}" if self.pagina else ""
        return f"{self.entidad}; {self.archivo}{page}, fila {self.fila}"


@dataclass(frozen=True, slots=True)
class Seccion:
    """One theme or value: how many agreements, and examples."""

    nombre: str
    n: int
    porcentaje: float
    detalle: tuple[Cuenta, ...]
    ejemplos: tuple[Ejemplo, ...]


@dataclass(frozen=True, slots=True)
class Resumen:
    """All the figures of a report; deterministic for a workspace."""

    titulo: str
    documentos: tuple[str, ...]
    filtros: tuple[tuple[str, str], ...]
    total: int
    entidades: int
    por: str
    estatus: tuple[Cuenta, ...]
    tablas: tuple[tuple[str, tuple[Cuenta, ...]], ...]
    temas: tuple[Seccion, ...]
    secciones: tuple[Seccion, ...]
    relaciones: tuple[tuple[str, int], ...]
    copias: int
    series: int
    distintos: int
    avisos: tuple[tuple[str, int], ...]


def summarise(
    workspace: Workspace, *, por: str = "actividad", acepta: Acepta | None = None,
    filtros: Mapping[str, str] | None = None,
) -> Resumen:  # fmt: skip
    """Count the agreements that `acepta` lets pass; `filtros` are its values as shown to the reader.

    Raises EntradaInvalida for an unknown `por`.
    """
    if por not in POR:
        raise EntradaInvalida(f"--por desconocido: «{por}»; use uno de {', '.join(POR)}")
    tags = workspace.tags()
    pairs = [(a, tags.get(a.id, Etiquetas())) for a in workspace.agreements()]
    kept = [(a, t) for a, t in pairs if acepta is None or acepta(a, t)]
    ids = {a.id for a, _ in kept}
    related = Counter(r.relacion for r in workspace.relations() if {r.a, r.b} <= ids)
    groups = [g for g in workspace.groups() if {m.id for m in g.miembros} <= ids]
    documents = workspace.documents().values()
    extra = sum(len(g.miembros) - 1 for g in groups if g.tipo == "copias")
    return Resumen(
        "Informe temático de acuerdos",
        tuple(d.titulo or d.archivo for d in documents),
        tuple((filtros or {}).items()),
        len(kept),
        len({a.entidad for a, _ in kept}),
        por,
        _counts(kept, "estatus"),
        tuple((name, _counts(kept, name)) for name in POR),
        tuple(_theme(theme, kept) for theme in load("temas")["tema"]),
        tuple(_section(count, kept, por) for count in _counts(kept, por)),
        tuple(sorted(related.items())),
        sum(g.tipo == "copias" for g in groups),
        sum(g.tipo == "serie" for g in groups),
        len(kept) - extra,
        tuple(sorted(Counter(v.tipo for v in workspace.avisos() if v.id in ids).items())),
    )


Pares = Sequence[tuple[Acuerdo, Etiquetas]]


def values(acuerdo: Acuerdo, tags: Etiquetas, por: str) -> tuple[str, ...]:
    """Return the values of one agreement for a grouping."""
    match por:
        case "actividad":
            return tags.actividades
        case "actor":
            return tags.actores
        case "responsable":
            return tags.responsables
        case "entidad":
            return (acuerdo.entidad or "Sin entidad",)
        case "estatus":
            return (acuerdo.estatus or SIN_ESTATUS,)
        case _:
            months = (f.valor[:7] for f in tags.fechas if f.tipo in ("DATE", "TIME") and f.valor[:1].isdigit())
            return tuple(dict.fromkeys(m for m in months if len(m) == 7))


def _counts(pairs: Pares, por: str) -> tuple[Cuenta, ...]:
    counted = Counter(value for a, t in pairs for value in values(a, t, por))
    order = {"actividad": ACTIVIDADES, "actor": ACTORES, "responsable": ACTORES, "estatus": (*ESTATUS, SIN_ESTATUS)}
    known = order.get(por)
    if por in ("estatus", "mes"):
        names = [n for n in (known or sorted(counted)) if counted[n]]
    else:
        names = sorted(counted, key=lambda n: (-counted[n], n))
    return tuple(Cuenta(n, counted[n], _share(counted[n], len(pairs))) for n in names)


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _theme(theme: Mapping[str, object], pairs: Pares) -> Seccion:
    codes = set(theme["actividades"])  # type: ignore[call-overload]
    inside = [(a, t) for a, t in pairs if codes.intersection(t.actividades)]
    detail = tuple(c for c in _counts(inside, "actividad") if c.valor in codes)
    return Seccion(str(theme["nombre"]), len(inside), _share(len(inside), len(pairs)), detail, _examples(inside))


def _section(count: Cuenta, pairs: Pares, por: str) -> Seccion:
    inside = [(a, t) for a, t in pairs if count.valor in values(a, t, por)]
    return Seccion(count.valor, count.n, count.porcentaje, _counts(inside, "estatus"), _examples(inside))


def _examples(pairs: Pares) -> tuple[Ejemplo, ...]:
    """Return the first agreements of different entities and wordings."""
    chosen: dict[str, Acuerdo] = {}
    for a, _ in pairs:
        if a.entidad not in chosen and len(chosen) < EJEMPLOS:
            chosen[a.entidad] = a
    return tuple(
        Ejemplo(a.id, a.entidad, a.acuerdo, a.estatus or SIN_ESTATUS, a.origen.archivo, a.origen.pagina, a.origen.fila)
        for a in chosen.values()
    )
