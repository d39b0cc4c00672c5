"""What a person decides: relations of pairs, corrections of tags."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from nlp_acuerdos.cli import completado
from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.completado import exact, one_of_these, signed
from nlp_acuerdos.cli.options import Entidad, Espacio, Formato, Salida, TablaJson
from nlp_acuerdos.cli.tablas import write_rows
from nlp_acuerdos.cli.terminal import (
    as_json,
    deliver,
    format_of,
    note,
    one_of,
    show_progress,
    tell,
    write_json,
)  # fmt: skip

audit_app = typer.Typer()
app.add_typer(audit_app, name="audit", invoke_without_command=True)


FORMATOS = ("tabla", "json", "html", "xlsx", "csv")
_TABLA = ("relacion", "a", "b", "texto_a", "texto_b")


@audit_app.callback()
def audit(
    contexto: typer.Context,
    formato: Formato = None, salida: Salida = None,
    entre_entidades: Annotated[bool, typer.Option("--entre-entidades", help="También pares de entidades distintas.")] = False,
    relacion: Annotated[list[str], typer.Option("--relacion", help="Solo esta relación; se repite.", autocompletion=one_of_these("exacto", "cambio_estatus", "contenido", "plantilla", "casi"))] = [],  # noqa: B006
    entidad: Entidad = [],  # noqa: B006
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Lista las relaciones entre acuerdos (copias, avances, series, redacciones parecidas) y sus grupos.

    Ejemplo: acuerdos audit -o auditoria.html
    """
    if contexto.invoked_subcommand:
        return None
    from nlp_acuerdos.pipeline.auditoria import audit_record, audit_report
    from nlp_acuerdos.pipeline.bitacora import stage

    chosen = format_of(formato, salida, FORMATOS)
    with open_workspace(espacio) as workspace:
        with stage("relaciones") as told:
            record = audit_record(workspace, entre_entidades=entre_entidades, relaciones=relacion, entidades=entidad)
            told(f"leídas {len(record['relaciones'])}, grupos {len(record['grupos'])}")
        scope = _scope(entre_entidades, relacion, entidad)
        with show_progress() as progress, stage("marcas"):
            report = audit_report(workspace, record, scope, progress) if chosen in ("html", "xlsx") else {}
    if chosen == "tabla":
        rows = [tuple(r[key] for key in _TABLA) for r in record["relaciones"]]
        write_rows(_TABLA, rows)
        return note(
            f"{len(rows)} relaciones, {len(record['grupos'])} grupos; decida con «acuerdos audit decide A B --relacion R»"
        )
    return deliver(_audit_bytes(chosen, record, report), salida, f"{len(record['relaciones'])} relaciones")


def _scope(entre_entidades: bool, relacion: list[str], entidad: list[str]) -> list[str]:
    """Return what was asked for, as lines for the heading."""
    lines = ["Pares dentro de cada entidad y entre entidades." if entre_entidades else "Pares dentro de cada entidad."]
    lines += [f"Solo {', '.join(relacion)}."] if relacion else []
    return lines + ([f"Solo pares de {', '.join(entidad)}."] if entidad else [])


def _audit_bytes(formato: str, record: dict[str, Any], report: dict[str, Any]) -> bytes:
    from nlp_acuerdos.report.auditoria import audit_csv, audit_xlsx, render_audit

    if formato == "html":
        return render_audit(report).encode("utf-8", "replace")
    if formato == "xlsx":
        return audit_xlsx(report)
    return as_json(record) if formato == "json" else audit_csv(record)


@audit_app.command("decide")
def audit_decide(
    a: Annotated[str | None, typer.Argument(metavar="A", help="Id de un acuerdo del par.", show_default=False)] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="Id del otro.", show_default=False)] = None,
    relacion: Annotated[str | None, typer.Option("--relacion", help="exacto, cambio_estatus, contenido, plantilla, casi o ninguna.", autocompletion=exact(completado.relations))] = None,
    quien: Annotated[str, typer.Option("--quien", help="Quién decide.")] = "",
    archivo: Annotated[Path | None, typer.Option("--archivo", help="El xlsx o csv de «acuerdos audit -o», con la columna decision llena.")] = None,
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Guarda la decisión de una persona sobre un par, o las de un archivo; las construcciones siguientes la respetan.

    Ejemplo: acuerdos audit decide 36fd0ba90567 9fd7d98240e8 --relacion casi
    """
    from nlp_acuerdos.pipeline.decisiones import decide, decide_file

    if (archivo is None) != bool(a and b and relacion) or (archivo and (a or b or relacion)):
        raise typer.BadParameter("dé A, B y --relacion, o solo --archivo con un xlsx o csv lleno")
    with open_workspace(espacio) as workspace:
        if archivo is not None:
            return tell(f"guardadas {decide_file(workspace, archivo, quien)} decisiones de «{archivo.name}»")
        decide(workspace, a or "", b or "", relacion or "", quien)
    return tell(f"decidido: {a} y {b} son «{relacion}»")


@audit_app.command("undo")
def audit_undo(
    a: Annotated[str, typer.Argument(metavar="A", help="Id de un acuerdo del par.")], b: Annotated[str, typer.Argument(metavar="B", help="Id del otro.")], espacio: Espacio = None
) -> None:  # fmt: skip
    """Retira una decisión.

    Ejemplo: acuerdos audit undo 36fd0ba90567 9fd7d98240e8
    """
    from nlp_acuerdos.pipeline.decisiones import undo_decision

    with open_workspace(espacio) as workspace:
        undo_decision(workspace, a, b)
    tell(f"sin decisión: {a} y {b}")


@audit_app.command("umbrales")
def audit_limits(
    valores: Annotated[list[str], typer.Argument(metavar="[NOMBRE=VALOR]…", help="Sin ninguno, lista los umbrales.", show_default=False, autocompletion=exact(completado.thresholds))] = [],  # noqa: B006
    restablecer: Annotated[bool, typer.Option("--restablecer", help="Vuelve antes a los valores por defecto.")] = False,
    formato: TablaJson = "tabla",
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Mueve los umbrales de las relaciones, sin buscar candidatos otra vez.

    Ejemplo: acuerdos audit umbrales cobertura_menor=0.6
    """
    from nlp_acuerdos.pipeline.relaciones import limits_record, move_limits

    one_of(formato, ("tabla", "json"))
    given = [v.partition("=") for v in valores]
    if not all(name and mark and value for name, mark, value in given):
        raise typer.BadParameter("dé cada umbral como NOMBRE=VALOR, por ejemplo cobertura_menor=0.6")
    with open_workspace(espacio) as workspace:
        if given or restablecer:
            values = {name: value for name, _, value in given}
            with show_progress() as progress:
                moved = move_limits(workspace, values, anew=restablecer, progress=progress)
            changes = ", ".join(f"{name} {n:+d}" for name, n in moved.items() if n)
            note(f"umbrales guardados; {changes or 'las relaciones son las mismas'}")
        rows = limits_record(workspace)
    if formato == "json":
        return write_json({"umbrales": rows})
    return write_rows(("umbral", "valor", "por_defecto", "que"), [tuple(map(str, r.values())) for r in rows])


@app.command()
def fix(
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="Sin ID, lista las correcciones.", show_default=False)] = None,
    actor: Annotated[list[str], typer.Option("--actor", help="+GN o -GN; se repite.", autocompletion=signed(completado.actors))] = [],  # noqa: B006
    responsable: Annotated[list[str], typer.Option("--responsable", help="+GN o -GN; se repite.", autocompletion=signed(completado.actors))] = [],  # noqa: B006
    actividad: Annotated[list[str], typer.Option("--actividad", help="+custodia o -riesgo; se repite.", autocompletion=signed(completado.activities))] = [],  # noqa: B006
    quien: Annotated[str, typer.Option("--quien", help="Quién corrige.")] = "",
    deshacer: Annotated[bool, typer.Option("--deshacer", help="Retira las correcciones, todas o las nombradas.")] = False,
    formato: TablaJson = "tabla",
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Corrige las etiquetas de un acuerdo.

    Ejemplo: acuerdos fix 36fd0ba90567 --actor +GN --actividad -riesgo
    """
    from nlp_acuerdos.pipeline.decisiones import fix as run
    from nlp_acuerdos.pipeline.decisiones import read_changes, undo_fix

    one_of(formato, ("tabla", "json"))
    changes = read_changes(actor, responsable, actividad)
    with open_workspace(espacio) as workspace:
        if id_ is None:
            listed = [c for cs in workspace.corrections().values() for c in cs]
            if formato == "json":
                return write_json([asdict(c) for c in listed])
            rows = [(c.id, c.conjunto, ("+" if c.presente else "-") + c.codigo, c.quien, c.cuando) for c in listed]
            return write_rows(("id", "conjunto", "cambio", "quién", "cuándo"), rows)
        if deshacer:
            return tell(f"retiradas {undo_fix(workspace, id_, changes)} correcciones de {id_}")
        tags = run(workspace, id_, changes, quien)
    if formato == "json":
        return write_json({"id": id_, **tags.as_dict()})
    named, acting, done = (", ".join(x) or "—" for x in (tags.actores, tags.responsables, tags.actividades))
    return tell(f"{id_}: actores {named}; responsables {acting}; actividades {done}")
