"""How the command speaks: data to stdout, messages and progress to stderr, tables that fit.

Results go through `out`, warnings and errors through `say`; `tell` and `note` are what --callado leaves out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from nlp_acuerdos.cli.voz import VOZ
from nlp_acuerdos.errors import EntradaInvalida


def out(line: str) -> None:
    """Write one line of data."""
    sys.stdout.write(line + "\n")


def say(*lines: str) -> None:
    """Write warnings or errors to stderr, each as one line."""
    for line in lines:
        sys.stderr.write(" ".join(line.split()) + "\n")


def tell(*lines: str) -> None:
    """Write lines that sum up what was done."""
    for line in lines if not VOZ.callado else ():
        out(line)


def note(*lines: str) -> None:
    """Write hints and counts to stderr, each as one line."""
    if not VOZ.callado:
        say(*lines)


def say_detail(line: str) -> None:
    """Write one line to stderr for whoever asked for detail."""
    if VOZ.detalle:
        say(line)


def write_json(data: object, indent: int | None = 2) -> None:
    """Write data as JSON."""
    out(json.dumps(data, ensure_ascii=False, indent=indent))


def write_csv(header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows as CSV, formulas escaped."""
    import csv

    from nlp_acuerdos.report.export import escape_formula

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)


@contextmanager
def show_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show progress with time left on stderr when a person is there to see it."""
    if VOZ.callado or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    shown: list[Any] = []

    def update(stage: str, done: int, total: int) -> None:
        if not shown:
            from nlp_acuerdos.cli import progreso  # rich: only once there is something to show

            shown.append(progreso.start())
        shown[0].update(stage, done, total)

    try:
        yield update
    finally:
        for each in shown:
            each.stop()


def read_day(value: str | None, option: str) -> date | None:
    """Read YYYY-MM-DD; raise EntradaInvalida naming the option."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise EntradaInvalida(f"fecha inválida en {option}: «{value}»; escriba AAAA-MM-DD") from error


def one_of(value: str, known: tuple[str, ...]) -> None:
    """Raise EntradaInvalida unless `value` is a known format."""
    if value not in known:
        raise EntradaInvalida(f"formato desconocido: «{value}»; use {', '.join(known)}")


def format_of(formato: str | None, salida: Path | None, known: tuple[str, ...]) -> str:
    """Return the format asked for, else that of the suffix of the file, else the first; raise EntradaInvalida.

    A table goes to the terminal alone, and a workbook to a file alone.
    """
    chosen = formato or (salida.suffix.lower().removeprefix(".") if salida else known[0])
    if formato is None and chosen not in known[1:] and salida is not None:
        endings = ", ".join(f".{name}" for name in known[1:])
        raise EntradaInvalida(f"no sé escribir «{salida.name}»; use un nombre que termine en {endings}")
    one_of(chosen, known)
    if chosen == "tabla" and salida is not None:
        raise EntradaInvalida(f"la tabla se ve en la terminal; para «{salida.name}» use {', '.join(known[1:])}")
    if chosen == "xlsx" and salida is None:
        raise EntradaInvalida("un xlsx no se ve en la terminal; diga dónde escribirlo, por ejemplo -o resultado.xlsx")
    return chosen


def as_json(data: object) -> bytes:
    """Return data as the bytes of a JSON file."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")


def deliver(content: bytes, salida: Path | None, what: str) -> None:
    """Write text to stdout, or to a file and say so."""
    if salida is None:
        return out(content.decode("utf-8-sig", "replace").rstrip("\n"))
    from nlp_acuerdos.report.files import write_whole

    write_whole(salida, content)
    return tell(f"{what} en {salida}")


@contextmanager
def open_input(name: str) -> Iterator[Iterable[bytes]]:
    """Give the lines of a file, or of stdin for "-"."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(name, "rb")  # noqa: SIM115
    except OSError as error:
        raise EntradaInvalida(
            f"no puedo leer «{name}»: {error.strerror}; revise la ruta, o use - para la entrada"
        ) from error
    with stream:
        yield stream


def say_assumed(documents: Iterable[str]) -> None:
    """Say once which documents do not tell their process."""
    named = ", ".join(documents)
    if named:
        say(f"aviso: «{named}» no dice su proceso ni fecha; supongo 2023-2024 (use --proceso o --fecha-documento)")


def use_utf8() -> None:
    """Make both streams UTF-8, whatever the console is set to."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
