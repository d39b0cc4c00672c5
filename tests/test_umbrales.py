"""Thresholds that move and decisions that change relate again what was kept, and give what an audit from nothing gives."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from nlp_acuerdos.cli import app
from nlp_acuerdos.config import Settings, Umbrales, make_anchor
from nlp_acuerdos.dedup import audit, candidates, judge, profiles
from nlp_acuerdos.errors import EntradaInvalida
from nlp_acuerdos.pipeline import build, read_sources, relaciones
from nlp_acuerdos.pipeline.decisiones import decide, undo_decision
from nlp_acuerdos.records import RELACIONES, Acuerdo, Origen
from nlp_acuerdos.workspace import Workspace

GOLD = Path("data/gold/pairs.jsonl")


@pytest.fixture
def space(quick, annex, tmp_path):
    options = Settings(tmp_path / "espacio")
    build(options, read_sources([annex]))
    return options


@pytest.fixture
def no_candidates(monkeypatch):
    def never(*_):
        raise AssertionError("candidates were looked for again")

    monkeypatch.setattr(relaciones, "candidates", never)


def state(workspace):
    return workspace.relations(), workspace.groups()


def from_nothing(workspace):
    workspace.set_meta(relaciones.HECHOS, "")
    relaciones.relate(workspace)
    return state(workspace)


def test_a_moved_threshold_relates_kept_candidates_and_comes_back(space, no_candidates):
    with Workspace.open(space.espacio) as workspace:
        before = state(workspace)
        assert relaciones.move_limits(workspace, {"cobertura_menor": "0,95", "tramo_comun": 9})["casi"] < 0
        assert relaciones.own_limits(workspace) == {"cobertura_menor": 0.95, "tramo_comun": 9}
        assert state(workspace) != before
        relaciones.move_limits(workspace, {}, anew=True)
        assert state(workspace) == before


def test_builds_keep_moved_thresholds(space, annex):
    with Workspace.open(space.espacio) as workspace:
        relaciones.move_limits(workspace, {"cobertura_menor": 0.95})
        moved = state(workspace)
    build(space, read_sources([annex]))
    with Workspace.open(space.espacio) as workspace:
        assert state(workspace) == moved == from_nothing(workspace)


def test_a_run_with_other_limits_of_candidates_finds_them_anew(space, no_candidates):
    with Workspace.open(space.espacio) as workspace:
        relaciones.relate(workspace, Umbrales())
        with pytest.raises(AssertionError, match="looked for again"):
            relaciones.relate(workspace, Umbrales(bloque=20))


def test_other_defaults_relate_kept_candidates_anew(space, no_candidates, monkeypatch):
    told = []
    judge = relaciones.judge
    monkeypatch.setattr(relaciones, "judge", lambda *a: told.append(a) or judge(*a))
    with Workspace.open(space.espacio) as workspace:
        relaciones.relate(workspace, Umbrales(cobertura_menor=0.95))
        relaciones.relate(workspace, Umbrales(cobertura_menor=0.95))
    assert len(told) == 1


@pytest.mark.parametrize("name", list(Umbrales.movable()))
def test_kept_candidates_give_what_an_audit_from_nothing_gives(space, name):
    with Workspace.open(space.espacio) as workspace:
        value = getattr(Umbrales(), name)
        relaciones.move_limits(workspace, {name: value + 1 if isinstance(value, int) else min(1, value + 0.3)})
        assert state(workspace) == from_nothing(workspace)


STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 11), st.booleans(), st.sampled_from(RELACIONES), st.booleans()),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_changed_decisions_relate_their_pairs_alone(steps, built_space):
    """Any run of decisions and withdrawals ends as an audit from nothing with the decisions that stand."""
    with Workspace.open(built_space.espacio) as workspace:
        for a, b in workspace.decisions():
            undo_decision(workspace, a, b)
        found, ids = workspace.relations(), workspace.ids()
        for number, other, known, name, withdraw in steps:
            a, b = (found[number].a, found[number].b) if known else (ids[number], ids[20 + other])
            if withdraw and tuple(sorted((a, b))) in workspace.decisions():
                undo_decision(workspace, a, b)
            else:
                decide(workspace, a, b, name, "prueba")
        assert state(workspace) == from_nothing(workspace)


@pytest.fixture(scope="module")
def built_space(tmp_path_factory, annex):
    with pytest.MonkeyPatch.context() as patch:
        from nlp_acuerdos.tagging import tag

        patch.setattr("nlp_acuerdos.pipeline.get_encoder", lambda nombre: None)
        patch.setattr("nlp_acuerdos.pipeline._tagged", lambda workspace, items: (tag(t, a) for t, a in items))
        options = Settings(tmp_path_factory.mktemp("decisiones") / "espacio")
        build(options, read_sources([annex]))
        yield options


def test_a_decision_looks_for_no_candidates(space, no_candidates):
    with Workspace.open(space.espacio) as workspace:
        first = workspace.relations()[0]
        decide(workspace, first.a, first.b, "ninguna", "Ana")
        assert (first.a, first.b) not in {(r.a, r.b) for r in workspace.relations()}
        undo_decision(workspace, first.b, first.a)
        assert workspace.relations()[0] == first


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"jaccard": 0.4}, "umbral desconocido: «jaccard»"),
        ({"cobertura_menor": "mucho"}, "no puede ser «mucho»"),
        ({"cobertura_menor": 1.2}, "entre 0 y 1"),
        ({"tramo_comun": 2.5}, "número entero"),
        ({"tramo_comun": float("nan")}, "número entero"),
        ({"tramo_comun": -1}, "número entero"),
    ],
)
def test_bad_thresholds_are_said(values, said):
    with pytest.raises(EntradaInvalida, match=said):
        Umbrales().moved(values)


def test_thresholds_from_the_command_line(space):
    run = CliRunner().invoke
    where = ["--espacio", str(space.espacio)]
    done = run(app, ["audit", "umbrales", "cobertura_menor=0.95", "--formato", "json", *where])
    assert done.exit_code == 0 and "umbrales guardados; casi -" in done.stderr
    rows = {row["umbral"]: row for row in json.loads(done.stdout)["umbrales"]}
    assert rows["cobertura_menor"]["valor"] == 0.95 and rows["cobertura_menor"]["por_defecto"] == 0.55
    assert run(app, ["audit", "umbrales", "cobertura_menor", *where]).exit_code == 2
    bad = run(app, ["audit", "umbrales", "raros=9", *where])
    assert bad.exit_code == 1 and "umbral desconocido" in str(bad.exception)
    again = run(app, ["audit", "umbrales", "--restablecer", "--formato", "json", *where])
    assert all(row["valor"] == row["por_defecto"] for row in json.loads(again.stdout)["umbrales"])


def agreements():
    sides = [json.loads(line) for line in GOLD.open(encoding="utf-8")]
    texts = [(p[s]["acuerdo"], p[s]["estatus"]) for p in sides for s in "ab"]
    return [Acuerdo(f"{i:05d}", "oro", i, "", t, e, "", Origen("oro")) for i, (t, e) in enumerate(texts)]


def test_order_changes_neither_relations_nor_groups_nor_their_ids():
    rows = agreements()
    random.Random(5).shuffle(rows)
    assert audit(rows, make_anchor()) == audit(agreements(), make_anchor())


def test_candidates_in_any_order_are_judged_the_same():
    found = profiles(agreements(), [make_anchor()] * len(agreements()))
    pairs = sorted(candidates(found))
    assert judge(found, pairs) == judge(found[::-1], pairs[::-1])
