"""The command `acuerdos`: each command opens, calls one function and formats. Data to stdout, messages to stderr."""

from __future__ import annotations

import errno
import os
import sys

import click
from typer.main import get_command

from nlp_acuerdos.cli import avisos, ayuda, comparacion, consulta, decision, informe, lectura, medida, servir
from nlp_acuerdos.cli.app import app
from nlp_acuerdos.cli.terminal import say
from nlp_acuerdos.errors import AcuerdosError

__all__ = ["app", "avisos", "comparacion", "consulta", "decision", "informe", "lectura", "main", "medida", "servir"]

INTERRUMPIDO = 130  # the exit code of a command stopped with Ctrl-C: 128 and the number of the signal
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; one that cannot be parsed is 2 and one Spanish line."""
    command = get_command(app)
    if ayuda.asked(arguments):
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


def main() -> None:
    """Run the command line; the one place where an error a user can mend becomes exit code 1."""
    try:
        raise SystemExit(_run(sys.argv[1:]))
    except AcuerdosError as error:
        say(f"error: {error}")
        raise SystemExit(1) from None
    except BrokenPipeError:
        _close_output()
        raise SystemExit(1) from None
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _close_output()
        say("error: no pude escribir la salida: el disco está lleno; libere espacio y repita la orden")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        say("interrumpido: lo terminado quedó guardado; repita la orden para completar")
        raise SystemExit(INTERRUMPIDO) from None


def _close_output() -> None:
    """Send what is left of the output nowhere: Python writes it once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
