"""spaCy components over the finders, for `spacy.blank("es")`.

    nlp = spacy.blank("es")
    nlp.add_pipe("acuerdos_etiquetas", config={"proceso": "2023-2024"})
    nlp("La GN custodiará las boletas el 9 de mayo.")._.etiquetas.actores  # ("GN",)

Spans stand in `doc.spans["actores" | "responsables" | "actividades" | "fechas"]`, labelled with their codes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

import spacy
from spacy.attrs import IDX
from spacy.language import Language
from spacy.tokens import Doc, Span

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.embeddings import Vectores
from nlp_acuerdos.finders import actividades, actores, fechas, responsables
from nlp_acuerdos.records import CONJUNTOS, Ancla, Etiquetas, Evidencia
from nlp_acuerdos.tagging import tag
from nlp_acuerdos.tagging.clasificador import Etiquetador, etiquetador

PIPE = "acuerdos_etiquetas"
_TEXT, _ACTS = "acuerdos_texto", "acuerdos_actividades"
LOTE = 64


class Tagger:
    """Sets `doc._.etiquetas` and the span groups of a document. `doc._.ancla`, when set, wins over the configured one."""

    def __init__(self, ancla: Ancla, clasificador: bool = False) -> None:
        self._ancla, self._classifier = ancla, clasificador
        _extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document."""
        text = doc.user_data.get(_TEXT) or doc.text
        acts = doc.user_data.get(_ACTS)
        if acts is None and self._classifier:
            (acts,) = etiquetador().find([text])
        tags = tag(text, doc._.ancla or self._ancla, acts)
        doc._.etiquetas = tags
        starts = doc.to_array(IDX).tolist()
        for conjunto in CONJUNTOS:
            _set_spans(doc, conjunto, [e for e in tags.evidencia if e.conjunto == conjunto], starts)
        dates = [Evidencia("fechas", f.tipo, f.regla, f.inicio, f.fin, f.texto) for f in tags.fechas]
        _set_spans(doc, "fechas", dates, starts)
        return doc


class _One:
    """A component that fills one span group."""

    def __init__(self, conjunto: str, ancla: Ancla | None = None) -> None:
        self._conjunto, self._ancla = conjunto, ancla
        _extensions()

    def __call__(self, doc: Doc) -> Doc:
        _set_spans(doc, self._conjunto, self._find(doc))
        return doc

    def _find(self, doc: Doc) -> list[Evidencia]:
        if self._conjunto == "fechas":
            ancla = doc._.ancla or self._ancla or make_anchor()
            return [
                Evidencia("fechas", f.tipo, f.regla, f.inicio, f.fin, f.texto) for f in fechas.find(doc.text, ancla)
            ]
        if self._conjunto == "actividades":
            return actividades.find(doc.text)
        named = actores.find(doc.text)
        return named if self._conjunto == "actores" else responsables.find(doc.text, named)


@Language.factory(
    PIPE,
    default_config={"proceso": None, "fecha_documento": None, "clasificador": False},
    assigns=["doc._.etiquetas", "doc.spans"],
)
def make_tagger(
    nlp: Language, name: str, proceso: str | None, fecha_documento: str | None, clasificador: bool
) -> Tagger:
    """Return the component that sets every tag; `fecha_documento` is YYYY-MM-DD.

    With `clasificador` the activities are the rules' joined with the model's, as in the command line: about 5 ms a text.
    """
    return Tagger(make_anchor(proceso, date.fromisoformat(fecha_documento) if fecha_documento else None), clasificador)


@Language.factory("acuerdos_actores", assigns=["doc.spans"])
def make_actores(nlp: Language, name: str) -> _One:
    """Return the component that fills `doc.spans["actores"]`."""
    return _One("actores")


@Language.factory("acuerdos_responsables", assigns=["doc.spans"])
def make_responsables(nlp: Language, name: str) -> _One:
    """Return the component that fills `doc.spans["responsables"]`."""
    return _One("responsables")


@Language.factory("acuerdos_actividades", assigns=["doc.spans"])
def make_actividades(nlp: Language, name: str) -> _One:
    """Return the component that fills `doc.spans["actividades"]`."""
    return _One("actividades")


@Language.factory("acuerdos_fechas", default_config={"proceso": None}, assigns=["doc.spans"])
def make_fechas(nlp: Language, name: str, proceso: str | None) -> _One:
    """Return the component that fills `doc.spans["fechas"]`."""
    return _One("fechas", make_anchor(proceso))


def make_nlp() -> Language:
    """Return `spacy.blank("es")` with the tagger, reading texts of any length."""
    nlp = spacy.blank("es")
    nlp.max_length = 2**31
    nlp.add_pipe(PIPE)
    return nlp


def tag_all(
    items: Iterable[tuple[str, Ancla]],
    nlp: Language | None = None,
    *,
    etiquetador: Etiquetador | None = None,
    vectores: Callable[[Sequence[str]], Vectores] | None = None,
    lote: int = LOTE,
) -> Iterator[Etiquetas]:
    """Yield the tags of each (text, anchor), in order, streamed through `nlp.pipe`; by rules alone without `etiquetador`.

    `vectores` gives the passage vectors of a batch of `lote` texts when they are cached.
    """
    pipeline = nlp or make_nlp()
    for doc in pipeline.pipe(_docs(items, pipeline, etiquetador, vectores, lote), batch_size=lote):
        yield doc._.etiquetas


def _docs(
    items: Iterable[tuple[str, Ancla]],
    nlp: Language,
    tagger: Etiquetador | None,
    vectors: Callable[[Sequence[str]], Vectores] | None,
    size: int,
) -> Iterator[Doc]:
    stream = iter(items)
    while batch := list(islice(stream, size)):
        acts = tagger.find([text for text, _ in batch], vectors) if tagger else [None] * len(batch)
        for (text, ancla), found in zip(batch, acts, strict=True):
            yield _doc(nlp, text, ancla, found)


def _doc(nlp: Language, text: str, ancla: Ancla, acts: list[Evidencia] | None) -> Doc:
    doc = nlp.make_doc(text)
    doc._.ancla = ancla
    doc.user_data[_TEXT] = text  # joining the tokens again costs more than many a finder
    doc.user_data[_ACTS] = acts
    return doc


def _extensions() -> None:
    for name, default in (("etiquetas", Etiquetas()), ("ancla", None)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)


def _set_spans(doc: Doc, group: str, evidence: list[Evidencia], starts: list[int] | None = None) -> None:
    """Set a span group, each span widened to whole tokens; `starts` are the tokens' offsets, when known."""
    if not evidence:
        doc.spans[group] = []
        return
    first = starts or doc.to_array(IDX).tolist()
    doc.spans[group] = [
        Span(doc, bisect_right(first, e.inicio) - 1, bisect_left(first, e.fin), label=e.etiqueta)
        for e in evidence
        if e.fin > e.inicio
    ]
