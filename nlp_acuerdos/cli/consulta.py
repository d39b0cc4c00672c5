"""Find and show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_acuerdos.cli.app import app, open_workspace
from nlp_acuerdos.cli.comparacion import write_history
from nlp_acuerdos.cli.completado import one_of_these
from nlp_acuerdos.cli.options import (
    Actividad,
    Actor,
    Desde,
    Entidad,
    Espacio,
    Estatus,
    Hasta,
    Modelo,
    TablaJson,
    read_filters,
)  # fmt: skip
from nlp_acuerdos.cli.tablas import write_rows
from nlp_acuerdos.cli.terminal import (
    note,
    one_of,
    open_input,
    out,
    say,
    show_progress,
    write_csv,
    write_json,
)
from nlp_acuerdos.config import resolve

if TYPE_CHECKING:
    from nlp_acuerdos.pipeline.busquedas import Guardada
    from nlp_acuerdos.search import Hit, Resultados


@app.command()
def search(
    consulta: Annotated[str | None, typer.Argument(help="Qué se busca, en español.", show_default=False)] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="Cuántos resultados.")] = 10,
    entidad: Entidad = [], estatus: Estatus = [], actor: Actor = [], actividad: Actividad = [],  # noqa: B006
    desde: Desde = None, hasta: Hasta = None,
    modo: Annotated[str, typer.Option("--modo", help="hibrida, semantica o lexica.", autocompletion=one_of_these("hibrida", "semantica", "lexica"))] = "hibrida",
    formato: Annotated[str, typer.Option("--formato", help="tabla, json o csv.", autocompletion=one_of_these("tabla", "json", "csv"))] = "tabla",
    facetas: Annotated[bool, typer.Option("--facetas", help="Cuenta las coincidencias por entidad, estatus y etiqueta.")] = False,
    archivo: Annotated[str | None, typer.Option("--archivo", help="Una consulta por línea, o - para la entrada.")] = None,
    guardar: Annotated[str | None, typer.Option("--guardar", help="Guarda la búsqueda con este nombre.")] = None,
    guardada: Annotated[str | None, typer.Option("--guardada", help="Repite una búsqueda guardada; lo nuevo va marcado.")] = None,
    guardadas: Annotated[bool, typer.Option("--guardadas", help="Lista las búsquedas guardadas y cuánto tienen de nuevo.")] = False,
    espacio: Espacio = None, modelo: Modelo = None,
) -> None:  # fmt: skip
    """Busca por significado, palabra y etiqueta.

    Ejemplo: acuerdos search "custodia de boletas" --entidad Guerrero

    Entre comillas, una frase exacta; +palabra debe estar, -palabra no debe: 'reunión -"mesa de trabajo"'.
    """
    from nlp_acuerdos.pipeline import busquedas, open_searcher
    from nlp_acuerdos.pipeline.bitacora import stage

    one_of(formato, ("tabla", "json", "csv"))
    asked = [consulta is not None, archivo is not None, guardada is not None, guardadas]
    if sum(asked) != 1:
        raise typer.BadParameter('falta la consulta, o hay de más; por ejemplo: acuerdos search "custodia de boletas"')
    given = {
        "entidad": entidad,
        "estatus": estatus,
        "actor": actor,
        "actividad": actividad,
        "desde": desde,
        "hasta": hasta,
    }
    filters = read_filters(entidad, estatus, actor, actividad, desde, hasta)
    with show_progress() as progress:
        opened = open_searcher(resolve(espacio, modelo), progress)
    say(*opened.mensajes)
    with opened.workspace:
        if guardadas:
            return _list_saved(busquedas.saved(opened), formato)
        new: frozenset[str] = frozenset()
        if guardada is not None:
            kept = busquedas.saved_search(opened, guardada)
            consulta, filters, new = kept.consulta, busquedas.as_filters(kept.filtros), kept.nuevas
            note(f"«{guardada}»: {kept.consulta}; {len(new)} nuevas desde {kept.cuando[:10]}")
        if archivo is not None:
            with open_input(archivo) as lines:
                asked_for = [line.decode("utf-8-sig", "replace").strip() for line in lines]
            return _batch((opened.searcher.search(q, k, filters, modo=modo) for q in asked_for if q), formato)
        counted = facetas or formato == "json"
        with stage("búsqueda") as told:
            found = opened.searcher.search(consulta or "", k, filters, modo=modo, facetas=counted)
            told(f"resultados {len(found.hits)}, acuerdos {found.total}")
        if guardar:
            note(f"guardada «{guardar}» con {busquedas.save(opened, guardar, consulta or '', given)} coincidencias")
    if formato == "json":
        return write_json(found.as_dict())
    if found.sugerencia:
        note(f"¿quiso decir «{found.sugerencia}»?")
    if found.sin_coincidencias:
        note("sin coincidencias: lo que sigue es solo lo más cercano")
    rows = [_row(h, "nuevo; " if h.acuerdo.id in new else "") for h in found.hits]
    if formato == "csv":
        return write_csv(_HEADER, rows)
    write_rows(_HEADER, rows)
    if facetas:
        for name, counts in found.facetas.items():
            write_rows((name, "acuerdos"), list(counts.items()))
    note(f"{found.coincidencias} coincidencias entre {found.total} acuerdos")


_HEADER = ("id", "puntaje", "entidad", "acuerdo", "estatus", "motivo")


def _row(h: Hit, mark: str = "") -> tuple[str, ...]:
    a = h.acuerdo
    return a.id, f"{h.puntaje:.3f}", a.entidad, a.acuerdo, a.estatus or "", mark + h.motivo


def _list_saved(found: list[Guardada], formato: str) -> None:
    if formato == "json":
        return write_json([asdict(g) | {"nuevas": sorted(g.nuevas)} for g in found])
    rows = [(g.nombre, g.consulta, g.coincidencias, len(g.nuevas), g.cuando[:10]) for g in found]
    return write_rows(("nombre", "consulta", "coincidencias", "nuevas", "guardada"), rows)


def _batch(results: Iterable[Resultados], formato: str) -> None:
    """Write one result a query: JSON lines, one CSV, or a table each."""
    if formato == "json":
        for found in results:
            write_json(found.as_dict(), indent=None)
    elif formato == "csv":
        write_csv(("consulta", *_HEADER), [(f.consulta, *_row(h)) for f in results for h in f.hits])
    else:
        for found in results:
            out(
                f"{found.consulta}: "
                + ("sin coincidencias" if found.sin_coincidencias else f"{found.coincidencias} coincidencias")
            )
            write_rows(_HEADER, [_row(h) for h in found.hits])


@app.command()
def similar(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id del acuerdo, de los que da «acuerdos search».")],
    k: Annotated[int, typer.Option("-k", min=1, help="Cuántos.")] = 10,
    formato: TablaJson = "tabla",
    espacio: Espacio = None, modelo: Modelo = None,
) -> None:  # fmt: skip
    """Muestra los acuerdos más parecidos a uno.

    Ejemplo: acuerdos similar 36fd0ba90567 -k 5
    """
    from nlp_acuerdos.pipeline import neighbours
    from nlp_acuerdos.pipeline.registros import neighbour_record

    one_of(formato, ("tabla", "json"))
    near = neighbours(resolve(espacio, modelo), id_, k)
    if formato == "json":
        return write_json([neighbour_record(a, s) for a, s in near])
    rows = [(a.id, f"{s:.3f}", a.entidad, a.acuerdo, a.estatus or "") for a, s in near]
    return write_rows(("id", "similitud", "entidad", "acuerdo", "estatus"), rows)


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id del acuerdo, de los que da «acuerdos search».")],
    formato: Annotated[
        str, typer.Option("--formato", help="tabla, json o html.", autocompletion=one_of_these("tabla", "json", "html"))
    ] = "tabla",
    espacio: Espacio = None,
) -> None:
    """Muestra un acuerdo con sus etiquetas, evidencia, origen, cita, relaciones e historia.

    Ejemplo: acuerdos show 36fd0ba90567
    """
    from nlp_acuerdos.pipeline.registros import describe, tags_of

    one_of(formato, ("tabla", "json", "html"))
    with open_workspace(espacio) as workspace:
        record = describe(workspace, id_)
        tags = tags_of(workspace, id_) if formato == "html" else None
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
    write_rows(("conjunto", "etiqueta", "regla", "texto"),
           [(e["conjunto"], e["etiqueta"], e["regla"], e["texto"]) for e in record["evidencia"]])  # fmt: skip
    write_rows(("relación", "con", "similitud"),
           [(r["relacion"], r["con"], r["similitud"]) for r in record["relaciones"]])  # fmt: skip
    if len(record["historia"]) > 1:
        write_history(record["historia"])
