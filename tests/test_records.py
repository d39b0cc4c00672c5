from hypothesis import given
from hypothesis import strategies as st

from nlp_acuerdos.records import ACTORES, Etiquetas, Evidencia, in_order, make_id

texts = st.text(max_size=80)


@given(texts, texts, texts, st.integers(1, 9))
def test_id_is_12_hex_and_repeats(documento, entidad, acuerdo, n):
    id_ = make_id(documento, entidad, acuerdo, n)
    assert len(id_) == 12 and set(id_) <= set("0123456789abcdef")
    assert id_ == make_id(documento, entidad, acuerdo, n)


@given(texts, st.integers(1, 9))
def test_id_folds_entity_and_text(acuerdo, n):
    assert make_id("d", "MÉXICO", f" {acuerdo}  ", n) == make_id("d", "mexico", acuerdo, n)


def test_id_tells_document_entity_text_and_occurrence_apart():
    ids = {
        make_id(*key)
        for key in [
            ("d", "e", "a", 1),
            ("d2", "e", "a", 1),
            ("d", "e2", "a", 1),
            ("d", "e", "a2", 1),
            ("d", "e", "a", 2),
        ]
    }
    assert len(ids) == 5


def test_id_is_fixed_forever():
    assert make_id("anexo", "Colima", "Remitir archivo.", 1) == "fe80a12fee22"


def test_codes_come_unique_in_the_order_of_the_guide():
    assert in_order(["INE", "GN", "INE"], ACTORES) == ("GN", "INE")


def test_tags_gather_evidence():
    evidence = [Evidencia("actores", "INE", "r", 5, 8, "INE"), Evidencia("actores", "GN", "r", 0, 2, "GN")]
    tags = Etiquetas.from_evidence(evidence, [])
    assert tags.actores == ("GN", "INE") and tags.evidencia[0].etiqueta == "GN"
