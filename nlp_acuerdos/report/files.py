"""Write a file whole or not at all; office documents whose bytes say nothing of when they were written."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from nlp_acuerdos.errors import EntradaInvalida


def write_whole(destino: Path, content: bytes) -> None:
    """Put `content` in `destino`, complete or not at all. Raises EntradaInvalida when it cannot be written."""
    try:
        handle, name = tempfile.mkstemp(prefix=".acuerdos-", dir=destino.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(name, 0o644)
            os.replace(name, destino)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise EntradaInvalida(
            f"no puedo escribir «{destino}» ({reason}); elija otra carpeta o revise permisos"
        ) from error


_CORE, _WHEN = "docProps/core.xml", re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return `text` without the characters that XML cannot hold, each shown as the mark of what is missing."""
    return _CONTROL.sub("\ufffd", text)


def fixed_office(content: bytes, fecha: str) -> bytes:
    """Return a docx or xlsx with its members sorted and every time set to `fecha` (ISO date): same input, same bytes."""
    when = max(datetime.fromisoformat(fecha), datetime(1980, 1, 1))
    stamp = rb"\g<1>" + when.strftime("%Y-%m-%dT00:00:00Z").encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            data = source.read(name)
            entry = zipfile.ZipInfo(name, (when.year, when.month, when.day, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(entry, _WHEN.sub(stamp, data) if name == _CORE else data)
    return stream.getvalue()
