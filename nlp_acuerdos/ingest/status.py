"""The closed set of statuses, and the ways documents write them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from nlp_acuerdos.catalogues import load
from nlp_acuerdos.text import fold

_MARKS = re.compile(r"[^\w%ñ]+")
_PERCENT = re.compile(r"^(?:avance (?:del? )?)?(\d{1,3}) ?%(?: de avance)?$")
_GENDER = re.compile(r"\b(\w+[dt])(?:o a|a o|os as|as|os|a)\b")
_LONGEST = 80


@cache
def _forms() -> dict[str, str]:
    return {form: status for status, forms in load("columnas")["estatus"].items() for form in forms}


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(r"(?:" + "|".join(sorted(map(re.escape, _forms()), key=len, reverse=True)) + r")\b")


@lru_cache(maxsize=1024)
def normalize_estatus(texto: str) -> str | None:
    """Return the status of the closed set a cell means, whatever its case, accents, gender or remarks, or None.

    "CONCLUIDA", "En proceso.", "Concluido (3 de mayo)", "100 %" are read; "no concluido", "cancelado" are none.
    """
    if len(texto) > _LONGEST:
        return None
    form = _GENDER.sub(r"\1o", _MARKS.sub(" ", fold(texto)).strip())
    if form in _forms():
        return _forms()[form]
    percent = _PERCENT.match(form)
    if percent:
        share = int(percent[1])
        return "Concluido" if share == 100 else "En proceso" if 0 < share < 100 else None
    return _with_remark(texto)


def _with_remark(texto: str) -> str | None:
    """Read a status followed by a remark after a mark: "Concluido, 3 de mayo", "En proceso - 50 %"."""
    head, *rest = re.split(r"[,;:(\[/–—.]|\s-\s", fold(texto).strip(), maxsplit=1)
    form = _GENDER.sub(r"\1o", _MARKS.sub(" ", head).strip())
    return _forms().get(form) if rest and not any(_opening().search(r) for r in rest) else None
