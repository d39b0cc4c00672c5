"""How much the command says: --callado only results, warnings and errors; --detalle each stage as it ends, too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import click
from typer.core import TyperOption


@dataclass
class Voz:
    """What was asked for on this command line."""

    callado: bool = False
    detalle: bool = False
    escuchas: list[Any] = field(default_factory=list)


VOZ = Voz()
ETAPAS = "acuerdos.etapas"  # where the pipeline logs its stages
_HELP = {
    "callado": "Solo resultados, avisos y errores.",
    "detalle": "Además, cada etapa con sus segundos.",
}
_NAMES = {"callado": ["-q", "--callado", "--quiet"], "detalle": ["-v", "--detalle", "--verbose"]}


def add_options(command: click.Command) -> None:
    """Let a command and those under it take --callado and --detalle, before or after the command's name."""
    command.params += [
        TyperOption(
            param_decls=[f"voz_{name}", *names], is_flag=True, expose_value=False, help=_HELP[name], callback=_note
        )
        for name, names in _NAMES.items()
    ]
    for child in command.commands.values() if isinstance(command, click.Group) else ():
        add_options(child)


def _note(context: click.Context, param: click.Parameter, value: bool) -> bool:
    if value and not context.resilient_parsing:
        setattr(VOZ, (param.name or "").removeprefix("voz_"), True)
        if VOZ.callado and VOZ.detalle:
            raise click.UsageError("--callado y --detalle se contradicen; use solo una", context)
        if VOZ.detalle:
            _listen()
    return value


def _listen() -> None:
    """Write to stderr what the stages log."""
    import logging

    class Escucha(logging.Handler):
        """Writes to the stderr of the moment: a bar on the terminal puts its own in place."""

        def emit(self, record: logging.LogRecord) -> None:
            sys.stderr.write(record.getMessage() + "\n")

    if not VOZ.escuchas:
        VOZ.escuchas.append(Escucha())
        logging.getLogger(ETAPAS).addHandler(VOZ.escuchas[0])
        logging.getLogger(ETAPAS).setLevel(logging.INFO)


@contextmanager
def one_run() -> Iterator[None]:
    """Start a command line with the usual voice, and leave no listener behind."""
    VOZ.callado = VOZ.detalle = False
    try:
        yield
    finally:
        if VOZ.escuchas:
            import logging

            logging.getLogger(ETAPAS).removeHandler(VOZ.escuchas.pop())
            logging.getLogger(ETAPAS).setLevel(logging.NOTSET)
