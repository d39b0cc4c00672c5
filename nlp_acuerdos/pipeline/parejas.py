"""One-to-one pairs between two lists of agreements: best relation first, in one entity first; order changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from nlp_acuerdos.config import Umbrales
from nlp_acuerdos.dedup import Perfil, candidates, profiles, relate
from nlp_acuerdos.records import Acuerdo, Ancla, Diferencia, Etiquetas, Relacion
from nlp_acuerdos.text import fold

Contextos = Mapping[str, Ancla | Etiquetas]
Ranuras = tuple[tuple[str, str], ...]
Clave = Callable[[Acuerdo], tuple[str, ...]]
ORDEN = {name: n for n, name in enumerate(("exacto", "cambio_estatus", "casi", "contenido", "plantilla"))}


@dataclass(frozen=True, slots=True)
class Pareja:
    """An agreement of each side and their relation (its sides are those of the pair, whatever the ids)."""

    a: Acuerdo
    b: Acuerdo
    relacion: Relacion

    @property
    def entre_entidades(self) -> bool:
        """Tell whether the two are of different entities."""
        return _entity(self.a) != _entity(self.b)


@dataclass(frozen=True, slots=True)
class Emparejado:
    """The pairs, and what was left alone on each side with the nearest of the other side, already paired, if any."""

    parejas: tuple[Pareja, ...]
    solo_a: tuple[tuple[Acuerdo, Pareja | None], ...]
    solo_b: tuple[tuple[Acuerdo, Pareja | None], ...]


def match(
    a: Sequence[Acuerdo], b: Sequence[Acuerdo], contextos_a: Contextos, contextos_b: Contextos,
    decisiones: Mapping[tuple[str, str], str] | None = None, umbrales: Umbrales | None = None,
) -> Emparejado:  # fmt: skip
    """Pair `a` with `b`: each agreement is in one pair, or alone.

    `contextos_*`: by id, the date anchor or the tags. `decisiones`: relation by pair of ids in any order; "ninguna"
    keeps two apart; `umbrales`: those of relations. Series are paired last, and only inside an entity.
    """
    work = _Reparto(_Lado.of(a, contextos_a), _Lado.of(b, contextos_b), decisiones or {}, umbrales or Umbrales())
    return work.run()


def _entity(a: Acuerdo) -> tuple[str, ...]:
    return (fold(a.entidad),)


def _place(a: Acuerdo) -> tuple[str, ...]:
    return (a.documento, fold(a.entidad))


def _anywhere(a: Acuerdo) -> tuple[str, ...]:
    return ()


def _own(a: Acuerdo) -> tuple[str, ...]:
    """Return what the id depends on but for the occurrence, which changes when rows change places."""
    return (*_place(a), fold(a.acuerdo))


def _content(a: Acuerdo) -> tuple[str, str, str, str, int, str]:
    """Return what sorts agreements: what they say before where they stand."""
    return (fold(a.entidad), a.estatus or "", a.acuerdo, a.documento, a.orden, a.id)


def _with_status(key: Clave) -> Clave:
    return lambda a: (*key(a), a.estatus or "")


FASES: tuple[Clave, ...] = (_place, _entity, _anywhere)


@dataclass(frozen=True, slots=True)
class _Lado:
    """One side: agreements and one profile by wording."""

    textos: dict[str, list[Acuerdo]]
    perfiles: dict[str, Perfil]

    @classmethod
    def of(cls, acuerdos: Sequence[Acuerdo], contextos: Contextos) -> _Lado:
        rows: dict[str, list[Acuerdo]] = defaultdict(list)
        first: dict[str, Perfil] = {}
        ordered = sorted(acuerdos, key=_content)
        for acuerdo, perfil in zip(ordered, profiles(ordered, [contextos[a.id] for a in ordered]), strict=True):
            rows[perfil.texto].append(acuerdo)
            first.setdefault(perfil.texto, perfil)
        return cls(dict(rows), first)

    def ids(self) -> dict[str, Acuerdo]:
        return {a.id: a for rows in self.textos.values() for a in rows}


@dataclass(frozen=True, slots=True)
class _Enlace:
    """The relation of a wording of side a with one of side b."""

    a: str
    b: str
    relacion: Relacion
    ranuras: tuple[Ranuras, Ranuras]

    @property
    def orden(self) -> tuple[int, float, tuple[Ranuras, Ranuras], str, str]:
        """Return what sorts links: the best first, and a series from its earliest members on."""
        return (ORDEN[self.relacion.relacion], -self.relacion.similitud, self.ranuras, self.a, self.b)


class _Reparto:
    """The work of one comparison: who is still free, and the pairs made."""

    def __init__(self, a: _Lado, b: _Lado, decisiones: Mapping[tuple[str, str], str], umbrales: Umbrales) -> None:
        self.a, self.b, self.umbrales = a, b, umbrales
        self.libres_a, self.libres_b = a.ids(), b.ids()
        self.decididas = {frozenset(pair): name for pair, name in decisiones.items()}
        self.parejas: list[Pareja] = []

    def run(self) -> Emparejado:
        rows_a, rows_b = dict(self.libres_a), dict(self.libres_b)
        documents = {a.documento for a in rows_a.values()} & {b.documento for b in rows_b.values()}
        self._equal(_with_status(_own))
        for phase in FASES[:1] if documents else FASES[:2]:
            self._equal(_with_status(phase))
        self._equal(_own)
        self._decided(rows_a, rows_b)
        links = sorted(self._links(), key=lambda e: e.orden)
        for phase in FASES:
            self._equal(_with_status(phase))
            self._equal(phase)
            self._linked(links, phase, series=False)
        for phase in FASES[:2]:
            self._linked(links, phase, series=True)
        return self._result(rows_a, rows_b, links)

    # -- pairs --------------------------------------------------------------------------------------------------

    def _equal(self, key: Clave) -> None:
        """Pair equal wordings whose `key` is equal too."""
        for text in self.a.textos.keys() & self.b.textos.keys():
            self._pair(text, text, key, same_text)

    def _linked(self, links: Iterable[_Enlace], key: Clave, *, series: bool) -> None:
        for link in links:
            if (link.relacion.relacion == "plantilla") == series:
                self._pair(link.a, link.b, key, partial(oriented, link.relacion))

    def _pair(self, left: str, right: str, key: Clave, relation: Callable[[Acuerdo, Acuerdo], Relacion]) -> None:
        rows = [a for a in self.a.textos[left] if a.id in self.libres_a]
        others: dict[tuple[str, ...], list[Acuerdo]] = defaultdict(list)
        for b in self.b.textos[right] if rows else ():
            if b.id in self.libres_b:
                others[key(b)].append(b)
        for a in rows if others else ():
            free = others.get(key(a), [])
            place = next((n for n, b in enumerate(free) if self._allowed(a, b)), None)
            if place is not None:
                self._take(a, free[place], relation(a, free.pop(place)))

    def _allowed(self, a: Acuerdo, b: Acuerdo) -> bool:
        return not self.decididas or frozenset((a.id, b.id)) not in self.decididas

    def _take(self, a: Acuerdo, b: Acuerdo, relacion: Relacion) -> None:
        self.parejas.append(Pareja(a, b, relacion))
        del self.libres_a[a.id], self.libres_b[b.id]

    def _decided(self, rows_a: Mapping[str, Acuerdo], rows_b: Mapping[str, Acuerdo]) -> None:
        """Pair what people decided, best relation first."""
        chosen = []
        for pair, name in self.decididas.items():
            for x, y in _both_ways(pair) if name in ORDEN else ():
                if x in rows_a and y in rows_b:
                    chosen.append((ORDEN[name], x, y, name))
        for _, x, y, name in sorted(chosen):
            if x in self.libres_a and y in self.libres_b:
                a, b = rows_a[x], rows_b[y]
                self._take(a, b, Relacion(x, y, name, 1.0, _moved(a, b), decidida=True))

    # -- relations of different wordings ------------------------------------------------------------------------

    def _links(self) -> Iterator[_Enlace]:
        """Yield the relations between different wordings where one side at least is not all paired."""
        left, right = sorted(self.a.perfiles), sorted(self.b.perfiles)
        named_a = [replace(self.a.perfiles[t], id=f"a{n:08d}") for n, t in enumerate(left)]
        named_b = [replace(self.b.perfiles[t], id=f"b{n:08d}") for n, t in enumerate(right)]
        by_id = {p.id: p for p in (*named_a, *named_b)}
        open_a, open_b = _open(self.a, self.libres_a), _open(self.b, self.libres_b)
        if not open_a and not open_b:
            return
        pairs = {p for p in candidates([*named_a, *named_b], None, self.umbrales) if p[0][0] != p[1][0]}
        for x, y in sorted(pairs | set(_next_in_series(named_a, named_b))):
            p, q = by_id[x], by_id[y]
            if p.texto == q.texto or not (p.texto in open_a or q.texto in open_b):
                continue
            found = relate(p, q, self.umbrales)
            if found is not None:
                yield _Enlace(p.texto, q.texto, found, (p.ranuras, q.ranuras))

    # -- what is left -------------------------------------------------------------------------------------------

    def _result(self, rows_a: Mapping[str, Acuerdo], rows_b: Mapping[str, Acuerdo], links: list[_Enlace]) -> Emparejado:
        near_a, near_b = _by_text(links, "a"), _by_text(links, "b")
        alone_a = [(a, self._near(a, a_side=True, text=t, links=near_a.get(t, [])))
                   for t, rows in self.a.textos.items() for a in rows if a.id in self.libres_a]  # fmt: skip
        alone_b = [(b, self._near(b, a_side=False, text=t, links=near_b.get(t, [])))
                   for t, rows in self.b.textos.items() for b in rows if b.id in self.libres_b]  # fmt: skip
        return Emparejado(tuple(self.parejas), tuple(alone_a), tuple(alone_b))

    def _near(self, own: Acuerdo, *, a_side: bool, text: str, links: list[_Enlace]) -> Pareja | None:
        """Return the nearest of the other side, in the same entity when there is one."""
        other = self.b if a_side else self.a
        chances: list[tuple[_Enlace | None, Acuerdo]] = [(None, row) for row in other.textos.get(text, ())[:50]]
        chances += [(e, row) for e in links for row in other.textos[e.b if a_side else e.a][:50]]
        found = [self._as_pair(own, row, link, a_side) for link, row in chances if self._allowed(own, row)]
        return min(found, key=lambda p: (p.entre_entidades, ORDEN[p.relacion.relacion]), default=None)

    def _as_pair(self, own: Acuerdo, row: Acuerdo, link: _Enlace | None, a_side: bool) -> Pareja:
        a, b = (own, row) if a_side else (row, own)
        return Pareja(a, b, oriented(link.relacion, a, b) if link else same_text(a, b))


def same_text(a: Acuerdo, b: Acuerdo) -> Relacion:
    """Return the relation of two agreements of one wording."""
    return Relacion(a.id, b.id, "exacto" if a.estatus == b.estatus else "cambio_estatus", 1.0, _moved(a, b))


def oriented(relacion: Relacion, a: Acuerdo, b: Acuerdo) -> Relacion:
    """Return a relation of wordings as that of `a` and `b`, with the difference of their statuses."""
    return replace(relacion, a=a.id, b=b.id, diferencias=(*relacion.diferencias, *_moved(a, b)))


def _moved(a: Acuerdo, b: Acuerdo) -> tuple[Diferencia, ...]:
    return () if a.estatus == b.estatus else (Diferencia("estatus", a.estatus or "", b.estatus or ""),)


def _both_ways(pair: frozenset[str]) -> Iterator[tuple[str, str]]:
    x, y = sorted(pair)
    yield from ((x, y), (y, x))


def _open(side: _Lado, free: Mapping[str, Acuerdo]) -> set[str]:
    return {text for text, rows in side.textos.items() if any(a.id in free for a in rows)}


def _by_text(links: Iterable[_Enlace], side: str) -> dict[str, list[_Enlace]]:
    found: dict[str, list[_Enlace]] = defaultdict(list)
    for link in links:
        found[getattr(link, side)].append(link)
    return found


def _next_in_series(left: Sequence[Perfil], right: Sequence[Perfil]) -> Iterator[tuple[str, str]]:
    """Yield, in each series, each text with the nearest before and after it on the other side, by slots."""
    ordered = sorted((p for p in (*left, *right) if p.ranuras), key=lambda p: (p.marca, p.ranuras, p.id))
    for _, members in groupby(ordered, key=lambda p: p.marca):
        last: dict[str, str] = {}
        for p in members:
            side, other = p.id[0], "b" if p.id[0] == "a" else "a"
            if other in last:
                yield (p.id, last[other]) if side == "a" else (last[other], p.id)
            last[side] = p.id
