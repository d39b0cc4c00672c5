"""Scores: each a function of one agreement against the whole corpus, never of its rank in a cut list (weights: `config.Pesos`)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.config import Pesos
from nlp_acuerdos.finders import conceptos
from nlp_acuerdos.index import Index, Scores
from nlp_acuerdos.records import ACTIVIDADES, ACTORES
from nlp_acuerdos.search.columnas import Columnas, Mask, bits
from nlp_acuerdos.search.consulta import Consulta
from nlp_acuerdos.text import fold, stem


@dataclass(frozen=True, slots=True)
class Significado:
    """How the cosines of an encoder are read.

    `minimo` and `maximo` are mapped to [0, 1] by a fixed line, never by a cut list. An agreement answers a query with what it
    covers of it plus `peso` times that nearness; nothing is found when none reaches `limite` (with meaning alone, when
    no cosine reaches `suficiente`).
    """

    minimo: float
    maximo: float
    peso: float
    limite: float
    suficiente: float

    def nearness(self, cosenos: Scores) -> Scores:
        """Return cosines on the line from 0 to 1; under it they keep their order within a fiftieth."""
        line = np.clip((cosenos - self.minimo) / (self.maximo - self.minimo), 0, 1)
        under = np.clip((cosenos + 1) / (self.minimo + 1), 0, 1)
        return np.asarray(0.98 * line + 0.02 * under, dtype=np.float32)


# e5 cosines of query and passage lie in about [.76, .94] and tell little of whether there is an answer.
CRUDO = Significado(0.76, 0.94, 0.0, Pesos().cobertura_minima, 0.88)
# With the trained head, which learnt to keep queries without an answer far from everything.
ENTRENADO = Significado(0.1, 0.75, 1.2, 0.7, 0.2)


@dataclass(frozen=True, eq=False)
class Puntajes:
    """The scores of a query: each engine's share (n,), how far each agreement answers it (from `limite` on it does)."""

    partes: dict[str, Scores]
    respuesta: Scores
    limite: float
    coinciden: Mask

    @property
    def total(self) -> Scores:
        """Return the score of each agreement, in [0, 1]."""
        return np.clip(sum(self.partes.values(), np.zeros(len(self.respuesta), np.float32)), 0, 1)


class Motores:
    """The engines over one index and its columns."""

    def __init__(
        self, index: Index, columnas: Columnas, significado: Significado = CRUDO, pesos: Pesos | None = None
    ) -> None:
        self._index, self._columns, self._meaning = index, columnas, significado
        self.pesos = pesos or Pesos()
        self.n = columnas.n

    def score(self, q: Consulta, vector: NDArray[np.float32] | None, modo: str) -> Puntajes:
        """Return the scores of a query; `vector` is its embedding, or None without meaning."""
        rows = {g: self._concept(g) for _, _, found in q.conceptos for g in found} if modo != "lexica" else {}
        covered, exact, answered = self._coverage(q, rows)
        parts: dict[str, Scores] = {}
        places = self._places(q) if q.entidades or q.sitios else None
        answer, limit, how = self._placed(q, answered, places), self.pesos.cobertura_minima, self._meaning
        if vector is not None and modo != "lexica":
            besides = np.flatnonzero(covered > 0)[:200_000] if self._index.grafo is not None else None
            cosines = self._index.cosines(vector, besides)
            near = how.nearness(cosines)
            parts["semantica"] = near
            answer, limit = answer + np.float32(how.peso) * near, how.limite
            if modo == "semantica":
                answer, limit = cosines, how.suficiente
        if modo != "semantica":
            parts["lexica"] = covered
        if modo == "hibrida":
            parts |= self._named(q, rows, exact, places)
        matched = self._matched(q, rows, parts)
        weight = sum(self.pesos.of(name) for name in parts) or 1.0
        shares = {name: (np.float32(self.pesos.of(name) / weight) * s).astype(np.float32) for name, s in parts.items()}
        return Puntajes(shares, answer, limit, matched)

    def _concept(self, concept: int) -> NDArray[np.intp]:
        """Return the rows that have a concept, in the text or by a tag."""
        named = self._index.tesauro.codigos.get(concept, ())
        rows = self._index.concept_rows(concept)
        if not named:
            return np.asarray(rows, dtype=np.intp)
        actors = bits((c[1:] for c in named if c[0] == "@"), ACTORES)
        acts = bits((c[1:] for c in named if c[0] == "#"), ACTIVIDADES)
        tagged = ((self._columns.actores & actors) | (self._columns.actividades & acts)) != 0
        tagged[rows] = True
        return np.flatnonzero(tagged)

    def _idf(self, df: int) -> float:
        """Return the inverse document frequency of BM25 (Lucene's form)."""
        return math.log(1 + (self.n - df + 0.5) / (df + 0.5))

    def _coverage(self, q: Consulta, rows: dict[int, NDArray[np.intp]]) -> tuple[Scores, Scores, Scores]:
        """Return how much of the query each agreement covers, word by word, by idf.

        First by the word or a concept it belongs to; then by the word alone; then as for whether there is an answer, where
        a concept is as good as the word and the states asked for are left to `_placed`.
        """
        idf = {g: self._idf(len(r)) for g, r in rows.items()}
        covered, exact, answered = np.zeros((3, self.n), np.float32)
        weight = asked = 0.0
        states = {unit for name in q.entidades for unit in conceptos.phrase(name)}
        states |= {word for site in q.sitios if site.estado for word in site.palabras}
        for place, (unit, common) in enumerate(q.unidades):
            found = {g for a, b, groups in q.conceptos if a <= place < b for g in groups if g in rows}
            over = sorted(found, key=lambda g: (idf[g], g))[-255:]
            if common and not over:
                continue
            hit, impacts = self._index.words.impacts(unit)
            if unit in states and not len(hit):  # "oaxaqueña": what it says is a place, not a word
                continue
            own = np.float32(self._idf(len(hit)) if len(hit) else max((idf[g] for g in over), default=self._idf(0)))
            own_word = np.zeros(self.n, np.float32)
            if len(hit):
                own_word[hit] = impacts / impacts.max()
            best = np.zeros(self.n, np.uint8)
            for number, g in enumerate(over, 1):  # the rarest concept last: it stands
                best[rows[g]] = number
            covered += own * np.maximum(
                self._values(over, idf, self.pesos.cobertura, self.pesos.rareza)[best], own_word
            )
            exact += own * own_word
            weight += float(own)
            if unit not in states:
                answer = self._values(over, idf, self.pesos.cobertura_respuesta, self.pesos.rareza_respuesta)[best]
                answered += own * np.maximum(answer, own_word)
                asked += float(own)
        if not asked:
            answered, asked = covered.copy(), weight
        return covered / np.float32(weight or 1), exact / np.float32(weight or 1), answered / np.float32(asked or 1)

    def _values(self, over: list[int], idf: dict[int, float], most: float, rarity: float) -> Scores:
        """Return what each concept covers of a word, after a 0 for none."""
        rarest = self._idf(1)
        return np.array([0.0, *(most * min(1.0, idf[g] / rarest) ** rarity for g in over)], np.float32)

    def _named(
        self, q: Consulta, rows: dict[int, NDArray[np.intp]], exact: Scores, places: Scores | None
    ) -> dict[str, Scores]:
        """Return the shares of what a query names: concepts (the words themselves are theirs), tags, states, dates."""
        parts: dict[str, Scores] = {}
        if rows:
            idf = {g: self._idf(len(r)) for g, r in rows.items()}
            concepts = np.zeros(self.n, np.float32)
            for g, found in rows.items():
                concepts[found] += np.float32(idf[g])
            parts["tesauro"] = np.maximum(concepts / np.float32(sum(idf.values())), exact**4)
        if q.codigos:
            parts["etiquetas"] = self._tags(q)
        if places is not None:
            parts["lugar"] = places
        if q.dias:
            parts["fechas"] = self._columns.dated(q.dias).astype(np.float32)
        return parts

    def _tags(self, q: Consulta) -> Scores:
        found = np.zeros(self.n, np.float32)
        for conjunto, code in q.codigos:
            column, order = (
                (self._columns.actores, ACTORES) if conjunto == "actores" else (self._columns.actividades, ACTIVIDADES)
            )
            found += ((column & bits([code], order)) != 0).astype(np.float32)
        return found / np.float32(len(q.codigos))

    def _places(self, q: Consulta) -> Scores:
        """Return 1 for agreements of a state the query names or that name its town, less for the other half of that."""
        found = np.zeros(self.n, np.float32)
        towns = [site for site in q.sitios if not site.estado]
        found[self._within(frozenset[str]().union(*(site.entidades for site in towns)))] = self.pesos.vecino
        for name in q.entidades:
            found[self._naming(conceptos.phrase(name))] = self.pesos.nombrado
        found[self._within(q.entidades)] = 1
        for site in towns:
            found[self._naming(stem(word) for word in site.palabras)] = 1
        return found

    def _naming(self, roots: Iterable[str]) -> NDArray[np.intp]:
        """Return the agreements that hold all the long words of a name."""
        rows = [self._index.words.impacts(root)[0] for root in roots if len(fold(root)) > 3]
        inside = rows[0] if rows else np.zeros(0, np.intp)
        for other in rows[1:]:
            inside = np.intersect1d(inside, other)
        return np.asarray(inside, dtype=np.intp)

    def _within(self, states: frozenset[str]) -> Mask:
        """Return which agreements are of one of these states."""
        codes = [i for i, name in enumerate(self._columns.entidades) if name in states]
        return np.isin(self._columns.entidad, codes)

    def _placed(self, q: Consulta, covered: Scores, places: Scores | None) -> Scores:
        """Return the coverage, worth less where the query names a place of another state than the agreement's."""
        if places is None:
            return covered
        states = q.entidades.union(*(site.entidades for site in q.sitios))
        near = np.where(self._within(states), np.float32(1), places)
        return covered * np.maximum(near, np.float32(self.pesos.otro_lugar))

    def _matched(self, q: Consulta, rows: dict[int, NDArray[np.intp]], parts: dict[str, Scores]) -> Mask:
        """Return which agreements hold a word of the query, or all the tags it names."""
        matched = np.zeros(self.n, bool)
        for root in set(q.raices):
            matched[self._index.words.impacts(root)[0]] = True
        if "etiquetas" in parts:
            matched |= parts["etiquetas"] > 0
        return matched
