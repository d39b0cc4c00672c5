"""Charts as inline SVG with text alternatives; no script, no style attribute, no colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from textwrap import wrap

from nlp_acuerdos.report.datos import Calendario, Casilla, Cuenta, Periodo
from nlp_acuerdos.report.rotulos import MESES, period, short_day

_ANCHO = 360  # drawn at about this many pixels: a phone shows the letters at their size
_FILA, _TILE, _ALTO, _PIE = 38, 36, 150, 34
_LARGO, _RENGLON = 38, 16


def bars(title: str, counts: Sequence[Cuenta], name: str) -> str:
    """Return a bar chart of `counts` as an SVG element, label over bar; `name` makes its ids unique on the page."""
    largest = max(c.n for c in counts)
    spoken = "; ".join(f"{c.valor}: {c.n:,} ({c.porcentaje:.1f} %)" for c in counts)
    rows, top = [], 0
    for c in counts:
        lines = wrap(c.valor, _LARGO, max_lines=2, placeholder="…")
        rows.append(_bar(top, lines, c, largest))
        top += _FILA + _RENGLON * (len(lines) - 1)
    return _svg(title, spoken, name, "barras", _ANCHO, top, "".join(rows))


def _svg(title: str, spoken: str, name: str, kind: str, width: int, height: int, inside: str) -> str:
    return (
        f'<svg class="{kind}" role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}"><title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(spoken)}</desc>{inside}</svg>'
    )


def _bar(top: int, lines: Sequence[str], count: Cuenta, largest: int) -> str:
    length, under = max(2, round(_ANCHO * count.n / largest)), top + 21 + _RENGLON * (len(lines) - 1)
    words = "".join(f'<text x="0" y="{top + 15 + _RENGLON * n}">{escape(line)}</text>' for n, line in enumerate(lines))
    return (
        f'{words}<text class="n" x="{_ANCHO}" y="{under - 6}" text-anchor="end">{count.n:,} · {count.porcentaje:.1f} %</text>'
        f'<rect class="riel" x="0" y="{under}" width="{_ANCHO}" height="9" rx="2"/>'
        f'<rect class="barra" x="0" y="{under}" width="{length}" height="9" rx="2"/>'
    )


def shade(n: int, largest: int) -> int:
    """Return the step of shading of a count, 0 (none) to 5 (the largest)."""
    return -(-5 * n // largest) if n and largest else 0


def tile_map(title: str, tiles: Sequence[Casilla], name: str) -> str:
    """Return the states as tiles shaded by count, each with its short name and number."""
    largest = max((t.n for t in tiles), default=0)
    spoken = "; ".join(f"{t.entidad}: {t.n:,}" for t in sorted(tiles, key=lambda t: (-t.n, t.entidad)) if t.n)
    height = _TILE * (1 + max(t.fila for t in tiles))
    return _svg(title, spoken, name, "mapa", _ANCHO, height, "".join(_tile(t, largest) for t in tiles))


def _tile(tile: Casilla, largest: int) -> str:
    x, y, middle = tile.columna * _TILE, tile.fila * _TILE, tile.columna * _TILE + _TILE // 2
    return (
        f'<g class="s{shade(tile.n, largest)}"><title>{escape(tile.entidad)}: {tile.n:,} ({tile.porcentaje:.1f} %)</title>'
        f'<rect x="{x + 1}" y="{y + 1}" width="{_TILE - 2}" height="{_TILE - 2}" rx="3"/>'
        f'<text class="sigla" x="{middle}" y="{y + 14}" text-anchor="middle">{escape(tile.sigla)}</text>'
        f'<text class="n" x="{middle}" y="{y + 28}" text-anchor="middle">{tile.n:,}</text></g>'
    )


def timeline(title: str, calendario: Calendario, name: str) -> str:
    """Return commitments by period as columns, the concluded part filled; election day is marked with a line."""
    periods = calendario.periodos
    step = max(22, min(64, _ANCHO // len(periods)))
    width, largest = max(_ANCHO, step * len(periods)), max(1, *(p.n for p in periods))
    every = -(-38 // step)
    columns = "".join(
        _column(i * step, step, p, largest)
        + (_label(i * step + step // 2, p, calendario.unidad) if i % every == 0 else "")
        for i, p in enumerate(periods)
    )
    marks = "".join(_mark(i * step, step, p, width) for i, p in enumerate(periods) if p.jornadas)
    spoken = "; ".join(
        f"{period(p.desde, p.hasta, calendario.unidad)}: {p.n:,}, concluidos {p.concluidos:,}"
        + (" (Jornada Electoral)" if p.jornadas else "")
        for p in periods
    )
    base = f'<line class="eje" x1="0" y1="{_ALTO}" x2="{width}" y2="{_ALTO}"/>'
    kind = "calendario corto" if width == _ANCHO else "calendario"
    return _svg(title, spoken, name, kind, width, _ALTO + _PIE, columns + base + marks)


def _column(left: int, step: int, p: Periodo, largest: int) -> str:
    if not p.n:
        return ""
    room, width = _ALTO - 46, max(10, step - 12)
    height, done = max(2, round(room * p.n / largest)), round(room * p.concluidos / largest)
    x, middle = left + (step - width) // 2, left + step // 2
    return (
        f'<rect class="pendiente" x="{x}" y="{_ALTO - height}" width="{width}" height="{height}"/>'
        f'<rect class="barra" x="{x}" y="{_ALTO - done}" width="{width}" height="{done}"/>'
        f'<text class="n" x="{middle}" y="{_ALTO - height - 5}" text-anchor="middle">{p.n:,}</text>'
    )


def _label(middle: int, p: Periodo, unidad: str) -> str:
    month = MESES[int(p.desde[5:7]) - 1][:3]
    text = {"semana": short_day(p.desde), "mes": f"{month} {p.desde[2:4]}", "año": p.desde[:4]}[unidad]
    return f'<text class="fecha" x="{middle}" y="{_ALTO + 15}" text-anchor="middle">{text}</text>'


def _mark(left: int, step: int, p: Periodo, width: int) -> str:
    first, days = date.fromisoformat(p.desde), (date.fromisoformat(p.hasta) - date.fromisoformat(p.desde)).days + 1
    marks = [left + round(step * ((date.fromisoformat(d) - first).days + 0.5) / days) for d in p.jornadas]
    anchor, place = ("end", marks[0] - 5) if marks[0] > width / 2 else ("start", marks[-1] + 5)
    words = "Jornada Electoral, " + ", ".join(short_day(d) for d in p.jornadas)
    lines = "".join(f'<line class="jornada" x1="{x}" y1="4" x2="{x}" y2="{_ALTO}"/>' for x in marks)
    return f'{lines}<text class="jornada" x="{place}" y="14" text-anchor="{anchor}">{words}</text>'
