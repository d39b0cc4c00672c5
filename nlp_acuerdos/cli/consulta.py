"""Find, show, report and export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.options import (
    Actividad,
    Actor,
    Desde,
    Entidad,
    Espacio,
    Estatus,
    Hasta,
    Modelo,
    read_filters,
)  # fmt: skip
from nlp_acuerdos.cli.terminal import one_of, out, say, write_csv, write_json, write_table
from nlp_acuerdos.config import resolve


@app.command()
def search(
    consulta: Annotated[str, typer.Argument(help="Qué se busca, en español.")],
    k: Annotated[int, typer.Option("-k", min=1, help="Cuántos resultados.")] = 10,
    entidad: Entidad = [], estatus: Estatus = [], actor: Actor = [], actividad: Actividad = [],  # noqa: B006
    desde: Desde = None, hasta: Hasta = None,
    modo: Annotated[str, typer.Option("--modo", help="hibrida, semantica o lexica.")] = "hibrida",
    formato: Annotated[str, typer.Option("--formato", help="tabla, json o csv.")] = "tabla",
    espacio: Espacio = None, modelo: Modelo = None,
) -> None:  # fmt: skip
    """Busca por significado, palabra y etiqueta. Ejemplo: acuerdos search "custodia de boletas"."""
    from nlp_acuerdos.pipeline import open_searcher

    one_of(formato, ("tabla", "json", "csv"))
    filters = read_filters(entidad, estatus, actor, actividad, desde, hasta)
    opened = open_searcher(resolve(espacio, modelo))
    say(*opened.mensajes)
    with opened.workspace:
        found = opened.searcher.search(consulta, k, filters, modo=modo)
    if formato == "json":
        return write_json(found.as_dict())
    if found.sin_coincidencias:
        say("sin coincidencias: lo que sigue es solo lo más cercano")
    rows = [
        (h.acuerdo.id, f"{h.puntaje:.3f}", h.acuerdo.entidad, h.acuerdo.acuerdo, h.acuerdo.estatus or "", h.motivo)
        for h in found.hits
    ]
    header = ("id", "puntaje", "entidad", "acuerdo", "estatus", "motivo")
    if formato == "csv":
        return write_csv(header, rows)
    write_table(header, rows)
    say(f"{found.coincidencias} coincidencias entre {found.total} acuerdos")


@app.command()
def similar(
    id_: Annotated[str, typer.Argument(metavar="ID")],
    k: Annotated[int, typer.Option("-k", min=1)] = 10,
    formato: Annotated[str, typer.Option("--formato", help="tabla o json.")] = "tabla",
    espacio: Espacio = None, modelo: Modelo = None,
) -> None:  # fmt: skip
    """Muestra los acuerdos más parecidos a uno."""
    from nlp_acuerdos.pipeline import neighbours

    one_of(formato, ("tabla", "json"))
    near = neighbours(resolve(espacio, modelo), id_, k)
    if formato == "json":
        return write_json(
            [
                {"id": a.id, "similitud": round(s, 4), "entidad": a.entidad, "acuerdo": a.acuerdo, "estatus": a.estatus}
                for a, s in near
            ]
        )
    rows = [(a.id, f"{s:.3f}", a.entidad, a.acuerdo, a.estatus or "") for a, s in near]
    return write_table(("id", "similitud", "entidad", "acuerdo", "estatus"), rows)


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID")],
    formato: Annotated[str, typer.Option("--formato", help="tabla, json o html.")] = "tabla",
    espacio: Espacio = None,
) -> None:
    """Muestra un acuerdo con sus etiquetas, evidencia, origen, cita y relaciones."""
    from nlp_acuerdos.pipeline import current_tags
    from nlp_acuerdos.pipeline.registros import describe

    one_of(formato, ("tabla", "json", "html"))
    with open_workspace(espacio) as workspace:
        record = describe(workspace, id_)
        tags = current_tags(workspace)[id_] if formato == "html" else None
    if formato == "json":
        return write_json(record)
    if tags is not None:
        from nlp_acuerdos.report.etiquetado import render_page

        return out(render_page(record, tags))
    for key in ("id", "entidad", "acuerdo", "estatus", "cita"):
        out(f"{key}: {record[key] if record[key] is not None else 'sin estatus'}")
    for key in ("actores", "responsables", "actividades"):
        out(f"{key}: {', '.join(record[key]) or '—'}")
    out("fechas: " + ("; ".join(f"{f['texto']} = {f['valor']}" for f in record["fechas"]) or "—"))
    for c in record["correcciones"]:
        out(
            f"corrección: {'+' if c['presente'] else '-'}{c['codigo']} ({c['conjunto']}), {c['quien'] or 'sin nombre'}, {c['cuando']}"
        )
    write_table(("conjunto", "etiqueta", "regla", "texto"),
           [(e["conjunto"], e["etiqueta"], e["regla"], e["texto"]) for e in record["evidencia"]])  # fmt: skip
    return write_table(("relación", "con", "similitud"),
                  [(r["relacion"], r["con"], r["similitud"]) for r in record["relaciones"]])  # fmt: skip


@app.command()
def report(
    salida: Annotated[Path, typer.Option("-o", "--salida", help="Archivo .html o .md.")],
    por: Annotated[str, typer.Option("--por", help="actividad, actor, responsable, entidad, estatus o mes.")] = "actividad",
    entidad: Entidad = [], estatus: Estatus = [], actor: Actor = [], actividad: Actividad = [],  # noqa: B006
    desde: Desde = None, hasta: Hasta = None, espacio: Espacio = None,
) -> None:  # fmt: skip
    """Escribe el informe temático; el formato va en el sufijo."""
    from nlp_acuerdos.report import summarise, write

    filters = read_filters(entidad, estatus, actor, actividad, desde, hasta)
    named = {"entidad": entidad, "estatus": estatus, "actor": actor, "actividad": actividad}
    shown = {k: ", ".join(v) for k, v in named.items() if v} | {
        k: v for k, v in (("desde", desde), ("hasta", hasta)) if v
    }
    with open_workspace(espacio) as workspace:
        write(summarise(workspace, por=por, acepta=filters.accepts, filtros=shown), salida)
    out(f"informe escrito en {salida}")


@app.command()
def export(
    salida: Annotated[Path, typer.Option("-o", "--salida", help="Archivo .jsonl o .csv.")],
    entidad: Entidad = [], estatus: Estatus = [], actor: Actor = [], actividad: Actividad = [],  # noqa: B006
    desde: Desde = None, hasta: Hasta = None, espacio: Espacio = None,
) -> None:  # fmt: skip
    """Exporta acuerdos y etiquetas; el formato va en el sufijo."""
    from nlp_acuerdos.report.export import export as run

    filters = read_filters(entidad, estatus, actor, actividad, desde, hasta)
    with open_workspace(espacio) as workspace:
        count = run(workspace, salida, filters.accepts)
    out(f"exportados {count} acuerdos a {salida}")
