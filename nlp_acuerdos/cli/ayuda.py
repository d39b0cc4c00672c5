"""Help and usage errors in Spanish: Typer and Click have no catalogue of it, so their few words are said here."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import wraps
from inspect import unwrap
from typing import Any

import click

AYUDA = ("--help", "--ayuda", "-h")
_METAVARS = {"INTEGER RANGE": "ENTERO", "INTEGER": "ENTERO", "PATH": "RUTA", "FLOAT": "NÚMERO"}
_PARAMS = {
    "install_completion": "Instala el completado de órdenes en la consola que usa.",
    "show_completion": "Muestra el completado de órdenes, para copiarlo.",
}


def asked(arguments: Sequence[str]) -> bool:
    """Tell whether a command line asks for help."""
    return not arguments or any(word in AYUDA for word in arguments)


def translate(command: click.Command) -> None:
    """Say in Spanish the titles, types and options that Typer and Click write in help pages."""
    from typer import rich_utils

    words = {
        "ARGUMENTS_PANEL_TITLE": "Argumentos", "OPTIONS_PANEL_TITLE": "Opciones", "COMMANDS_PANEL_TITLE": "Órdenes",
        "ERRORS_PANEL_TITLE": "Error", "DEFAULT_STRING": "[si falta: {}]", "REQUIRED_LONG_STRING": "[obligatorio]",
    }  # fmt: skip
    for name, text in words.items():
        setattr(rich_utils, name, text)
    if os.environ.get("NO_COLOR"):
        rich_utils.COLOR_SYSTEM = None  # neither bold nor dim: no escapes at all
    click.STRING.name = "texto"
    _wrap(click.HelpFormatter, "write_usage", _usage)
    _wrap(click.Parameter, "make_metavar", _metavar)
    _wrap(click.Command, "get_help_option", _help_option)
    for each in _every(command):
        each.options_metavar = "[OPCIONES]"
        if isinstance(each, click.Group):
            each.subcommand_metavar = "ORDEN [ARGUMENTOS]…"
        _tell_arguments(each)
        for param in each.params:
            if isinstance(param, click.Option) and param.name in _PARAMS:
                param.help = _PARAMS[param.name]


def _tell_arguments(command: click.Command) -> None:
    """Give arguments the help they were declared with, which Typer 0.20 loses under Click 8.3."""
    from typer.utils import get_params_from_function

    declared = get_params_from_function(unwrap(command.callback)) if command.callback else {}
    for param in command.params:
        if isinstance(param, click.Argument) and param.name in declared:
            param.help = getattr(declared[param.name].default, "help", None)


def _every(command: click.Command) -> list[click.Command]:
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return [command, *(c for child in inner for c in _every(child))]


def _wrap(owner: type, name: str, around: Any) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def said(self: Any, *args: Any, **kwargs: Any) -> Any:
        return around(original, self, *args, **kwargs)

    setattr(owner, name, said)


def _usage(original: Any, formatter: Any, prog: str, args: str = "", prefix: str | None = None) -> None:
    original(formatter, prog, args, prefix or "Uso: ")


def _metavar(original: Any, param: Any, *args: Any, **kwargs: Any) -> str:
    found = str(original(param, *args, **kwargs))
    return next((found.replace(name, word) for name, word in _METAVARS.items() if name in found), found)


def _help_option(original: Any, command: Any, ctx: Any) -> Any:
    option = original(command, ctx)
    if option is not None:
        option.help = "Muestra esta ayuda y termina."
    return option


def explain(error: click.UsageError) -> str:
    """Return one Spanish line for a command line that cannot be parsed."""
    place = error.ctx.command_path if error.ctx else "acuerdos"
    return f"error: {_reason(error)}; vea «{place} --ayuda»"


def _reason(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f"; ¿quiso decir {' o '.join(error.possibilities)}?" if error.possibilities else ""
        return f"no existe la opción «{error.option_name}»{near}"
    if isinstance(error, click.MissingParameter):
        return f"falta {_name(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"la opción «{error.option_name}» necesita un valor"
    if isinstance(error, click.BadParameter):
        own = error.param is None  # raised by a command, in Spanish already
        return error.message if own else f"valor inválido para {_name(error)}: se espera {_expected(error)}"
    if "No such command" in error.message:
        word = error.message.split("'")[1] if "'" in error.message else ""
        near = error.message.partition("Did you mean ")[2].rstrip("?").replace("'", "")
        return f"no existe la orden «{word}»" + (f"; ¿quiso decir {near}?" if near else "")
    if error.message == "Missing command.":
        return "falta la orden"
    if "unexpected extra argument" in error.message:
        return f"sobran argumentos: {error.message.partition('(')[2].rpartition(')')[0]}"
    return error.message


def _name(error: click.BadParameter) -> str:
    param = error.param
    if isinstance(param, click.Option):
        return f"la opción {' / '.join(param.opts)}"
    return f"el argumento {param.make_metavar(ctx=error.ctx) if param and error.ctx else ''}".strip()


def _expected(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.IntRange):
        low = f" desde {kind.min}" if kind.min is not None else ""
        high = f" hasta {kind.max}" if kind.max is not None else ""
        return f"un número entero{low}{high}"
    return "un número entero" if isinstance(kind, click.types.IntParamType) else error.message
