"""What a report is compared with: a document or a snapshot of the workspace, tagged as the rest."""

from __future__ import annotations

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.errors import NoEncontrado
from nlp_acuerdos.pipeline import _tagged, anchors, current_tags
from nlp_acuerdos.records import Acuerdo, Etiquetas
from nlp_acuerdos.report import Anterior
from nlp_acuerdos.report.datos import Acepta, Pares
from nlp_acuerdos.workspace import Workspace


def earlier(workspace: Workspace, nombre: str, acepta: Acepta) -> Anterior:
    """Return what a person named to compare with, only what `acepta` lets pass: a document's key or a snapshot's number.

    "#2" or a number that is no document's key is a snapshot. Raises NoEncontrado.
    """
    documents, number = workspace.documents(), nombre.removeprefix("#")
    if nombre in documents:
        agreements = [a for a in workspace.agreements() if a.documento == nombre]
        pairs = _pairs(workspace, agreements, current_tags(workspace))
        return Anterior(f"el documento «{nombre}»", _passing(pairs, acepta), nombre)
    if not (number.isascii() and number.isdigit()):
        known = ", ".join(sorted(documents)) or "ninguno"
        snapshots = ", ".join(f"#{n}" for n, _, _ in workspace.snapshots()) or "ninguna"
        raise NoEncontrado(
            f"no hay un documento ni una captura «{nombre}» con que comparar; documentos: {known}; capturas: {snapshots}"
        )
    agreements = workspace.captured(int(number))
    when = next(w for n, w, _ in workspace.snapshots() if n == int(number))
    pairs = _pairs(workspace, agreements, workspace.tags())
    return Anterior(f"la captura {int(number)}, del {when[:10]}", _passing(pairs, acepta))


def _pairs(workspace: Workspace, agreements: list[Acuerdo], tags: dict[str, Etiquetas]) -> Pares:
    """Join agreements with their tags, tagging those that are no longer in the workspace, by the anchor they had."""
    known = anchors(workspace)
    lacking = [a for a in agreements if a.id not in tags]
    given = (
        _tagged(workspace, [(a.acuerdo, known.get(a.documento) or make_anchor()) for a in lacking]) if lacking else ()
    )
    tags = tags | {a.id: t for a, t in zip(lacking, given, strict=True)}
    return [(a, tags[a.id]) for a in agreements]


def _passing(pairs: Pares, acepta: Acepta) -> Pares:
    return [(a, t) for a, t in pairs if acepta(a, t)]
