"""How much the command says: --callado only results, warnings and errors; --detalle each stage as it ends, too."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from typer.core import TyperOption


@dataclass
class Voz:
    """What was asked for on this command line."""

    callado: bool = False
    detalle: bool = False


VOZ = Voz()
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
    return value


@contextmanager
def one_run() -> Iterator[None]:
    """Start a command line with the usual voice, and leave no listener behind."""
    VOZ.callado = VOZ.detalle = False
    handler, log = _Escucha(), logging.getLogger("acuerdos.etapas")
    level = log.level
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


class _Escucha(logging.Handler):
    """Writes what the stages log to the present stderr, when it was asked for."""

    def emit(self, record: logging.LogRecord) -> None:
        if VOZ.detalle:
            sys.stderr.write(record.getMessage() + "\n")
