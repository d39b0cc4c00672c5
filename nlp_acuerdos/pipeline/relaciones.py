"""The duplicate audit of a workspace: candidates found once, relations as thresholds and decisions stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup import Auditoria, Perfil, candidates, judge, profiles, rejudge
from nlp_acuerdos.pipeline import anchors, current_tags
from nlp_acuerdos.pipeline.bitacora import Progress, silent, stage
from nlp_acuerdos.pipeline.fuentes import code_digest
from nlp_acuerdos.records import Acuerdo
from nlp_acuerdos.workspace import Workspace

# What stored relations were made of: agreements and code, thresholds, decisions.
HECHOS, LIMITES, DECIDIDO, PROPIOS = "dedup", "dedup_umbrales", "dedup_decisiones", "umbrales"


def relate(workspace: Workspace, umbrales: Umbrales | None = None, progress: Progress = silent) -> int:
    """Bring relations and groups up to date, in one transaction with the snapshot; return how many relations.

    Candidates are found anew when agreements, tags or the code changed; else moved thresholds relate the kept candidates,
    and changed decisions only their own pairs. `umbrales`: those of the run; the workspace's own stand over them.
    """
    with stage("relaciones") as tell:
        limits = (umbrales or Umbrales()).moved(own_limits(workspace))
        tell(_relate(workspace, limits, progress))
        count = workspace.relation_counts().total()
        tell(f"en total {count}")
    return count


def _relate(workspace: Workspace, limits: Umbrales, progress: Progress) -> str:
    """Bring relations up to date; return what had to be done."""
    acuerdos = workspace.agreements()
    found_by, related_by = limits.split()
    facts, how = _facts(workspace, acuerdos, found_by), json.dumps(related_by)
    if workspace.meta(HECHOS) != facts:
        found = _all_profiles(workspace, acuerdos, progress)
        progress("candidatos", 0, 1)
        pairs = candidates(found, None, limits)
        progress("candidatos", 1, 1)
        audit = judge(found, pairs, workspace.decisions(), limits, partial(progress, "relaciones"))
        with workspace.transaction():
            workspace.save_candidates(pairs)
            workspace.snapshot()
            workspace.set_meta(HECHOS, facts)
            _save(workspace, audit, how)
        return f"candidatos comparados {len(pairs)}"
    if workspace.meta(LIMITES) != how:
        found, kept = _all_profiles(workspace, acuerdos, progress), workspace.candidates()
        audit = judge(found, kept, workspace.decisions(), limits, partial(progress, "relaciones"))
        with workspace.transaction():
            _save(workspace, audit, how)
        return "candidatos de antes con otros umbrales"
    return f"al día, decididas de nuevo {_decide(workspace, limits)}"


def _save(workspace: Workspace, audit: Auditoria, how: str) -> None:
    workspace.save_relations(audit.relaciones, audit.grupos)
    workspace.set_meta(LIMITES, how)
    workspace.set_meta(DECIDIDO, _noted(workspace.decisions()))


def _decide(workspace: Workspace, limits: Umbrales) -> int:
    """Relate anew the pairs whose decision changed since relations were stored; return how many."""
    decisions = workspace.decisions()
    before = {(a, b): name for a, b, name in json.loads(workspace.meta(DECIDIDO) or "[]")}
    pairs = {pair for pair in before.keys() | decisions.keys() if before.get(pair) != decisions.get(pair)}
    if not pairs:
        return 0
    theirs = workspace.agreements_of({i for pair in pairs for i in pair})
    found = profiles_of(workspace, list(theirs.values()))
    others = (r for r in workspace.relations() if (r.a, r.b) not in pairs)
    again = pairs.intersection(workspace.candidates())
    standing = {pair: decisions[pair] for pair in pairs if pair in decisions}
    audit = rejudge(others, list(found.values()), again, standing, limits)
    with workspace.transaction():
        workspace.replace_relations(pairs, audit.relaciones, audit.grupos)
        workspace.set_meta(DECIDIDO, _noted(decisions))
    return len(pairs)


def _noted(decisions: Mapping[tuple[str, str], str]) -> str:
    return json.dumps([[a, b, name] for (a, b), name in sorted(decisions.items())])


def _all_profiles(workspace: Workspace, acuerdos: Sequence[Acuerdo], progress: Progress) -> list[Perfil]:
    tags = current_tags(workspace)
    return profiles(acuerdos, [tags[a.id] for a in acuerdos], partial(progress, "perfiles"))


def profiles_of(workspace: Workspace, acuerdos: Sequence[Acuerdo]) -> dict[str, Perfil]:
    """Return the profile of each agreement by id, from its tags, or from its document's anchor while it has none."""
    anchor, tags = anchors(workspace), workspace.tags_of([a.id for a in acuerdos])
    return {p.id: p for p in profiles(acuerdos, [tags.get(a.id) or anchor[a.documento] for a in acuerdos])}


def _facts(workspace: Workspace, acuerdos: Sequence[Acuerdo], limits: Mapping[str, float]) -> str:
    """Return a digest of what candidates depend on."""
    marks = workspace.tag_fingerprints()
    state = sorted((a.id, a.acuerdo, a.estatus, marks.get(a.id)) for a in acuerdos)
    fixed = sorted((c.id, c.conjunto, c.codigo, c.presente) for cs in workspace.corrections().values() for c in cs)
    return hashlib.sha256(repr((code_digest("dedup"), limits, state, fixed)).encode()).hexdigest()


def relations_mark(workspace: Workspace) -> tuple[str | None, ...]:
    """Return what changes whenever the stored relations do."""
    return tuple(workspace.meta(key) for key in (HECHOS, LIMITES, DECIDIDO))


def limits_of(workspace: Workspace) -> Umbrales:
    """Return the thresholds of this workspace."""
    return Umbrales().moved(own_limits(workspace))


def own_limits(workspace: Workspace) -> dict[str, float]:
    """Return the thresholds moved in this workspace, by name."""
    found: dict[str, float] = json.loads(workspace.meta(PROPIOS) or "{}")
    return found


def move_limits(
    workspace: Workspace, valores: Mapping[str, str | float], *, anew: bool = False, progress: Progress = silent
) -> dict[str, int]:  # fmt: skip
    """Move thresholds of this workspace (with `anew`, from the default ones) and relate the kept candidates anew.

    Returns how many relations of each kind more or less there are. Raises EntradaInvalida for a bad name or value.
    """
    limits = (Umbrales() if anew else limits_of(workspace)).moved(valores)
    relate(workspace, progress=progress)
    before = workspace.relation_counts()
    with workspace.transaction():
        workspace.set_meta(PROPIOS, json.dumps(limits.changes(), sort_keys=True))
    relate(workspace, progress=progress)
    after = workspace.relation_counts()
    return {name: after[name] - before[name] for name in sorted(before | after)}


def limits_record(workspace: Workspace) -> list[dict[str, str | float]]:
    """Return each threshold that can be moved: name, value, default value and what it does."""
    limits, default = limits_of(workspace), Umbrales()
    return [
        {"umbral": name, "valor": getattr(limits, name), "por_defecto": getattr(default, name), "que": what}
        for name, what in Umbrales.movable().items()
    ]
