"""One ranking from meaning, words, thesaurus and tags; filters as a mask over it; each hit with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.config import Pesos
from nlp_acuerdos.embeddings import Encoder
from nlp_acuerdos.embeddings.cabeza import Cabeza
from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.finders import actores as finder_actores
from nlp_acuerdos.finders.conceptos import Tesauro
from nlp_acuerdos.index import Index, Scores
from nlp_acuerdos.records import Acuerdo, Etiquetas
from nlp_acuerdos.search import columnas as columns
from nlp_acuerdos.search.columnas import Columnas, Mask
from nlp_acuerdos.search.consulta import Consulta, query_codes, read_query
from nlp_acuerdos.search.filtros import Filtros, resolve_filters
from nlp_acuerdos.search.ortografia import Ortografia
from nlp_acuerdos.search.puntajes import CRUDO, ENTRENADO, Motores, Puntajes
from nlp_acuerdos.text import STOPWORDS, stem, stems, word_spans

__all__ = ["Filtros", "Hit", "Motor", "Resultados", "Searcher", "query_codes", "resolve_filters"]

MODOS = ("hibrida", "semantica", "lexica")
Rows = NDArray[np.intp]
Fetch = Callable[[Sequence[str]], tuple[Mapping[str, Acuerdo], Mapping[str, Etiquetas]]]


@dataclass(frozen=True, slots=True)
class Motor:
    """One engine's part in a hit: its 1-based rank among the agreements that pass, and its share of the score."""

    motor: str
    rango: int
    aporte: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An agreement found, with its score in [0, 1] and the reason; `debil` when the query has no real answer."""

    acuerdo: Acuerdo
    etiquetas: Etiquetas
    puntaje: float
    palabras: tuple[str, ...]
    codigos: tuple[tuple[str, str], ...]
    motores: tuple[Motor, ...]
    pasaje: tuple[int, int]
    afines: tuple[str, ...] = ()
    debil: bool = False

    @property
    def motivo(self) -> str:
        """Return the reason as one Spanish phrase."""
        parts = [f"palabras: {', '.join(self.palabras)}"] if self.palabras else []
        parts += [f"{conjunto}: {codigo}" for conjunto, codigo in self.codigos]
        parts += [f"afines: {', '.join(self.afines)}"] if self.afines else []
        reason = "; ".join(parts) or "cercanía de significado"
        return f"débil; {reason}" if self.debil else reason

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of the command contract."""
        a, tags = self.acuerdo, self.etiquetas.as_dict()
        return {
            "id": a.id, "puntaje": round(self.puntaje, 4), "entidad": a.entidad, "acuerdo": a.acuerdo,
            "estatus": a.estatus, **{k: tags[k] for k in ("actores", "responsables", "actividades", "fechas")},
            "origen": {"archivo": a.origen.archivo, "pagina": a.origen.pagina, "fila": a.origen.fila},
            "motivo": {
                "texto": self.motivo, "palabras": list(self.palabras),
                "etiquetas": [{"conjunto": s, "codigo": c} for s, c in self.codigos],
                "motores": [{"motor": m.motor, "rango": m.rango, "aporte": round(m.aporte, 4)} for m in self.motores],
                "pasaje": {"inicio": self.pasaje[0], "fin": self.pasaje[1]},
            },
            "cita": a.cita,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resultados:
    """What a query found. `total` passes the filters; `coincidencias` of those hold a word or tag of the query.

    `facetas` counts the coincidences exactly; `sugerencia` is the query with its misspelt words mended, if any.
    """

    consulta: str
    total: int
    coincidencias: int
    sin_coincidencias: bool
    hits: tuple[Hit, ...]
    facetas: Mapping[str, Mapping[str, int]]
    sugerencia: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of the command contract."""
        return {
            "consulta": self.consulta, "total": self.total, "coincidencias": self.coincidencias,
            "sin_coincidencias": self.sin_coincidencias, "sugerencia": self.sugerencia,
            "facetas": {k: dict(v) for k, v in self.facetas.items()},
            "resultados": [hit.as_dict() for hit in self.hits],
        }  # fmt: skip


class Searcher:
    """Searches one corpus: an open index, its columns, a way to fetch agreements, and the encoder (None: no meaning)."""

    def __init__(
        self, index: Index, columnas: Columnas, fetch: Fetch, encoder: Encoder | None, cabeza: Cabeza | None = None,
        pesos: Pesos | None = None,
    ) -> None:  # fmt: skip
        self._index, self._columns, self._fetch = index, columnas, fetch
        self._encoder = encoder if index.vectors is not None else None
        self._head = cabeza
        self._engines = Motores(index, columnas, ENTRENADO if cabeza else CRUDO, pesos)
        self._spelling: Ortografia | None = None
        # The pages and facets of one query ask for it again and again.
        self._vector = lru_cache(maxsize=256)(self._encode)

    def _encode(self, texto: str) -> NDArray[np.float32]:
        assert self._encoder is not None
        vectors = self._encoder.encode([texto], rol="consulta")
        return np.asarray((self._head.consultas(vectors) if self._head else vectors)[0])

    @classmethod
    def over(
        cls,
        acuerdos: Sequence[Acuerdo],
        etiquetas: Mapping[str, Etiquetas],
        index: Index,
        encoder: Encoder | None,
        cabeza: Cabeza | None = None,
        pesos: Pesos | None = None,
    ) -> Searcher:
        """Return a searcher over agreements and tags held in memory; `cabeza` is what the index's vectors went through."""
        by_id = {a.id: a for a in acuerdos}
        rows = [by_id[i] for i in index.ids]
        made = columns.make(rows, [etiquetas.get(a.id, Etiquetas()) for a in rows])
        return cls(index, made, lambda ids: (by_id, etiquetas), encoder, cabeza, pesos)

    def search(
        self,
        consulta: str,
        k: int = 10,
        filtros: Filtros | None = None,
        *,
        modo: str = "hibrida",
        facetas: bool | Literal["abiertas"] = False,
        salto: int = 0,
    ) -> Resultados:
        """Return the `k` best agreements among those that pass `filtros`, ties by id; with `facetas`, counts too.

        `facetas="abiertas"` counts each field without its own filter; `salto` leaves out that many of the best.
        Raises EntradaInvalida for an empty query or an unknown mode.
        """
        if modo not in MODOS:
            raise EntradaInvalida(f"modo desconocido: «{modo}»; use {', '.join(MODOS)}")
        q = read_query(consulta, self._index.tesauro)
        allowed = self._columns.mask(filtros)
        demanded = self._demanded(q)
        asked = allowed & demanded
        vector = self._vector(q.texto) if self._encoder and modo != "lexica" else None
        scores = self._engines.score(q, vector, modo)
        nothing = not asked.any() or bool(scores.respuesta[asked].max() < scores.limite)
        rows = self._best(scores.total, asked, salto + k)[salto:]
        found = asked & scores.coinciden
        hits = self._hits(rows, q, scores, asked, nothing)
        counts = self._columns.facets(found) if facetas else {}
        if facetas == "abiertas":
            counts = self._columns.open_facets(found, filtros, demanded & scores.coinciden)
        return Resultados(consulta, int(allowed.sum()), int(found.sum()), nothing, hits, counts, self._mend(q))

    def browse(
        self, orden: Rows, k: int = 10, filtros: Filtros | None = None, *,
        facetas: bool | Literal["abiertas"] = False, salto: int = 0,
    ) -> Resultados:  # fmt: skip
        """Return the agreements that pass `filtros` as they come in `orden` (rows, see `rows`), without any query."""
        mask = self._columns.mask(filtros)
        rows = orden[mask[orden]][salto : salto + k]
        records, tags = self._fetch([self._index.ids[i] for i in rows])
        hits = tuple(
            Hit(a, tags.get(a.id, Etiquetas()), 0.0, (), (), (), (0, len(a.acuerdo)))
            for a in (records[self._index.ids[i]] for i in rows)
        )
        counts = self._columns.facets(mask) if facetas else {}
        if facetas == "abiertas":
            counts = self._columns.open_facets(mask, filtros, np.ones(self._columns.n, bool))
        return Resultados("", int(mask.sum()), int(mask.sum()), not mask.any(), hits, counts)

    def rows(self, ids: Sequence[str]) -> Rows:
        """Return the row of each id, shape (n,): an order to browse in; ids that are not indexed are left out."""
        place = {id_: row for row, id_ in enumerate(self._index.ids)}
        return np.array([place[i] for i in ids if i in place], dtype=np.intp)

    def similar(self, id_: str, k: int = 10) -> tuple[tuple[Acuerdo, float], ...]:
        """Return the `k` agreements nearest to `id_` in meaning (in words without vectors), each with its cosine."""
        if id_ not in self._index.ids:
            raise NoEncontrado(f"no hay un acuerdo con id «{id_}»; los ids salen en «acuerdos search»")
        row = self._index.ids.index(id_)
        if self._index.vectors is not None:
            scores = self._index.cosines(np.array(self._index.vectors[row]))
        else:
            scores = self._index.words.scores(stems(self._fetch([id_])[0][id_].acuerdo))
        others = np.ones(self._columns.n, bool)
        others[row] = False
        rows = self._best(scores, others, k)
        records = self._fetch([self._index.ids[i] for i in rows])[0]
        return tuple((records[self._index.ids[i]], float(scores[i])) for i in rows)

    def matching(self, consulta: str, filtros: Filtros | None = None) -> frozenset[str]:
        """Return the ids of the coincidences of a query: what a saved search remembers."""
        q = read_query(consulta, self._index.tesauro)
        scores = self._engines.score(q, None, "hibrida")
        rows = np.flatnonzero(self._columns.mask(filtros) & self._demanded(q) & scores.coinciden)
        return frozenset(self._index.ids[i] for i in rows)

    def _demanded(self, q: Consulta) -> Mask:
        """Return which agreements have every phrase and `+word` of the query and none of its `-words`."""
        passed = np.ones(self._columns.n, bool)
        for unit in (*q.con, *(s for p in q.frases for s in p)):
            passed &= self._holds(unit)
        for unit in q.sin:
            passed &= ~self._phrase(tuple(unit.split(" ")), self._holds(unit.split(" ")[0]))
        for words in q.frases:
            passed = self._phrase(words, passed)
        return passed

    def _holds(self, unit: str) -> Mask:
        """Return which agreements hold a stem; stopwords are not indexed and are checked with their phrase."""
        found = np.zeros(self._columns.n, bool)
        found[self._index.words.impacts(unit)[0]] = True
        return found if found.any() or unit not in _COMMON else np.ones(self._columns.n, bool)

    def _phrase(self, words: tuple[str, ...], among: Mask) -> Mask:
        """Return which of the agreements `among` hold the stems one after another."""
        if len(words) == 1:
            return among & self._holds(words[0])
        found = np.zeros(self._columns.n, bool)
        rows = np.flatnonzero(among)
        records = self._fetch([self._index.ids[i] for i in rows])[0]
        for row in rows:
            text = stems(records[self._index.ids[row]].acuerdo, keep_stopwords=True)
            found[row] = any(tuple(text[i : i + len(words)]) == words for i in range(len(text) - len(words) + 1))
        return found

    def _best(self, scores: Scores, mask: Mask, k: int) -> list[int]:
        """Return the `k` best rows of a mask, ties by id (scores compared at six decimals)."""
        rows = np.flatnonzero(mask)
        rounded = np.round(scores[rows].astype(np.float64), 6)
        if len(rows) > 64 * k:
            # The k-th best of the bests of blocks is no more than the k-th best of all: a bound found in one pass.
            tops = np.maximum.reduceat(rounded, np.arange(0, len(rounded), len(rounded) // (8 * k)))
            near = rounded >= np.sort(tops)[-k]
            rows, rounded = rows[near], rounded[near]
        keyed = sorted(zip(rows.tolist(), rounded.tolist(), strict=True), key=lambda r: (-r[1], self._index.ids[r[0]]))
        return [row for row, _ in keyed[:k]]

    def _hits(self, rows: Sequence[int], q: Consulta, scores: Puntajes, mask: Mask, weak: bool) -> tuple[Hit, ...]:
        records, tags = self._fetch([self._index.ids[i] for i in rows])
        passing = {name: share[mask] for name, share in scores.partes.items()}
        total = scores.total
        hits = []
        for row in rows:
            id_ = self._index.ids[row]
            engines = tuple(
                Motor(name, 1 + int((passing[name] > share[row]).sum()), float(share[row]))
                for name, share in scores.partes.items()
            )
            own = tags.get(id_, Etiquetas())
            words, akin, passage = _passage(records[id_].acuerdo, q, self._index.tesauro)
            codes = tuple(c for c in q.codigos if c[1] in getattr(own, c[0])) if len(scores.partes) > 1 else ()
            hits.append(Hit(records[id_], own, float(total[row]), words, codes, engines, passage, akin, weak))
        return tuple(hits)

    def _mend(self, q: Consulta) -> str | None:
        """Return the query with each word the corpus does not know replaced by the one it most resembles."""
        covered = {i for a, b, _ in q.conceptos for i in range(a, b)}
        if all(
            common or i in covered or len(self._index.words.impacts(u)[0]) for i, (u, common) in enumerate(q.unidades)
        ):
            return None
        if self._spelling is None:
            self._spelling = Ortografia(self._index.words.formas)
        named = {word for e in finder_actores.find(q.texto) for word in stems(e.texto)}
        return self._spelling.mend(q.texto, lambda s: s in named or len(self._index.words.impacts(s)[0]) > 0)


_COMMON = frozenset(stem(word) for word in STOPWORDS)


def _passage(text: str, q: Consulta, tesauro: Tesauro) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, int]]:
    """Return the words of `text` that match the query, those that share a concept with it, and the span that holds them."""
    roots = set(q.raices)
    spans = [(w, stem(w), a, b) for w, a, b in word_spans(text) if w not in STOPWORDS]
    exact = [(w, a, b) for w, s, a, b in spans if s in roots]
    wanted = {g for _, _, found in q.conceptos for g in found}
    akin = [(w, a, b) for w, s, a, b in spans if s not in roots and wanted & set(tesauro.textos.get(s, ()))]
    placed = exact or akin
    if not placed:
        return (), (), (0, len(text))
    words = tuple(dict.fromkeys(w for w, _, _ in exact))
    return words, tuple(dict.fromkeys(w for w, _, _ in akin))[:4], (placed[0][1], placed[-1][2])
