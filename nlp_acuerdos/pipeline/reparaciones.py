"""Repairs of what was read: listed, undone, made again; each document is kept whole, every row of it accounted for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import repairs
from nlp_acuerdos.records import CONTINUADA, CORRIDA, GUION, REPARACIONES, Acuerdo, Lectura, Reparacion
from nlp_acuerdos.workspace import Workspace

CON_AVISO = (CONTINUADA, CORRIDA)  # repairs that may be wrong: each has a warning
SIN_AVISO = tuple(kind for kind in REPARACIONES if kind not in CON_AVISO)


def listed(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every repair, in row order: what was read, what it made of it, and who undid it and when."""
    undone = workspace.undone()
    by_key = {(r.id, r.tipo): r for r in workspace.repairs()}
    return [
        _record(a, kind, by_key, undone)
        for a in workspace.agreements()
        for kind in (*a.reparaciones, *_undone_of(a, by_key, undone))
    ]


def _undone_of(
    a: Acuerdo, by_key: Mapping[tuple[str, str], Reparacion], undone: Collection[tuple[str, str]]
) -> Iterator[str]:
    """Yield the repairs of an agreement that are undone now."""
    whole = by_key.get((a.id, ""))
    for id_, kind in sorted(undone):
        own = (id_, kind) in by_key or (whole is not None and kind in whole.filas[0].reparaciones)
        if id_ == a.id and own and kind not in a.reparaciones:
            yield kind


def _record(
    a: Acuerdo,
    kind: str,
    by_key: Mapping[tuple[str, str], Reparacion],
    undone: Mapping[tuple[str, str], tuple[str, str]],
) -> dict[str, Any]:
    whole = by_key.get((a.id, ""))
    made, there = whole.filas[0] if whole else a, by_key.get((a.id, kind))
    who, when = ("", "") if kind in a.reparaciones else undone[a.id, kind]
    return {
        "tipo": kind, "id": a.id, "leido": [_cells(row) for row in there.filas] if there else [],
        "reparado": _cells(made), "deshecha": bool(when), "quien": who, "cuando": when,
    }  # fmt: skip


def _cells(a: Acuerdo) -> dict[str, str]:
    return {"entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": a.estatus_original}


def undo(workspace: Workspace, chosen: Iterable[tuple[str, str]], quien: str = "") -> None:
    """Undo repairs, named (id, type), inside a transaction. Raises EntradaInvalida for one that cannot be undone."""
    named = list(chosen)
    for id_, kind in named:
        workspace.undo_repair(id_, kind, quien)
    _rewrite(workspace, named)
    for id_, kind in named:
        if kind in workspace.agreement(id_).reparaciones:
            raise EntradaInvalida(_why_not(workspace, id_, kind))


def redo(workspace: Workspace, chosen: Iterable[tuple[str, str]]) -> None:
    """Make undone repairs, named (id, type), again, inside a transaction."""
    named = list(chosen)
    for id_, kind in named:
        workspace.redo_repair(id_, kind)
    _rewrite(workspace, named)


def _why_not(workspace: Workspace, id_: str, kind: str) -> str:
    document = workspace.agreement(id_).documento
    if kind in (*CON_AVISO, GUION) and not any((r.id, r.tipo) == (id_, kind) for r in workspace.repairs(document)):
        return f"de «{id_}:{kind}» no se guardó lo que se leyó; lea «{document}» de nuevo con «acuerdos build»"
    return f"«{id_}» está unido de varias filas; deshaga también «{id_}:{CONTINUADA}»"


def _rewrite(workspace: Workspace, named: Iterable[tuple[str, str]]) -> None:
    """Save the documents of agreements again as their undone repairs leave them."""
    records = workspace.agreements_of({id_ for id_, _ in named})
    undone = workspace.undone()
    for document in sorted({a.documento for a in records.values()}):
        before = workspace.reading_as_read(document)
        after = repairs.undone(repairs.repaired(before), undone.keys())
        _check_accepted(workspace, before, after)
        workspace.save(after)


def _check_accepted(workspace: Workspace, before: Lectura, after: Lectura) -> None:
    """Raise EntradaInvalida where people accepted a change over a field that would be read otherwise."""
    was = {a.id: a for a in before.acuerdos}
    for a in after.acuerdos:
        if a.id not in was or a == was[a.id]:
            continue
        for change in workspace.adjustments(a.id):
            field = str(change["campo"])
            if getattr(a, field) != getattr(was[a.id], field):
                raise EntradaInvalida(
                    f"«{a.id}» tiene aplicado un cambio de {field} ({change['aviso']}); deshágalo antes con "
                    f"«acuerdos avisos undo {change['origen']}:{change['aviso']}»"
                )


def accounts(workspace: Workspace, ids: Iterable[str]) -> list[str]:
    """Return, for the documents of repaired agreements, where each row that was read went."""
    records = workspace.agreements_of({name.partition(":")[0] for name in ids})
    repaired = {r.id for r in workspace.repairs()}
    found = sorted({a.documento for a in records.values() if a.reparaciones or a.id in repaired})
    return [_account(workspace.reading(document)) for document in found]


def _account(r: Lectura) -> str:
    return (
        f"«{r.documento.clave}»: {r.leidas} filas leídas = {len(r.acuerdos)} acuerdos + {r.continuaciones} unidas a la "
        f"anterior + {r.encabezados} encabezados + {len(r.rechazadas)} rechazadas"
    )
