"""Personal data a text carries: telephone numbers, e-mail addresses, CURP and voter keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_LOOSE = "teléfono sin formato"
_HINT = re.compile(r"\d(?:[\d .()-]{7}|\d{5})")  # it begins with one class, which the engine looks for fast


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what to look for: a telephone in groups of figures says so itself, a run of figures only beside a word."""
    grouped = "|".join(
        (
            r"\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{2}[ .-]?\d{2}",
            r"\(?\d{2}\)?[ .-]{1,2}\d{4}[ .-]\d{4}",
            r"\(\d{3}\) ?\d{7}",
            r"\(\d{2}\) ?\d{8}",
            r"\d{2}(?:[ .-]\d{2}){4}",
        )
    )
    before, after = r"(?<![\w/$.,-])(?:\+?52[ .-]?(?:1[ .-]?)?)?", r"(?![\w/%]|[.,-]\d)"
    return (
        ("correo electrónico", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
        ("CURP", re.compile(r"(?<!\w)[A-Za-z]{4}\d{6}[HMXhmx][A-Za-z]{5}\w\d(?!\w)")),
        ("clave de elector", re.compile(r"(?<!\w)[A-Za-z]{6}\d{8}[HMhm]\d{3}(?!\w)")),
        ("teléfono", re.compile(rf"{before}(?:{grouped}){after}")),
        (_LOOSE, re.compile(rf"{before}(?:\d{{10}}|\d{{3,4}}[ -]?\d{{4}}){after}")),
    )


_PHONE_WORD = re.compile(
    r"\b(?:tels?|tel[eé]fonos?|telef[oó]nic[oa]s?|cel|celular(?:es)?|m[oó]vil|whats ?app|lada|llamar|marcar)\b"
    r"[^;\n]{0,40}$",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    r"(?:folios?|oficios?|expedientes?|exp\.|cuenta|clabe|serie|placas?|credencial|secci[oó]n(?:es)?|factura|contrato|"
    r"km|kil[oó]metros?|lote|bolet\w{1,4}|art[ií]culos?|registro|clave|"
    r"distritos?(?: \w{1,15}){0,2}|casillas?|\$)\W{0,3}"
    r"(?:(?:n[uú]m(?:ero)?s?|no|de)\W{0,2})?$",
    re.IGNORECASE,
)
_TOLL_FREE = re.compile(r"^(?:01)?[89]00")


def personal_data(texto: str) -> list[str]:
    """Return the kinds of personal data in `texto`, in order, each once; the data itself is not repeated.

    Kilometres, folios, office numbers, emergency (911) and toll-free (800) lines are none.
    """
    if "@" not in texto and not _HINT.search(texto):
        return []
    return list(dict.fromkeys(kind for kind, _, _ in _matches(texto)))


TESTADO = "[dato personal]"


def cover(texto: str) -> str:
    """Return `texto` with its personal data covered."""
    for _, start, end in sorted(_matches(texto), key=lambda m: -m[1]):
        texto = texto[:start] + TESTADO + texto[end:] if TESTADO not in texto[start:end] else texto
    return texto


def _matches(texto: str) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end), without overlaps."""
    taken: list[tuple[int, int]] = []
    for kind, pattern in _patterns():
        for match in pattern.finditer(texto):
            start, end = match.span()
            if any(start < j and i < end for i, j in taken):
                continue
            if not kind.startswith("teléfono") or _is_phone(texto, match, loose=kind == _LOOSE):
                taken.append((start, end))
                yield "teléfono" if kind == _LOOSE else kind, start, end


def _is_phone(texto: str, match: re.Match[str], *, loose: bool) -> bool:
    """Tell a telephone from other numbers by the words before; a `loose` run of digits needs one that says so."""
    digits = re.sub(r"\D", "", match.group())
    left = texto[max(0, match.start() - 60) : match.start()]
    if _TOLL_FREE.match(digits) or _OTHER_NUMBER.search(left) or len(set(digits)) == 1:
        return False
    return bool(_PHONE_WORD.search(left)) if loose else True
