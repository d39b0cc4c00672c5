"""The JSON API: the records of the command line, documented at /api/openapi.json."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from nlp_acuerdos.pipeline.registros import describe, neighbour_record, state
from nlp_acuerdos.web import esquemas
from nlp_acuerdos.web.auditoria import read_sieve, sifted, store
from nlp_acuerdos.web.lector import Vista
from nlp_acuerdos.web.paginas import find, reading
from nlp_acuerdos.web.pedido import PAGINA_MAX, read_request
from nlp_acuerdos.web.respuestas import refuse

K_MAX, PARES_MAX = 100, 5000
_ERRORS: dict[int | str, dict[str, Any]] = {400: {"model": esquemas.Error}, 404: {"model": esquemas.Error}}
router = APIRouter(prefix="/api", responses=_ERRORS)
Consulta = Annotated[str, Query(max_length=2000, description="Qué se busca; vacía, todos en el orden del documento.")]
Repetido = Annotated[list[str], Query(description="Se repite; valores de un mismo filtro son alternativas.")]
Dia = Annotated[str | None, Query(description="AAAA-MM-DD, inclusive.")]
Pagina = Annotated[int, Query(ge=1, le=PAGINA_MAX)]


@router.get("/salud", responses={200: {"model": esquemas.Salud}})
async def salud() -> Response:
    """Contesta en cuanto el servidor vive, aunque haya búsquedas en espera."""
    return JSONResponse({"estado": "bien"})


@router.get("/buscar", responses={200: {"model": esquemas.Busqueda}})
async def buscar(
    request: Request, q: Consulta = "", k: Annotated[int, Query(ge=1, le=K_MAX)] = 10, pagina: Pagina = 1,
    entidad: Repetido = [], estatus: Repetido = [], actor: Repetido = [], actividad: Repetido = [],  # noqa: B006
    desde: Dia = None, hasta: Dia = None, modo: str = "hibrida",
) -> Response:  # fmt: skip
    """Busca como «acuerdos search --formato json»."""
    return await reading(request, lambda view, r: JSONResponse(find(view, read_request(r.query_params), k).as_dict()))


@router.get("/acuerdo/{id_}", responses={200: {"model": esquemas.Ficha}})
async def acuerdo(request: Request, id_: str) -> Response:
    """Da un acuerdo como «acuerdos show --formato json»."""
    return await reading(request, lambda view, _: JSONResponse(describe(view.workspace, id_)))


@router.get("/similares/{id_}", responses={200: {"model": list[esquemas.Vecino]}})
async def similares(request: Request, id_: str, k: Annotated[int, Query(ge=1, le=K_MAX)] = 10) -> Response:
    """Da los acuerdos más parecidos a uno, como «acuerdos similar --formato json»."""
    return await reading(
        request, lambda view, _: JSONResponse([neighbour_record(a, s) for a, s in view.searcher.similar(id_, k)])
    )


@router.get("/auditoria", responses={200: {"model": esquemas.Auditoria}})
async def auditoria(
    request: Request, relacion: str = "", entidad: str = "", entre_entidades: bool = False, ver: str = "pares",
    k: Annotated[int, Query(ge=1, le=PARES_MAX, description="Pares por página; el total va en X-Total.")] = 1000,
    pagina: Pagina = 1,
) -> Response:  # fmt: skip
    """Da relaciones y grupos como «acuerdos audit --formato json»."""
    return await reading(request, lambda view, r: _audit(view, r, k, entre_entidades))


def _audit(view: Vista, request: Request, k: int, across: bool) -> Response:
    criba = read_sieve(request.query_params)
    found = sifted(view, criba)
    start = (criba.pagina - 1) * k
    record = view.audit(across) | {"relaciones": found[start : start + k]}
    return JSONResponse(record, headers={"x-total": str(len(found))})


@router.get("/estado", responses={200: {"model": esquemas.Estado}})
async def estado(request: Request) -> Response:
    """Dice qué hay en el espacio, como «acuerdos status --formato json»."""
    settings = request.app.state.lector.settings
    return await reading(request, lambda view, _: JSONResponse(state(view.workspace, settings)), largo=True)


class Decision(BaseModel):
    """La decisión de una persona sobre un par; sin relación, se retira la que haya."""

    model_config = ConfigDict(extra="forbid")
    a: str = Field(max_length=64)
    b: str = Field(max_length=64)
    relacion: str | None = Field(
        description="exacto, cambio_estatus, contenido, plantilla, casi, ninguna, o null", max_length=32
    )
    quien: str = Field("", max_length=120)


@router.post(
    "/decidir",
    responses={200: {"model": esquemas.Decidido}, 403: {"model": esquemas.Error}, 415: {"model": esquemas.Error}},
)
async def decidir(request: Request, decision: Decision) -> Response:
    """Guarda o retira una decisión, como «acuerdos audit decide» y «undo»; solo application/json del mismo sitio."""
    if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != "application/json":
        return refuse(request, 415, "mande la decisión como application/json")
    d = decision
    await request.app.state.turnos.run(
        store, request.app.state.lector, d.a, d.b, d.relacion, d.quien.strip(), largo=True
    )
    return JSONResponse({"a": d.a, "b": d.b, "relacion": d.relacion, "quien": d.quien.strip()})
