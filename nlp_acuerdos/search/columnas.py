"""Tags, entity, status and dates of the corpus as columns: filters and facets in one pass, stored beside the index."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.finders.fechas_valor import interval
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, ESTATUS, Acuerdo, Etiquetas
from nlp_acuerdos.search.filtros import SIN_ESTATUS, Filtros, entity_of

FORMATO = 1
Mask = NDArray[np.bool_]
_STATUSES = (*ESTATUS, SIN_ESTATUS)
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True, eq=False)
class Columnas:
    """Columns in the row order of the index. Codes are bits of `actores` and `actividades` (uint32), in guide order.

    `fecha_fila`, `desde` and `hasta` hold the dated intervals: row, first and last day as ordinals.
    """

    entidades: tuple[str, ...]
    entidad: NDArray[np.int16]
    estatus: NDArray[np.int8]
    actores: NDArray[np.uint32]
    actividades: NDArray[np.uint32]
    fecha_fila: NDArray[np.int32]
    desde: NDArray[np.int32]
    hasta: NDArray[np.int32]

    @property
    def n(self) -> int:
        """Return how many agreements there are."""
        return len(self.entidad)

    def mask(self, filtros: Filtros | None) -> Mask:
        """Return which agreements pass: what `Filtros.accepts` says of each."""
        passed = np.ones(self.n, bool)
        if filtros is None:
            return passed
        if filtros.entidad:
            wanted = [i for i, name in enumerate(self.entidades) if name in filtros.entidad]
            passed &= np.isin(self.entidad, wanted)
        if filtros.estatus:
            passed &= np.isin(self.estatus, [_STATUSES.index(s) for s in filtros.estatus])
        if filtros.actor:
            passed &= (self.actores & bits(filtros.actor, ACTORES)) != 0
        if filtros.actividad:
            passed &= (self.actividades & bits(filtros.actividad, ACTIVIDADES)) != 0
        if filtros.desde or filtros.hasta:
            first = filtros.desde.toordinal() if filtros.desde else _FIRST
            last = filtros.hasta.toordinal() if filtros.hasta else _LAST
            passed &= self.dated([(first, last)])
        return passed

    def dated(self, days: Iterable[tuple[int, int]]) -> Mask:
        """Return which agreements have a date that overlaps one of the intervals (ordinals, inclusive)."""
        found = np.zeros(self.n, bool)
        for first, last in days:
            found[self.fecha_fila[(self.desde <= last) & (self.hasta >= first)]] = True
        return found

    def open_facets(self, mask: Mask, filtros: Filtros | None, found: Mask) -> dict[str, dict[str, int]]:
        """Return counts as `facets`, but each field without its own filter: what else may be chosen in it.

        `found` is the mask before any filter, `mask` after all of them.
        """
        counts = self.facets(mask)
        if filtros is None:
            return counts
        freed = {
            "entidad": replace(filtros, entidad=()), "estatus": replace(filtros, estatus=()),
            "actor": replace(filtros, actor=()), "actividad": replace(filtros, actividad=()),
        }  # fmt: skip
        for name, others in freed.items():
            if others != filtros:
                counts[name] = self.facets(found & self.mask(others))[name]
        if filtros.desde or filtros.hasta:
            counts["mes"] = self._months(found & self.mask(replace(filtros, desde=None, hasta=None)))
        return counts

    def facets(self, mask: Mask) -> dict[str, dict[str, int]]:
        """Return exact counts by entity, status, actor, activity and month of the agreements of a mask."""
        by_entity = np.bincount(self.entidad[mask], minlength=len(self.entidades))
        by_status = np.bincount(self.estatus[mask].astype(np.int64), minlength=len(_STATUSES))
        return {
            "entidad": _counted(self.entidades, by_entity),
            "estatus": _counted(_STATUSES, by_status),
            "actor": _counted(ACTORES, _bit_counts(self.actores[mask], len(ACTORES))),
            "actividad": _counted(ACTIVIDADES, _bit_counts(self.actividades[mask], len(ACTIVIDADES))),
            "mes": self._months(mask),
        }

    def _months(self, mask: Mask) -> dict[str, int]:
        """Count each agreement once a month in which one of its dates begins."""
        kept = mask[self.fecha_fila]
        days = (self.desde[kept].astype(np.int64) - _EPOCH).astype("datetime64[D]")
        months = days.astype("datetime64[M]").astype(np.int64)
        pairs = np.unique(months * self.n + self.fecha_fila[kept])
        values, counts = np.unique(pairs // max(self.n, 1), return_counts=True)
        return {str(m): int(c) for m, c in zip(values.astype("datetime64[M]"), counts, strict=True)}


def bits(codes: Iterable[str], order: Sequence[str]) -> np.uint32:
    """Return the codes as bits."""
    return np.uint32(sum(1 << order.index(code) for code in codes))


def _bit_counts(values: NDArray[np.uint32], size: int) -> NDArray[np.int64]:
    return np.array([int(((values >> np.uint32(i)) & np.uint32(1)).sum()) for i in range(size)], dtype=np.int64)


def _counted(names: Sequence[str], counts: NDArray[Any]) -> dict[str, int]:
    found = [(name, int(count)) for name, count in zip(names, counts, strict=False) if count]
    return dict(sorted(found, key=lambda f: (-f[1], f[0])))


def make(acuerdos: Sequence[Acuerdo], etiquetas: Sequence[Etiquetas]) -> Columnas:
    """Return the columns of agreements and their tags, in the order given."""
    entities = [entity_of(a) for a in acuerdos]
    names = tuple(sorted(set(entities)))
    place = {name: i for i, name in enumerate(names)}
    dated = [
        (row, span[0].toordinal(), span[1].toordinal())
        for row, tags in enumerate(etiquetas)
        for f in tags.fechas
        if f.tipo in ("DATE", "TIME") and (span := interval(f.valor)) is not None
    ]
    dates = np.array(dated, dtype=np.int32).reshape(-1, 3)
    return Columnas(
        names,
        np.array([place[e] for e in entities], dtype=np.int16),
        np.array([_STATUSES.index(a.estatus or SIN_ESTATUS) for a in acuerdos], dtype=np.int8),
        np.array([bits(t.actores, ACTORES) for t in etiquetas], dtype=np.uint32),
        np.array([bits(t.actividades, ACTIVIDADES) for t in etiquetas], dtype=np.uint32),
        dates[:, 0].copy(), dates[:, 1].copy(), dates[:, 2].copy(),
    )  # fmt: skip


def save(columnas: Columnas, path: Path, marca: str) -> None:
    """Write the columns whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    head = json.dumps({"formato": FORMATO, "marca": marca, "entidades": columnas.entidades}, ensure_ascii=False)
    arrays = {k: v for k, v in vars(columnas).items() if k != "entidades"}
    with temporary.open("wb") as stream:
        np.savez(stream, cabeza=np.frombuffer(head.encode(), dtype=np.uint8), **arrays)
    temporary.replace(path)


def load(path: Path, marca: str, n: int) -> Columnas | None:
    """Return the stored columns, or None when they are missing, damaged, or of another corpus or other tags."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            head = json.loads(arrays["cabeza"].tobytes())
            if head["formato"] != FORMATO or head["marca"] != marca:
                return None
            found = Columnas(tuple(head["entidades"]), **{k: arrays[k] for k in arrays.files if k != "cabeza"})
            return found if found.n == n else None
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    except Exception as error:  # a truncated zip raises BadZipFile, which zipfile need not be imported for
        if type(error).__name__ == "BadZipFile":
            return None
        raise
