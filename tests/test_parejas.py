from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.pipeline.parejas import match
from nlp_acuerdos.records import Acuerdo, Origen, make_id

ANCLA = make_anchor("2023-2024")
TEXTOS = [
    "La GN custodiará las boletas electorales hasta los consejos distritales.",
    "la gn custodiará las boletas electorales hasta los consejos distritales",
    "La GN custodiará las boletas electorales hasta los consejos distritales. La Mesa dará seguimiento puntual.",
    "Reunión de seguimiento el 2 de mayo de 2024.",
    "Reunión de seguimiento el 9 de mayo de 2024.",
    "Reunión de seguimiento el 16 de mayo de 2024.",
    "Remitir el directorio de enlaces.",
    "",
]


def rows(doc, items):
    """Agreements of a document from (entity, text, status)."""
    seen, found = Counter(), []
    for n, (entidad, texto, estatus) in enumerate(items, 1):
        first = make_id(doc, entidad, texto, 1)
        seen[first] += 1
        id_ = make_id(doc, entidad, texto, seen[first])
        found.append(Acuerdo(id_, doc, n, entidad, texto, estatus, estatus or "", Origen(doc, None, n)))
    return found


def pair(a, b, decisiones=None):
    return match(a, b, {x.id: ANCLA for x in a}, {x.id: ANCLA for x in b}, decisiones)


def content(found):
    """What was paired, without ids: the same for inputs in another order."""
    pairs = Counter(
        (p.a.entidad, p.a.acuerdo, p.a.estatus, p.b.entidad, p.b.acuerdo, p.b.estatus, p.relacion.relacion)
        for p in found.parejas
    )
    alone = [Counter((x.entidad, x.acuerdo, x.estatus) for x, _ in side) for side in (found.solo_a, found.solo_b)]
    return pairs, alone


items = st.lists(
    st.tuples(
        st.sampled_from(["Colima", "Jalisco"]),
        st.sampled_from(TEXTOS),
        st.sampled_from(["Concluido", "En proceso", None]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(items, items, st.booleans(), st.randoms(use_true_random=False))
def test_every_agreement_is_once_and_order_changes_nothing(one, two, same_document, rng):
    a, b = rows("marzo", one), rows("marzo" if same_document else "abril", two)
    found = pair(a, b)
    assert sorted([p.a.id for p in found.parejas] + [x.id for x, _ in found.solo_a]) == sorted(x.id for x in a)
    assert sorted([p.b.id for p in found.parejas] + [x.id for x, _ in found.solo_b]) == sorted(x.id for x in b)
    rng.shuffle(one)
    rng.shuffle(two)
    again = pair(rows("marzo", one), rows("marzo" if same_document else "abril", two))
    assert content(again) == content(found)


def names(found):
    return [(p.a.acuerdo, p.b.acuerdo, p.relacion.relacion) for p in found.parejas]


def test_the_best_relation_is_taken_first():
    a = rows("a", [("Colima", TEXTOS[0], "En proceso"), ("Colima", TEXTOS[0], "Concluido")])
    b = rows("b", [("Colima", TEXTOS[1], "Concluido"), ("Colima", TEXTOS[2], "En proceso")])
    assert sorted(names(pair(a, b))) == [(TEXTOS[0], TEXTOS[2], "contenido"), (TEXTOS[0], TEXTOS[1], "exacto")]


def test_its_own_entity_comes_before_a_better_relation_in_another():
    a = rows("a", [("Colima", TEXTOS[0], "En proceso")])
    b = rows("b", [("Jalisco", TEXTOS[0], "En proceso"), ("Colima", TEXTOS[0], "Concluido")])
    found = pair(a, b)
    (one,) = found.parejas
    assert (one.b.entidad, one.relacion.relacion, one.entre_entidades) == ("Colima", "cambio_estatus", False)
    ((alone, near),) = found.solo_b
    assert alone.entidad == "Jalisco" and near.relacion.relacion == "exacto" and near.entre_entidades


def test_another_entity_is_taken_when_nothing_else_is_left_and_it_is_said():
    found = pair(rows("a", [("Colima", TEXTOS[0], None)]), rows("b", [("Jalisco", TEXTOS[0], None)]))
    assert [p.entre_entidades for p in found.parejas] == [True]


def test_a_series_is_never_paired_across_entities():
    found = pair(rows("a", [("Colima", TEXTOS[3], None)]), rows("b", [("Jalisco", TEXTOS[4], None)]))
    assert found.parejas == () and len(found.solo_a) == len(found.solo_b) == 1


def test_a_series_goes_on_from_its_earliest_members():
    a = rows("a", [("Colima", TEXTOS[3], None)])
    found = pair(a, rows("b", [("Colima", TEXTOS[5], None), ("Colima", TEXTOS[4], None)]))
    assert names(found) == [(TEXTOS[3], TEXTOS[4], "plantilla")]
    ((alone, near),) = found.solo_b
    assert alone.acuerdo == TEXTOS[5] and near.relacion.relacion == "plantilla"


def test_a_status_swapped_between_copies_is_no_change():
    before = rows("x", [("Colima", TEXTOS[0], "En proceso"), ("Colima", TEXTOS[0], "Concluido")])
    after = rows("x", [("Colima", TEXTOS[0], "Concluido"), ("Colima", TEXTOS[0], "En proceso")])
    assert {p.relacion.relacion for p in pair(before, after).parejas} == {"exacto"}


@pytest.mark.parametrize("turned", [False, True], ids=["a-b", "b-a"])
def test_decisions_keep_apart_and_join(turned):
    a, b = (
        rows("a", [("Colima", TEXTOS[0], None)]),
        rows("b", [("Colima", TEXTOS[0], None), ("Colima", TEXTOS[6], None)]),
    )
    apart, joined = (a[0].id, b[0].id), (a[0].id, b[1].id)
    if turned:
        apart, joined = apart[::-1], joined[::-1]
    assert pair(a, b, {apart: "ninguna"}).parejas == ()
    (one,) = pair(a, b, {apart: "ninguna", joined: "casi"}).parejas
    assert (one.b.acuerdo, one.relacion.relacion, one.relacion.decidida) == (TEXTOS[6], "casi", True)


def test_differences_are_those_of_side_a_and_side_b_whatever_the_ids():
    a, b = rows("a", [("Colima", TEXTOS[4], "Concluido")]), rows("b", [("Colima", TEXTOS[3], "En proceso")])
    (one,) = pair(a, b).parejas
    assert [(d.tipo, d.a, d.b) for d in one.relacion.diferencias] == [
        ("fecha", "2024-05-09", "2024-05-02"), ("estatus", "Concluido", "En proceso"),
    ]  # fmt: skip


def test_many_copies_are_all_paired():
    a, b = (rows(d, [("Colima", TEXTOS[0], "En proceso")] * 300) for d in "ab")
    assert len(pair(a, b).parejas) == 300


def test_a_long_series_finds_its_neighbours():
    days = [f"Reunión de la mesa el {d} de {m} de 2024." for m in ("abril", "mayo", "junio") for d in range(1, 31)]
    a, b = rows("a", [("Colima", t, None) for t in days[:45]]), rows("b", [("Colima", t, None) for t in days[45:]])
    assert {p.relacion.relacion for p in pair(a, b).parejas} == {"plantilla"}
