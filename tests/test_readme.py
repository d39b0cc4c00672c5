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
