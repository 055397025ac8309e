"""The whole loop: commands drawn, driven through the reference engine, written down with all events, read back and verified.

Beside it the engine alone on the same commands: what is left of its speed is what gonogo leaves of it. `one_core` keeps every thread on
one core; else the history is written and hashed on a second one.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.base import discover
from harness.base.clock import MonotonicClock
from harness.base.findings import Facts
from harness.bench import NO_GOAL, Case, Goal, Round, Site
from harness.bench._feeding import SEED, drawn, feed, run_info
from harness.evidence.fold import Check
from harness.evidence.history import History
from harness.evidence.journal import Journal
from harness.flows import Flow
from harness.flows.poisson import PoissonFlow
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.pacing import Unpaced
from harness.port import Engine

COMMANDS = 1_000_000
GOAL = Goal(least=1_000_000)
SEGMENT_COMMANDS = 1 << 16


def _loop(site: Site) -> Iterator[Sequence[Case]]:
    flow = PoissonFlow()
    count = site.part(COMMANDS)
    engine = site.engine("reference", flow.instruments())
    fitted = flow.fitted(engine.capabilities, engine.conventions)
    commands = drawn(fitted, count)
    turn = _Turn(site.folder / "run", engine, fitted, count)
    yield (
        Case(
            name="loop", about="commands drawn, driven, recorded and verified", amount=count, run=turn.run, category="harness",
            baseline="loop.engine", goal=GOAL,
        ),
        Case(
            name="loop.one_core", about="the same with every thread on one core", amount=count, run=turn.on_one_core,
            category="harness", baseline="loop.engine", goal=NO_GOAL,
        ),
        Case(
            name="loop.engine", about="the engine alone, the commands drawn before", amount=count, category="harness",
            run=lambda: Round(feed(engine, commands).elapsed_ns, right=True),
        ),
    )  # fmt: skip


class _Turn:
    """One pass, into a folder that is emptied before."""

    def __init__(self, folder: Path, engine: Engine, flow: Flow, count: int) -> None:
        self._folder, self._engine, self._flow, self._count = folder, engine, flow, count
        self._check: Check = discover.load("harness.checks", "legal", "CHECK")

    def on_one_core(self) -> Round:
        cores = os.sched_getaffinity(0)
        # A thread that is made later stays on the cores of the one that made it.
        os.sched_setaffinity(0, {min(cores)})
        try:
            return self.run()
        finally:
            os.sched_setaffinity(0, cores)

    def run(self) -> Round:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._engine.start()
        context = Context(
            clock=MonotonicClock(), seed=SEED, flow=self._flow, pacing=Unpaced(), probes=(), stopped=lambda: False,
            progress=lambda _: None,
        )  # fmt: skip
        begun_ns = time.perf_counter_ns()
        journal = Journal(self._folder, segment_commands=SEGMENT_COMMANDS)
        Drive(commands=self._count).run(self._engine, journal, context)
        journal.close()
        facts = self._verified()
        elapsed_ns = time.perf_counter_ns() - begun_ns
        self._engine.stop(graceful=True)
        return Round(elapsed_ns, journal.sent == self._count and facts.seen == journal.received and not facts.findings)

    def _verified(self) -> Facts:
        fold = self._check.start(run_info(self._engine, self._flow))
        for segment in History(self._folder / "history", fresh=True).segments():
            fold.add(segment)
        return fold.facts()


BENCH = _loop
