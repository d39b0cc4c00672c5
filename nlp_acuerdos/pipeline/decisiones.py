"""What people decide, stored with who and when: the relation of a pair, the tags of an agreement."""

from __future__ import annotations

from collections.abc import Iterable

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import current_tags, relate
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, RELACIONES, Correccion, Etiquetas
from nlp_acuerdos.workspace import Workspace

Cambio = tuple[str, str, bool]
"""A set, a code, and whether it is there."""


def decide(workspace: Workspace, a: str, b: str, relacion: str, quien: str) -> None:
    """Store a person's decision on a pair and relate anew."""
    if relacion not in RELACIONES:
        raise EntradaInvalida(f"relación desconocida: «{relacion}»; use una de {', '.join(RELACIONES)}")
    if a == b:
        raise EntradaInvalida("los dos ids son el mismo; dé dos acuerdos distintos")
    for id_ in (a, b):
        workspace.agreement(id_)
    with workspace.transaction():
        workspace.decide(a, b, relacion, quien)
    relate(workspace)


def undo_decision(workspace: Workspace, a: str, b: str) -> None:
    """Withdraw a decision and relate anew."""
    with workspace.transaction():
        workspace.undo_decision(a, b)
    relate(workspace)


def read_changes(actor: Iterable[str], responsable: Iterable[str], actividad: Iterable[str]) -> list[Cambio]:
    """Return the changes of "+GN", "-riesgo" by set. Raises EntradaInvalida for a sign or code that is not known."""
    found: list[Cambio] = []
    for conjunto, values in (("actores", actor), ("responsables", responsable), ("actividades", actividad)):
        codes = ACTIVIDADES if conjunto == "actividades" else ACTORES
        by_name = {code.casefold(): code for code in codes}
        for value in values:
            code = by_name.get(value[1:].strip().casefold())
            if value[:1] not in "+-" or code is None:
                raise EntradaInvalida(
                    f"cambio inválido: «{value}»; escriba + o - y un código de {conjunto}: {', '.join(codes)}"
                )
            found.append((conjunto, code, value[0] == "+"))
    return found


def fix(workspace: Workspace, id_: str, cambios: Iterable[Cambio], quien: str) -> Etiquetas:
    """Store a person's corrections of an agreement and return its tags; who acts is named too, and conversely.

    Raises NoEncontrado for an unknown id, EntradaInvalida for no change.
    """
    workspace.agreement(id_)
    wanted = {(conjunto, code): present for conjunto, code, present in cambios}
    if not wanted:
        raise EntradaInvalida("falta el cambio; por ejemplo: acuerdos fix ID --actor +GN --actividad -riesgo")
    tags = current_tags(workspace)[id_]
    for (conjunto, code), present in list(wanted.items()):
        if conjunto == "responsables" and present and code not in tags.actores:
            wanted.setdefault(("actores", code), True)
        if conjunto == "actores" and not present and code in tags.responsables:
            wanted.setdefault(("responsables", code), False)
    acts, named = ("responsables", "actores")
    for code in ACTORES:
        if wanted.get((acts, code)) and wanted.get((named, code)) is False:
            raise EntradaInvalida(f"«{code}» no puede ser responsable y no estar nombrado; corrija uno de los dos")
    with workspace.transaction():
        workspace.correct(Correccion(id_, c, code, present, quien) for (c, code), present in wanted.items())
    relate(workspace)
    return current_tags(workspace)[id_]


def undo_fix(workspace: Workspace, id_: str, cambios: Iterable[Cambio] = ()) -> int:
    """Withdraw the corrections of an agreement, all or the named ones; return how many."""
    with workspace.transaction():
        count = workspace.undo_corrections(id_, [(conjunto, code) for conjunto, code, _ in cambios])
    relate(workspace)
    return count
