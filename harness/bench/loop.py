"""The whole loop: commands drawn, driven through the reference engine, written down with all events, and every event verified.

`loop` is what a long run does: the history is written and hashed by a thread, verified by a judge in a process beside the run, and
dropped at its bound. `loop.kept` keeps all of it and verifies it afterwards, as a short run does; it asks the host for a third of a GB
of fresh memory in the page cache. Beside both stands the engine alone on the same commands: what is left of its speed is what gonogo
leaves of it. `one_core` keeps every thread and process on one core.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from harness.base import discover
from harness.base.clock import MonotonicClock
from harness.base.findings import Facts
from harness.bench import NO_GOAL, Case, Goal, Round, Site
from harness.bench._feeding import SEED, drawn, feed, papers, run_info
from harness.evidence.archive import Archive
from harness.evidence.fold import Check
from harness.evidence.history import History
from harness.evidence.journal import SEGMENT_COMMANDS, Journal
from harness.evidence.room import segment_commands
from harness.flows import Flow
from harness.flows.poisson import PoissonFlow
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.pacing import Unpaced
from harness.port import Engine

COMMANDS = 4_000_000
KEPT = 1_000_000
"""Commands whose whole history is kept: 350 MB."""
BOUND_BYTES = 128 << 20
GOAL = Goal(least=1_000_000)
NAME, CHECK = "loop", "legal"


def _loop(site: Site) -> Iterator[Sequence[Case]]:
    flow = PoissonFlow()
    engine = site.engine("reference", flow.instruments())
    fitted = flow.fitted(engine.capabilities, engine.conventions)
    turn = _Turn(site, engine, fitted)
    commands = drawn(fitted, site.part(KEPT))
    yield (
        Case(
            name="loop", about="commands drawn, driven, recorded, verified beside the run and dropped at a bound", amount=turn.count,
            run=turn.beside, category="harness", baseline="loop.engine", goal=GOAL,
        ),
        Case(
            name="loop.one_core", about="the same on one core", amount=turn.count, run=lambda: _on_one_core(turn.beside),
            category="harness", baseline="loop.engine", goal=NO_GOAL,
        ),
        Case(
            name="loop.kept", about="the same with the whole history kept, and verified afterwards", amount=len(commands),
            run=lambda: turn.kept(len(commands)), category="harness", baseline="loop.engine",
        ),
        Case(
            name="loop.engine", about="the engine alone, the commands drawn before", amount=len(commands), category="harness",
            run=lambda: Round(feed(engine, commands).elapsed_ns, right=True),
        ),
    )  # fmt: skip


def _on_one_core(run: Callable[[], Round]) -> Round:
    cores = os.sched_getaffinity(0)
    # A thread or process that is made later stays on the cores of the one that made it.
    os.sched_setaffinity(0, {min(cores)})
    try:
        return run()
    finally:
        os.sched_setaffinity(0, cores)


class _Turn:
    """One pass, into a folder that is emptied before."""

    def __init__(self, site: Site, engine: Engine, flow: Flow) -> None:
        self.count = site.part(COMMANDS)
        self._site, self._engine, self._flow = site, engine, flow
        self._check: Check = discover.load("harness.checks", CHECK, "CHECK")

    def beside(self) -> Round:
        """Judged while it is driven."""
        folder = self._emptied()
        with self._site.judge(folder, NAME) as judge:
            journal = Journal(
                _place(folder), limit_bytes=BOUND_BYTES, followed=judge.at_work,
                segment_commands=segment_commands(BOUND_BYTES, SEGMENT_COMMANDS),
            )  # fmt: skip
            papers(folder, NAME, self._engine, self._flow, checks=(CHECK,), history_bytes=BOUND_BYTES)
            judge.start()
            begun_ns = time.perf_counter_ns()
            self._drive(journal, self.count)
            gone = judge.finish()
            elapsed_ns = time.perf_counter_ns() - begun_ns
        facts = Archive(folder).facts(NAME)
        return Round(elapsed_ns, not gone and self._right(journal, self.count, facts[CHECK]))

    def kept(self, count: int) -> Round:
        """Judged afterwards."""
        place = _place(self._emptied())
        begun_ns = time.perf_counter_ns()
        journal = Journal(place)
        self._drive(journal, count)
        fold = self._check.start(run_info(self._engine, self._flow))
        for segment in History(place / "history", fresh=True).segments():
            fold.add(segment)
        facts = fold.facts()
        return Round(time.perf_counter_ns() - begun_ns, self._right(journal, count, facts))

    def _emptied(self) -> Path:
        folder = self._site.folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def _drive(self, journal: Journal, count: int) -> None:
        self._engine.start()
        context = Context(
            clock=MonotonicClock(), seed=SEED, flow=self._flow, pacing=Unpaced(), probes=(), stopped=lambda: False,
            progress=lambda _: None,
        )  # fmt: skip
        Drive(commands=count).run(self._engine, journal, context)
        journal.close()
        self._engine.stop(graceful=True)

    def _right(self, journal: Journal, count: int, facts: Facts) -> bool:
        return journal.sent == count and facts.seen == journal.received and not facts.findings


def _place(folder: Path) -> Path:
    return folder / "scenarios" / NAME


BENCH = _loop
