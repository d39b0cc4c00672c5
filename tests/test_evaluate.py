import json

import pytest

from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.evaluate import confusions, evaluate, load_gold
from nlp_acuerdos.records import Etiquetas, Fecha


@pytest.fixture
def gold(tmp_path):
    base = {"acuerdo": "La GN y el INE, 9 de mayo.", "proceso": "2023-2024", "fecha_documento": "2024-05-01", "parte": "desarrollo",
            "responsables": [], "actividades": ["custodia"], "fechas": [{"texto": "9 de mayo", "tipo": "DATE", "valor": "2024-05-09", "inicio": 16, "fin": 25}]}  # fmt: skip
    records = [{**base, "id": "1", "actores": ["GN", "INE"]}, {**base, "id": "2", "actores": []}]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    return load_gold(tmp_path, "desarrollo")


def tagger(texto, ancla):
    return Etiquetas(actores=("GN",), actividades=("custodia",), fechas=(Fecha("9 de", "DATE", "2024-05-09", 16, 20),))


def test_counts_are_the_known_ones(gold):
    measured = evaluate(gold, tagger)
    micro = measured["actores"][0]
    assert (micro.precision, micro.recall, micro.f1, micro.n) == (0.5, 0.5, 0.5, 2)
    assert {m.etiqueta: m.f1 for m in measured["actores"][1:]} == {"GN": 0.667, "INE": 0.0}
    assert measured["actividades"][0].f1 == 1
    dates = {m.etiqueta: m.f1 for m in measured["fechas"]}
    assert dates["micro"] == 1 and dates["tramo"] == 0


def test_confusions_name_what_is_extra_and_missing(gold):
    assert [c[:4] for c in confusions(gold, tagger)] == [("1", "actores", "", "INE"), ("2", "actores", "GN", "")]


def test_no_gold_is_said(tmp_path):
    with pytest.raises(EntradaInvalida, match="no hay oro"):
        load_gold(tmp_path, "prueba")
