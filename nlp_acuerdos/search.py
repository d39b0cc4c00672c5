"""One ranking from meaning, words and tags; filters as a mask over it; each hit with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp_acuerdos.embeddings import Encoder
from nlp_acuerdos.errors import EntradaInvalida, NoEncontrado
from nlp_acuerdos.finders import actividades as finder_actividades
from nlp_acuerdos.finders import actores as finder_actores
from nlp_acuerdos.finders.fechas_valor import interval
from nlp_acuerdos.finders.lugares import normalize_entidad
from nlp_acuerdos.index import Index, Scores
from nlp_acuerdos.records import ACTIVIDADES, ACTORES, ESTATUS, Acuerdo, Etiquetas
from nlp_acuerdos.text import STOPWORDS, fold, stem, stems, word_spans

MODOS = ("hibrida", "semantica", "lexica")
SIN_ESTATUS = "sin_estatus"
# Share of each engine in `puntaje`. First values; the weights tuned on graded queries are issue 4's.
PESOS = {"semantica": 0.40, "lexica": 0.40, "etiquetas": 0.20}
# e5 cosines of query and passage lie in about [.76, .94]; mapped to [0, 1] by a fixed line, never by a cut list.
COSENO_MIN, COSENO_MAX = 0.76, 0.94
# Nothing found: the best word score and the best cosine are both under these (first values; calibrated in issue 4).
PALABRAS_MIN, COSENO_SUFICIENTE = 0.45, 0.88


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
            (not self.entidad or _entity(acuerdo) in self.entidad)
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


@dataclass(frozen=True, slots=True)
class Motor:
    """One engine's part in a hit: its 1-based rank among the agreements that pass, and its share of the score."""

    motor: str
    rango: int
    aporte: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An agreement found, with its score in [0, 1] and the reason."""

    acuerdo: Acuerdo
    etiquetas: Etiquetas
    puntaje: float
    palabras: tuple[str, ...]
    codigos: tuple[tuple[str, str], ...]
    motores: tuple[Motor, ...]
    pasaje: tuple[int, int]

    @property
    def motivo(self) -> str:
        """Return the reason as one Spanish phrase."""
        parts = [f"palabras: {', '.join(self.palabras)}"] if self.palabras else []
        parts += [f"{conjunto}: {codigo}" for conjunto, codigo in self.codigos]
        return "; ".join(parts) or "cercanía de significado"

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
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resultados:
    """What a query found. `total` passes the filters; `coincidencias` of those hold a word or tag of the query."""

    consulta: str
    total: int
    coincidencias: int
    sin_coincidencias: bool
    hits: tuple[Hit, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of the command contract."""
        return {
            "consulta": self.consulta, "total": self.total, "coincidencias": self.coincidencias,
            "sin_coincidencias": self.sin_coincidencias, "resultados": [hit.as_dict() for hit in self.hits],
        }  # fmt: skip


class Searcher:
    """Searches one corpus: its agreements and tags, an open index, and the encoder (None: words and tags alone)."""

    def __init__(
        self, acuerdos: Sequence[Acuerdo], etiquetas: Mapping[str, Etiquetas], index: Index, encoder: Encoder | None
    ) -> None:
        by_id = {a.id: a for a in acuerdos}
        self._acuerdos = [by_id[i] for i in index.ids]
        self._etiquetas = [etiquetas.get(i, Etiquetas()) for i in index.ids]
        self._index = index
        self._encoder = encoder if index.vectors is not None else None

    def search(
        self, consulta: str, k: int = 10, filtros: Filtros | None = None, *, modo: str = "hibrida"
    ) -> Resultados:
        """Return the `k` best agreements among those that pass `filtros`, ties by id.

        Raises EntradaInvalida for an empty query or an unknown mode.
        """
        if not fold(consulta):
            raise EntradaInvalida("la consulta está vacía; escriba qué busca, por ejemplo «custodia de boletas»")
        if modo not in MODOS:
            raise EntradaInvalida(f"modo desconocido: «{modo}»; use {', '.join(MODOS)}")
        mask = self._mask(filtros)
        roots, codes = stems(consulta), query_codes(consulta) if modo == "hibrida" else ()
        words = self._index.words.scores(roots)
        shares = np.array([_tag_share(codes, t) for t in self._etiquetas], np.float32)
        cosines, parts = self._parts(consulta, words, shares if codes else None, modo)
        matched = self._matched(roots, shares)
        order = self._order(sum(parts.values(), np.zeros(len(mask), np.float32)), mask)
        hits = tuple(self._hit(row, set(roots), codes, parts, mask) for row in order[:k])
        nothing = not mask.any() or self._nothing(consulta, set(roots), words[mask], shares[mask], cosines[mask])
        return Resultados(consulta, int(mask.sum()), int((mask & matched).sum()), nothing, hits)

    def similar(self, id_: str, k: int = 10) -> tuple[tuple[Acuerdo, float], ...]:
        """Return the `k` agreements nearest to `id_` in meaning (in words without vectors), each with its cosine."""
        if id_ not in self._index.ids:
            raise NoEncontrado(f"no hay un acuerdo con id «{id_}»; los ids salen en «acuerdos search»")
        row = self._index.ids.index(id_)
        if self._index.vectors is not None:
            scores = self._index.cosines(self._index.vectors[row])
        else:
            scores = self._index.words.scores(stems(self._acuerdos[row].acuerdo))
        others = np.ones(len(self._acuerdos), bool)
        others[row] = False
        return tuple((self._acuerdos[i], float(scores[i])) for i in self._order(scores, others)[:k])

    def _mask(self, filtros: Filtros | None) -> NDArray[np.bool_]:
        pairs = zip(self._acuerdos, self._etiquetas, strict=True)
        return np.array([filtros is None or filtros.accepts(a, t) for a, t in pairs], bool)

    def _parts(
        self, consulta: str, words: Scores, shares: Scores | None, modo: str
    ) -> tuple[Scores, dict[str, Scores]]:
        """Return the cosines and each engine's share of the score, float32 (n,), functions of each agreement alone."""
        cosines, scores = np.zeros(len(self._acuerdos), np.float32), {}
        if modo != "lexica" and self._encoder is not None:
            cosines = self._index.cosines(self._encoder.encode([consulta], rol="consulta")[0])
            scores["semantica"] = np.clip((cosines - COSENO_MIN) / (COSENO_MAX - COSENO_MIN), 0, 1)
        if modo != "semantica":
            scores["lexica"] = words
        if shares is not None:
            scores["etiquetas"] = shares
        weight = sum(PESOS[name] for name in scores) or 1.0
        return cosines, {name: np.float32(PESOS[name] / weight) * s for name, s in scores.items()}

    def _matched(self, roots: Sequence[str], shares: Scores) -> NDArray[np.bool_]:
        matched = shares > 0
        for root in set(roots):
            matched[self._index.words.impacts(root)[0]] = True
        return matched

    def _nothing(self, consulta: str, roots: set[str], words: Scores, shares: Scores, cosines: Scores) -> bool:
        """Tell whether no agreement that passes (the scores are theirs) covers the query in words, tags or meaning."""
        if words.max() >= PALABRAS_MIN or cosines.max() >= COSENO_SUFICIENTE:
            return False
        if shares.max() < 1:
            return True
        named = {s for e in finder_actores.find(consulta) for s in stems(e.texto)}
        known = sum(s in named or len(self._index.words.impacts(s)[0]) > 0 for s in roots)
        return 2 * known < len(roots)

    def _order(self, scores: Scores, mask: NDArray[np.bool_]) -> list[int]:
        rows = np.flatnonzero(mask)
        return sorted(rows.tolist(), key=lambda row: (-round(float(scores[row]), 6), self._index.ids[row]))

    def _hit(
        self,
        row: int,
        roots: set[str],
        codes: Sequence[tuple[str, str]],
        parts: Mapping[str, Scores],
        mask: NDArray[np.bool_],
    ) -> Hit:
        acuerdo, tags = self._acuerdos[row], self._etiquetas[row]
        words, passage = _passage(acuerdo.acuerdo, roots)
        engines = tuple(
            Motor(name, 1 + int((share[mask] > share[row]).sum()), float(share[row])) for name, share in parts.items()
        )
        score = min(1.0, max(0.0, sum(m.aporte for m in engines)))
        return Hit(acuerdo, tags, score, words, tuple(c for c in codes if _has(c, tags)), engines, passage)


def query_codes(consulta: str) -> tuple[tuple[str, str], ...]:
    """Return the (set, code) tags a query names, through the same catalogues as the tagger."""
    actors = {e.etiqueta for e in finder_actores.find(consulta)}
    acts = {e.etiqueta for e in finder_actividades.find(consulta, respaldo=False)}
    return (*(("actores", c) for c in ACTORES if c in actors), *(("actividades", c) for c in ACTIVIDADES if c in acts))


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


def _entity(acuerdo: Acuerdo) -> str:
    return normalize_entidad(acuerdo.entidad) or acuerdo.entidad


def _has(code: tuple[str, str], tags: Etiquetas) -> bool:
    return code[1] in (tags.actores if code[0] == "actores" else tags.actividades)


def _tag_share(codes: Sequence[tuple[str, str]], tags: Etiquetas) -> float:
    return sum(_has(code, tags) for code in codes) / len(codes) if codes else 0.0


def _passage(text: str, query: set[str]) -> tuple[tuple[str, ...], tuple[int, int]]:
    """Return the words of `text` that match the query, and the span that holds them (the whole text without any)."""
    matches = [(text[a:b], a, b) for w, a, b in word_spans(text) if w not in STOPWORDS and stem(w) in query]
    if not matches:
        return (), (0, len(text))
    words = tuple(dict.fromkeys(w.lower() for w, _, _ in matches))
    return words, (matches[0][1], matches[-1][2])
