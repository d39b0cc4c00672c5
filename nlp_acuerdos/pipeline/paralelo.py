"""One function over many things, by one process or several, in order."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from nlp_acuerdos.errors import EntradaInvalida

A = TypeVar("A")
B = TypeVar("B")


def in_processes(function: Callable[[A], B], things: Sequence[A], processes: int) -> Iterator[B]:
    """Yield `function` of each thing, in order; the first error ends it, and what was not begun is not.

    `function` and the things have to be such as another process can be sent. Raises EntradaInvalida when a process is
    killed, as a system short of memory does.
    """
    if processes == 1 or len(things) < 2:
        yield from map(function, things)
        return
    pool = ProcessPoolExecutor(
        min(processes, len(things)), get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
    )
    with pool:
        try:
            yield from pool.map(function, things)
        except BrokenProcessPool as error:
            raise EntradaInvalida(
                "un proceso de lectura se cerró de golpe, quizá por falta de memoria; repita la orden con -j 1"
            ) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
