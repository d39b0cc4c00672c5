"""The audit as people read it: relations with their texts marked, groups in both directions, counts, decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from nlp_acuerdos.dedup import Perfil, group
from nlp_acuerdos.dedup.marcas import FORMA, Tramo, mark
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline.bitacora import Progress, silent
from nlp_acuerdos.pipeline.relaciones import profiles_of
from nlp_acuerdos.records import RELACIONES, Acuerdo, Grupo, Relacion
from nlp_acuerdos.search.filtros import entity_of, resolve_filters
from nlp_acuerdos.text import fold
from nlp_acuerdos.workspace import Workspace

Notas = Mapping[tuple[str, str], tuple[str, str, str]]
_NONE: Mapping[tuple[str, str], Any] = {}
LISTADAS = tuple(name for name in RELACIONES if name != "ninguna")


def audit_record(
    workspace: Workspace, *, entre_entidades: bool = False, relaciones: Sequence[str] = (), entidades: Sequence[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """Return relations, groups, counts by entity and relation, and every decision, in the form of the command contract.

    `relaciones` and `entidades` keep the pairs of some relations, and those that touch some entities. Raises
    EntradaInvalida for one that is not known.
    """
    pairs, by_id = _pairs(workspace, entre_entidades, relaciones, entidades)
    whole = entre_entidades and not relaciones and not entidades
    groups = workspace.groups() if whole else list(group(pairs))
    notes, kept = workspace.decision_notes(), _kept(groups)
    return {
        "relaciones": [relation_record(r, by_id, notes, kept) for r in pairs],
        "grupos": [asdict(g) for g in groups],
        "conteos": _counts(pairs, by_id),
        "decisiones": [
            {"a": a, "b": b, "relacion": r, "quien": who, "cuando": when, "vigente": a in by_id and b in by_id}
            for (a, b), (r, who, when) in notes.items()
        ],
    }


def _pairs(
    workspace: Workspace, across: bool, relaciones: Sequence[str], entidades: Sequence[str]
) -> tuple[list[Relacion], dict[str, Acuerdo]]:
    for name in relaciones:
        if name not in LISTADAS:
            raise EntradaInvalida(f"relación desconocida: «{name}»; use una de {', '.join(LISTADAS)}")
    wanted = set(resolve_filters(entidad=entidades).entidad)
    by_id = {a.id: a for a in workspace.agreements()}
    entity = {i: entity_of(a) for i, a in by_id.items()} if wanted else {}
    pairs = [
        r for r in workspace.relations()
        if (across or fold(by_id[r.a].entidad) == fold(by_id[r.b].entidad))
        and (not relaciones or r.relacion in relaciones)
        and (not wanted or {entity[r.a], entity[r.b]} & wanted)
    ]  # fmt: skip
    return pairs, by_id


def _kept(groups: Iterable[Grupo]) -> dict[tuple[str, str], str]:
    """Return the representative of each pair of a representative and its member, by sorted pair."""
    found: dict[tuple[str, str], str] = {}
    for g in groups:
        for m in g.miembros[1:]:
            a, b = sorted((g.representante, m.id))
            found.setdefault((a, b), g.representante)
    return found


def relation_record(
    r: Relacion, by_id: Mapping[str, Acuerdo], notes: Notas = _NONE, kept: Mapping[tuple[str, str], str] = _NONE
) -> dict[str, Any]:  # fmt: skip
    """Return a relation with both texts, in the form of the command contract."""
    a, b = by_id[r.a], by_id[r.b]
    _, who, when = notes.get((r.a, r.b), ("", "", "")) if r.decidida else ("", "", "")
    return {
        "a": r.a, "b": r.b, "relacion": r.relacion, "texto_a": a.acuerdo, "texto_b": b.acuerdo,
        "entidad_a": a.entidad, "entidad_b": b.entidad, "estatus_a": a.estatus, "estatus_b": b.estatus,
        "similitud": round(r.similitud, 4), "diferencias": [asdict(d) for d in r.diferencias],
        "representante": kept.get((r.a, r.b)), "decidida": r.decidida, "quien": who, "cuando": when,
    }  # fmt: skip


def _counts(pairs: Iterable[Relacion], by_id: Mapping[str, Acuerdo]) -> list[dict[str, Any]]:
    """Return how many pairs touch each entity, by relation; a pair of two entities counts in both."""
    counts = Counter((name, r.relacion) for r in pairs for name in {by_id[r.a].entidad, by_id[r.b].entidad})
    return [
        {"entidad": e, "relacion": r, "n": n}
        for (e, r), n in sorted(counts.items(), key=lambda x: (fold(x[0][0]), RELACIONES.index(x[0][1])))
    ]


def audit_report(
    workspace: Workspace, record: dict[str, Any], alcance: Sequence[str] = (), progress: Progress = silent
) -> dict[str, Any]:  # fmt: skip
    """Return an audit record with what a page needs: texts marked in pairs and groups, citations, totals.

    `alcance` are the lines that say what was asked for.
    """
    shown = {r[s] for r in record["relaciones"] for s in "ab"}
    shown |= {m["id"] for g in record["grupos"] for m in g["miembros"]}
    by_id = workspace.agreements_of(sorted(shown))
    profile = profiles_of(workspace, list(by_id.values()))
    between = {(r["a"], r["b"]): r for r in record["relaciones"]}
    totals = Counter(r["relacion"] for r in record["relaciones"])
    ordered = sorted(record["relaciones"], key=lambda r: (fold(r["entidad_a"]), fold(r["entidad_b"]), r["a"], r["b"]))
    pairs: list[dict[str, Any]] = []
    for r in ordered:
        progress("marcas", len(pairs), len(ordered))
        pairs.append(r | _marked(by_id[r["a"]], by_id[r["b"]], profile) | _origins(r, by_id))
    progress("marcas", len(pairs), len(ordered))
    return {
        "alcance": list(alcance), "total": len(pairs), "totales": {k: totals[k] for k in LISTADAS if totals[k]},
        "conteos": record["conteos"], "decisiones": record["decisiones"], "relaciones": pairs,
        "grupos": [_group(g, by_id, profile, between) for g in record["grupos"]],
    }  # fmt: skip


def _marked(a: Acuerdo, b: Acuerdo, profile: Mapping[str, Perfil]) -> dict[str, list[Tramo]]:
    left, right = mark(a.acuerdo, profile[a.id], b.acuerdo, profile[b.id])
    return {"tramos_a": left, "tramos_b": right}


def _origins(r: Mapping[str, Any], by_id: Mapping[str, Acuerdo]) -> dict[str, str]:
    return {f"origen_{s}": origin_of(by_id[r[s]]) for s in "ab"}


def origin_of(a: Acuerdo) -> str:
    """Return the file, page and row of an agreement as people write them."""
    page = f", p. {a.origen.pagina}" if a.origen.pagina else ""
    return f"{a.origen.archivo}{page}, fila {a.origen.fila or a.orden}"


def _group(
    g: dict[str, Any], by_id: Mapping[str, Acuerdo], profile: Mapping[str, Perfil], between: Mapping[tuple[str, str], Any]
) -> dict[str, Any]:  # fmt: skip
    """Return a group with its members in order: a series by the value of its slot, copies by place."""
    kept = g["representante"]
    members = [_member(m, g, by_id, profile, between) for m in g["miembros"]]
    own = next((m["valor_representante"] for m in members if m["valor_representante"]), "")
    members[0]["valor"] = own
    if g["tipo"] == "serie":
        members.sort(key=lambda m: (m["valor"], m["id"]))
    return g | {"miembros": members, "entidad": by_id[kept].entidad, "par_mas_debil": list(g["par_mas_debil"])}


def _member(
    m: Mapping[str, Any], g: Mapping[str, Any], by_id: Mapping[str, Acuerdo], profile: Mapping[str, Perfil],
    between: Mapping[tuple[str, str], Any],
) -> dict[str, Any]:  # fmt: skip
    a, kept = by_id[m["id"]], by_id[g["representante"]]
    first, second = sorted((a.id, kept.id))
    differences = between.get((first, second), {}).get("diferencias", [])
    slot = next((d for d in differences if d["tipo"] == g["ranura"]), None)
    mine, its = ("a", "b") if a.id == first else ("b", "a")
    lost, own = mark(kept.acuerdo, profile[kept.id], a.acuerdo, profile[a.id])
    weakest = a.id in g["par_mas_debil"] and a.id != kept.id
    return {
        **m, "es_representante": a.id == kept.id, "entidad": a.entidad, "estatus": a.estatus, "acuerdo": a.acuerdo,
        "origen": origin_of(a), "mas_debil": weakest, "diferencias": differences,
        "valor": slot[mine] if slot else "", "valor_representante": slot[its] if slot else "",
        "tramos": own, "faltan": [t for t in lost if t.tipo not in (None, FORMA)],
    }  # fmt: skip
