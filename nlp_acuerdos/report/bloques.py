"""The pieces a report is made of, whatever its format: every writer dresses these and computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Cifras:
    """Headline figures: (number, what it counts)."""

    forma: ClassVar[str] = "cifras"
    pares: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parrafo:
    """A paragraph; `nota` is small print."""

    forma: ClassVar[str] = "parrafo"
    texto: str
    nota: bool = False


@dataclass(frozen=True, slots=True)
class Subtitulo:
    """A heading inside a section, with what goes beside it."""

    forma: ClassVar[str] = "subtitulo"
    texto: str
    aparte: str = ""


@dataclass(frozen=True, slots=True)
class Tabla:
    """A table; `grafica` is how html draws `datos` ("barras", "mapa", "calendario"), or "calor" for shaded cells.

    Columns from `numeros` on hold numbers. `mitad` puts a chart beside the next one where there is room.
    """

    forma: ClassVar[str] = "tabla"
    titulo: str
    columnas: tuple[str, ...]
    filas: tuple[tuple[Any, ...], ...]
    numeros: int = 1
    grafica: str = ""
    datos: Any = None
    mitad: bool = False


@dataclass(frozen=True, slots=True)
class Cita:
    """A quotation, where it stands, and what is said of it."""

    id: str
    texto: str
    fuente: str
    nota: str


@dataclass(frozen=True, slots=True)
class Citas:
    """Quotations; `titulo` names them where they stand apart from their heading (a sheet, a row of CSV)."""

    forma: ClassVar[str] = "citas"
    titulo: str
    citas: tuple[Cita, ...]


Bloque = Cifras | Parrafo | Subtitulo | Tabla | Citas


@dataclass(frozen=True, slots=True)
class Apartado:
    """A numbered section."""

    numero: int
    titulo: str
    bloques: tuple[Bloque, ...]


@dataclass(frozen=True, slots=True)
class Contenido:
    """A whole report: title, what it was made from, and its sections."""

    titulo: str
    documentos: tuple[str, ...]
    ficha: tuple[tuple[str, str], ...]
    fecha: str
    apartados: tuple[Apartado, ...]
