"""Reading 100,000 rows of CSV into a workspace: python -m tests.benchmarks.ingesta [n].

Seconds and peak memory of `acuerdos ingest` in a process of its own; beside it, in the same run and over the same file,
a plain csv reader with an insert into SQLite, which cleans, checks and warns of nothing.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.generador import agreements

_PEER = """
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[2])
db.execute("CREATE TABLE acuerdos (entidad TEXT, acuerdo TEXT, estatus TEXT)")
with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    db.executemany("INSERT INTO acuerdos VALUES (?,?,?)", csv.reader(stream))
db.commit()
"""
_PANDAS = """
import sqlite3, sys
import pandas
pandas.read_csv(sys.argv[1]).to_sql("acuerdos", sqlite3.connect(sys.argv[2]), index=False)
"""


def write(path: Path, n: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Entidad", "Acuerdo", "Estatus"])
        writer.writerows([a["entidad"], a["acuerdo"], a["estatus"]] for a in agreements(n))


def run(*command: str) -> tuple[float, float, str]:
    """Return seconds, peak megabytes so far among child processes, and standard output."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, encoding="utf-8", check=True)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done.stdout


def main(n: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "muchos.csv"
        write(source, n)
        peers = {"csv + sqlite3": _PEER}
        if subprocess.run([sys.executable, "-c", "import pandas"], capture_output=True).returncode == 0:
            peers["pandas"] = _PANDAS
        times = {}
        for name, code in peers.items():
            times[name], memory, _ = run("-c", code, str(source), f"{folder}/{len(times)}.db")
            print(f"{name:24}{times[name]:8.2f} s {memory:8.0f} MB")
        seconds, memory, said = run(
            "-m", "nlp_acuerdos.cli", "ingest", str(source), "--espacio", f"{folder}/e", "--formato", "json"
        )
        done = json.loads(said)
        print(f"{'acuerdos ingest':24}{seconds:8.2f} s {memory:8.0f} MB   {n / seconds:,.0f} filas/s; "
              f"{done['agregadas']} agregadas, {len(done['avisos'])} avisos")  # fmt: skip
        print("  " + "; ".join(f"{seconds / t:.0f} veces {name}" for name, t in times.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
