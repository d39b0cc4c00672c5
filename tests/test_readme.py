"""What the README shows is what its commands print."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SESSION = re.search(r"```console\n(.*?)\n```", README, re.S)[1]
STEPS = [(step.partition("\n")[0], step.partition("\n")[2].strip()) for step in re.split(r"(?m)^\$ ", SESSION) if step]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("sesion")
    (place / "data").symlink_to(ROOT / "data")
    return place


@pytest.mark.parametrize(("command", "shown"), STEPS, ids=[c for c, _ in STEPS])
def test_session(folder, command, shown):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        command, shell=True, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == shown


def test_python_example_prints_what_it_says(capsys):
    source = re.search(r"```python\n(.*?)```", README, re.S)[1]
    exec(compile(source, "README", "exec"), {})
    assert "# " + capsys.readouterr().out.strip() == source.strip().splitlines()[-1]


def test_every_command_is_in_the_readme():
    from nlp_acuerdos.cli import app

    names = {c.name or c.callback.__name__ for c in app.registered_commands}
    assert names - set(re.findall(r"`acuerdos (\w+)", README)) == set()


ROWS = {
    "actors": ("actores", "micro"),
    "responsible parties": ("responsables", "micro"),
    "activities, micro": ("actividades", "micro"),
    "activities, macro": ("actividades", "macro"),
    "activities by rules alone, micro": ("actividades, solo reglas", "micro"),
    "dates (type and value exact)": ("fechas", "micro"),
}


@pytest.mark.parametrize(("column", "parte"), [(1, "desarrollo"), (2, "prueba")])
def test_the_figures_are_those_that_eval_prints(column, parte):
    from nlp_acuerdos.evaluate import evaluate, load_gold
    from nlp_acuerdos.pipeline.medida import rules_beside, tagger

    cases = load_gold(ROOT / "data" / "gold", parte)
    measured = rules_beside(cases, evaluate(cases, tagger()))
    for name, (conjunto, label) in ROWS.items():
        cells = [c.strip() for c in re.search(rf"(?m)^\| {re.escape(name)} \|(.*)\|$", README)[1].split("|")]
        m = next(m for m in measured[conjunto] if m.etiqueta == label)
        assert cells[column - 1] == f"{m.f1:.3f} ({m.intervalo[0]:.3f}-{m.intervalo[1]:.3f}, n {m.n})", name
    card = (ROOT / "models" / "actividades" / "README.md").read_text(encoding="utf-8")
    if parte == "prueba":
        for m in measured["actividades"]:
            assert f"| {m.etiqueta} | {m.f1:.3f} | {m.intervalo[0]:.3f}-{m.intervalo[1]:.3f} | {m.n} |" in card
