"""Charts as inline SVG with text alternatives; no script, no colour alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from nlp_acuerdos.report.summary import Cuenta

_ROW, _LABEL, _WIDTH, _VALUE = 26, 185, 500, 100


def bars(title: str, counts: Sequence[Cuenta], name: str, label: Callable[[str], str] = str) -> str:
    """Return a horizontal bar chart of `counts` as an SVG element; `name` makes its ids unique on the page."""
    if not counts:
        return ""
    largest = max(c.n for c in counts)
    height = _ROW * len(counts) + 8
    spoken = "; ".join(f"{label(c.valor)}: {c.n} ({c.porcentaje} %)" for c in counts)
    rows = "".join(_bar(i, c, largest, label(c.valor)) for i, c in enumerate(counts))
    return (
        f'<svg role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {_WIDTH} {height}">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(spoken)}</desc>{rows}</svg>'
    )


def _bar(place: int, count: Cuenta, largest: int, label: str) -> str:
    top = place * _ROW + 4
    length = max(2, round((_WIDTH - _LABEL - _VALUE) * count.n / largest))
    return (
        f'<text x="{_LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(_short(label))}</text>'
        f'<rect x="{_LABEL}" y="{top}" width="{length}" height="{_ROW - 6}" rx="3"/>'
        f'<text x="{_LABEL + length + 6}" y="{top + 15}">{count.n} · {count.porcentaje} %</text>'
    )


def _short(text: str) -> str:
    return text if len(text) <= 26 else text[:25] + "…"
