"""Files of every format with bytes changed: read or refused in one line, never another exception, never a hang."""

from __future__ import annotations

import io
import os
import random
import signal
import zipfile

import pytest

from nlp_acuerdos.errors import AcuerdosError
from nlp_acuerdos.ingest import FORMATOS, read_data
from tests import documentos
from tests.documentos import hojas, paginas, planos

CASES = int(os.environ.get("ACUERDOS_FUZZ", "300"))  # for each format
SECONDS = 20  # no case may take longer; most take milliseconds
SMALL = documentos.Documento(
    "Acuerdos del Proceso Electoral Federal 2023-2024",
    (
        documentos.Renglon("Puebla", "Vigilar la bodega, a más tardar el 3 de mayo.", "Concluido"),
        documentos.Renglon("Puebla", "Enviar la lista de casillas.", "En proceso"),
        documentos.Renglon("Ciudad de México", "Realizar patrullajes en el distrito 09.", ""),
    ),
)
WRITERS = {
    ".txt": planos.csv("utf-8", "\t"), ".csv": planos.csv("cp1252", ";"), ".tsv": planos.csv("utf-16", "\t"),
    ".jsonl": planos.jsonl, ".ndjson": planos.jsonl, ".html": hojas.html, ".htm": hojas.html,
    ".pdf": paginas.reportlab_abierto, ".docx": hojas.docx, ".xlsx": hojas.xlsx, ".xlsm": hojas.xlsx, ".ods": hojas.ods,
    ".parquet": planos.parquet,
}  # fmt: skip
PDFS = (paginas.reportlab_abierto, paginas.fpdf2_cerrado, paginas.reportlab_texto)


class Hang(BaseException):
    """Not an Exception, so that no reader takes it for a damaged file."""


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Return data with a few bytes changed, cut, doubled or put in."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        place, length = rng.randrange(len(out) + 1), rng.choice((1, 1, 2, 8, 64, 512))
        match rng.randrange(7):
            case 0:
                out[place : place + length] = rng.randbytes(length)
            case 1:
                del out[place : place + length]
            case 2:
                out[place:place] = out[place : place + length]
            case 3:
                out[place:place] = rng.choice(
                    (b"\0", b"\xff\xfe", b"9" * 30, b"<", b">>", b"&#x0;", b'"', b"\r", b"-1")
                )
            case 4:
                out[place:] = b"" if rng.random() < 0.3 else out[place:]
            case 5:
                other = rng.randrange(len(out) + 1)
                out[place : place + length] = out[other : other + length]
            case _:
                digits = [i for i, byte in enumerate(out) if 48 <= byte < 58]
                if digits:
                    out[rng.choice(digits)] = 48 + rng.randrange(10)
    return bytes(out)


def mutated_part(rng: random.Random, data: bytes) -> bytes:
    """Return a zip with one of its parts changed, sums made right: what is behind them is reached."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = rng.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, mutated(rng, old.read(name)) if name == chosen else old.read(name))
    return out.getvalue()


def originals(suffix, folder):
    writers = PDFS if suffix == ".pdf" else (WRITERS[suffix],)
    for n, write in enumerate(writers):
        write(SMALL, folder / f"{n}{suffix}")
        yield (folder / f"{n}{suffix}").read_bytes()


def test_every_format_is_fuzzed():
    assert set(WRITERS) == set(FORMATOS) and CASES * len(FORMATOS) >= 2000


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs an alarm to catch a hang")
def test_mutated_files_are_read_or_refused(tmp_path, suffix):
    def hang(*_):
        raise Hang(f"{suffix}, case {case}")

    rng, files, outcome = random.Random(suffix), list(originals(suffix, tmp_path)), {"read": 0, "refused": 0}
    before = signal.signal(signal.SIGALRM, hang)
    try:
        for case in range(CASES):
            data = files[case % len(files)]
            inside = suffix in (".docx", ".xlsx", ".xlsm", ".ods") and case % 4
            changed = mutated_part(rng, data) if inside else mutated(rng, data)
            signal.alarm(SECONDS)
            try:
                reading = read_data(changed, f"x{suffix}")
            except AcuerdosError as error:
                assert "\n" not in str(error) and len(str(error)) < 1000
                outcome["refused"] += 1
            else:
                done = len(reading.acuerdos) + reading.continuaciones + reading.encabezados + len(reading.rechazadas)
                assert reading.leidas == done
                assert len({a.id for a in reading.acuerdos}) == len(reading.acuerdos)
                outcome["read"] += 1
            signal.alarm(0)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert min(outcome.values()) > CASES // 50, outcome  # both ends of a reader are reached
