"""Long lists worked on by every core, where a copy of this process can be made safely; the order stays."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from multiprocessing import get_context
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")
Avance = Callable[[int, int], None]
TRAMO = 2_000  # things between two reports of progress
LARGO = 20_000  # things from which two processes are quicker than one (profiles: about 3,500 a second each)
_held: list[Any] = []  # what the copies work on: they see it as it was when they were made, nothing is sent


def spread(
    function: Callable[[Sequence[A]], list[B]], things: Sequence[A], progress: Avance = lambda done, total: None
) -> list[B]:
    """Return `function` of `things`, a list to a list of the same length, in parts by several processes if that helps.

    `progress` is called with how many are done, and of how many. Several processes: only on Linux and from
    a process with one thread, for a copy made while another thread holds a lock may wait for ever.
    """
    cores = os.cpu_count() or 1
    if len(things) < LARGO or cores < 2 or sys.platform != "linux" or threading.active_count() > 1:
        parts = (function(things[start : start + TRAMO]) for start in range(0, len(things), TRAMO))
        return _gather(parts, len(things), progress)
    size = min(-(-len(things) // (2 * cores)), 2 * TRAMO)
    bounds = [(start, start + size) for start in range(0, len(things), size)]
    _held.append((function, things))
    try:
        with get_context("fork").Pool(min(cores, 8)) as pool:
            return _gather(pool.imap(_work, bounds), len(things), progress)
    finally:
        _held.pop()


def _gather(parts: Iterable[list[B]], total: int, progress: Avance) -> list[B]:
    found: list[B] = []
    for part in parts:
        found += part
        progress(len(found), total)
    return found


def _work(bounds: tuple[int, int]) -> list[Any]:
    function, things = _held[-1]
    found: list[Any] = function(things[bounds[0] : bounds[1]])
    return found
