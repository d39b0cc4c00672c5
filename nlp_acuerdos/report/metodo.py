"""How the tags were made and how good they are: read from the model's manifest, never written here."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nlp_acuerdos.catalogues import model_folder
from nlp_acuerdos.records import Etiquetas
from nlp_acuerdos.report.datos import Metodo, Pares

_NAMES = {"reglas": "reglas solas", "modelo": "clasificador solo", "juntos": "reglas y clasificador juntos"}


def describe_method(espacio: Path, pairs: Pares) -> Metodo:
    """Return how the tags of `pairs` were made, by the classifier of the workspace folder or else the project's."""
    manifest = _manifest(espacio / "modelos" / "actividades") or _manifest(model_folder("actividades"))
    measured = manifest.get("f1_validacion", {})
    origins = [_origin(tags, code) for _, tags in pairs for code in tags.actividades]
    return Metodo(
        version("nlp-acuerdos"),
        str(manifest.get("sha256", ""))[:12],
        str(manifest.get("creado", "")),
        int(manifest.get("acuerdos", 0)),
        origins.count("reglas"),
        origins.count("modelo"),
        origins.count("persona"),
        tuple((_NAMES[key], float(measured[key])) for key in _NAMES if key in measured),
        int(measured.get("acuerdos", 0)),
    )


def _origin(tags: Etiquetas, code: str) -> str:
    rules = [e.regla for e in tags.evidencia if e.conjunto == "actividades" and e.etiqueta == code]
    if any(re.match(r"persona(?:[:,]|$)", r) for r in rules):
        return "persona"
    return "modelo" if rules and all(r.startswith("modelo,") for r in rules) else "reglas"


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
