"""Catalogues in TOML: a new institution, alias or process is one line there, no code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Return the catalogue `name` (a file `name.toml` of this package) as a dictionary; do not change it."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def data_file(name: str) -> Path:
    """Return the path of a bundled raw data file: `data/raw/` in a checkout, `_datos/` in an installed wheel."""
    package = Path(__file__).parent.parent
    bundled = package / "_datos" / name
    return bundled if bundled.exists() else package.parent / "data" / "raw" / name


def model_folder(name: str) -> Path:
    """Return the folder of a bundled model: `models/` in a checkout, `_modelos/` in an installed wheel."""
    package = Path(__file__).parent.parent
    bundled = package / "_modelos" / name
    return bundled if bundled.exists() else package.parent / "models" / name
