"""What looks wrong in the documents: listed, accepted, undone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from nlp_acuerdos.cli import completado
from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.completado import exact, folded
from nlp_acuerdos.cli.options import Espacio, TablaJson
from nlp_acuerdos.cli.tablas import write_rows
from nlp_acuerdos.cli.terminal import note, one_of, tell, write_json

avisos_app = typer.Typer()
app.add_typer(avisos_app, name="avisos", invoke_without_command=True)

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Id del acuerdo, o ID:tipo si tiene varios avisos.")]


@avisos_app.callback()
def avisos(
    contexto: typer.Context,
    formato: TablaJson = "tabla",
    tipo: Annotated[
        list[str],
        typer.Option("--tipo", help="Solo estos avisos; se repite.", autocompletion=exact(completado.warnings)),
    ] = [],  # noqa: B006
    reparaciones: Annotated[
        bool, typer.Option("--reparaciones", help="En su lugar, lo que se reparó al leer: qué decía y qué quedó.")
    ] = False,
    espacio: Espacio = None,
) -> None:
    """Lista lo que se ve mal en los documentos, con una sugerencia; se aplica solo si usted lo dice.

    Ejemplo: acuerdos avisos --tipo estatus_faltante
    """
    if contexto.invoked_subcommand:
        return None
    if reparaciones:
        return _repairs(formato, tipo, espacio)
    from nlp_acuerdos.pipeline.ajustes import warnings
    from nlp_acuerdos.records import AVISOS

    _check(formato, tipo, AVISOS)
    with open_workspace(espacio) as workspace:
        found = [w for w in warnings(workspace) if not tipo or w["tipo"] in tipo]
    if formato == "json":
        return write_json(found)
    rows = [(w["tipo"], w["id"], w["detalle"], _state(w)) for w in found]
    write_rows(("aviso", "id", "detalle", "sugerencia"), rows)
    ready = sum(bool(w["cambios"]) and not w["aplicado"] for w in found)
    return note(f"{len(found)} avisos, {ready} con una sugerencia que se puede aplicar: acuerdos avisos apply ID…")


def _check(formato: str, tipo: list[str], known: tuple[str, ...]) -> None:
    one_of(formato, ("tabla", "json"))
    for name in tipo:
        one_of(name, known)


def _state(warning: dict[str, str]) -> str:
    if not warning["aplicado"] and not warning["deshecho"]:
        return warning["sugerencia"]
    done = _by("aplicado" if warning["aplicado"] else "deshecho", warning)
    return f"{done}; {warning['sugerencia']}" if warning["deshecho"] else done


def _by(what: str, record: dict[str, str]) -> str:
    return f"{what}{' por ' + record['quien'] if record['quien'] else ''} el {record['cuando'][:10]}"


def _repairs(formato: str, tipo: list[str], espacio: Path | None) -> None:
    """List what was repaired on reading, what it said before, and what was undone."""
    from nlp_acuerdos.pipeline.reparaciones import listed
    from nlp_acuerdos.records import REPARACIONES

    _check(formato, tipo, REPARACIONES)
    with open_workspace(espacio) as workspace:
        found = [r for r in listed(workspace) if not tipo or r["tipo"] in tipo]
    if formato == "json":
        return write_json(found)
    rows = [(r["tipo"], r["id"], _before(r), _by("deshecha", r) if r["deshecha"] else "hecha") for r in found]
    write_rows(("reparación", "id", "detalle", "estado"), rows)
    return note(f"{len(found)} reparaciones; «acuerdos avisos undo ID:reparación» devuelve lo que se leyó")


def _before(repair: dict[str, Any]) -> str:
    if not repair["leido"]:
        return "la celda estaba en blanco"
    return "se leyó: " + " ⏎ ".join(" | ".join(row.values()) for row in repair["leido"])


@avisos_app.command("apply")
def apply(
    ids: Ids,
    entidad: Annotated[
        str | None,
        typer.Option(
            "--entidad", help="La entidad correcta, si no es la sugerida.", autocompletion=folded(completado.entities)
        ),
    ] = None,
    estatus: Annotated[
        str | None, typer.Option("--estatus", help="El estatus correcto.", autocompletion=folded(completado.statuses))
    ] = None,
    quien: Annotated[str, typer.Option("--quien", help="Quién lo acepta.")] = "",
    espacio: Espacio = None,
) -> None:
    """Acepta la sugerencia de un aviso y la aplica.

    Ejemplo: acuerdos avisos apply 3f2a90c1d2e4 --quien Ana
    """
    from nlp_acuerdos.pipeline.ajustes import apply as run
    from nlp_acuerdos.pipeline.reparaciones import accounts

    with open_workspace(espacio) as workspace:
        count = run(workspace, ids, quien, entidad, estatus)
        lines = accounts(workspace, ids)
    tell(f"aceptados {len(ids)} avisos, {count} campos cambiados; «acuerdos avisos undo ID» lo deshace", *lines)


@avisos_app.command("undo")
def undo(
    ids: Ids,
    quien: Annotated[str, typer.Option("--quien", help="Quién lo deshace.")] = "",
    espacio: Espacio = None,
) -> None:
    """Deshace lo aplicado de un aviso, o lo que se reparó al leer: vuelve lo que se leyó. «apply» lo hace de nuevo.

    Ejemplo: acuerdos avisos undo 3f2a90c1d2e4
    """
    from nlp_acuerdos.pipeline.ajustes import undo as run
    from nlp_acuerdos.pipeline.reparaciones import accounts

    with open_workspace(espacio) as workspace:
        count = run(workspace, ids, quien)
        lines = accounts(workspace, ids)
    tell(f"deshechos {count} avisos", *lines)
