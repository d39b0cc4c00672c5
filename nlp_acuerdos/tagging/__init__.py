"""Tags of agreements: the finders joined, plain or as spaCy components."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from nlp_acuerdos.finders import actividades, actores, fechas, responsables
from nlp_acuerdos.records import Ancla, Etiquetas, Evidencia

__all__ = ["fingerprint", "tag"]


def tag(texto: str, ancla: Ancla, actos: Sequence[Evidencia] | None = None) -> Etiquetas:
    """Return every tag of one agreement with its evidence; dates are resolved by `ancla`. Never raises.

    `actos` is the evidence of its activities when a classifier already gave it; without it they come from rules alone.
    """
    named = actores.find(texto)
    acts = actividades.find(texto) if actos is None else actos
    evidence = [*named, *responsables.find(texto, named), *acts]
    return Etiquetas.from_evidence(evidence, fechas.find(texto, ancla))


@cache
def _rules_digest() -> str:
    digest = hashlib.sha256()
    for folder in ("finders", "catalogues", "tagging"):
        entries = sorted(files("nlp_acuerdos").joinpath(folder).iterdir(), key=lambda entry: entry.name)
        for entry in entries:
            if entry.name.endswith((".py", ".toml")):
                digest.update(entry.read_bytes())
    return digest.hexdigest()


def fingerprint(texto: str, ancla: Ancla, clasificador: str = "reglas") -> str:
    """Return what the tags of `texto` depend on: rules, catalogues, classifier, text and anchor (16 hex)."""
    parts = "\x1f".join((_rules_digest(), clasificador, texto, ancla.proceso, str(ancla.jornada), str(ancla.documento)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]
