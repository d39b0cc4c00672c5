"""Thematic reports: counts as data (`summarise`), written as html or md (`write`)."""

from nlp_acuerdos.report.render import write
from nlp_acuerdos.report.summary import Resumen, summarise

__all__ = ["Resumen", "summarise", "write"]
