"""Spreads work over the cores: tasks that share nothing, each in one of some processes that end with this one, whatever ends it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class DiedError(Exception):
    """A process died at work."""


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def spread(work: Callable[[Task], Result], tasks: Sequence[Task], workers: int = 0) -> Iterator[Result]:
    """The result of each task in order, as soon as it is there; `work` and all that it takes and gives can be pickled.

    There are as many processes as cores, or as tasks where these are fewer, unless `workers` says how many.

    Leaving the iteration early ends the processes.

    Raises:
        DiedError: a process died, and with it what is left to do.
        Exception: what the work raised.
    """
    # Spawned, not forked: there may be threads here, and a fork copies the locks that they hold.
    pool = ProcessPoolExecutor(
        workers or max(min(cores(), len(tasks)), 1), multiprocessing.get_context("spawn"), initializer=_begin
    )
    futures = [pool.submit(work, task) for task in tasks]
    try:
        for future in futures:
            yield future.result()
    except BrokenProcessPool as error:
        raise DiedError("a process died at work, as where memory runs out") from error
    finally:
        if not all(future.done() for future in futures):
            # Nobody waits for the rest any more; the pool itself would finish what has begun.
            for child in multiprocessing.active_children():
                child.terminate()
        pool.shutdown()


def _begin() -> None:
    """In a new process: Ctrl-C is for the one that gives the work, and its end is the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
