"""Measure the tags against gold, and train the classifier."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.completado import one_of_these
from nlp_acuerdos.cli.options import Espacio, TablaJson
from nlp_acuerdos.cli.tablas import write_rows
from nlp_acuerdos.cli.terminal import note, one_of, out, show_progress, tell, write_json
from nlp_acuerdos.errors import EntradaInvalida

Oro = Annotated[Path, typer.Option("--oro", help="Carpeta del oro.")]


@app.command("eval")
def eval_(
    parte: Annotated[str, typer.Option("--parte", help="desarrollo, entrenamiento o prueba.", autocompletion=one_of_these("desarrollo", "entrenamiento", "prueba"))] = "prueba",
    oro: Oro = Path("data/gold"),
    solo_reglas: Annotated[bool, typer.Option("--solo-reglas", help="Sin el clasificador.")] = False,
    confusiones: Annotated[bool, typer.Option("--confusiones", help="Lista lo confundido (no en prueba).")] = False,
    formato: TablaJson = "tabla",
) -> None:  # fmt: skip
    """Mide las etiquetas contra el oro: precisión, exhaustividad, F1, n e intervalo de 95 %.

    Ejemplo: acuerdos eval --parte desarrollo --confusiones
    """
    from nlp_acuerdos.evaluate import as_rows, confusions, evaluate, load_gold
    from nlp_acuerdos.pipeline.bitacora import stage
    from nlp_acuerdos.pipeline.medida import rules_beside, tagger

    one_of(formato, ("tabla", "json"))
    if confusiones and parte == "prueba":
        raise EntradaInvalida("--confusiones no lee la parte de prueba: esa parte no se mira; use --parte desarrollo")
    cases, tag = load_gold(oro, parte), tagger(solo_reglas)
    with show_progress() as progress, stage("medida") as told:
        measured = evaluate(cases, tag, partial(progress, "medida"))
        told(f"acuerdos {len(cases)} de «{oro}»")
    if not solo_reglas:
        measured = rules_beside(cases, measured)
    if formato == "json":
        return write_json(
            {"parte": parte, "acuerdos": len(cases), **{k: [asdict(m) for m in v] for k, v in measured.items()}}
        )
    out(f"parte {parte}: {len(cases)} acuerdos")
    write_rows(("conjunto", "etiqueta", "n", "precisión", "exhaust.", "F1", "95 %"), as_rows(measured))
    if confusiones:
        write_rows(("id", "conjunto", "sobra", "falta", "texto"), list(confusions(cases, tag)))


@app.command()
def train(
    oro: Oro = Path("data/gold"),
    correcciones: Annotated[
        bool, typer.Option("--correcciones", help="Suma los acuerdos del espacio que una persona corrigió.")
    ] = False,
    busqueda: Annotated[
        bool, typer.Option("--busqueda", help="Entrena el modelo de búsqueda en vez del clasificador.")
    ] = False,
    salida: Annotated[
        Path | None, typer.Option("-o", "--salida", help="Carpeta del modelo; si falta, models/ o el espacio.")
    ] = None,
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Entrena el clasificador de actividades con el oro y, si se pide, con las correcciones del espacio.

    Ejemplo: acuerdos train --correcciones
    """
    from nlp_acuerdos.pipeline.medida import default_folder, train_classifier, train_head

    if busqueda:
        folder = salida or default_folder(oro, espacio, "busqueda")
        with show_progress() as progress:
            count = train_head(oro, folder, progress)
        tell(f"entrenado con {count} consultas: {folder}")
        return note(
            "la búsqueda lo usa desde la próxima vez que se abra el espacio; mídala con tests/benchmarks/busqueda.py"
        )
    workspace = open_workspace(espacio) if correcciones else None
    with show_progress() as progress:
        done = train_classifier(oro, salida or default_folder(oro, espacio), workspace, progress)
    if workspace is not None:
        workspace.close()
    checked = done.validacion
    tell(f"entrenado con {done.acuerdos} acuerdos ({done.corregidos} corregidos por personas): {done.carpeta}")
    tell(
        f"validación cruzada ({checked.n} acuerdos), F1 micro: reglas {checked.f1_reglas:.3f}, modelo {checked.f1_modelo:.3f}, "
        f"juntos {checked.f1_union:.3f} (C = {checked.c}; retira bajo {checked.umbrales.veto}, "
        f"agrega desde {checked.umbrales.suma})"
    )
    note("mida la parte de prueba con «acuerdos eval»; el espacio se etiqueta de nuevo con «acuerdos tag»")
