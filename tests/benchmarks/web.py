"""The page under load: python -m tests.benchmarks.web [n] [folder].

Ready time of `acuerdos serve`; 200 different searches one by one, then over 8 connections; a burst of 200 at once with
the health check beside it; first paint in Chromium, where it is installed. The workspace is that of `escala`.
"""

from __future__ import annotations

import http.client
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from urllib.parse import urlencode

from tests.benchmarks.escala import QUERIES, fill
from tests.benchmarks.generador import STATES

FILTERS = [{}, {"estatus": "Concluido"}, {"actor": "GN"}, {"desde": "2024-05-01"}]
ROUNDS = ("", " urgente", " federal", " estatal")  # no search is asked twice in a run
BURST = 200

PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  const entry = list.getEntriesByName('first-contentful-paint')[0];
  if (entry) done(entry.startTime);
}).observe({type: 'paint', buffered: true}))"""


def paths(number: int) -> list[str]:
    """Return 200 different searches: every query with a state or a date in its words, every other one filtered."""
    words = ["", *(f" {s}" for s in STATES), *(f" {d} de mayo" for d in range(1, 10))]
    wordings = [q + w + ROUNDS[number] for q in QUERIES for w in words]
    return [f"/?{urlencode({'q': q, **FILTERS[i % 8 % 4 if i % 2 else 0]})}" for i, q in enumerate(wordings)][:BURST]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, int]]:
    start = time.perf_counter()
    command = [sys.executable, "-m", "nlp_acuerdos.cli", "serve", "--puerto", "0", "--espacio", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        match = re.search(r"http://([\d.]+):(\d+)", process.stdout.readline())
        host, port = match.group(1), int(match.group(2))
        ask(http.client.HTTPConnection(host, port), "/api/salud")
        print(f"{'ready':44}{time.perf_counter() - start:9.2f} s", flush=True)
        try:
            yield host, port
        finally:
            process.terminate()


def ask(connection: http.client.HTTPConnection, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return 1000 * (time.perf_counter() - start)


def over(host: str, port: int, wanted: list[str], connections: int) -> list[float]:
    """Ask for paths over some connections; return the times in ms."""
    queue, times, failed = Queue(), [], []
    for path in wanted:
        queue.put(path)

    def work() -> None:
        connection = http.client.HTTPConnection(host, port, timeout=120)
        try:
            while True:
                times.append(ask(connection, queue.get_nowait()))
        except Empty:
            pass
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(f"{len(failed)} connections failed, first: {failed[0]!r}")
    return times


def tell(label: str, times: list[float]) -> float:
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{label:44}p50 {statistics.median(times):8.1f} ms   p95 {p95:8.1f} ms   max {max(times):8.1f} ms", flush=True
    )
    return p95


def burst(host: str, port: int, wanted: list[str]) -> None:
    health, done = [], threading.Event()

    def watch() -> None:
        connection = http.client.HTTPConnection(host, port, timeout=120)
        while not done.is_set():
            health.append(ask(connection, "/api/salud"))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    tell(f"burst of {len(wanted)}", over(host, port, wanted, len(wanted)))
    print(f"{'burst answered in':44}{time.perf_counter() - start:9.2f} s")
    done.set()
    watcher.join()
    tell("health during the burst", health)


def first_paint(host: str, port: int, wanted: list[str]) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        paints = []
        page = browser.new_page()
        page.goto(f"http://{host}:{port}/")
        for path in wanted:
            page.goto(f"http://{host}:{port}{path}")
            paints.append(page.evaluate(PAINT))
        print(
            f"{'first paint of a search from the page':44}p50 {statistics.median(paints):8.1f} ms   max {max(paints):8.1f} ms"
        )
        fresh = []
        for path in wanted:
            page = browser.new_page()
            page.goto(f"http://{host}:{port}{path}")
            fresh.append(page.evaluate(PAINT))
            page.close()
        print(
            f"{'the same in a new window, nothing cached':44}p50 {statistics.median(fresh):8.1f} ms   max {max(fresh):8.1f} ms"
        )
        browser.close()


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    if not (folder / "acuerdos.db").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        fill(folder, n)
    with serving(folder) as (host, port):
        over(host, port, paths(3)[:20], 1)
        alone = over(host, port, paths(0), 1)
        single = statistics.median(alone)
        tell("one by one", alone)
        p95 = tell("over 8 connections", over(host, port, paths(1), 8))
        print(
            f"{'p95 over 8 connections / one by one':44}{p95 / single:9.2f} x median, {p95 / statistics.quantiles(alone, n=20)[-1]:.2f} x p95"
        )
        burst(host, port, paths(2))
        first_paint(host, port, paths(3)[:7])


if __name__ == "__main__":
    main()
