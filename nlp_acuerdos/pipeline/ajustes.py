"""Warnings listed with what was accepted of them; suggestions applied and undone, only when a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.ingest.status import normalize_estatus
from nlp_acuerdos.ingest.tables import CONTINUADA, CORRIDA
from nlp_acuerdos.pipeline import mark_content, tag_pending
from nlp_acuerdos.pipeline.relaciones import relate
from nlp_acuerdos.records import AVISOS, ESTATUS, Aviso, Cambio
from nlp_acuerdos.workspace import Workspace

_CONFIRMABLES = (CONTINUADA, CORRIDA)


def warnings(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every warning with its changes and, once accepted, who did and when."""
    accepted = workspace.accepted()
    found = []
    for aviso in workspace.avisos():
        who, when = accepted.get((aviso.id, aviso.tipo), ("", ""))
        state = {"aplicado": bool(when), "quien": who, "cuando": when}
        found.append({**aviso.as_dict(), "cambios": [asdict(c) for c in aviso.cambios], **state})
    return found


def apply(
    workspace: Workspace, ids: Sequence[str], quien: str = "", entidad: str | None = None, estatus: str | None = None
) -> int:
    """Accept warnings, named "ID" or "ID:tipo", and return how many fields changed.

    `entidad` and `estatus` are what a person knows better than the suggestion. All or nothing. Raises NoEncontrado for an
    id with no warning, EntradaInvalida where a person has to say the value.
    """
    given = _given(entidad, estatus)
    chosen = [_chosen(workspace, name, given) for name in ids]
    before = [_values(workspace, changes) for _, changes in chosen]
    with workspace.transaction():
        for aviso, changes in chosen:
            workspace.accept(aviso, changes, quien)
        mark_content(workspace)
    _follow(workspace)
    return sum(was != _values(workspace, [c])[0] for (_, cs), b in zip(chosen, before, strict=True) for c, was in zip(cs, b, strict=True))  # fmt: skip


def undo(workspace: Workspace, ids: Sequence[str]) -> int:
    """Withdraw what was accepted of warnings, named as in `apply`; return how many. Raises NoEncontrado for none."""
    accepted = workspace.accepted()
    chosen = [(i, t) for name in ids for i, t in sorted(accepted) if name in (i, f"{i}:{t}")]
    for name in ids:
        if not any(name in (i, f"{i}:{t}") for i, t in chosen):
            raise NoEncontrado(f"no hay nada aplicado con «{name}»; lo aplicado sale en «acuerdos avisos»")
    with workspace.transaction():
        for id_, tipo in chosen:
            workspace.withdraw(id_, tipo)
        mark_content(workspace)
    _follow(workspace)
    return len(chosen)


def _follow(workspace: Workspace) -> None:
    """Bring tags and relations up to date with the changed fields."""
    tag_pending(workspace)
    relate(workspace)


def _values(workspace: Workspace, changes: Sequence[Cambio]) -> list[str | None]:
    records = workspace.agreements_of({c.id for c in changes})
    return [getattr(records[c.id], c.campo) for c in changes]


def _given(entidad: str | None, estatus: str | None) -> dict[str, str]:
    """Return the fields a person gave, in their canonical form. Raises EntradaInvalida for an unknown value."""
    given = {}
    if entidad is not None:
        state = normalize_entidad(entidad)
        if state is None:
            raise EntradaInvalida(f"entidad desconocida: «{entidad}»; escriba una de las 32, por ejemplo Zacatecas")
        given["entidad"] = state
    if estatus is not None:
        status = normalize_estatus(estatus)
        if status is None:
            raise EntradaInvalida(f"estatus desconocido: «{estatus}»; use {', '.join(ESTATUS)}")
        given["estatus"] = status
    return given


def _chosen(workspace: Workspace, name: str, given: dict[str, str]) -> tuple[Aviso, list[Cambio]]:
    """Return the one warning a name means and the changes to make."""
    id_, _, tipo = name.partition(":")
    if tipo and tipo not in AVISOS:
        raise EntradaInvalida(f"tipo de aviso desconocido: «{tipo}»; use uno de {', '.join(AVISOS)}")
    found = [a for a in workspace.avisos(id_) if tipo in ("", a.tipo)]
    if not found:
        raise NoEncontrado(f"no hay un aviso «{name}»; los ids salen en «acuerdos avisos»")
    kinds = sorted({a.tipo for a in found})
    if len(kinds) > 1:
        options = ", ".join(f"{id_}:{kind}" for kind in kinds)
        raise EntradaInvalida(f"«{id_}» tiene varios avisos; diga cuál: {options}")
    aviso = found[0]
    if given:
        return aviso, [Cambio(id_, field, value) for field, value in given.items()]
    if not aviso.cambios and aviso.tipo not in _CONFIRMABLES:
        raise EntradaInvalida(
            f"el aviso {aviso.tipo} de «{id_}» no trae un valor que aplicar ({aviso.sugerencia}); "
            "dé --entidad o --estatus, o corrija el documento y léalo de nuevo"
        )
    return aviso, list(aviso.cambios)
