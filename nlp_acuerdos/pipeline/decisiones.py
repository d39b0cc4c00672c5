"""What people decide, stored with who and when: the relation of a pair, the tags of an agreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import current_tags
from nlp_acuerdos.pipeline.relaciones import relate
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, RELACIONES, Correccion, Etiquetas
from nlp_acuerdos.report.formulario import Decidida, read_form
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


def decide_file(workspace: Workspace, path: Path, quien: str = "") -> int:
    """Store every decision filled in a form that `acuerdos audit` wrote (xlsx or csv); return how many.

    `quien` stands where the form names nobody. Raises EntradaInvalida naming the first bad row; then nothing is stored.
    """
    rows = read_form(_content(path), path.name)
    _check(workspace, rows, path.name)
    with workspace.transaction():
        for d in rows:
            workspace.decide(d.a, d.b, d.relacion, d.quien or quien)
    relate(workspace)
    return len(rows)


def _content(path: Path) -> bytes:
    from nlp_acuerdos.ingest import archive

    try:
        data = path.read_bytes()
    except OSError as error:
        raise EntradaInvalida(f"no puedo leer «{path}» ({error.strerror}); revise la ruta") from error
    if path.suffix.lower() == ".xlsx":
        archive.check(data, path.name, "XLSX")
    return data


def _check(workspace: Workspace, rows: Sequence[Decidida], name: str) -> None:
    known = workspace.agreements_of({i for d in rows for i in (d.a, d.b)})
    seen: dict[frozenset[str], Decidida] = {}
    for d in rows:
        unknown = next((i for i in (d.a, d.b) if i not in known), None)
        before = seen.setdefault(frozenset((d.a, d.b)), d)
        if unknown is not None:
            _refuse(name, d, f"no hay un acuerdo con id «{unknown}»")
        if d.a == d.b:
            _refuse(name, d, "los dos ids son el mismo")
        if d.relacion not in RELACIONES:
            _refuse(name, d, f"decisión desconocida: «{d.relacion}»; use una de {', '.join(RELACIONES)}")
        if before.relacion != d.relacion:
            _refuse(name, d, f"contradice a la fila {before.fila} («{before.relacion}»)")


def _refuse(name: str, d: Decidida, why: str) -> None:
    raise EntradaInvalida(f"«{name}», fila {d.fila}: {why}; no se guardó ninguna decisión: corrija la fila y repita")


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
