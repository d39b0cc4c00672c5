"""The application: routers, errors as one line, static files, the guard in front."""

from __future__ import annotations

import logging
from importlib.metadata import version
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from nlp_acuerdos.config import Settings
from nlp_acuerdos.errors import AcuerdosError, EspacioInvalido, NoEncontrado
from nlp_acuerdos.pipeline.bitacora import Progress, silent
from nlp_acuerdos.web import api, auditoria, paginas
from nlp_acuerdos.web.lector import Lector
from nlp_acuerdos.web.respuestas import refuse
from nlp_acuerdos.web.seguridad import Guardia, Puerta, enter, read_form
from nlp_acuerdos.web.turnos import Turnos

_LINES = {
    404: "esta dirección no existe; vuelva a la búsqueda",
    405: "esta dirección no acepta ese método",
    500: "el servidor no pudo contestar; el detalle quedó en su terminal",
}

_INVALID = {
    "greater_than_equal": "debe ser {ge} o más", "less_than_equal": "debe ser {le} o menos", "missing": "falta",
    "int_parsing": "debe ser un número entero", "bool_parsing": "debe ser true o false", "string_type": "debe ser texto",
    "string_too_long": "pasa de {max_length} letras", "extra_forbidden": "no se conoce", "json_invalid": "no es JSON",
}  # fmt: skip


def make_app(settings: Settings, guardia: Guardia | None = None, progress: Progress = silent) -> FastAPI:
    """Return the ASGI application over a workspace, opened here; `guardia` says who may enter (default: loopback)."""
    app = FastAPI(
        title="acuerdos", version=version("nlp-acuerdos"), docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json", description="Busca, muestra y audita acuerdos; los mismos registros que la línea de órdenes.",
    )  # fmt: skip
    app.state.lector, app.state.turnos, app.state.guardia = Lector(settings, progress), Turnos(), guardia or Guardia()
    for router in (paginas.router, auditoria.router, api.router):
        app.include_router(router)
    app.post("/entrar", include_in_schema=False)(_enter)
    app.mount("/estatico", StaticFiles(directory=str(files("nlp_acuerdos.web").joinpath("static"))), "estatico")
    _answer_errors(app)
    app.add_middleware(Puerta, guardia=app.state.guardia)
    return app


async def _enter(request: Request) -> Response:
    """Take the token of the form and give its cookie."""
    form = await read_form(request)
    if not request.app.state.guardia.knows(form.get("token", "")):
        return refuse(request, 401, "esa no es la clave; revísela con quien abrió «acuerdos serve»")
    return enter(request, request.app.state.guardia, "/")


def _answer_errors(app: FastAPI) -> None:
    async def mendable(request: Request, error: Exception) -> Response:
        status = 404 if isinstance(error, NoEncontrado) else 503 if isinstance(error, EspacioInvalido) else 400
        return refuse(request, status, str(error))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        default = _LINES.get(error.status_code)
        return refuse(request, error.status_code, default or str(error.detail))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or "el envío"
        reason = _INVALID.get(first["type"], "no es válido").format(**first.get("ctx", {}))
        return refuse(request, 400, f"«{place}» {reason}; la forma de cada pedido está en /api/openapi.json")

    async def broken(request: Request, error: Exception) -> Response:
        logging.getLogger("acuerdos.web").error("%s %s", request.method, request.url.path, exc_info=error)
        return refuse(request, 500, _LINES[500])

    app.add_exception_handler(AcuerdosError, mendable)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, broken)
