"""Warnings listed with what was accepted of them; suggestions applied and undone, only when a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.ingest.status import normalize_estatus
from nlp_acuerdos.pipeline import mark_content, reparaciones, tag_pending
from nlp_acuerdos.pipeline.relaciones import relate
from nlp_acuerdos.pipeline.reparaciones import CON_AVISO, SIN_AVISO
from nlp_acuerdos.records import AVISOS, ESTATUS, REPARACIONES, Aviso, Cambio
from nlp_acuerdos.workspace import Workspace


def warnings(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every warning with its changes and, once accepted (or its repair undone), who did and when."""
    accepted, undone = workspace.accepted(), _undone(workspace)
    found = []
    for aviso in workspace.avisos():
        key = (aviso.id, aviso.tipo)
        who, when = undone.get(key) or accepted.get(key) or ("", "")
        state = {"aplicado": bool(when) and key not in undone, "deshecho": key in undone, "quien": who, "cuando": when}
        found.append({**aviso.as_dict(), "cambios": [asdict(c) for c in aviso.cambios], **state})
    return found


def _undone(workspace: Workspace) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the undone repairs of the agreements there are."""
    found = workspace.undone()
    there = workspace.agreements_of({id_ for id_, _ in found})
    return {(i, t): by for (i, t), by in found.items() if i in there and t not in there[i].reparaciones}


def apply(
    workspace: Workspace, ids: Sequence[str], quien: str = "", entidad: str | None = None, estatus: str | None = None
) -> int:
    """Accept warnings, named "ID" or "ID:tipo", and return how many fields changed; an undone repair is made again.

    `entidad` and `estatus` are what a person knows better than the suggestion. All or nothing. Raises NoEncontrado for an
    id with no warning, EntradaInvalida where a person has to say the value.
    """
    given, undone = _given(entidad, estatus), _undone(workspace)
    again = {name: key for name in ids if (key := _again(workspace, name)) in undone}
    if again and given:
        raise EntradaInvalida("--entidad y --estatus no van con una reparación deshecha; hágala de nuevo sin ellas")
    names = [":".join(again[name]) if name in again else name for name in ids]
    with workspace.transaction():
        reparaciones.redo(workspace, again.values())
        chosen = [_chosen(workspace, name, given) for name in names if name.partition(":")[2] not in SIN_AVISO]
        before = [_values(workspace, changes) for _, changes in chosen]
        for aviso, changes in chosen:
            workspace.accept(aviso, changes, quien)
        mark_content(workspace)
    _follow(workspace)
    return sum(was != _values(workspace, [c])[0] for (_, cs), b in zip(chosen, before, strict=True) for c, was in zip(cs, b, strict=True))  # fmt: skip


def _again(workspace: Workspace, name: str) -> tuple[str, str]:
    """Return the repair that a name would make again, were it undone: that of its type, or of its only warning."""
    id_, _, kind = name.partition(":")
    kinds = {kind} if kind else {a.tipo for a in workspace.avisos(id_)}
    return id_, kinds.pop() if len(kinds) == 1 else ""


def undo(workspace: Workspace, ids: Sequence[str], quien: str = "") -> int:
    """Withdraw what was accepted of warnings, named as in `apply`, or undo repairs; return how many.

    All or nothing. Raises NoEncontrado for a name with nothing to undo, EntradaInvalida for one with both.
    """
    chosen = list(dict.fromkeys(key for name in ids for key in _undoable(workspace, name)))
    repairs = [(id_, kind) for id_, kind in chosen if kind in REPARACIONES]
    with workspace.transaction():
        for id_, kind in chosen:
            workspace.withdraw(id_, kind)
        reparaciones.undo(workspace, repairs, quien)
        mark_content(workspace)
    _follow(workspace)
    return len(chosen)


def _undoable(workspace: Workspace, name: str) -> list[tuple[str, str]]:
    """Return what a name means of what was accepted and of the repairs made."""
    id_, _, kind = name.partition(":")
    there = workspace.agreements_of([id_])
    made = there[id_].reparaciones if id_ in there else ()
    accepted = [t for i, t in sorted(workspace.accepted()) if i == id_ and kind in ("", t) and t not in REPARACIONES]
    repaired = [t for t in made if t == kind or (not kind and t in CON_AVISO)]
    if accepted and repaired:
        options = ", ".join(f"{id_}:{t}" for t in (*accepted, *repaired))
        raise EntradaInvalida(f"«{id_}» tiene varias cosas que deshacer; diga cuál: {options}")
    if not accepted and not repaired:
        raise NoEncontrado(f"no hay nada aplicado con «{name}»; lo aplicado sale en «acuerdos avisos»")
    return [(id_, t) for t in (*accepted, *repaired)]


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
    if not aviso.cambios and aviso.tipo not in CON_AVISO:
        raise EntradaInvalida(
            f"el aviso {aviso.tipo} de «{id_}» no trae un valor que aplicar ({aviso.sugerencia}); "
            "dé --entidad o --estatus, o corrija el documento y léalo de nuevo"
        )
    return aviso, list(aviso.cambios)
