import re
import subprocess
import sys

import pytest
from typer.main import get_command

from nlp_acuerdos.cli import app, ayuda

ENGLISH = re.compile(
    r"Usage|Options|Commands|Arguments|Show this|default:|required|No such|Invalid|Missing|\bTEXT\b|\bPATH\b"
)


def run(*args):
    done = subprocess.run(
        [sys.executable, "-m", "nlp_acuerdos.cli", *args], capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def commands(command, before=()):
    yield before, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*before, name))


@pytest.mark.parametrize("path", [path for path, _ in commands(get_command(app))], ids=" ".join)
def test_help_is_spanish(path):
    code, out, err = run(*path, "--ayuda")
    assert (code, err) == (0, "") and not ENGLISH.search(out)


def test_every_argument_and_option_says_what_it_is():
    command = get_command(app)
    ayuda.translate(command)
    silent = [(path, p.name) for path, each in commands(command) for p in each.params if not p.help]
    assert silent == []


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["nadar"], "no existe la orden «nadar»"),
        (["-q"], "falta la orden"),
        (["serch", "x"], "no existe la orden «serch»; ¿quiso decir search"),
        (["search", "x", "--foo"], "no existe la opción «--foo»"),
        (["search", "x", "-k", "cero"], "valor inválido para la opción -k: se espera un número entero desde 1"),
        (["search", "x", "y"], "sobran argumentos: y"),
        (["search", "x", "--modo"], "la opción «--modo» necesita un valor"),
        (["show"], "falta el argumento ID"),
    ],
    ids=["command", "none", "near", "option", "value", "extra", "novalue", "missing"],
)
def test_a_line_that_cannot_be_parsed_is_exit_code_2_and_one_spanish_line(args, line):
    code, out, err = run(*args)
    assert (code, out) == (2, "") and err.startswith(f"error: {line}") and err.count("\n") == 1
    assert "--ayuda»" in err
