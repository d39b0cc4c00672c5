"""Counts of a workspace as data: everything a report shows, and nothing of how it looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, AVISOS, ESTATUS, RELACIONES, Acuerdo, Documento, Etiquetas, Grupo
from nlp_acuerdos.report.cambios import changes
from nlp_acuerdos.report.datos import SIN_ESTATUS as SIN_ESTATUS
from nlp_acuerdos.report.datos import Acepta as Acepta
from nlp_acuerdos.report.datos import Anterior, Cuenta, Ejemplo, Matriz, Pares, Resumen, Seccion, share
from nlp_acuerdos.report.mapa import tiles
from nlp_acuerdos.report.metodo import describe_method
from nlp_acuerdos.report.tiempo import calendar, overdue
from nlp_acuerdos.text import wording
from nlp_acuerdos.workspace import Workspace

POR = ("actividad", "actor", "responsable", "entidad", "estatus", "mes")
SIN_ENTIDAD = "Sin entidad"
EJEMPLOS = 3
_ORDEN = {"actividad": ACTIVIDADES, "actor": ACTORES, "responsable": ACTORES, "estatus": (*ESTATUS, SIN_ESTATUS)}


def summarise(
    workspace: Workspace, *, por: str = "actividad", acepta: Acepta | None = None,
    filtros: Mapping[str, str] | None = None, al: date | None = None, anterior: Anterior | None = None,
) -> Resumen:  # fmt: skip
    """Count the agreements that `acepta` lets pass; `filtros` are its values as shown to the reader.

    `al` is the day overdue commitments are told by, by default the date of the newest document; `anterior` is what
    the report is compared with: its document, if it is one, is left out of the counts. Raises EntradaInvalida for an
    unknown `por`.
    """
    if por not in POR:
        raise EntradaInvalida(f"--por desconocido: «{por}»; use uno de {', '.join(POR)}")
    left_out = anterior.documento if anterior else None
    kept = _kept(workspace, acepta, left_out)
    documents = [d for d in workspace.documents().values() if d.clave != left_out]
    written = max((d.fecha_documento for d in documents), default=al or date.min)
    ids = {a.id for a, _ in kept}
    entities, notes = _counts(kept, "entidad"), [v for v in workspace.avisos() if v.id in ids]
    states, elsewhere = tiles(entities, len(kept))
    copies, series = (list(_groups(workspace.groups(), kind, ids)) for kind in ("copias", "serie"))
    themes = sorted((_theme(theme, kept) for theme in load("temas")["tema"]), key=lambda t: -t.n)
    grouped = {code for theme in load("temas")["tema"] for code in theme["actividades"]}
    return Resumen(
        titulo="Informe temático de acuerdos",
        documentos=tuple(d.titulo or d.archivo for d in documents),
        fecha=written.isoformat(),
        al=(al or written).isoformat(),
        filtros=tuple((filtros or {}).items()),
        total=len(kept),
        entidades=len(entities),
        por=por,
        estatus=_counts(kept, "estatus"),
        tablas=tuple((name, entities if name == "entidad" else _counts(kept, name)) for name in POR),
        temas=tuple(themes),
        sin_tema=sum(grouped.isdisjoint(t.actividades) for _, t in kept),
        secciones=tuple(_sections(kept, por)),
        mapa=states,
        sin_ubicar=elsewhere,
        calendario=calendar(kept, _election_days(documents)),
        vencidos=overdue(kept, al or written),
        matrices=tuple((name, _matrix(kept, name)) for name in ("responsable", "actor")),
        relaciones=_in_order((r.relacion for r in workspace.relations() if r.a in ids and r.b in ids), RELACIONES),
        copias=len(copies),
        acuerdos_en_copias=sum(map(len, copies)),
        series=len(series),
        acuerdos_en_series=sum(map(len, series)),
        distintos=_distinct(ids, copies),
        distintos_sin_series=_distinct(ids, [*copies, *series]),
        avisos=_in_order((v.tipo for v in notes), AVISOS),
        acuerdos_con_aviso=len({v.id for v in notes}),
        metodo=describe_method(workspace.folder, kept),
        cambios=changes(anterior, kept, _theme_counts) if anterior else None,
    )


def _in_order(names: Iterable[str], order: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Count names, in the order of their closed set."""
    counted = Counter(names)
    return tuple((name, counted[name]) for name in order if counted[name])


def _kept(workspace: Workspace, acepta: Acepta | None, left_out: str | None) -> Pares:
    tags = workspace.tags()
    pairs = ((a, tags.get(a.id, Etiquetas())) for a in workspace.agreements() if a.documento != left_out)
    return [(a, t) for a, t in pairs if acepta is None or acepta(a, t)]


def _election_days(documents: Iterable[Documento]) -> Iterator[date]:
    for d in documents:
        yield make_anchor(d.proceso, d.fecha_documento).jornada


def _groups(groups: Iterable[Grupo], kind: str, ids: set[str]) -> Iterator[set[str]]:
    """Yield the members of each group that are among `ids`, where two or more are."""
    for group in groups:
        members = {m.id for m in group.miembros} & ids
        if group.tipo == kind and len(members) > 1:
            yield members


def _distinct(ids: Collection[str], groups: Iterable[set[str]]) -> int:
    """Return how many agreements there are, each group (and groups that share a member) counted once."""
    root: dict[str, str] = {}

    def find(id_: str) -> str:
        while root.get(id_, id_) != id_:
            id_ = root[id_]
        return id_

    for group in groups:
        for one, other in pairwise(sorted(group)):
            root.setdefault(find(one), find(one))
            root[find(other)] = find(one)
    return len(ids) - len(root) + sum(id_ == head for id_, head in root.items())


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
            return (acuerdo.entidad or SIN_ENTIDAD,)
        case "estatus":
            return (acuerdo.estatus or SIN_ESTATUS,)
        case _:
            months = (f.valor[:7] for f in tags.fechas if f.tipo in ("DATE", "TIME") and f.valor[:1].isdigit())
            return tuple(dict.fromkeys(m for m in months if len(m) == 7 and m[5] != "W"))


def _counts(pairs: Pares, por: str) -> tuple[Cuenta, ...]:
    counted = Counter(value for a, t in pairs for value in values(a, t, por))
    if por in ("estatus", "mes"):
        names = [n for n in (_ORDEN.get(por) or sorted(counted)) if counted[n]]
    else:
        names = sorted(counted, key=lambda n: (-counted[n], n))
    return tuple(Cuenta(n, counted[n], share(counted[n], len(pairs))) for n in names)


def _theme_counts(pairs: Pares) -> Iterator[tuple[str, int]]:
    """Yield the name of each theme and how many agreements have it, each counted once in it."""
    for theme in load("temas")["tema"]:
        codes = set(theme["actividades"])
        yield str(theme["nombre"]), sum(not codes.isdisjoint(t.actividades) for _, t in pairs)


def _theme(theme: Mapping[str, object], pairs: Pares) -> Seccion:
    codes = set(theme["actividades"])  # type: ignore[call-overload]
    inside = [(a, t) for a, t in pairs if codes.intersection(t.actividades)]
    detail = tuple(
        Cuenta(c.valor, c.n, share(c.n, len(pairs))) for c in _counts(inside, "actividad") if c.valor in codes
    )
    return Seccion(str(theme["nombre"]), len(inside), share(len(inside), len(pairs)), detail, _examples(inside))


def _sections(pairs: Pares, por: str) -> Iterator[Seccion]:
    inside: dict[str, list[tuple[Acuerdo, Etiquetas]]] = {}
    for a, t in pairs:
        for value in values(a, t, por):
            inside.setdefault(value, []).append((a, t))
    for count in _counts(pairs, por):
        found = inside[count.valor]
        yield Seccion(count.valor, count.n, count.porcentaje, _counts(found, "estatus"), _examples(found))


def _examples(pairs: Pares) -> tuple[Ejemplo, ...]:
    """Return the first agreements of different entities and wordings; of one entity where there is no other."""
    chosen: dict[str, Acuerdo] = {}
    several = len({a.entidad for a, _ in pairs}) > 1
    for a, _ in pairs:
        if len(chosen) == EJEMPLOS:
            break
        if not (several and any(a.entidad == c.entidad for c in chosen.values())):
            chosen.setdefault(wording(a.acuerdo), a)
    return tuple(map(Ejemplo.from_agreement, chosen.values()))


def _matrix(pairs: Pares, por: str) -> Matriz:
    """Cross the values of `por` with the activities; rows and columns without agreements are left out."""
    cells = Counter((value, code) for a, t in pairs for value in values(a, t, por) for code in t.actividades)
    rows = [c.valor for c in _counts(pairs, por) if any(cells[c.valor, code] for code in ACTIVIDADES)]
    columns = [code for code in ACTIVIDADES if any(cells[row, code] for row in rows)]
    return Matriz(tuple(rows), tuple(columns), tuple(tuple(cells[row, code] for code in columns) for row in rows))
