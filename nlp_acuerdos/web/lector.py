"""The workspace as the page reads it: opened once, shared by the threads, opened again when its content changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock, Thread
from typing import Any, TypeVar

from nlp_acuerdos.config import Settings
from nlp_acuerdos.pipeline import Abierto, is_indexed, open_searcher
from nlp_acuerdos.pipeline.bitacora import Progress, silent, stage
from nlp_acuerdos.pipeline.registros import audit_record
from nlp_acuerdos.pipeline.relaciones import relations_mark
from nlp_acuerdos.search import Rows, Searcher
from nlp_acuerdos.workspace import Workspace

T = TypeVar("T")
ESPERA = 1.0
"""Seconds between two looks at whether a build that is under way has finished."""


@dataclass(frozen=True)
class Vista:
    """One state of the workspace: its searcher, the rows in document order, and the version it was opened at.

    Threads share the connection (SQLite in serialized mode) and read only; decisions open their own.
    """

    abierto: Abierto
    orden: Rows
    version: str

    @property
    def workspace(self) -> Workspace:
        """Return the open workspace, for reading."""
        return self.abierto.workspace

    @property
    def searcher(self) -> Searcher:
        """Return the open searcher."""
        return self.abierto.searcher

    @cached_property
    def _audits(self) -> dict[tuple[tuple[str | None, ...], bool], dict[str, Any]]:
        return {}

    def audit(self, entre_entidades: bool) -> dict[str, Any]:
        """Return the relations and groups as `acuerdos audit` does, read once for each state of the relations."""
        key = (relations_mark(self.workspace), entre_entidades)
        found = self._audits.get(key)
        if found is None:
            for old in [k for k in self._audits if k[0] != key[0]]:
                self._audits.pop(old, None)
            found = self._audits[key] = audit_record(self.workspace, entre_entidades=entre_entidades)
        return found


class Lector:
    """Gives the present `Vista`; while a build is under way the last whole one goes on answering."""

    def __init__(self, settings: Settings, progress: Progress = silent) -> None:
        self.settings = settings
        self.escritura = Lock()
        self._opening = Lock()
        self._looked = 0.0
        self._view = self._open(progress)

    @property
    def mensajes(self) -> tuple[str, ...]:
        """Return the lines for stderr of opening."""
        return self._view.abierto.mensajes

    def warm(self) -> None:
        """Run a first search aside, so that nobody waits for the index to come from disk."""
        Thread(target=self._warm, daemon=True).start()

    def _warm(self) -> None:
        with stage("calentamiento"):
            self.ask(lambda view: view.searcher.search("acuerdo", 1, facetas=True))

    def _open(self, progress: Progress = silent) -> Vista:
        opened = open_searcher(self.settings, progress)
        version = opened.workspace.version()
        return Vista(opened, opened.searcher.rows(opened.workspace.ids()), version)

    def ask(self, run: Callable[[Vista], T]) -> T:
        """Run a reading on the present view; an agreement that went meanwhile makes it be opened anew, once."""
        try:
            return run(self._current())
        except KeyError:
            with self._opening:
                self._view = self._open()
            return run(self._view)

    def _current(self) -> Vista:
        held = self._view
        if held.workspace.version() == held.version or not self._opening.acquire(blocking=False):
            return held
        try:
            if time.monotonic() - self._looked > ESPERA:
                self._looked = time.monotonic()
                if is_indexed(held.workspace, self.settings.modelo):
                    self._view = self._open()
        finally:
            self._opening.release()
        return self._view
