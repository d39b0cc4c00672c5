"""Who runs when: readings in a few threads, first come first served, so that the server itself always answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException

T = TypeVar("T")
EN_ESPERA_MAX = 1000


class Turnos:
    """Two queues: quick readings share as many threads as there are cores, long work goes one at a time."""

    def __init__(self) -> None:
        self._quick = CapacityLimiter(max(2, min(8, os.cpu_count() or 2)))
        self._long = CapacityLimiter(1)

    async def run(self, work: Callable[..., T], *args: object, largo: bool = False) -> T:
        """Run blocking work in its turn; answers 503 when a thousand are waiting already."""
        limiter = self._long if largo else self._quick
        if limiter.statistics().tasks_waiting >= EN_ESPERA_MAX:
            raise HTTPException(503, "hay demasiados pedidos en espera; pruebe en un momento", {"Retry-After": "2"})
        return await to_thread.run_sync(partial(work, *args), limiter=limiter)
