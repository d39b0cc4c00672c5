"""Tell duplicates apart: relations, candidates and groups (annotation guide, "duplicados")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup.candidatos import candidates
from nlp_acuerdos.dedup.grupos import group
from nlp_acuerdos.dedup.perfil import Perfil, profile, profiles
from nlp_acuerdos.dedup.relacion import relate
from nlp_acuerdos.dedup.reparto import Avance, spread
from nlp_acuerdos.dedup.restos import similarity
from nlp_acuerdos.records import Acuerdo, Ancla, Etiquetas, Grupo, Relacion
from nlp_acuerdos.text import fold

__all__ = [
    "Auditoria", "Perfil", "Umbrales", "audit", "candidates", "group", "judge", "profile", "profiles", "relate", "rejudge", "similarity",
]  # fmt: skip

Par = tuple[str, str]
Contexto = Ancla | Etiquetas
Decisiones = Mapping[Par, str]


@dataclass(frozen=True, slots=True)
class Auditoria:
    """Every relation found, sorted by ids, and the groups they make."""

    relaciones: tuple[Relacion, ...]
    grupos: tuple[Grupo, ...]

    def within(self, acuerdos: Sequence[Acuerdo]) -> Auditoria:
        """Return the audit of the pairs whose two agreements are of one entity (groups are made anew)."""
        entity = {a.id: fold(a.entidad) for a in acuerdos}
        kept = tuple(r for r in self.relaciones if entity.get(r.a) == entity.get(r.b))
        return Auditoria(kept, group(kept))


def audit(
    acuerdos: Sequence[Acuerdo],
    etiquetas_o_ancla: Contexto | Mapping[str, Contexto],
    vectores: NDArray[np.float32] | None = None,
    decisiones: Decisiones | None = None,
    umbrales: Umbrales | None = None,
) -> Auditoria:
    """Relate `acuerdos`, within and across entities, and group them; the order of the input changes nothing.

    `etiquetas_o_ancla`: one anchor for all, or by id the anchor or the tags of each (tags save finding them again).
    `vectores`: float32 (n, dim), L2-normalised, in the order of `acuerdos`. `decisiones`: relation by pair of ids in
    any order; it replaces what was found, and "ninguna" removes it.
    """
    contexts = [
        etiquetas_o_ancla[a.id] if isinstance(etiquetas_o_ancla, Mapping) else etiquetas_o_ancla for a in acuerdos
    ]
    found = profiles(acuerdos, contexts)
    return judge(found, candidates(found, vectores, umbrales), decisiones, umbrales)


def judge(
    perfiles: Sequence[Perfil], pares: Iterable[Par], decisiones: Decisiones | None = None,
    umbrales: Umbrales | None = None, progress: Avance = lambda done, total: None,
) -> Auditoria:  # fmt: skip
    """Relate candidate pairs already found, and group them: what moving a threshold of relations asks for."""
    return rejudge((), perfiles, pares, decisiones or {}, umbrales, progress)


def rejudge(
    demas: Iterable[Relacion], perfiles: Sequence[Perfil], pares: Iterable[Par], decisiones: Decisiones,
    umbrales: Umbrales | None = None, progress: Avance = lambda done, total: None,
) -> Auditoria:  # fmt: skip
    """Relate candidate `pares` and let the decisions between their `perfiles` stand, beside the other relations (`demas`)."""
    limits, by_id = umbrales or Umbrales(), {p.id: p for p in perfiles}
    pairs = sorted(pares)
    told = spread(lambda part: [relate(by_id[a], by_id[b], limits) for a, b in part], pairs, progress)
    related = {(r.a, r.b): r for r in demas}
    related |= {pair: relation for pair, relation in zip(pairs, told, strict=True) if relation is not None}
    _decide(related, by_id, decisiones)
    relations = tuple(related[pair] for pair in sorted(related))
    return Auditoria(relations, group(relations))


def _decide(related: dict[Par, Relacion], by_id: Mapping[str, Perfil], decisions: Decisiones) -> None:
    """Let the decisions of people stand over what was found."""
    for (x, y), name in decisions.items():
        a, b = sorted((x, y))
        if a not in by_id or b not in by_id or a == b:
            continue
        if name == "ninguna":
            related.pop((a, b), None)
            continue
        base = related.get((a, b)) or Relacion(a, b, name, similarity(by_id[a], by_id[b]))
        related[a, b] = replace(base, relacion=name, decidida=True)
