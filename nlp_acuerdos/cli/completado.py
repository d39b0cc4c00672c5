"""Completion of option values by the shell, and its installation told in Spanish."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import click

from nlp_acuerdos.errors import EntradaInvalida

CONSOLAS = ("bash", "zsh", "fish", "powershell", "pwsh")
Completador = Callable[[str], list[str]]
_VARIABLE = "_ACUERDOS_COMPLETE"
_SPECIAL = " \"'\\()"


def one_of_these(*values: str) -> Completador:
    """Return what completes the values of a closed set."""
    return lambda incomplete: [value for value in values if value.startswith(incomplete)]


def exact(values: Callable[[], Iterable[str]]) -> Completador:
    """Return what completes values that are read as they are written."""
    return lambda incomplete: [value for value in values() if value.startswith(incomplete)]


def folded(values: Callable[[], Iterable[str]]) -> Completador:
    """Return what completes values that are read with case and accents folded, as far as they were typed."""

    def complete(incomplete: str) -> list[str]:
        from nlp_acuerdos.text import fold

        begun, size = fold(incomplete), len(incomplete)
        exact = [value for value in values() if value.startswith(incomplete)]
        return exact or [incomplete + value[size:] for value in values() if fold(value[:size]) == begun]

    return complete


def entities() -> list[str]:
    """Return the names of the states."""
    from nlp_acuerdos.catalogues import load

    return list(load("entidades")["entidades"])


def statuses() -> list[str]:
    """Return the statuses, and the word for having none."""
    from nlp_acuerdos.records import ESTATUS

    return [*ESTATUS, "sin_estatus"]


def actors() -> list[str]:
    """Return the codes of the actors."""
    from nlp_acuerdos.records import ACTORES

    return list(ACTORES)


def activities() -> list[str]:
    """Return the codes of the activities."""
    from nlp_acuerdos.records import ACTIVIDADES

    return list(ACTIVIDADES)


def signed(codes: Callable[[], Iterable[str]]) -> Completador:
    """Return what completes +CODE and -CODE."""
    return folded(lambda: [f"{sign}{code}" for sign in "+-" for code in codes()])


def processes() -> list[str]:
    """Return the names of the electoral processes."""
    from nlp_acuerdos.catalogues import load

    return list(load("procesos")["procesos"])


def relations() -> list[str]:
    """Return the relations."""
    from nlp_acuerdos.records import RELACIONES

    return list(RELACIONES)


def warnings() -> list[str]:
    """Return the kinds of warning."""
    from nlp_acuerdos.records import AVISOS

    return list(AVISOS)


def thresholds() -> list[str]:
    """Return the thresholds that can be moved, ready for their value."""
    from nlp_acuerdos.config import Umbrales

    return [f"{name}=" for name in Umbrales.movable()]


def prepare(command: click.Command) -> None:
    """Tell the installation in Spanish; while the shell asks, give bash values it can put on the line as they are."""
    for param in command.params:
        if param.name == "install_completion":
            param.callback = _install
        elif param.name == "show_completion":
            param.callback = _show
    if for_bash():
        _quote_for_bash()


def for_bash() -> bool:
    """Tell whether bash is asking for completions, which show no help: a line of nothing is not a question for it."""
    return os.environ.get(_VARIABLE, "").endswith("_bash")


def _quote_for_bash() -> None:
    from click.shell_completion import CompletionItem, add_completion_class, get_completion_class

    base: Any = get_completion_class("bash")

    class Bash(base):  # type: ignore[misc]
        """Bash splits words at "=", and puts on the line what it is given, unquoted."""

        def get_completion_args(self) -> tuple[list[str], str]:
            args, incomplete = super().get_completion_args()
            return [word for word in args if word != "="], "" if incomplete == "=" else incomplete

        def format_completion(self, item: CompletionItem) -> str:
            last = os.environ.get("COMP_WORDS", "").rsplit("\n", 1)[-1]
            value = str(item.value)
            return value if _open_quote(last) else "".join("\\" + c if c in _SPECIAL else c for c in value)

    add_completion_class(Bash, "bash")


def _open_quote(line: str) -> bool:
    """Tell whether a line ends inside quotes: bash closes them itself."""
    inside = ""
    for letter in line.replace("\\\\", "").replace("\\'", "").replace('\\"', ""):
        if letter == inside:
            inside = ""
        elif not inside and letter in "\"'":
            inside = letter
    return bool(inside)


def _shell() -> str:
    """Return the shell this runs in. Raises EntradaInvalida for one that has no completion here."""
    from typer import completion

    detector: Any = getattr(completion, "shellingham", None)
    try:
        name = str(detector.detect_shell()[0])
    except Exception:  # it is not there, or finds no shell above this process
        name = Path(os.environ.get("SHELL", "")).name
    if name not in CONSOLAS:
        raise EntradaInvalida(f"no hay completado para la consola «{name or '?'}»; úselo en {', '.join(CONSOLAS)}")
    return name


def _show(context: click.Context, param: click.Parameter, value: bool) -> bool:
    if value and not context.resilient_parsing:
        from typer.completion import show_callback

        show_callback(context, param, _shell())
    return value


def _install(context: click.Context, param: click.Parameter, value: bool) -> bool:
    if value and not context.resilient_parsing:
        from typer.completion import install_callback

        shell = _shell()
        try:
            with redirect_stdout(StringIO()):  # it says so in English
                install_callback(context, param, shell)
        except SystemExit as done:
            if done.code:
                raise
        except OSError as error:
            raise EntradaInvalida(
                f"no puedo escribir la configuración de {shell} ({error}); revise permisos"
            ) from error
        click.echo(f"completado instalado para {shell}; abra otra terminal para usarlo")
        context.exit()
    return value
