"""Zip containers (xlsx, docx, ods, and zip itself) looked at before anything in them is inflated."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from nlp_acuerdos.errors import EntradaInvalida

LARGEST = 512 * 2**20
MOST_MEMBERS = 5000
HIGHEST_RATIO = 200  # a sheet of a hundred thousand equal rows inflates 60 times; a bomb 1,000
_SMALL = 8 * 2**20  # bytes: an entry that inflates to less may have any ratio
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)


def damaged(name: str, what: str) -> EntradaInvalida:
    """Return the error of a container that is cut or spoiled."""
    return EntradaInvalida(f"«{name}» está dañado o incompleto y no es un {what} legible; pida otra copia del archivo")


@contextmanager
def opened(data: bytes, name: str, what: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose entries are few enough, small enough and not squeezed as a bomb is.

    Raises EntradaInvalida otherwise, for a damaged zip, and for entries with a password.
    """
    try:
        box = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise damaged(name, what) from error
    with box:
        _check(box.infolist(), name)
        yield box


def check(data: bytes, name: str, what: str) -> None:
    """Raise EntradaInvalida unless `opened` would open it."""
    with opened(data, name, what):
        pass


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
