"""Zip containers (xlsx, docx, ods, and zip itself) looked at before anything in them is inflated."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlp_acuerdos.errors import EntradaInvalida

LARGEST = 512 * 2**20
MOST_MEMBERS = 5000
HIGHEST_RATIO = 200  # a sheet of a hundred thousand equal rows inflates 60 times; a bomb 1,000
_PIECE = 2**18
_SMALL = 8 * 2**20  # bytes: an entry that inflates to less may have any ratio
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)


def damaged(name: str, what: str) -> EntradaInvalida:
    """Return the error of a container that is cut or spoiled."""
    return EntradaInvalida(f"«{name}» está dañado o incompleto y no es un {what} legible; pida otra copia del archivo")


@contextmanager
def opened(source: bytes | Path, name: str, what: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip (its bytes or its path) whose entries are few enough, small enough and not squeezed as a bomb is.

    Raises EntradaInvalida otherwise, for a damaged zip, and for entries with a password.
    """
    try:
        box = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
    except BROKEN as error:
        raise damaged(name, what) from error
    with box:
        _check(box.infolist(), name)
        yield box


def check(data: bytes, name: str, what: str) -> None:
    """Inflate every entry once, a piece at a time, for libraries that would take a false size at its word.

    Raises EntradaInvalida as `opened` does, and when an entry is not of the size and sum it states.
    """
    with opened(data, name, what) as box:
        for entry in box.infolist():
            for _ in _pieces(box, entry.filename, name, what):
                pass


def content(box: zipfile.ZipFile, entry: str, name: str, what: str) -> bytes:
    """Return an entry, of no more than the size it states. Raises EntradaInvalida when it is damaged."""
    return b"".join(_pieces(box, entry, name, what))


def _pieces(box: zipfile.ZipFile, entry: str, name: str, what: str) -> Iterator[bytes]:
    try:
        with box.open(entry) as stream:
            while piece := stream.read(_PIECE):
                yield piece
    except BROKEN as error:
        raise damaged(name, what) from error


def _check(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MOST_MEMBERS:
        raise EntradaInvalida(f"«{name}» trae {len(entries)} partes (máximo {MOST_MEMBERS}); divídalo")
    if any(e.flag_bits & 1 for e in entries):
        raise EntradaInvalida(f"«{name}» tiene partes con contraseña; guárdelo sin ella")
    squeezed = any(e.file_size > _SMALL and e.file_size > HIGHEST_RATIO * max(1, e.compress_size) for e in entries)
    if squeezed or sum(e.file_size for e in entries) > LARGEST:
        raise EntradaInvalida(
            f"«{name}» se infla a más de {LARGEST >> 20} MB o {HIGHEST_RATIO} veces su tamaño, como una bomba zip; "
            "no se abre: pida el original"
        )
