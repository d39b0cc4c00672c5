"""Files, folders, globs and zips to the sources they name."""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.ingest import archive
from nlp_acuerdos.ingest.encoding import read_bytes, unchanged

MOST_FILES = 5000
_MAGIC = frozenset("*?[")
_JUNK = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Fuente:
    """A file to read, or a member of a zip."""

    ruta: Path
    miembro: str = ""

    def __str__(self) -> str:
        return f"{self.ruta}:{self.miembro}" if self.miembro else str(self.ruta)

    @property
    def nombre(self) -> str:
        """The file name."""
        return PurePosixPath(self.miembro).name if self.miembro else self.ruta.name


def expand(sources: Sequence[Path], suffixes: Collection[str], *, zips: bool = False) -> list[Fuente]:
    """Return the files that paths, folders (with those inside) and globs name, each once, sorted within each.

    Of a folder or a zip only files of known `suffixes` are taken. Raises EntradaInvalida for one with none, a glob that
    matches nothing, a zip without `zips`, or one that is damaged, too large or names places outside itself.
    """
    found: dict[Fuente, None] = {}
    taken = (*suffixes, ".zip") if zips else tuple(suffixes)
    for source in sources:
        for path in _paths(source, taken):
            if path.suffix.lower() == ".zip" and path.is_file():
                found |= dict.fromkeys(_members(path, suffixes, allowed=zips))
            else:
                found[Fuente(path)] = None
            if len(found) > MOST_FILES:
                raise EntradaInvalida(f"«{source}» da más de {MOST_FILES} archivos; léalos por partes")
    return list(found)


def content(source: Fuente, *, lines: bool = False) -> bytes:
    """Return the bytes of a source. Raises EntradaInvalida when it cannot be read, or its file changes while it is."""
    if not source.miembro:
        return read_bytes(source.ruta, lines=lines)
    with unchanged(source.ruta), archive.opened(source.ruta, source.ruta.name, "zip") as box:
        data = archive.content(box, source.miembro, str(source), "archivo")
    if not data.strip():
        raise EntradaInvalida(f"el archivo «{source}» está vacío; dé uno con acuerdos")
    return data


def _paths(source: Path, suffixes: Collection[str]) -> Iterator[Path]:
    if source.is_dir():
        found = _folder(source, suffixes)
        if not found:
            known = ", ".join(suffixes)
            raise EntradaInvalida(f"la carpeta «{source}» no tiene documentos que sepa leer ({known}); revise la ruta")
        yield from found
    elif _MAGIC & set(str(source)) and not source.exists():
        matches = [Path(p) for p in sorted(glob.glob(str(source), recursive=True))]
        if not matches:
            raise EntradaInvalida(f"ningún archivo corresponde a «{source}»; revise la ruta")
        for match in matches:
            yield from _folder(match, suffixes) if match.is_dir() else [match]
    else:
        yield source


def _folder(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """Return the files of known suffixes in a folder and those under it, but for hidden and lock files."""
    return [
        p for p in sorted(folder.rglob("*"))
        if p.suffix.lower() in suffixes and not _hidden(p.relative_to(folder).parts) and p.is_file()
    ]  # fmt: skip


def _hidden(parts: Sequence[str]) -> bool:
    return any(p.startswith((".", "~$")) or p in _JUNK for p in parts)


def _members(path: Path, suffixes: Collection[str], *, allowed: bool) -> list[Fuente]:
    if not allowed:
        raise EntradaInvalida(f"«{path}» es un zip; use --zip para leer los documentos que trae, o ábralo antes")
    with archive.opened(path, path.name, "zip") as box:
        names = [e.filename for e in box.infolist() if not e.is_dir()]
    for name in names:
        if _escapes(name):
            raise EntradaInvalida(f"«{path}» trae «{name[:60]}», que sale de su carpeta; no se abre: pida otro zip")
    kept = [n for n in sorted(set(names)) if PurePosixPath(n).suffix.lower() in suffixes and not _hidden(n.split("/"))]
    if not kept:
        raise EntradaInvalida(f"el zip «{path}» no trae documentos que sepa leer ({', '.join(suffixes)})")
    return [Fuente(path, name) for name in kept]


def _escapes(name: str) -> bool:
    """Tell a member that names a place outside its zip."""
    return name.startswith("/") or "\\" in name or name[1:2] == ":" or ".." in name.split("/")
