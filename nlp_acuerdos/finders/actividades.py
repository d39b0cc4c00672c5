"""What is agreed: activity codes of the annotation guide, by the rules of `actividades.toml`."""

from __future__ import annotations

import re
from functools import cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.finders._reglas import Texto, empty, rules
from nlp_acuerdos.records import ACTIVIDADES, Evidencia
from nlp_acuerdos.text import Folded, fold

_LETTER = re.compile(r"[^\W\d_]")
_NAMED = re.compile(r"\bseguimiento\b")


def find(texto: str, *, respaldo: bool = True, indicios: bool = False) -> list[Evidencia]:
    """Return the evidence of each activity in `texto`, one per rule and place, in text order.

    `seguimiento` stands alone, for a text that agrees something none of the other activities names; with `respaldo`
    False (queries) it is given only where the word is there. With `indicios`, hints that only the classifier can
    confirm follow. Never raises.
    """
    folded = Folded.of(texto)
    text = Texto(folded.text, indicios=indicios)
    if text.spans(empty()):
        return []
    present = text.lists()
    found: list[Evidencia] = []
    hinted: list[Evidencia] = []
    for rule in rules():
        if rule.formas in present and (indicios or not rule.indicio):
            evidence = [
                Evidencia("actividades", rule.codigo, rule.nombre, *folded.span(*span), folded.slice(*span))
                for span in text.apply(rule)
            ]
            (hinted if rule.indicio else found).extend(evidence)
    sure = sorted(found, key=_place) or _follow_up(folded, respaldo)
    return sure + sorted(hinted, key=_place)


def _place(evidence: Evidencia) -> tuple[int, int, str]:
    return evidence.inicio, evidence.fin, evidence.etiqueta


@cache
def _nothing() -> re.Pattern[str]:
    """Compile what leaves no follow-up where no other activity is named."""
    return re.compile(load("actividades")["nada"])


@cache
def names() -> dict[str, str]:
    """Return the folded names a person may give an activity by, each with its code."""
    listed = {fold(name): code for code, aliases in load("actividades")["nombres"].items() for name in aliases}
    return listed | {code: code for code in ACTIVIDADES}


@cache
def hints() -> frozenset[str]:
    """Return the names of the rules that are only hints."""
    return frozenset(rule.nombre for rule in rules() if rule.indicio)


def _follow_up(folded: Folded, respaldo: bool) -> list[Evidencia]:
    """Return `seguimiento` for a text that agrees something general, nothing for one that agrees nothing."""
    named = _NAMED.search(folded.text)
    if named:
        place, words = folded.span(*named.span()), folded.slice(*named.span())
        return [Evidencia("actividades", "seguimiento", "seguimiento", *place, words)]
    if not respaldo or _nothing().search(folded.text) or not _LETTER.search(folded.text):
        return []
    end = len(folded.original)
    return [Evidencia("actividades", "seguimiento", "sin-otra-actividad", 0, end, folded.original)]
