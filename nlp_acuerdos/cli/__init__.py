"""The command `acuerdos`: each command opens, calls one function and formats. Data to stdout, messages to stderr."""

from __future__ import annotations

import os
import sys

from nlp_acuerdos.cli import consulta, decision, informe, lectura, medida
from nlp_acuerdos.cli.app import app
from nlp_acuerdos.cli.terminal import say
from nlp_acuerdos.errors import AcuerdosError

__all__ = ["app", "consulta", "decision", "informe", "lectura", "main", "medida"]


def main() -> None:
    """Run the command line; the one place where an error a user can mend becomes exit code 1."""
    try:
        app()
    except AcuerdosError as error:
        say(f"error: {error}")
        raise SystemExit(1) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        say("interrumpido: lo terminado quedó guardado; repita la orden para completar")
        raise SystemExit(1) from None
