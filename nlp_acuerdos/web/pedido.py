"""What a page is asked for, all of it in the URL: query, filters, mode and page; and the URLs of its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.search import Filtros, resolve_filters

CAMPOS = ("entidad", "estatus", "actor", "actividad")
CONSULTA_MAX, VALORES_MAX, PAGINA_MAX = 2000, 64, 500


@dataclass(frozen=True, slots=True)
class Pedido:
    """A search as the URL says it, its filters resolved. Build it with `read_request`."""

    q: str = ""
    filtros: Filtros = Filtros()
    modo: str = "hibrida"
    pagina: int = 1

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the parameters of the URL, the page aside when it is the first."""
        if self.q:
            yield "q", self.q
        for name in CAMPOS:
            yield from ((name, value) for value in getattr(self.filtros, name))
        for name in ("desde", "hasta"):
            if (day := getattr(self.filtros, name)) is not None:
                yield name, day.isoformat()
        if self.modo != "hibrida":
            yield "modo", self.modo
        if self.pagina > 1:
            yield "pagina", str(self.pagina)

    def url(self, path: str = "/", **more: str) -> str:
        """Return the URL of this request at another path."""
        query = urlencode([*self.pairs(), *more.items()], quote_via=quote)
        return f"{path}?{query}" if query else path

    def turn(self, pagina: int) -> Pedido:
        """Return the request for another page."""
        return replace(self, pagina=pagina)

    def asking(self, q: str) -> Pedido:
        """Return the request with another query, on its first page."""
        return replace(self, q=q, pagina=1)

    def toggled(self, campo: str, valor: str) -> Pedido:
        """Return the request with one value of a filter put in or taken out, on its first page."""
        kept: tuple[str, ...] = getattr(self.filtros, campo)
        changed = tuple(v for v in kept if v != valor) if valor in kept else (*kept, valor)
        return self._filtered(**{campo: changed})

    def between(self, desde: str | None, hasta: str | None) -> Pedido:
        """Return the request between two dates (YYYY-MM-DD, None: open), on its first page."""
        dated = resolve_filters(desde=desde, hasta=hasta)
        return self._filtered(desde=dated.desde, hasta=dated.hasta)

    def bare(self) -> Pedido:
        """Return the request without filters, on its first page."""
        return replace(self, filtros=Filtros(), pagina=1)

    def _filtered(self, **changes: Any) -> Pedido:
        return replace(self, filtros=replace(self.filtros, **changes), pagina=1)

    @property
    def activos(self) -> list[tuple[str, str]]:
        """Return the filters in force as (field, value), dates as one."""
        found = [(name, value) for name in CAMPOS for value in getattr(self.filtros, name)]
        first, last = self.filtros.desde, self.filtros.hasta
        if first or last:
            found.append(("fechas", f"{first or '…'} a {last or '…'}"))
        return found

    def shown(self) -> dict[str, str]:
        """Return query and filters as a report prints them."""
        named = {name: ", ".join(getattr(self.filtros, name)) for name in CAMPOS}
        days = {name: str(getattr(self.filtros, name) or "") for name in ("desde", "hasta")}
        return {k: v for k, v in ({"consulta": self.q} | named | days).items() if v}


def read_request(params: QueryParams) -> Pedido:
    """Read the parameters of a URL; empty ones are left out. Raises EntradaInvalida for one that cannot be read."""
    q = " ".join((params.get("q") or params.get("consulta") or "").split())
    if len(q) > CONSULTA_MAX:
        raise EntradaInvalida(f"la consulta pasa de {CONSULTA_MAX} letras; escriba una más corta")
    values = {name: [v for v in params.getlist(name) if v.strip()] for name in CAMPOS}
    if max(map(len, values.values())) > VALORES_MAX:
        raise EntradaInvalida(f"demasiados valores en un filtro; use hasta {VALORES_MAX}")
    days = {name: params.get(name) or None for name in ("desde", "hasta")}
    filters = resolve_filters(**values, **days)  # type: ignore[arg-type]
    if filters.desde and filters.hasta and filters.desde > filters.hasta:
        raise EntradaInvalida(
            f"«desde» ({filters.desde}) es posterior a «hasta» ({filters.hasta}); cambie una de las dos"
        )
    return Pedido(q, filters, params.get("modo") or "hibrida", read_number(params, "pagina", 1, PAGINA_MAX))


def read_number(params: QueryParams, name: str, default: int, largest: int) -> int:
    """Read a whole number from 1 to `largest`. Raises EntradaInvalida."""
    value = params.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= largest:
        raise EntradaInvalida(f"«{name}» debe ser un número de 1 a {largest}")
    return int(value)
