"""Pages and errors as answers: html for people, JSON under /api."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from nlp_acuerdos.report.render import NOMBRES, RELACIONES, legible

TITULOS = {
    400: "No pude leer lo pedido", 401: "Hace falta la clave", 403: "No permitido", 404: "No está aquí",
    405: "No se puede así", 413: "Es demasiado grande", 414: "Dirección demasiado larga", 415: "Formato no aceptado",
    500: "Algo falló", 503: "Ahora no se puede",
}  # fmt: skip
MOTORES = {
    "semantica": "significado", "lexica": "palabras", "tesauro": "tesauro", "etiquetas": "etiquetas", "lugar": "lugar",
    "fechas": "fechas",
}  # fmt: skip
TIPOS = {
    "fecha": "fecha", "numero": "número", "distrito": "distrito", "lugar": "lugar", "institucion": "institución",
    "palabras": "palabras", "estatus": "estatus", "contenido": "contenido",
}  # fmt: skip
CAMPOS = {
    "entidad": "Entidad",
    "estatus": "Estatus",
    "actor": "Institución",
    "actividad": "Actividad",
    "fechas": "Fechas",
}


def label(valor: str) -> str:
    """Return a filter's value as people read it."""
    return "Sin estatus" if valor == "sin_estatus" else legible(valor)


def thousands(n: int) -> str:
    """Return a count with its thousands apart."""
    return f"{n:,}".replace(",", "\u202f")


@cache
def environment() -> Environment:
    """Return the templates of this room; everything they are given is escaped."""
    made = Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    made.filters |= {"rotulo": label, "miles": thousands}
    made.globals |= {
        "huella": _static_mark(),
        "motores": MOTORES,
        "tipos": TIPOS,
        "campos": CAMPOS,
        "nombres": NOMBRES,
        "relaciones": RELACIONES,
    }
    return made


def _static_mark() -> str:
    """Return what changes whenever a static file does: browsers keep them for good."""
    place = files("nlp_acuerdos.web").joinpath("static")
    content = b"".join(f.read_bytes() for f in sorted(place.iterdir(), key=lambda f: f.name) if f.is_file())
    return hashlib.sha256(content).hexdigest()[:8]


def _template(name: str) -> str:
    return files("nlp_acuerdos.web").joinpath("templates", name).read_text(encoding="utf-8")


def page(request: Request, plantilla: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Return a rendered page."""
    template = environment().get_template(plantilla)
    return HTMLResponse(template.render(ruta=request.url.path, **values), status)


def refuse(request: Request, status: int, line: str) -> Response:
    """Return an error as one line: JSON under /api, a page elsewhere."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": line}, status)
    return page(request, "error.html.j2", status, estado=status, titulo=TITULOS.get(status, "Error"), linea=line)
