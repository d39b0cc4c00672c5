"""Pages that only read: search, one agreement, the report and the export of what is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline.registros import describe, tags_of
from nlp_acuerdos.records import Acuerdo, Etiquetas
from nlp_acuerdos.report import summarise
from nlp_acuerdos.report.etiquetado import pieces, place
from nlp_acuerdos.report.export import FORMATOS, export
from nlp_acuerdos.report.render import render
from nlp_acuerdos.search import Resultados
from nlp_acuerdos.web.histograma import ALTO, ANCHO_BARRA, HUECO, PIE, bars
from nlp_acuerdos.web.lector import Lector, Vista
from nlp_acuerdos.web.pedido import CAMPOS, Pedido, read_request
from nlp_acuerdos.web.resaltado import highlight
from nlp_acuerdos.web.respuestas import page
from nlp_acuerdos.web.seguridad import policy_of

POR_PAGINA, DEBILES, FACETA_CORTA = 20, 5, 8
TIPOS_MIME = {
    ".csv": "text/csv; charset=utf-8", ".jsonl": "application/x-ndjson", ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
router = APIRouter(include_in_schema=False)


async def reading(request: Request, run: Callable[[Vista, Request], Response], *, largo: bool = False) -> Response:
    """Answer with a page that reads the present view, in its turn."""
    lector: Lector = request.app.state.lector
    answer: Response = await request.app.state.turnos.run(lector.ask, lambda view: run(view, request), largo=largo)
    return answer


@router.get("/")
async def search_page(request: Request) -> Response:
    """Show what a search finds, or every agreement in document order."""
    return await reading(request, _search)


@router.get("/acuerdo/{id_}")
async def agreement_page(request: Request, id_: str) -> Response:
    """Show one agreement."""
    return await reading(request, lambda view, _: _agreement(view, request, id_))


@router.get("/informe")
async def report_page(request: Request) -> Response:
    """Show or hand out the report of what is asked for."""
    return await reading(request, _report, largo=True)


@router.get("/exportar")
async def export_file(request: Request) -> Response:
    """Hand out the agreements asked for as a file."""
    return await reading(request, _export, largo=True)


def find(view: Vista, asked: Pedido, k: int, *, abiertas: bool = False) -> Resultados:
    """Return page `asked.pagina` of `k` results: of the search, or of all agreements when nothing is asked."""
    facets: Any = "abiertas" if abiertas else True
    skip = (asked.pagina - 1) * k
    if not asked.q:
        return view.searcher.browse(view.orden, k, asked.filtros, facetas=facets, salto=skip)
    return view.searcher.search(asked.q, k, asked.filtros, modo=asked.modo, facetas=facets, salto=skip)


def _search(view: Vista, request: Request) -> Response:
    asked = read_request(request.query_params)
    found = find(view, asked, POR_PAGINA, abiertas=True)
    hits = found.hits[:DEBILES] if found.sin_coincidencias and asked.q else found.hits
    seen = (asked.pagina - 1) * POR_PAGINA + len(hits)
    more = not found.sin_coincidencias and len(hits) == POR_PAGINA and seen < found.total
    return page(
        request, "buscar.html.j2", pedido=asked, hallado=found, desde=seen - len(hits) + 1, hasta=seen, hay_mas=more,
        tarjetas=[(hit, *highlight(hit)) for hit in hits], facetas=_facets(asked, found.facetas),
        barras=bars(found.facetas.get("mes", {})), dibujo=(ALTO, ANCHO_BARRA, HUECO, PIE), formatos=FORMATOS,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Faceta:
    """A filter's values with their counts, and the URL that puts each in or takes it out.

    Those in force come first and are always there; then the first few, and the rest.
    """

    campo: str
    activas: tuple[tuple[str, int, str], ...]
    primeras: tuple[tuple[str, int, str], ...]
    resto: tuple[tuple[str, int, str], ...]


def _facets(asked: Pedido, counted: Mapping[str, Mapping[str, int]]) -> list[Faceta]:
    found = []
    for name in CAMPOS:
        counts, chosen = counted.get(name, {}), getattr(asked.filtros, name)
        more = asked.turn(1).url() + ("&" if asked.q or asked.activos or asked.modo != "hibrida" else "?")
        others = tuple((v, n, f"{more}{name}={quote(v)}") for v, n in counts.items() if v not in chosen)
        cut = len(others) if len(others) <= FACETA_CORTA + 2 else FACETA_CORTA
        found.append(
            Faceta(
                name,
                tuple((v, counts.get(v, 0), asked.toggled(name, v).url()) for v in chosen),
                others[:cut],
                others[cut:],
            )
        )
    return found


def _agreement(view: Vista, request: Request, id_: str) -> Response:
    record = describe(view.workspace, id_)
    tags = tags_of(view.workspace, id_)
    marks, aside = place(record["acuerdo"], tags)
    groups = view.workspace.groups(id_)
    near = view.searcher.similar(id_, 6)
    named = {r["con"] for r in record["relaciones"]} | {m.id for g in groups for m in g.miembros}
    return page(
        request, "acuerdo.html.j2", r=record, trozos=list(pieces(record["acuerdo"], marks)), aparte=aside,
        grupos=groups, cerca=near, otros=view.workspace.agreements_of(named),
    )  # fmt: skip


def accepted(view: Vista, asked: Pedido) -> Callable[[Acuerdo, Etiquetas], bool]:
    """Return what tells the agreements asked for: those of the filters, and with a query only its coincidences."""
    if not asked.q:
        return asked.filtros.accepts
    ids = view.searcher.matching(asked.q, asked.filtros)
    return lambda a, _: a.id in ids


def _report(view: Vista, request: Request) -> Response:
    asked, params = read_request(request.query_params), request.query_params
    wanted = "." + (params.get("formato") or "html")
    if wanted not in (".html", ".md"):
        raise EntradaInvalida(f"formato de informe desconocido: «{wanted[1:]}»; use html o md")
    summary = summarise(
        view.workspace, por=params.get("por") or "actividad", acepta=accepted(view, asked), filtros=asked.shown()
    )
    content = render(summary, wanted)
    if wanted == ".md":
        return _download(content.encode(), "informe.md", "text/markdown; charset=utf-8")
    return HTMLResponse(content, headers={"content-security-policy": policy_of(content)})


def _export(view: Vista, request: Request) -> Response:
    asked = read_request(request.query_params)
    suffix = "." + (request.query_params.get("formato") or "csv")
    if suffix not in FORMATOS:
        known = ", ".join(f[1:] for f in FORMATOS)
        raise EntradaInvalida(f"formato de exportación desconocido: «{suffix[1:]}»; use {known}")
    with tempfile.TemporaryDirectory(prefix="acuerdos-") as folder:
        target = Path(folder) / f"acuerdos{suffix}"
        export(view.workspace, target, accepted(view, asked))
        return _download(target.read_bytes(), target.name, TIPOS_MIME.get(suffix, "application/octet-stream"))


def _download(content: bytes, name: str, kind: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
