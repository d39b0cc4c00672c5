"""Bars of the stages with the time left, or one plain line where the terminal takes no escapes."""

from __future__ import annotations

import math
import os
import sys
import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

_EACH = 0.2  # seconds between two plain lines


def time_left(seconds: float | None) -> str:
    """Return "faltan 0:12", or nothing when it cannot be told."""
    if seconds is None or seconds <= 0:
        return ""
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"faltan {hours}:{minutes:02}:{rest:02}" if hours else f"faltan {minutes}:{rest:02}"


class Faltan(ProgressColumn):
    """The time left of a stage."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """Return the cell of a stage."""
        return Text("" if task.finished else time_left(task.time_remaining))


class Barras:
    """One bar a stage."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(), Faltan())
        self._bars = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[str, Any] = {}
        self._bars.start()

    def update(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is; one that begins anew is timed anew."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        elif done == 0:
            self._bars.reset(self._tasks[stage], total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)

    def stop(self) -> None:
        """Take the bars away."""
        self._bars.stop()


class Linea:
    """The present stage on one line written over itself, with no escapes."""

    def __init__(self) -> None:
        self._stage, self._start, self._shown, self._width = "", 0.0, 0.0, 0

    def update(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._start, self._shown = stage, now, 0.0
        if now - self._shown >= _EACH:
            self._shown = now
            left = (now - self._start) * (total - done) / done if done else None
            self._write(f"{stage} {done}/{total} {time_left(left)}")

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width) + ("\r" if not text else ""))
        sys.stderr.flush()
        self._width = len(text)

    def stop(self) -> None:
        """Take the line away."""
        self._write("")


def start() -> Barras | Linea:
    """Return what shows progress on this terminal."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "").lower() in ("dumb", "unknown")
    return Linea() if plain else Barras()
