"""Any Unicode: tagging never raises, offsets slice to the text, and neither batch nor order changes anything."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.records import ACTIVIDADES, ACTORES
from nlp_acuerdos.tagging import tag
from nlp_acuerdos.tagging.components import make_nlp, tag_all

ANCHOR = make_anchor("2023-2024")
WORDS = (
    "La GN el Ejército SSP de del INE y la Secretaría custodiará será custodiada por boletas 9 de mayo a las 11:30 hrs "
    "31/02/2024 cada 4 horas no se remitirá, ; : ( ) Jornada Electoral que las rutas las define éste 1º S.S.P. C5i – ñ"
).split(" ")
TEXTS = st.one_of(st.text(max_size=120), st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=30).map(" ".join))  # fmt: skip
NLP = make_nlp()
EXAMPLES = int(os.environ.get("ACUERDOS_FUZZ", "10000"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(TEXTS)
def test_any_text_is_tagged_and_its_offsets_hold(texto):
    tags = tag(texto, ANCHOR)
    for e in (*tags.evidencia, *tags.fechas):
        assert 0 <= e.inicio <= e.fin <= len(texto) and texto[e.inicio : e.fin] == e.texto
    assert set(tags.responsables) <= set(tags.actores) <= set(ACTORES) and set(tags.actividades) <= set(ACTIVIDADES)
    assert tag(texto, ANCHOR) == tags


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_batch_and_order_change_nothing(textos):
    alone = [tag(t, ANCHOR) for t in textos]
    assert list(tag_all([(t, ANCHOR) for t in textos], NLP)) == alone
    assert list(tag_all([(t, ANCHOR) for t in reversed(textos)], NLP)) == alone[::-1]
