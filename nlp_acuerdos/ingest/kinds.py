"""What a file really is, by its first bytes, and the suffix that says so."""

from __future__ import annotations

import io
import re
import zipfile

from nlp_acuerdos.errors import EntradaInvalida

_BOOK = (".xlsx", ".xlsm")
_TEXT = (".txt", ".csv", ".tsv", ".jsonl", ".ndjson", ".html", ".htm")
_INSIDE = {"xl/workbook.xml": _BOOK, "word/document.xml": (".docx",)}
_PAGE = re.compile(rb"[\xef\xbb\xbf\s]*<(?:!doctype html|html|table|meta|head)\b", re.IGNORECASE)
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check(data: bytes, name: str, suffix: str) -> None:
    """Raise EntradaInvalida when the content of a file is of another kind than its suffix says."""
    if data.startswith(_OFFICE):
        raise EntradaInvalida(
            f"«{name}» es un archivo de Office cifrado o del formato antiguo (xls, doc); guárdelo sin contraseña como "
            "xlsx o docx"
        )
    real = _real(data) or (_TEXT[-2:] if suffix not in _TEXT and _PAGE.match(data) else ())
    if real and suffix not in real:
        kind = real[0].removeprefix(".").upper()
        raise EntradaInvalida(f"«{name}» no es {suffix}: por dentro es {kind}; cámbiele la extensión a «{real[0]}»")
    if not real and suffix not in _TEXT:
        raise EntradaInvalida(f"«{name}» no es un {suffix.removeprefix('.').upper()} o está dañado; revise el archivo")


def _real(data: bytes) -> tuple[str, ...]:
    """Return the suffixes a file's own marks allow; none for text and for what is not known."""
    if b"%PDF-" in data[:1024]:
        return (".pdf",)
    if data.startswith(b"PAR1"):
        return (".parquet",)
    return _in_zip(data) if data.startswith((b"PK\x03\x04", b"PK\x05\x06")) else ()


def _in_zip(data: bytes) -> tuple[str, ...]:
    """Return the suffixes of a zip container; a cut one may be any of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = set(box.namelist())
            if "content.xml" in names and "mimetype" in names:
                return (".ods",)
            return next((kind for part, kind in _INSIDE.items() if part in names), (*_BOOK, ".docx", ".ods"))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return (*_BOOK, ".docx", ".ods")
