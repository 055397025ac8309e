"""Drives one scenario once, for its figures alone: what a comparison of two builds is made of.

It drives as `gonogo run` does, with the same pace, clock, journal and measures of latency, but keeps no evidence: runs are many and
short. Whether an engine answers rightly is for `gonogo run`; here it must only be seen that it answers at all, since nothing is as
fast as an engine that does nothing.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from harness.base.bits import BookRows
from harness.base.clock import MonotonicClock
from harness.base.errors import EngineError, SetupError
from harness.base.findings import Facts
from harness.base.histogram import Histogram
from harness.base.judgement import EngineIdentity
from harness.base.records import Commands, Events
from harness.base.seeds import Seed
from harness.base.stats import rank
from harness.compose import folding, plugs, running
from harness.compose.driving import Planned
from harness.compose.replaying import Tape
from harness.evidence.fold import RunInfo
from harness.evidence.history import History
from harness.evidence.journal import Journal
from harness.flows import numbered
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.policy import LoadedPolicy
from harness.target import Target

QUANTILES = {"response.p50": 0.5, "response.p99": 0.99, "response.p99.9": 0.999}


class Side(NamedTuple):
    """One of two builds, and what it is driven with."""

    engine: str
    """As `gonogo run --engine` takes it."""
    scenarios: tuple[str, ...]
    rate_per_s: float | None
    """Of the paced scenarios; None: their own."""
    seed: int
    data: Path | None
    policy: LoadedPolicy
    """What states the peak that a scenario may go by."""


class Ready(NamedTuple):
    """What is known of a side before its first run."""

    identity: EngineIdentity
    rates_per_s: dict[str, float]
    """What each scenario asks for; 0: as fast as the engine takes commands."""


class Task(NamedTuple):
    """One run."""

    scenario: str
    commands: int
    looks: bool = False
    """Whether it is looked that every command is answered. The commands are the same each time, so one look is enough."""


class Timed(NamedTuple):
    """What a run came to."""

    values: dict[str, float]
    """By the names of `harness.base.comparison.METRICS`."""
    commands: int
    """How many were sent: the flow may have ended before."""
    duration_ns: int
    lag_ns: int
    """The 99th percentile of how late the generator itself was; 0 where nothing was due."""


class Use(NamedTuple):
    """What processes hold and have taken."""

    peak_bytes: int
    """The most memory since each began."""
    cpu_ns: int


class _Tally(Journal):
    """A journal that counts and writes nothing down: to write takes as long as a fast engine, which would hide most of what it became slower."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._begun_ns = 0
        self.cpu_ns = 0
        """What this process took from the first command to the last event."""

    def commands(self, records: Commands) -> None:
        if not self.sent:
            self._begun_ns = time.process_time_ns()
        self.sent += len(records)

    def events(self, records: Events) -> None:
        self.received += len(records)
        self.cpu_ns = time.process_time_ns() - self._begun_ns

    def state(self, number: int, engine_seq: int, rows: BookRows) -> None:
        pass


def check_asked(engines: Iterable[str], scenarios: Iterable[str]) -> None:
    """Look at what can be looked at before any process is started.

    Raises:
        SetupError: an engine or a scenario is not there, or a scenario is driven in another way than command by command.
    """
    for engine in engines:
        plugs.engine(engine)
    for name in scenarios:
        if not isinstance(plugs.scenario(name).instrument, Drive):
            raise SetupError(f"the scenario {name} cannot be compared: it is driven by more than one flow of commands")


def made_ready(side: Side) -> tuple[Ready, dict[str, Planned]]:
    """The side with all of its scenarios.

    Raises:
        SetupError: one cannot be run with this engine.
    """
    order = running.Order(
        name="compare", scenarios=side.scenarios, engine=plugs.engine(side.engine), policy=side.policy,
        use=side.policy.policy.default_use, seed=side.seed, data=side.data, rate_per_s=side.rate_per_s,
    )  # fmt: skip
    planned, left_out = running.plan(order)
    for name, why in left_out.items():
        raise SetupError(f"the scenario {name} cannot be driven with {side.engine}: {why}")
    identity = order.engine.identity(planned[0].engine)
    rates_per_s = {one.name: one.pacing.rate_per_s for one in planned}
    return Ready(identity, rates_per_s), {one.name: one for one in planned}


def drawn(one: Planned, commands: int, seed: int) -> Planned:
    """The same with its commands drawn, as many as a task sends: what was drawn in a run would count as the engine's time there."""
    parts = tuple(numbered(one.flow.batches(Seed(seed).branch(one.name)), commands))
    return replace(one, flow=Tape(parts=parts, traded=one.flow.instruments(), told=one.flow.notes()))


def timed(one: Planned, task: Task, seed: int, place: Path) -> Timed:
    """Start the engine, drive it, end it.

    Raises:
        EngineError: it failed, or left commands unanswered.
    """
    own = Seed(seed).branch(one.name)
    context = Context(
        clock=MonotonicClock(), seed=own, flow=one.flow, pacing=one.pacing.seeded(own), probes=(),
        stopped=lambda: False, progress=lambda _: None,
    )  # fmt: skip
    target = Target(one.engine.processes)
    paced = bool(one.pacing.rate_per_s)
    journal = Journal(place) if paced or task.looks else _Tally(place)
    before = _peak_bytes(os.getpid())
    try:
        one.engine.log_to(place / "engine.log")
        one.engine.start()
        whose = target.processes().whose
        started = _use(target)
        outcome = _drive(one, task.commands).run(one.engine, journal, context)
        ended = _use(target)
    finally:
        journal.close()
        one.engine.stop(graceful=False)
    if outcome.status != "finished":
        raise EngineError(outcome.failure or f"its run ended by itself: {outcome.status}")
    checks = (("answered_once",) if task.looks else ()) + (("latency", "generator_lag") if paced else ())
    facts = _facts(one, place, checks)
    _must_answer(facts)
    values: dict[str, float] = {}
    inside = whose == "inside"
    if whose != "unknown":
        # Of an engine inside gonogo, what gonogo's own process held before is none of its doing.
        values["memory"] = float(max(ended.peak_bytes - (before if inside else 0), 1))
    if whose != "unknown" and not (inside and paced):
        # Whoever waits inside gonogo for what is due next takes processor time too.
        cpu_ns = journal.cpu_ns if inside and isinstance(journal, _Tally) else ended.cpu_ns - started.cpu_ns
        values["cpu"] = max(cpu_ns, 1) / max(journal.sent, 1)
    values |= latencies(facts["latency"]) if paced else {"throughput": journal.sent * 1e9 / max(outcome.duration_ns, 1)}
    return Timed(values, journal.sent, outcome.duration_ns, lag_ns(facts["generator_lag"]) if paced else 0)


def latencies(facts: Facts) -> dict[str, float]:
    """The metrics that the check `latency` measured."""
    values = {name: float(_quantile(facts, "latency.response", part)) for name, part in QUANTILES.items()}
    return {**values, "service.p50": float(_quantile(facts, "latency.service", 0.5))}


def lag_ns(facts: Facts) -> int:
    """How late the generator itself was, by the check `generator_lag`: its 99th percentile."""
    return _quantile(facts, "generator.lag", 0.99)


def _drive(one: Planned, commands: int) -> Drive:
    """The scenario's own drive, with so many commands and nothing that delays them."""
    if not isinstance(one.scenario.instrument, Drive):
        raise TypeError("what was asked for was not looked at")
    return replace(one.scenario.instrument, commands=commands, duration_ns=0, snapshot_every=0, runs=1)


def _use(target: Target) -> Use:
    """Of the engine's processes; of this one where the engine works inside it."""
    pids = target.look().engine or ()
    return Use(sum(map(_peak_bytes, pids)), sum(map(_cpu_ns, pids)))


def _peak_bytes(pid: int) -> int:
    """0 of a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _cpu_ns(pid: int) -> int:
    """By the process's own clock: what /proc tells comes in ticks of 10 ms, a tenth of a short run. 0 of a process that is gone."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        return 0
    try:
        return time.clock_gettime_ns(clock.value)
    except OSError:
        return 0


def _facts(one: Planned, place: Path, checks: tuple[str, ...]) -> dict[str, Facts]:
    """What these checks found out in what the run wrote."""
    if not checks:
        return {}
    engine = one.engine
    info = RunInfo(
        scenario=one.name, engine=engine.name, capabilities=engine.capabilities, conventions=engine.conventions,
        instruments=engine.instruments, controls=engine.controls, notes=one.flow.notes(), rate_per_s=one.pacing.rate_per_s,
    )  # fmt: skip
    live = [folding.start(name, plug, info) for name, plug in folding.applying(checks, info).items()]
    broken = folding.feed(live, History(place / "history", fresh=True).segments(), info)
    return {check.name: folding.facts(check, info, broken) for check in live}


def _must_answer(facts: dict[str, Facts]) -> None:
    for name, found in facts.items():
        if found.findings:
            raise EngineError(f"it does not answer as it should, so its speed says nothing: {found.findings[0].title}")
        if found.unknown:
            raise EngineError(f"its run cannot be measured: {name}: {found.unknown}")


def _quantile(facts: Facts, name: str, fraction: float) -> int:
    """At least 1 ns, as a figure that is compared by its logarithm must be."""
    histogram = Histogram.of(facts.distributions[name])
    return max(histogram.at_rank(rank(fraction, histogram.total)), 1)
