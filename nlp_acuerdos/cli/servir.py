"""Serve the web page."""

from __future__ import annotations

import os
import socket
import sys
from typing import Annotated

import typer

from nlp_acuerdos.cli.app import app
from nlp_acuerdos.cli.options import Espacio, Modelo
from nlp_acuerdos.cli.terminal import out, say, show_progress
from nlp_acuerdos.config import resolve
from nlp_acuerdos.errors import EntradaInvalida

# One thread a search: several answer at once, and the barriers of two engines do not spin against each other (a query
# of 20 ms took 400 in a busy machine). Read when the libraries load, so before anything that imports them.
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="Dirección; fuera de esta máquina pide --token.")] = "127.0.0.1",
    puerto: Annotated[int, typer.Option("--puerto", min=0, max=65535, help="Puerto; 0 toma uno libre.")] = 8765,
    token: Annotated[str | None, typer.Option("--token", envvar="ACUERDOS_TOKEN", help="Clave para entrar; en una máquina compartida, mejor por ACUERDOS_TOKEN.", show_default=False)] = None,
    nombre: Annotated[list[str], typer.Option("--nombre", help="Otro nombre de servidor por el que se entra; se repite.")] = [],  # noqa: B006
    espacio: Espacio = None, modelo: Modelo = None,
) -> None:  # fmt: skip
    """Abre la página web local.

    Ejemplo: acuerdos serve --puerto 8765
    """
    for name, value in _THREADS.items():
        os.environ.setdefault(name, value)
    import uvicorn

    from nlp_acuerdos.web import Guardia, make_app

    guard = Guardia.of(host, token, nombre)
    listener = _listen(host, puerto)
    with listener:
        with show_progress() as progress:
            page = make_app(resolve(espacio, modelo), guard, progress)
        say(*page.state.lector.mensajes)
        shown = f"[{host}]" if ":" in host else host
        out(f"acuerdos en http://{shown}:{listener.getsockname()[1]}/ (Ctrl+C para cerrar)")
        sys.stdout.flush()
        page.state.lector.warm()
        config = uvicorn.Config(
            page, log_level="warning", access_log=False, server_header=False, ws="none", lifespan="off"
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises EntradaInvalida when the address or port cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, proto)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(1024)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EntradaInvalida(f"no puedo abrir {host}:{port} ({reason}); use otro --puerto o --host") from error
    return made
