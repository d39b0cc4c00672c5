"""Write a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
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
