"""What a person decides: relations of pairs, corrections of tags."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.options import Espacio
from nlp_acuerdos.cli.terminal import one_of, out, say, write_csv, write_json, write_table

audit_app = typer.Typer(help="Relaciones entre acuerdos: copias, avances, series y redacciones parecidas.")
app.add_typer(audit_app, name="audit", invoke_without_command=True)


@audit_app.callback()
def audit(
    contexto: typer.Context,
    formato: Annotated[str, typer.Option("--formato", help="tabla, json o csv.")] = "tabla",
    entre_entidades: Annotated[bool, typer.Option("--entre-entidades", help="También pares de entidades distintas.")] = False,
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Lista las relaciones entre acuerdos y sus grupos."""
    if contexto.invoked_subcommand:
        return None
    from nlp_acuerdos.pipeline.registros import audit_record

    one_of(formato, ("tabla", "json", "csv"))
    with open_workspace(espacio) as workspace:
        record = audit_record(workspace, entre_entidades=entre_entidades)
    if formato == "json":
        return write_json(record)
    header: tuple[str, ...] = ("relacion", "a", "b", "texto_a", "texto_b")
    if formato == "csv":
        header = (*header, "entidad_a", "entidad_b", "estatus_a", "estatus_b", "similitud")
    rows = [tuple(r[key] for key in header) for r in record["relaciones"]]
    if formato == "csv":
        return write_csv(header, rows)
    write_table(header, rows)
    return say(
        f"{len(rows)} relaciones, {len(record['grupos'])} grupos; decida con «acuerdos audit decide A B --relacion R»"
    )


@audit_app.command("decide")
def audit_decide(
    a: Annotated[str, typer.Argument(metavar="A", help="Id de un acuerdo del par.")], b: Annotated[str, typer.Argument(metavar="B", help="Id del otro.")],
    relacion: Annotated[str, typer.Option("--relacion", help="exacto, cambio_estatus, contenido, plantilla, casi o ninguna.")], quien: Annotated[str, typer.Option("--quien", help="Quién decide.")] = "",
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Guarda la decisión de una persona sobre un par; las construcciones siguientes la respetan."""
    from nlp_acuerdos.pipeline.decisiones import decide

    with open_workspace(espacio) as workspace:
        decide(workspace, a, b, relacion, quien)
    out(f"decidido: {a} y {b} son «{relacion}»")


@audit_app.command("undo")
def audit_undo(
    a: Annotated[str, typer.Argument(metavar="A", help="Id de un acuerdo del par.")], b: Annotated[str, typer.Argument(metavar="B", help="Id del otro.")], espacio: Espacio = None
) -> None:  # fmt: skip
    """Retira una decisión."""
    from nlp_acuerdos.pipeline.decisiones import undo_decision

    with open_workspace(espacio) as workspace:
        undo_decision(workspace, a, b)
    out(f"sin decisión: {a} y {b}")


@app.command()
def fix(
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="Sin ID, lista las correcciones.", show_default=False)] = None,
    actor: Annotated[list[str], typer.Option("--actor", help="+GN o -GN; se repite.")] = [],  # noqa: B006
    responsable: Annotated[list[str], typer.Option("--responsable", help="+GN o -GN; se repite.")] = [],  # noqa: B006
    actividad: Annotated[list[str], typer.Option("--actividad", help="+custodia o -riesgo; se repite.")] = [],  # noqa: B006
    quien: Annotated[str, typer.Option("--quien", help="Quién corrige.")] = "",
    deshacer: Annotated[bool, typer.Option("--deshacer", help="Retira las correcciones, todas o las nombradas.")] = False,
    formato: Annotated[str, typer.Option("--formato", help="tabla o json.")] = "tabla",
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Corrige las etiquetas de un acuerdo. Ejemplo: acuerdos fix ID --actor +GN --actividad -riesgo --quien Ana."""
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
            return write_table(("id", "conjunto", "cambio", "quién", "cuándo"), rows)
        if deshacer:
            return out(f"retiradas {undo_fix(workspace, id_, changes)} correcciones de {id_}")
        tags = run(workspace, id_, changes, quien)
    if formato == "json":
        return write_json({"id": id_, **tags.as_dict()})
    named, acting, done = (", ".join(x) or "—" for x in (tags.actores, tags.responsables, tags.actividades))
    return out(f"{id_}: actores {named}; responsables {acting}; actividades {done}")
