"""Sources read, by one process or several; those a workspace already has as they are, taken from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from importlib.resources import files
from pathlib import Path, PurePath
from typing import Any

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline.bitacora import Progress, silent, stage
from nlp_acuerdos.pipeline.paralelo import in_processes
from nlp_acuerdos.records import Lectura
from nlp_acuerdos.workspace import Workspace


def read_sources(
    sources: Sequence[Path], *, documento: str | None = None, proceso: str | None = None,
    fecha_documento: date | None = None, columnas: Mapping[str, str] | None = None, zips: bool = False,
    procesos: int = 1, progress: Progress = silent, workspace: Workspace | None = None,
) -> list[Lectura]:  # fmt: skip
    """Read every source (file, folder, glob, and zip with `zips`) before anything is stored: a bad one changes nothing.

    `procesos` are how many processes read. A file whose bytes, options and readers are those of a document of
    `workspace` is not read again. Raises EntradaInvalida for a source that cannot be read, or two under one document key.
    """
    from nlp_acuerdos.ingest import FORMATOS, expand

    found = expand(sources, FORMATOS, zips=zips)
    if documento and len(found) > 1:
        raise EntradaInvalida("--documento nombra un solo documento; dé una fuente a la vez")
    options = (documento, proceso, fecha_documento, sorted((columnas or {}).items()))
    known = {f: k for f in found if workspace and (k := _known(workspace, f, documento, options))}
    one = partial(_read, documento=documento, proceso=proceso, fecha_documento=fecha_documento, columnas=columnas)
    fresh = in_processes(one, [f for f in found if f not in known], procesos)
    with stage("lectura") as tell:
        readings = _take(found, lambda f: known.get(f) or _marked(next(fresh), options), progress)
        tell(f"archivos {len(found)}, sin cambios {len(known)}, filas {sum(r.leidas for r in readings)}")
    return readings


def _take(found: Sequence[Any], read: Callable[[Any], Lectura], progress: Progress) -> list[Lectura]:
    """Read each source in order; two may not be one document."""
    readings: list[Lectura] = []
    seen: dict[str, Any] = {}
    for source in found:
        progress("lectura", len(readings), len(found))
        reading = read(source)
        key = reading.documento.clave
        if key in seen:
            raise EntradaInvalida(
                f"«{seen[key]}» y «{source}» dan el mismo documento «{key}»; léalos por separado con --documento"
            )
        seen[key] = source
        readings.append(reading)
    progress("lectura", len(readings), len(found))
    return readings


def _read(source: Any, **options: Any) -> Lectura:
    from nlp_acuerdos.ingest import read_source

    return read_source(source, **options)


def meta_key(clave: str) -> str:
    """Return the note of a workspace that holds what a document was read from."""
    return f"lectura:{clave}"


def _marked(reading: Lectura, options: tuple[Any, ...]) -> Lectura:
    return replace(reading, marca=_mark(reading.documento.sha256, options))


def _mark(sha256: str, options: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr((sha256, options, code_digest("ingest", "finders", "catalogues"))).encode()).hexdigest()


def _known(workspace: Workspace, source: Any, documento: str | None, options: tuple[Any, ...]) -> Lectura | None:
    """Return the stored reading of a source that has not changed since, or None."""
    import unicodedata

    key = unicodedata.normalize("NFC", documento or PurePath(source.nombre).stem)
    mark = workspace.meta(meta_key(key))
    if mark is None or mark != _mark(_digest(source), options):
        return None
    return replace(workspace.reading(key), marca=mark, intacta=True)


def _digest(source: Any) -> str:
    from nlp_acuerdos.ingest.sources import content

    return hashlib.sha256(content(source)).hexdigest()


@cache
def code_digest(*rooms: str) -> str:
    """Return what changes with the code and catalogues of some rooms of the package."""
    digest = hashlib.sha256()
    for entry in _files(rooms):
        digest.update(entry.read_bytes())
    return digest.hexdigest()


def _files(rooms: Sequence[str]) -> Iterator[Any]:
    for room in rooms:
        folder = files("nlp_acuerdos").joinpath(room)
        yield from sorted((e for e in folder.iterdir() if e.name.endswith((".py", ".toml"))), key=lambda e: e.name)
