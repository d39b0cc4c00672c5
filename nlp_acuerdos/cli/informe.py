"""Report and export: files that people send on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.completado import one_of_these
from nlp_acuerdos.cli.options import (
    Actividad,
    Actor,
    Desde,
    Entidad,
    Espacio,
    Estatus,
    Hasta,
    read_filters,
)  # fmt: skip
from nlp_acuerdos.cli.terminal import read_day, say, show_progress, tell


@app.command()
def report(
    salida: Annotated[Path, typer.Option("-o", "--salida", help="Archivo .html, .md, .docx, .xlsx, .csv, .json o .pdf.")],
    por: Annotated[str, typer.Option("--por", help="actividad, actor, responsable, entidad, estatus o mes.", autocompletion=one_of_these("actividad", "actor", "responsable", "entidad", "estatus", "mes"))] = "actividad",
    entidad: Entidad = [], estatus: Estatus = [], actor: Actor = [], actividad: Actividad = [],  # noqa: B006
    desde: Desde = None, hasta: Hasta = None,
    al: Annotated[str | None, typer.Option("--al", metavar="FECHA", help="Fecha de referencia de los vencidos, AAAA-MM-DD; si falta, la del documento.", show_default=False)] = None,
    comparar: Annotated[str | None, typer.Option("--comparar", metavar="ANTERIOR", help="Documento o número de captura: qué cambió desde entonces.", show_default=False)] = None,
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Escribe el informe temático; el formato va en el sufijo.

    Ejemplo: acuerdos report --al 2024-05-20 -o informe.docx

    Con --comparar DOCUMENTO, ese documento queda fuera de las demás cifras: es el antes.
    """
    from nlp_acuerdos.pipeline.bitacora import stage
    from nlp_acuerdos.report import summarise, write
    from nlp_acuerdos.report.render import check_suffix

    check_suffix(salida)
    day, filters = read_day(al, "--al"), read_filters(entidad, estatus, actor, actividad, desde, hasta)
    named = {"entidad": entidad, "estatus": estatus, "actor": actor, "actividad": actividad}
    dates = {"desde": [desde] if desde else [], "hasta": [hasta] if hasta else []}
    shown = {name: ", ".join(given) for name, given in {**named, **dates}.items() if given}
    with open_workspace(espacio) as workspace, show_progress() as progress:
        before = None
        if comparar is not None:
            from nlp_acuerdos.pipeline.informe import earlier

            before = earlier(workspace, comparar, filters.accepts)
        with stage("cuentas") as told:
            progress("informe", 0, 2)
            summary = summarise(workspace, por=por, acepta=filters.accepts, filtros=shown, al=day, anterior=before)
            progress("informe", 1, 2)
            told(f"acuerdos {summary.total}")
        with stage("escritura") as told:
            write(summary, salida)
            progress("informe", 2, 2)
            told(str(salida))
    if not summary.total:
        say("aviso: ningún acuerdo pasa los filtros; el informe lo dice y no da cifras")
    tell(f"informe escrito en {salida}")


@app.command()
def export(
    salida: Annotated[Path, typer.Option("-o", "--salida", help="Archivo .jsonl, .csv, .xlsx o .parquet.")],
    entidad: Entidad = [], estatus: Estatus = [], actor: Actor = [], actividad: Actividad = [],  # noqa: B006
    desde: Desde = None, hasta: Hasta = None, espacio: Espacio = None,
) -> None:  # fmt: skip
    """Exporta acuerdos y etiquetas; el formato va en el sufijo.

    Ejemplo: acuerdos export --actor GN -o acuerdos.xlsx
    """
    from nlp_acuerdos.pipeline.bitacora import stage
    from nlp_acuerdos.report.export import export as run
    from nlp_acuerdos.report.export import with_personal_data

    filters = read_filters(entidad, estatus, actor, actividad, desde, hasta)
    with open_workspace(espacio) as workspace:
        count, kinds = with_personal_data(workspace, filters.accepts)
        if count:
            verb = "acuerdo parece" if count == 1 else "acuerdos parecen"
            say(f"aviso: {count} {verb} llevar datos personales ({', '.join(kinds)}); revíselos con «acuerdos avisos»")
        with stage("escritura") as told:
            written = run(workspace, salida, filters.accepts)
            told(f"acuerdos {written}")
    tell(f"exportados {written} acuerdos a {salida}")
