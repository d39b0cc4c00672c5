"""Thematic reports: counts as data (`summarise`), written in the format of the file's suffix (`write`)."""

from nlp_acuerdos.report.datos import Anterior, Resumen
from nlp_acuerdos.report.render import write
from nlp_acuerdos.report.summary import summarise

__all__ = ["Anterior", "Resumen", "summarise", "write"]
