"""Records for people and doors: one agreement, the audit, the state of the workspace."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from nlp_acuerdos.config import Settings
from nlp_acuerdos.pipeline import _classifier_mark, _fetcher, anchors
from nlp_acuerdos.pipeline.auditoria import audit_record, relation_record
from nlp_acuerdos.pipeline.historia import Hilos
from nlp_acuerdos.records import Acuerdo, Etiquetas
from nlp_acuerdos.workspace import Workspace

__all__ = ["audit_record", "describe", "relation_record", "state"]


def describe(workspace: Workspace, id_: str) -> dict[str, Any]:
    """Return one agreement with tags, origin, citation line, relations and status history. Raises NoEncontrado."""
    a = workspace.agreement(id_)
    tags = tags_of(workspace, id_)
    related = workspace.relations(id_)
    origin = asdict(a.origen)
    return {
        "id": a.id, "documento": a.documento, "entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": a.estatus,
        "estatus_original": a.estatus_original, **tags.as_dict(), "origen": origin, "cita": a.cita,
        "correcciones": [asdict(c) for c in workspace.corrections().get(id_, ())],
        "reparaciones": list(a.reparaciones), "extra": a.extra,
        "avisos": [v.as_dict() for v in workspace.avisos(id_)],
        "ajustes": workspace.adjustments(id_),
        "relaciones": [
            {"con": r.b if r.a == id_ else r.a, "relacion": r.relacion, "similitud": round(r.similitud, 4)}
            for r in related
        ],
        "historia": Hilos(workspace).history(id_),
    }  # fmt: skip


def tags_of(workspace: Workspace, id_: str) -> Etiquetas:
    """Return the tags of one agreement, tagging it here when a stopped build left it without."""
    return _fetcher(workspace)([id_])[1][id_]


def neighbour_record(a: Acuerdo, similitud: float) -> dict[str, Any]:
    """Return a neighbour in the form of `acuerdos similar`."""
    return {
        "id": a.id, "similitud": round(similitud, 4), "entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": a.estatus,
    }  # fmt: skip


def state(workspace: Workspace, settings: Settings) -> dict[str, Any]:
    """Return what is inside the workspace, versions, and what is stale."""
    from nlp_acuerdos.tagging import fingerprint

    anchor, known = anchors(workspace), workspace.tag_fingerprints()
    acuerdos, mark = workspace.agreements(), _classifier_mark(workspace)
    stale = sum(known.get(a.id) != fingerprint(a.acuerdo, anchor[a.documento], mark) for a in acuerdos)
    captures = workspace.snapshots()
    return {
        "espacio": str(settings.espacio), "version": version("nlp-acuerdos"), "modelo": settings.modelo,
        "acuerdos": len(acuerdos), "documentos": list(anchor), "captura": captures[-1][0] if captures else 0,
        "avisos": len(workspace.avisos()), "relaciones": workspace.relation_counts().total(),
        "decisiones": len(workspace.decisions()),
        "correcciones": sum(map(len, workspace.corrections().values())), "por_etiquetar": stale,
    }  # fmt: skip
