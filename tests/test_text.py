import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_acuerdos.text import SEPARADOR, Folded, clean, fold, stem, stems, stream, tokens, word_spans, wording


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Planeación", "planeacion"),
        ("AÑO  Nuevo\n", "año nuevo"),
        ("an\u0303o", "año"),
        ("Jose\u0301", "jose"),
        ("a\u200bb\u00adc", "abc"),
        ("ﬁn", "fin"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_fold_keeps_year_and_anus_apart():
    assert fold("año") != fold("ano")


@pytest.mark.parametrize(("a", "b"), [("remitirá", "remitira"), ("Reunión", "REUNION"), ("boletas", "boleta")])
def test_stem_joins(a, b):
    assert stem(a) == stem(b)


def test_stems_leave_stopwords():
    assert stems("la custodia de las boletas") == [stem("custodia"), stem("boletas")]


def test_wording_ignores_form():
    assert wording("Se  ACORDÓ: remitir, hoy.") == wording("se acordo remitir hoy")


def test_clean_is_one_line_without_controls():
    assert clean(" a\x00\tb\r\n c ") == "a b c"


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_ignores_unicode_form_and_outer_space(text):
    assert fold(f"  {unicodedata.normalize('NFD', text)} ") == fold(text)


@given(st.text(), st.data())
def test_folded_spans_lie_in_the_original(text, data):
    folded = Folded(text)
    end = data.draw(st.integers(0, len(folded.text)))
    start = data.draw(st.integers(0, end))
    a, b = folded.span(start, end)
    assert 0 <= a <= b <= len(text)
    assert folded.slice(start, end) == text[a:b]


@given(st.text())
def test_word_spans_slice_to_text_that_folds_to_the_word(text):
    for word, a, b in word_spans(text):
        assert 0 <= a < b <= len(text)
        assert word in fold(text[a:b])


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["Uno, dos.", "", "tres"],
        ["con\x00nulo", "otro"],
        ["ligadura \ufb01n", "x²"],
        ["SSP/GN, d'eso"] * 1203,
    ],
    ids=["none", "empty", "plain", "separator", "not_plain", "batches"],
)
def test_a_stream_is_the_tokens_of_each_text(texts):
    words = stream(texts)
    assert words == [w for t in texts for w in (*tokens(t), SEPARADOR)]
