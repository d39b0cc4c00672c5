"""Bytes to text: UTF-8, UTF-16, and the code pages of Spanish offices; what is damaged is said, never mended."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlp_acuerdos.errors import EntradaInvalida

_MAGIC = (
    b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b",
    b"SQLite format 3", b"\x7fELF", b"PAR1", b"Rar!", b"7z\xbc\xaf", b"BZh", b"MZ\x90",
)  # fmt: skip
_LARGEST = 512 * 2**20
_LONGEST_LINE = 16 * 2**20
_PIECE = 2**20
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_PAGES = ("cp1252", "mac_roman", "cp850")
_SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡«»°º–—“”‘’… ")
_MOJIBAKE = re.compile(
    "[ÃÂ][\u0080-\u00bf\u0152-\u017e‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™š›]|â€.|√[≥°©≠∫±ÅâçìöëÇ]|\ufffd"
    r"|(?<![\w/=&?])[A-Za-zÁ-ú]*[a-zá-ú]\?[a-zá-ú]+(?![\w/=&?])|&[aeiounAEIOUN](?:acute|tilde|uml);"
)
_SUSPECT = re.compile("[ÃÂâ√\ufffd?&]")  # no mojibake without one of these
_NOT_TEXT = "es un archivo binario, no de texto; guárdelo como txt, csv o jsonl en UTF-8"


def read_bytes(path: Path, *, lines: bool = False) -> bytes:
    """Return the content of a source; with `lines`, of one made of lines, none of which may pass 16 MiB.

    Raises EntradaInvalida when it is not a readable, non-empty file, or changes while it is read.
    """
    try:
        if path.is_dir():
            raise EntradaInvalida(f"«{path}» es una carpeta; dé un archivo de acuerdos")
        if path.exists() and not path.is_file():
            raise EntradaInvalida(f"«{path}» no es un archivo común; dé un archivo de acuerdos")
        data = _content(path, lines=lines)
    except FileNotFoundError as error:
        raise EntradaInvalida(f"no existe el archivo «{path}»; revise la ruta") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "ruta no válida"
        raise EntradaInvalida(f"no puedo leer «{path}» ({reason}); revise la ruta y los permisos") from error
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise EntradaInvalida(f"el archivo «{path}» está vacío; dé uno con acuerdos")
    return data


def _content(path: Path, *, lines: bool) -> bytes:
    """Read a file in pieces, so that one without line breaks stops early, and see that it stays as it was."""
    pieces, longest = [], 0
    with path.open("rb") as stream:
        before = os.fstat(stream.fileno())
        if before.st_size > _LARGEST:
            raise EntradaInvalida(f"«{path}» pasa de {_LARGEST >> 20} MB; divídalo en archivos menores")
        while piece := stream.read(_PIECE):
            pieces.append(piece)
            last = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
            longest = longest + len(piece) if last < 0 else len(piece) - last - 1
            if lines and longest > _LONGEST_LINE:
                raise _long_line(path.name)
            if len(pieces) * _PIECE > _LARGEST + _PIECE:
                break
        after = os.stat(path)
    data = b"".join(pieces)
    if _state(before) != _state(after) or len(data) != after.st_size:
        raise _changed(path)
    return data


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Raise EntradaInvalida when a file is not the same after a block, whatever went wrong in it."""
    before = _state(path.stat()) if path.exists() else None
    try:
        yield
    finally:
        if before is not None and (not path.exists() or _state(path.stat()) != before):
            raise _changed(path)


def _changed(path: Path) -> EntradaInvalida:
    return EntradaInvalida(f"«{path}» cambió mientras se leía; espere a que termine de guardarse y repita la orden")


def _state(about: os.stat_result) -> tuple[int, int, int]:
    return about.st_ino, about.st_size, about.st_mtime_ns


def _long_line(name: str) -> EntradaInvalida:
    return EntradaInvalida(f"«{name}» tiene una línea de más de {_LONGEST_LINE >> 20} MB; revise sus saltos de línea")


def decode(data: bytes, name: str) -> str:
    """Return the text of `data`. Raises EntradaInvalida for binary content or a line over 16 MiB."""
    if data.startswith(_MAGIC):
        raise EntradaInvalida(f"«{name}» {_NOT_TEXT}")
    text = _decode(data)
    zeros = text.count("\0")
    if zeros > max(20, len(text) // 10) or len(_CONTROL.findall(text)) > max(4, len(text) // 200):
        raise EntradaInvalida(f"«{name}» {_NOT_TEXT}")
    if len(text) > _LONGEST_LINE and max(map(len, text.split("\n"))) > _LONGEST_LINE:
        raise _long_line(name)
    return text


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if (order := _utf16_order(data)) is not None:
        return data.decode(order, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_damaged(data)


def _decode_damaged(data: bytes) -> str:
    """Decode what is not UTF-8: a code page, or UTF-8 with a few broken bytes, which show as U+FFFD."""
    inside = sum(len(m) for m in _MULTIBYTE.findall(data))
    if inside > len(_HIGH.findall(data)) // 2:
        return data.decode("utf-8-sig", "replace")
    return max((data.decode(page, "replace") for page in _PAGES), key=_spanish_score)


def _spanish_score(text: str) -> int:
    """Count the letters and marks Spanish uses over ASCII, less every other character there."""
    high = [c for c in text if c > "\x7f"]
    good = sum(c in _SPANISH for c in high)
    return 2 * good - len(high)


def _utf16_order(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by the zero bytes of its Latin letters."""
    sample = data[:4000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 3 and even * 8 < odd:
        return "utf-16-le"
    return "utf-16-be" if even > len(sample) // 3 and odd * 8 < even else None


def mend(text: str) -> str | None:
    """Return `text` read again as UTF-8 where that was lost ("reuniÃ³n"), or None when that does not mend it."""
    for page in ("cp1252", "latin-1"):
        try:
            mended = text.encode(page).decode("utf-8")
        except UnicodeError:
            continue
        return None if is_garbled(mended) else mended
    return None


def is_garbled(text: str) -> bool:
    """Tell whether `text` shows mojibake (read as another code page), lost letters or replacement marks."""
    return bool(_SUSPECT.search(text) and _MOJIBAKE.search(text))
