"""Compiles the kernels of a run before it begins, where none are kept yet: else the first run would stand still in the middle of it.

Checks, engine and flows each in a process of their own, on all cores, the longest first: on two cores it takes half as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np

from harness.base import kernels
from harness.base.capabilities import Instrument
from harness.base.records import EVENT, CommandKind, Commands, empty_commands
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.spreading import DiedError, spread
from harness.evidence.fold import RunInfo, Segment
from harness.flows import Flow
from harness.port import Engine

MARK = "warm"
"""Begins the names of the files that say that what they name was compiled."""
ANY = Instrument(id=1, symbol="ANY", price_max=1_000, qty_max=1_000)
ANSWER_NS = 10_000_000_000


class Job(NamedTuple):
    """What one process compiles."""

    work: Callable[[tuple[str, ...]], None]
    names: tuple[str, ...]
    mark: str


def warm(engines: Sequence[str], scenarios: Sequence[str], tell: Callable[[str], None]) -> None:
    """Compile what runs of these need and no run before did; nothing where no code is compiled, or what is compiled cannot be kept."""
    folder = kernels.cache_folder()
    # The engine of a user's file is none of ours.
    ours = [engine for engine in engines if not plugs.is_own(engine)]
    jobs = [
        Job(_checks, tuple(scenarios), "checks"),
        *(Job(_engine, (engine,), f"engine-{engine}") for engine in ours),
        Job(_flows, tuple(scenarios), "flows"),
    ]
    missing = [] if folder is None else [job for job in jobs if not _mark(folder, job).exists()]
    if folder is None or not missing:
        return
    tell("compiling kernels for this machine, once a version of gonogo: up to a minute")
    try:
        for job, compiled in zip(missing, spread(_done, missing), strict=True):
            if compiled:
                _mark(folder, job).touch()
    except DiedError:
        tell("a process that compiled kernels died; the run compiles what it needs itself")


def _mark(folder: Path, job: Job) -> Path:
    """One mark an engine; flows and checks compile the same whatever is run. Numba keeps what it made by the path of the source too."""
    place = blake2b(str(kernels.ROOT).encode(), digest_size=6).hexdigest()
    return folder / f"{MARK}-{job.mark}-{place}"


def _done(job: Job) -> bool:
    """Whether it could be compiled. What cannot is told by the run itself, in its place."""
    try:
        job.work(job.names)
    except Exception:  # of whatever kind: the run meets it again
        return False
    return True


def _engine(names: tuple[str, ...]) -> None:
    """Give it an order: what lies between here and it is compiled too."""
    for name in names:
        engine = plugs.engine(name).engine((ANY,), None)
        try:
            engine.start()
            engine.session(1).send(_order())
            engine.poll(ANSWER_NS)
        finally:
            engine.stop(graceful=True)


def _order() -> Commands:
    order = empty_commands(1)
    order["kind"] = CommandKind.NEW
    for name in ("number", "order", "account", "session", "instrument", "price", "qty"):
        order[name] = 1
    return order


def _flows(scenarios: tuple[str, ...]) -> None:
    """Draw a little of each scenario's flow."""
    for name in scenarios:
        for _, flow in _cast(name):
            next(flow.batches(Seed(1)))


def _checks(scenarios: tuple[str, ...]) -> None:
    """Have every check look at nothing: it is compiled by the types alone."""
    for name in scenarios:
        for engine, flow in _cast(name):
            run = RunInfo(
                scenario=name, engine=engine.name, capabilities=engine.capabilities, conventions=engine.conventions,
                instruments=engine.instruments, notes=flow.notes(),
            )  # fmt: skip
            for plug in plugs.checks().values():
                plug.start(run).add(Segment(empty_commands(0), np.zeros(0, EVENT)))


def _cast(scenario: str) -> Iterator[tuple[Engine, Flow]]:
    """An engine without kernels and the scenario's flow, fitted to it; none where the flow needs data that may not be here."""
    planned = plugs.scenario(scenario)
    if not planned.data:
        engine = plugs.engine("plain").engine(planned.flow.instruments(), None)
        yield engine, planned.flow.fitted(engine.capabilities, engine.conventions)
