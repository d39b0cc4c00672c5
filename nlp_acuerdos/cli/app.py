"""The Typer application that the modules of this package hang their commands on, and what they all need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nlp_acuerdos.cli.terminal import say_detail, use_utf8
from nlp_acuerdos.config import Settings, resolve

if TYPE_CHECKING:
    from nlp_acuerdos.workspace import Workspace

app = typer.Typer(
    name="acuerdos",
    help="Lee, etiqueta, compara y busca acuerdos breves en español.\n\nEjemplo: acuerdos build actas",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "--ayuda", "-h"]},
)


@app.callback()
def _root() -> None:
    use_utf8()


@contextmanager
def known_workspace(settings: Settings) -> Iterator[Workspace | None]:
    """Give the workspace when there is one already: what was read before need not be read again."""
    from nlp_acuerdos.workspace import ARCHIVO, Workspace

    if not (settings.espacio / ARCHIVO).is_file():
        yield None
        return
    with Workspace.open(settings.espacio) as workspace:
        yield workspace


def open_workspace(espacio: Path | None) -> Workspace:
    """Open the workspace the option, the environment or the default names."""
    from nlp_acuerdos.workspace import Workspace

    workspace = Workspace.open(resolve(espacio).espacio)
    say_detail(f"espacio: «{workspace.folder}», acuerdos {workspace.count()}")
    return workspace
