"""The command `acuerdos`: each command opens, calls one function and formats. Data to stdout, messages to stderr."""

from __future__ import annotations

import errno
import os
import sys
import time

import click
from typer.main import get_command

from nlp_acuerdos.cli import (
    avisos,
    ayuda,
    comparacion,
    completado,
    consulta,
    decision,
    informe,
    lectura,
    medida,
    servir,
)
from nlp_acuerdos.cli.app import app
from nlp_acuerdos.cli.terminal import say, say_detail
from nlp_acuerdos.cli.voz import VOZ, add_options, one_run
from nlp_acuerdos.errors import AcuerdosError

__all__ = ["app", "avisos", "comparacion", "consulta", "decision", "informe", "lectura", "main", "medida", "servir"]

INTERRUMPIDO = 130  # the exit code of a command stopped with Ctrl-C: 128 and the number of the signal
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; one that cannot be parsed is 2 and one Spanish line."""
    command = get_command(app)
    add_options(command)
    completado.prepare(command)
    if ayuda.asked(arguments) and not completado.for_bash():
        ayuda.translate(command)
    try:
        code = command.main(args=arguments, prog_name="acuerdos", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.UsageError as error:
        say(ayuda.explain(error))
        return 2
    except click.Abort:
        raise KeyboardInterrupt from None
    sys.stdout.flush()
    if code == INTERRUMPIDO:  # what typer makes of Ctrl-C
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _guarded(arguments: list[str]) -> int:
    """Run one command line; the one place where an error becomes one line and exit code 1."""
    try:
        return _run(arguments)
    except AcuerdosError as error:
        say(f"error: {error}")
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno not in _FULL:
            return _unexpected(error)
        _hush()
        say("error: no pude escribir la salida: el disco está lleno; libere espacio y repita la orden")
    except KeyboardInterrupt:
        say("interrumpido: lo terminado quedó guardado; repita la orden para completar")
    except Exception as error:
        return _unexpected(error)
    return 1


def _unexpected(error: Exception) -> int:
    if VOZ.detalle:
        import traceback

        traceback.print_exc()
    more = "repórtelo con lo de arriba" if VOZ.detalle else "repita con --detalle para ver dónde, y repórtelo"
    say(f"error inesperado: {type(error).__name__}: {error}; {more}")
    return 1


def main() -> None:
    """Run the command line of this process; whoever reads its output may stop reading at any time."""
    code = 1
    try:
        with one_run():
            start = time.perf_counter()
            code = _guarded(sys.argv[1:])
            say_detail(f"terminado: {time.perf_counter() - start:.2f} s")
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _hush()
        code = 1
    raise SystemExit(code)


def _hush() -> None:
    """Let what is still to be written go nowhere."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
