"""The pyperf program that times one operation of an engine. `gonogo latency` starts it, and pyperf starts it again for each worker process.

Only workers build an engine. What pyperf writes on stdout is a dot for each worker that is done, by which `gonogo latency` tells how far it is.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pyperf

from harness.base.errors import EngineError
from harness.compose import plugs
from harness.operations import BOOK, Operation

EMPTY_LOOP = "empty_loop_ns"
"""Metadata of each run: what the timed loop costs of one operation while the engine is asked for nothing."""
EMPTY_ROUNDS = 5
PR_SET_PDEATHSIG = 1


def main() -> None:
    """One benchmark of pyperf, with its own options, and the engine's and the operation's name."""
    # Whoever is killed takes all below with it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    runner = pyperf.Runner(program_args=("-P", "-m", "harness.compose.timed"), add_cmdline_args=_hand_on)
    runner.argparser.add_argument("--engine", required=True)
    runner.argparser.add_argument("--operation", required=True)
    asked = runner.parse_args()
    try:
        if asked.worker:
            _time(runner, asked.engine, asked.operation)
        else:
            runner.bench_time_func(asked.operation, _nothing)
    except (EngineError, RuntimeError) as error:
        # The engine's own words, or pyperf's of a worker that failed.
        sys.exit(str(error))
    except Exception as error:  # of whatever kind: it is the engine's
        sys.exit(f"{type(error).__name__}: {error}")


def seconds_of(
    call: Callable[[], Any], restore: Callable[[Any], object], now_ns: Callable[[], int] = time.perf_counter_ns
) -> Callable[[int], float]:
    """What pyperf asks for a number of calls: the seconds that they took, without what restores the state between them."""

    def seconds(calls: int) -> float:
        elapsed_ns = 0
        for _ in range(calls):
            begun_ns = now_ns()
            given = call()
            elapsed_ns += now_ns() - begun_ns
            restore(given)
        return elapsed_ns / 1e9

    return seconds


def empty_loop_ns(operation: Operation) -> float:
    """What the same loop costs of one operation where the call has nothing to do.

    Each is timed behind a round of the operation itself: called again and again, it would find all that it needs in the nearest cache.
    """
    rounds: list[float] = []
    idle = seconds_of(operation.idle, _nothing)
    for _ in range(EMPTY_ROUNDS):
        operation.restore(operation.call())
        rounds.append(idle(1))
    return round(statistics.median(rounds) * 1e9 / operation.batch, 3)


def _time(runner: pyperf.Runner, engine: str, name: str) -> None:
    """In a worker: make the operation ready and let pyperf time it."""
    # What an engine prints is no dot.
    os.dup2(2, 1)
    operation = plugs.engine(engine).engine((BOOK,), None).operations()[name].prepare()
    # Its first rounds are untimed ones: kernels are loaded, and what is not carried out right is told before anything is timed.
    runner.metadata[EMPTY_LOOP] = empty_loop_ns(operation)
    runner.bench_time_func(name, seconds_of(operation.call, operation.restore), inner_loops=operation.batch)


def _hand_on(command: list[str], asked: argparse.Namespace) -> None:
    """What a worker must be told beside pyperf's own options."""
    command += ["--engine", asked.engine, "--operation", asked.operation]


def _nothing(_: object) -> None:
    """Restores nothing, and is never timed."""


if __name__ == "__main__":
    main()
