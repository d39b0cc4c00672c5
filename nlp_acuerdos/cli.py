"""The command `acuerdos`: each command opens, calls one function and formats. Data to stdout, messages to stderr."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_acuerdos.config import resolve
from nlp_acuerdos.errors import AcuerdosError, EntradaInvalida
from nlp_acuerdos.options import (
    Actividad,
    Actor,
    Clave,
    Desde,
    Entidad,
    Espacio,
    Estatus,
    FechaDoc,
    Fuentes,
    Hasta,
    Modelo,
    Proceso,
    read_filters,
)  # fmt: skip
from nlp_acuerdos.terminal import (
    one_of,
    open_input,
    out,
    read_day,
    say,
    say_assumed,
    show_progress,
    use_utf8,
    write_csv,
    write_json,
    write_table,
)  # fmt: skip

if TYPE_CHECKING:
    from nlp_acuerdos.workspace import Workspace

app = typer.Typer(
    name="acuerdos",
    help="Lee, etiqueta, compara y busca acuerdos breves en español.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "--ayuda", "-h"]},
)
audit_app = typer.Typer(help="Relaciones entre acuerdos: copias, avances, series y redacciones parecidas.")
app.add_typer(audit_app, name="audit", invoke_without_command=True)


def main() -> None:
    """Run the command line; the one place where an error a user can mend becomes exit code 1."""
    try:
        app()
    except AcuerdosError as error:
        say(f"error: {error}")
        raise SystemExit(1) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        say("interrumpido: lo terminado quedó guardado; repita la orden para completar")
        raise SystemExit(1) from None


@app.callback()
def _root() -> None:
    use_utf8()


@app.command()
def build(
    fuentes: Fuentes, espacio: Espacio = None, modelo: Modelo = None, documento: Clave = None, proceso: Proceso = None,
    fecha_documento: FechaDoc = None,
) -> None:  # fmt: skip
    """Lee documentos y deja listo el espacio: etiquetas, relaciones e índice."""
    from nlp_acuerdos.pipeline import build as run
    from nlp_acuerdos.pipeline import read_sources

    settings = resolve(espacio, modelo)
    readings = read_sources(
        fuentes, documento=documento, proceso=proceso, fecha_documento=read_day(fecha_documento, "--fecha-documento")
    )
    with show_progress() as progress:
        done = run(settings, readings, progress=progress)
    say_assumed(done.ingesta.supuestos)
    refused = [f"rechazada: {r.origen}: {r.motivo}" for r in done.ingesta.rechazadas]
    say(*done.mensajes, *refused)
    read_in = done.ingesta
    out(f"leídas {read_in.leidas} filas: {read_in.agregadas} acuerdos nuevos, {read_in.repetidas} ya estaban, "
         f"{len(read_in.rechazadas)} rechazadas, {len(read_in.avisos)} avisos")  # fmt: skip
    out(f"espacio «{settings.espacio}»: {done.total} acuerdos; etiquetados {done.etiquetadas}, con vector nuevo "
         f"{done.vectorizadas}, relaciones {done.relaciones}; captura {done.captura}")  # fmt: skip


@app.command()
def ingest(
    fuentes: Fuentes, espacio: Espacio = None, documento: Clave = None, proceso: Proceso = None,
    fecha_documento: FechaDoc = None,
    formato: Annotated[str, typer.Option("--formato", help="tabla o json.")] = "tabla",
) -> None:  # fmt: skip
    """Solo lee y guarda documentos, y dice qué se ve mal en ellos."""
    from nlp_acuerdos import pipeline
    from nlp_acuerdos.workspace import Workspace

    one_of(formato, ("tabla", "json"))
    readings = pipeline.read_sources(
        fuentes, documento=documento, proceso=proceso, fecha_documento=read_day(fecha_documento, "--fecha-documento")
    )
    with Workspace.open(resolve(espacio).espacio, create=True) as workspace:
        done = pipeline.ingest(workspace, readings)
    say_assumed(done.supuestos)
    if formato == "json":
        data = asdict(done)
        data.pop("supuestos")
        return write_json(data)
    out(f"leídas {done.leidas} filas: {done.agregadas} acuerdos nuevos, {done.repetidas} ya estaban, "
         f"{len(done.rechazadas)} rechazadas")  # fmt: skip
    write_table(
        ("aviso", "id", "detalle", "sugerencia"), [(a.tipo, a.id, a.detalle, a.sugerencia) for a in done.avisos]
    )


@app.command()
def tag(
    archivo: Annotated[str | None, typer.Argument(help="JSONL con la clave acuerdo, o - para la entrada.")] = None,
    espacio: Espacio = None, proceso: Proceso = None, fecha_documento: FechaDoc = None,
) -> None:  # fmt: skip
    """Etiqueta un JSONL sin espacio de trabajo; sin archivo, etiqueta de nuevo el espacio."""
    anchor_day = read_day(fecha_documento, "--fecha-documento")
    if archivo is None:
        from nlp_acuerdos.pipeline import tag_pending
        from nlp_acuerdos.workspace import Workspace

        with Workspace.open(resolve(espacio).espacio) as workspace:
            out(f"etiquetados de nuevo {tag_pending(workspace)} acuerdos")
        return
    from nlp_acuerdos.tagging.stream import tag_lines

    with open_input(archivo) as lines:
        for record in tag_lines(lines, proceso=proceso, fecha_documento=anchor_day, nombre=archivo):
            write_json(record, indent=None)


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
    formato: Annotated[str, typer.Option("--formato", help="tabla o json.")] = "tabla",
    espacio: Espacio = None,
) -> None:
    """Muestra un acuerdo con sus etiquetas, evidencia, origen, cita y relaciones."""
    from nlp_acuerdos.pipeline import describe

    one_of(formato, ("tabla", "json"))
    with _open(espacio) as workspace:
        record = describe(workspace, id_)
    if formato == "json":
        return write_json(record)
    for key in ("id", "entidad", "acuerdo", "estatus", "cita"):
        out(f"{key}: {record[key] if record[key] is not None else 'sin estatus'}")
    for key in ("actores", "responsables", "actividades"):
        out(f"{key}: {', '.join(record[key]) or '—'}")
    out("fechas: " + ("; ".join(f"{f['texto']} = {f['valor']}" for f in record["fechas"]) or "—"))
    write_table(("conjunto", "etiqueta", "regla", "texto"),
           [(e["conjunto"], e["etiqueta"], e["regla"], e["texto"]) for e in record["evidencia"]])  # fmt: skip
    return write_table(("relación", "con", "similitud"),
                  [(r["relacion"], r["con"], r["similitud"]) for r in record["relaciones"]])  # fmt: skip


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
    from nlp_acuerdos.pipeline import audit_record

    one_of(formato, ("tabla", "json", "csv"))
    with _open(espacio) as workspace:
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
    a: Annotated[str, typer.Argument(metavar="A")], b: Annotated[str, typer.Argument(metavar="B")],
    relacion: Annotated[str, typer.Option("--relacion")], quien: Annotated[str, typer.Option("--quien")] = "",
    espacio: Espacio = None,
) -> None:  # fmt: skip
    """Guarda la decisión de una persona sobre un par; las construcciones siguientes la respetan."""
    from nlp_acuerdos.pipeline import decide

    with _open(espacio) as workspace:
        decide(workspace, a, b, relacion, quien)
    out(f"decidido: {a} y {b} son «{relacion}»")


@audit_app.command("undo")
def audit_undo(
    a: Annotated[str, typer.Argument(metavar="A")], b: Annotated[str, typer.Argument(metavar="B")], espacio: Espacio = None
) -> None:  # fmt: skip
    """Retira una decisión."""
    from nlp_acuerdos.pipeline import undo_decision

    with _open(espacio) as workspace:
        undo_decision(workspace, a, b)
    out(f"sin decisión: {a} y {b}")


@app.command()
def avisos(
    formato: Annotated[str, typer.Option("--formato", help="tabla o json.")] = "tabla", espacio: Espacio = None
) -> None:
    """Lista lo que se ve mal en los documentos, con una sugerencia."""
    one_of(formato, ("tabla", "json"))
    with _open(espacio) as workspace:
        found = workspace.avisos()
    if formato == "json":
        return write_json([asdict(a) for a in found])
    return write_table(
        ("aviso", "id", "detalle", "sugerencia"), [(a.tipo, a.id, a.detalle, a.sugerencia) for a in found]
    )


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
    with _open(espacio) as workspace:
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
    with _open(espacio) as workspace:
        count = run(workspace, salida, filters.accepts)
    out(f"exportados {count} acuerdos a {salida}")


@app.command()
def remove(documento: Annotated[str, typer.Argument(help="Clave del documento.")], espacio: Espacio = None) -> None:
    """Quita un documento y sus acuerdos del espacio."""
    from nlp_acuerdos.pipeline import remove as run

    with _open(espacio) as workspace:
        count = run(workspace, documento)
    out(f"quitado «{documento}» con {count} acuerdos")


@app.command()
def status(
    formato: Annotated[str, typer.Option("--formato", help="tabla o json.")] = "tabla",
    espacio: Espacio = None, modelo: Modelo = None,
) -> None:  # fmt: skip
    """Dice qué hay en el espacio, versiones y qué está por actualizar."""
    from nlp_acuerdos.pipeline import state

    one_of(formato, ("tabla", "json"))
    settings = resolve(espacio, modelo)
    with _open(espacio) as workspace:
        record = state(workspace, settings)
    if formato == "json":
        return write_json(record)
    for key, value in record.items():
        out(f"{key}: {value if not isinstance(value, list) else ', '.join(map(str, value)) or '—'}")


@app.command("eval")
def eval_(
    parte: Annotated[str, typer.Option("--parte", help="desarrollo o prueba.")] = "prueba",
    oro: Annotated[Path, typer.Option("--oro", help="Carpeta del oro.")] = Path("data/gold"),
    confusiones: Annotated[bool, typer.Option("--confusiones", help="Lista lo confundido (solo desarrollo).")] = False,
    formato: Annotated[str, typer.Option("--formato", help="tabla o json.")] = "tabla",
) -> None:
    """Mide las etiquetas contra el oro: precisión, exhaustividad, F1, n e intervalo de 95 %."""
    from nlp_acuerdos.evaluate import as_rows, confusions, evaluate, load_gold
    from nlp_acuerdos.tagging import tag as tag_text

    one_of(formato, ("tabla", "json"))
    if confusiones and parte == "prueba":
        raise EntradaInvalida("--confusiones no lee la parte de prueba: esa parte no se mira; use --parte desarrollo")
    cases = load_gold(oro, parte)
    measured = evaluate(cases, tag_text)
    if formato == "json":
        return write_json(
            {"parte": parte, "acuerdos": len(cases), **{k: [asdict(m) for m in v] for k, v in measured.items()}}
        )
    out(f"parte {parte}: {len(cases)} acuerdos")
    write_table(("conjunto", "etiqueta", "n", "precisión", "exhaust.", "F1", "95 %"), as_rows(measured))
    if confusiones:
        write_table(("id", "conjunto", "sobra", "falta", "texto"), list(confusions(cases, tag_text)))


def _open(espacio: Path | None) -> Workspace:
    from nlp_acuerdos.workspace import Workspace

    return Workspace.open(resolve(espacio).espacio)


if __name__ == "__main__":
    main()
