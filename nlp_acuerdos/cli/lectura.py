"""Read documents, tag them, and look after the workspace."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from nlp_acuerdos.cli.app import app, known_workspace, open_workspace
from nlp_acuerdos.cli.options import (
    Clave,
    Columnas,
    Espacio,
    FechaDoc,
    Fuentes,
    Modelo,
    Proceso,
    Procesos,
    TablaJson,
    Zip,
    read_columns,
)  # fmt: skip
from nlp_acuerdos.cli.tablas import write_rows
from nlp_acuerdos.cli.terminal import (
    note,
    one_of,
    open_input,
    out,
    read_day,
    say,
    say_assumed,
    say_detail,
    show_progress,
    tell,
    write_json,
)  # fmt: skip
from nlp_acuerdos.config import resolve

_LISTED = 500  # warnings that `ingest` shows in a table


@app.command()
def build(
    fuentes: Fuentes, espacio: Espacio = None, modelo: Modelo = None, documento: Clave = None, proceso: Proceso = None,
    fecha_documento: FechaDoc = None, columnas: Columnas = None, zip_: Zip = False, procesos: Procesos = 1,
) -> None:  # fmt: skip
    """Lee documentos y deja listo el espacio: etiquetas, relaciones e índice.

    Ejemplo: acuerdos build actas "informes/*.pdf"
    """
    from nlp_acuerdos.pipeline import build as run
    from nlp_acuerdos.pipeline import read_sources

    settings, day, mapping = (
        resolve(espacio, modelo),
        read_day(fecha_documento, "--fecha-documento"),
        read_columns(columnas),
    )
    with show_progress() as progress:
        with known_workspace(settings) as known:
            readings = read_sources(
                fuentes, documento=documento, proceso=proceso, fecha_documento=day, columnas=mapping, zips=zip_,
                procesos=procesos, progress=progress, workspace=known,
            )  # fmt: skip
        done = run(settings, readings, progress=progress)
    say_assumed(done.ingesta.supuestos)
    refused = [f"rechazada: {r.origen}: {r.motivo}" for r in done.ingesta.rechazadas]
    say(*done.mensajes, *refused)
    read_in = done.ingesta
    tell(f"leídas {read_in.leidas} filas: {read_in.agregadas} acuerdos nuevos, {read_in.repetidas} ya estaban, "
         f"{len(read_in.rechazadas)} rechazadas, {len(read_in.avisos)} avisos")  # fmt: skip
    tell(f"espacio «{settings.espacio}»: {done.total} acuerdos; etiquetados {done.etiquetadas}, con vector nuevo "
         f"{done.vectorizadas}, relaciones {done.relaciones}; captura {done.captura}")  # fmt: skip


@app.command()
def ingest(
    fuentes: Fuentes, espacio: Espacio = None, documento: Clave = None, proceso: Proceso = None,
    fecha_documento: FechaDoc = None, columnas: Columnas = None, zip_: Zip = False, procesos: Procesos = 1,
    formato: TablaJson = "tabla",
) -> None:  # fmt: skip
    """Solo lee y guarda documentos, y dice qué se ve mal en ellos.

    Ejemplo: acuerdos ingest acta.xlsx --proceso 2023-2024
    """
    from nlp_acuerdos import pipeline
    from nlp_acuerdos.pipeline.bitacora import stage
    from nlp_acuerdos.workspace import Workspace

    one_of(formato, ("tabla", "json"))
    day, mapping = read_day(fecha_documento, "--fecha-documento"), read_columns(columnas)
    settings = resolve(espacio)
    with show_progress() as progress, known_workspace(settings) as known:
        readings = pipeline.read_sources(
            fuentes, documento=documento, proceso=proceso, fecha_documento=day, columnas=mapping, zips=zip_,
            procesos=procesos, progress=progress, workspace=known,
        )  # fmt: skip
    with Workspace.open(settings.espacio, create=True) as workspace, stage("espacio") as told:
        done = pipeline.ingest(workspace, readings)
        told(f"«{settings.espacio}», acuerdos nuevos {done.agregadas}, ya estaban {done.repetidas}")
    say_assumed(done.supuestos)
    if formato == "json":
        return write_json(
            {
                "leidas": done.leidas, "agregadas": done.agregadas, "repetidas": done.repetidas,
                "rechazadas": [asdict(r) for r in done.rechazadas], "avisos": [a.as_dict() for a in done.avisos],
            }
        )  # fmt: skip
    tell(f"leídas {done.leidas} filas: {done.agregadas} acuerdos nuevos, {done.repetidas} ya estaban, "
         f"{len(done.rechazadas)} rechazadas")  # fmt: skip
    say(*(f"rechazada: {r.origen}: {r.motivo}" for r in done.rechazadas))
    shown = done.avisos[:_LISTED]
    write_rows(("aviso", "id", "detalle", "sugerencia"), [(a.tipo, a.id, a.detalle, a.sugerencia) for a in shown])
    if len(done.avisos) > len(shown):
        note(f"y {len(done.avisos) - len(shown)} avisos más; «acuerdos avisos» los lista todos")


@app.command()
def tag(
    archivo: Annotated[str | None, typer.Argument(help="JSONL con la clave acuerdo, o - para la entrada.")] = None,
    espacio: Espacio = None, proceso: Proceso = None, fecha_documento: FechaDoc = None,
    solo_reglas: Annotated[bool, typer.Option("--solo-reglas", help="Sin el clasificador: decenas de veces más rápido.")] = False,
    procesos: Annotated[int, typer.Option("-j", "--procesos", min=1, help="Cuántos procesos etiquetan.")] = 1,
) -> None:  # fmt: skip
    """Etiqueta un JSONL sin espacio de trabajo; sin archivo, etiqueta de nuevo el espacio.

    Ejemplo: acuerdos tag acuerdos.jsonl --solo-reglas
    """
    anchor_day = read_day(fecha_documento, "--fecha-documento")
    if archivo is None:
        from nlp_acuerdos.pipeline import tag_pending

        with open_workspace(espacio) as workspace, show_progress() as progress:
            tell(f"etiquetados de nuevo {tag_pending(workspace, progress)} acuerdos")
        return
    from nlp_acuerdos.tagging.stream import tag_lines

    with open_input(archivo) as lines:
        records = tag_lines(
            lines,
            proceso=proceso,
            fecha_documento=anchor_day,
            nombre=archivo,
            solo_reglas=solo_reglas,
            procesos=procesos,
        )
        count = 0
        for record in records:
            write_json(record, indent=None)
            count += 1
    say_detail(f"etiquetas: puestas a {count}, sin espacio de trabajo")


@app.command()
def remove(documento: Annotated[str, typer.Argument(help="Clave del documento.")], espacio: Espacio = None) -> None:
    """Quita un documento y sus acuerdos del espacio.

    Ejemplo: acuerdos remove acta_marzo
    """
    from nlp_acuerdos.pipeline import remove as run

    with open_workspace(espacio) as workspace:
        count = run(workspace, documento)
    tell(f"quitado «{documento}» con {count} acuerdos")


@app.command()
def status(
    formato: TablaJson = "tabla",
    espacio: Espacio = None, modelo: Modelo = None,
) -> None:  # fmt: skip
    """Dice qué hay en el espacio, versiones y qué está por actualizar.

    Ejemplo: acuerdos status --formato json
    """
    from nlp_acuerdos.pipeline.registros import state

    one_of(formato, ("tabla", "json"))
    settings = resolve(espacio, modelo)
    with open_workspace(espacio) as workspace:
        record = state(workspace, settings)
    if formato == "json":
        return write_json(record)
    for key, value in record.items():
        out(f"{key}: {value if not isinstance(value, list) else ', '.join(map(str, value)) or '—'}")
