"""A summary as a file: the suffix names the format, and the same workspace gives the same bytes in all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import count
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.report import charts, pdf, planos
from nlp_acuerdos.report.bloques import Contenido, Tabla
from nlp_acuerdos.report.contenido import compose
from nlp_acuerdos.report.datos import Resumen
from nlp_acuerdos.report.documento import as_docx
from nlp_acuerdos.report.files import write_whole
from nlp_acuerdos.report.libro import report_book
from nlp_acuerdos.report.rotulos import AVISOS as AVISOS
from nlp_acuerdos.report.rotulos import NOMBRES as NOMBRES
from nlp_acuerdos.report.rotulos import RELACIONES as RELACIONES
from nlp_acuerdos.report.rotulos import legible as legible
from nlp_acuerdos.report.rotulos import show, show_in

_DRAW: dict[str, Callable[..., str]] = {"barras": charts.bars, "mapa": charts.tile_map, "calendario": charts.timeline}
_WRITE: dict[str, Callable[[Resumen], bytes]] = {
    ".html": lambda r: render(r, ".html").encode("utf-8"),
    ".md": lambda r: render(r, ".md").encode("utf-8"),
    ".docx": lambda r: as_docx(compose(r)),
    ".xlsx": lambda r: report_book(compose(r)),
    ".csv": lambda r: planos.as_csv(compose(r)),
    ".json": planos.as_json,
    ".pdf": lambda r: pdf.as_pdf(compose(r)),
}
FORMATOS = tuple(_WRITE)


def render(resumen: Resumen, formato: str) -> str:
    """Return the report as text in `formato` (".html" or ".md")."""
    content = compose(resumen)
    template = environment(formato == ".html").get_template(f"informe{formato}.j2")
    return template.render(c=content, dibujo=_drawings(content), show=show, show_in=show_in, tono=charts.shade)


def check_suffix(destino: Path) -> str:
    """Return the format that the name of a report tells. Raises EntradaInvalida for one that cannot be written."""
    suffix = destino.suffix.lower()
    if suffix not in FORMATOS:
        endings = f"{', '.join(FORMATOS[:-1])} o {FORMATOS[-1]}"
        raise EntradaInvalida(f"no sé escribir «{destino.name}»; use un nombre que termine en {endings}")
    if suffix == ".pdf":
        pdf.check_library()
    return suffix


def write(resumen: Resumen, destino: Path) -> None:
    """Write the report; the suffix of `destino` names the format. Raises EntradaInvalida."""
    write_whole(destino, _WRITE[check_suffix(destino)](resumen))


def _drawings(content: Contenido) -> dict[int, Markup]:
    """Return the SVG of each table that has one, by the identity of the table; ids are numbered as they come."""
    numbers, found = count(1), {}
    for block in (b for part in content.apartados for b in part.bloques):
        if isinstance(block, Tabla) and block.grafica in _DRAW:
            found[id(block)] = Markup(_DRAW[block.grafica](block.titulo, block.datos, f"g{next(numbers)}"))
    return found


@cache
def environment(autoescape: bool = True) -> Environment:
    """Return the templates of this package; html ones escape what they are given."""
    made = Environment(
        loader=FunctionLoader(_template), autoescape=autoescape, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["md"] = escape_markdown
    made.filters["legible"] = legible
    made.filters |= {"identidad": id, "muestra": show}
    return made


def escape_markdown(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, tables included."""
    for char in "\\`*_{}[]<>#|~":
        text = text.replace(char, "\\" + char)
    return text


def _template(name: str) -> str:
    return files("nlp_acuerdos.report").joinpath("templates", name).read_text(encoding="utf-8")
