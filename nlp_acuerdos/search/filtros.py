"""What an agreement must be to be found: filters as a person writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.finders import actividades as finder_actividades
from nlp_acuerdos.finders import actores as finder_actores
from nlp_acuerdos.finders.fechas_valor import interval
from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, ESTATUS, Acuerdo, Etiquetas
from nlp_acuerdos.text import fold

SIN_ESTATUS = "sin_estatus"


@dataclass(frozen=True, slots=True)
class Filtros:
    """What an agreement must be: values of one field are alternatives, fields add up. Build with `resolve_filters`."""

    entidad: tuple[str, ...] = ()
    estatus: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    actividad: tuple[str, ...] = ()
    desde: date | None = None
    hasta: date | None = None

    def accepts(self, acuerdo: Acuerdo, tags: Etiquetas) -> bool:
        """Tell whether an agreement with its tags passes."""
        return (
            (not self.entidad or entity_of(acuerdo) in self.entidad)
            and (not self.estatus or (acuerdo.estatus or SIN_ESTATUS) in self.estatus)
            and (not self.actor or not set(self.actor).isdisjoint(tags.actores))
            and (not self.actividad or not set(self.actividad).isdisjoint(tags.actividades))
            and self._accepts_dates(tags)
        )

    def _accepts_dates(self, tags: Etiquetas) -> bool:
        if self.desde is None and self.hasta is None:
            return True
        first, last = self.desde or date.min, self.hasta or date.max
        spans = (interval(f.valor) for f in tags.fechas if f.tipo in ("DATE", "TIME"))
        return any(span is not None and span[0] <= last and span[1] >= first for span in spans)


def resolve_filters(
    entidad: Sequence[str] = (), estatus: Sequence[str] = (), actor: Sequence[str] = (), actividad: Sequence[str] = (),
    desde: str | None = None, hasta: str | None = None,
) -> Filtros:  # fmt: skip
    """Read filter values as a person writes them: case, accents and aliases fold.

    Raises EntradaInvalida naming the value and what may be written instead.
    """
    return Filtros(
        tuple(_as_entity(v) for v in entidad),
        tuple(
            _closed(v, {fold(s): s for s in (*ESTATUS, SIN_ESTATUS)} | {"sin estatus": SIN_ESTATUS}, "estatus")
            for v in estatus
        ),
        tuple(code for v in actor for code in _as_actor(v)),
        tuple(_closed(v, finder_actividades.names(), "actividad", ACTIVIDADES) for v in actividad),
        _as_date(desde, "--desde"),
        _as_date(hasta, "--hasta"),
    )


def _as_entity(value: str) -> str:
    found = normalize_entidad(value)
    if found is None:
        raise EntradaInvalida(f"entidad desconocida: «{value}»; escriba un estado, por ejemplo «Coahuila» o «CDMX»")
    return found


def _as_actor(value: str) -> tuple[str, ...]:
    code = fold(value).upper()
    if code in ACTORES:
        return (code,)
    found = {e.etiqueta for e in finder_actores.find(value)}
    if not found:
        raise EntradaInvalida(f"actor desconocido: «{value}»; use un nombre o uno de {', '.join(ACTORES)}")
    return tuple(c for c in ACTORES if c in found)


def _closed(value: str, known: Mapping[str, str], field: str, shown: Sequence[str] = ()) -> str:
    found = known.get(fold(value))
    if found is None:
        options = ", ".join(shown or dict.fromkeys(known.values()))
        raise EntradaInvalida(f"{field} desconocido: «{value}»; use uno de {options}")
    return found


def _as_date(value: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise EntradaInvalida(
            f"fecha inválida en {option}: «{value}»; escriba AAAA-MM-DD, por ejemplo 2024-05-15"
        ) from error


def entity_of(acuerdo: Acuerdo) -> str:
    """Return the official name of the entity, or what was read."""
    return normalize_entidad(acuerdo.entidad) or acuerdo.entidad
