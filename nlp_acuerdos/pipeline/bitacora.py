"""What the stages do, for whoever listens: progress to a callback, and one line a stage with its seconds to a log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Called with stage, done and total as work goes on; total 0 where it cannot be known."""

log = logging.getLogger("acuerdos.etapas")


def silent(stage: str, done: int, total: int) -> None:
    """Report no progress."""


@contextmanager
def stage(name: str) -> Iterator[Callable[[str], None]]:
    """Log what a stage did, as it tells, with its seconds; a stage that fails logs nothing."""
    start, told = time.perf_counter(), list[str]()
    yield told.append
    log.info("%s: %s (%.2f s)", name, ", ".join(told) or "hecho", time.perf_counter() - start)
