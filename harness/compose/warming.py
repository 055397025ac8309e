"""Compiles the kernels of a run before it begins, where none are kept yet: else the first run would stand still in the middle of it.

Two processes do it, one for the bundled engine and one for flows and checks: on two cores it takes half as long.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from harness.base import kernels
from harness.base.bits import BOOK_ROW
from harness.base.records import EVENT
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.evidence.fold import RunInfo, Segment

MARK = "warm"
"""Begins the names of the files that say that what they name was compiled."""
TIMEOUT_S = 300


def warm(engine: str, scenarios: Sequence[str], tell: Callable[[str], None]) -> None:
    """Compile what a run of these needs and no run before did; nothing where the compiled code cannot be kept."""
    folder = kernels.cache_folder()
    # The engine of a user's file is none of ours.
    jobs = [("checks", *scenarios)] if engine.endswith(".py") else [("engine", engine), ("checks", *scenarios)]
    missing = [] if folder is None else [job for job in jobs if not _mark(folder, job).exists()]
    if folder is None or not missing:
        return
    tell("compiling kernels for this machine, once a version of gonogo: up to a minute")
    children = [
        subprocess.Popen(
            [sys.executable, "-P", "-m", "harness.compose.warming", *job],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for job in missing
    ]  # fmt: skip
    try:
        for job, child in zip(missing, children, strict=True):
            # What cannot be compiled is told by the run itself, in its place.
            if child.wait(TIMEOUT_S) == 0:
                _mark(folder, job).touch()
    finally:
        for child in children:
            child.kill()
            child.wait()


def _mark(folder: Path, job: tuple[str, ...]) -> Path:
    """One mark an engine; flows and checks compile the same whatever is run."""
    return folder / (f"{MARK}-{job[0]}-{job[1]}" if job[0] == "engine" else f"{MARK}-{job[0]}")


def _engine(name: str) -> None:
    engine = plugs.engine(name).engine((), None)
    engine.start()
    engine.stop(graceful=True)


def _flows_and_checks(scenarios: Sequence[str]) -> None:
    """Draw a little of each scenario's flow, and have every check look at nothing: it is compiled by the types alone."""
    choice = plugs.engine("plain")
    for name in scenarios:
        scenario = plugs.scenario(name)
        if scenario.data:
            continue
        engine = choice.engine(scenario.flow.instruments(), None)
        flow = scenario.flow.fitted(engine.capabilities, engine.conventions)
        commands = next(flow.batches(Seed(1)))
        run = RunInfo(
            scenario=name, engine=engine.name, started=True, failure="", capabilities=engine.capabilities,
            conventions=engine.conventions, instruments=engine.instruments, notes=flow.notes(), rate_per_s=0, states=(), repeats=(),
            book=lambda _: np.zeros(0, BOOK_ROW),
        )  # fmt: skip
        for plug in plugs.checks().values():
            plug.start(run).add(Segment(commands[:0], np.zeros(0, EVENT)))


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    if kind == "engine":
        _engine(*rest)
    else:
        _flows_and_checks(rest)
