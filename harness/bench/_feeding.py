"""Draws commands and feeds them to an engine, with the time that the engine took and the fills that it gave."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Instrument, RiskLimits
from harness.base.judgement import EngineIdentity
from harness.base.records import EVENT, Commands, EventKind, Events
from harness.base.seeds import Seed
from harness.evidence.fold import RunInfo
from harness.evidence.host import host
from harness.evidence.run import RunRecord, ScenarioRecord
from harness.evidence.store import write_json
from harness.flows import Flow, first_commands
from harness.flows.standing_book import FILL
from harness.port import Engine

SEED = Seed(23)
BATCH = 4096
Fills: TypeAlias = npt.NDArray[np.void]
"""Trades as `harness.flows.standing_book.FILL` records, shape (n,)."""


class Fed(NamedTuple):
    """What came of feeding an engine."""

    elapsed_ns: int
    events: int
    fills: Fills


def drawn(flow: Flow, count: int) -> Commands:
    """The first `count` commands of a flow in one array."""
    return first_commands(flow.batches(SEED), count)


def with_limits(instruments: tuple[Instrument, ...], accounts: int) -> tuple[Instrument, ...]:
    """The instruments with every risk limit set, each too wide to refuse anything: it has to be looked at all the same."""
    wide = RiskLimits(
        order_qty_max=2**31, order_value_max=2**62, collar_ticks=2**40, accounts=tuple(range(1, accounts + 1))
    )
    return tuple(msgspec.structs.replace(one, risk=wide) for one in instruments)


def feed(engine: Engine, commands: Commands, batch: int = BATCH) -> Fed:
    """Send the commands to an engine that is started anew; only sending and polling is timed."""
    engine.start()
    session = engine.session(1)
    session.send(commands[:0])
    elapsed_ns = events = 0
    fills: list[Fills] = []
    for at in range(0, len(commands), batch):
        part = commands[at : at + batch]
        begun_ns = time.perf_counter_ns()
        session.send(part)
        told = engine.poll(0)
        elapsed_ns += time.perf_counter_ns() - begun_ns
        events += len(told)
        fills.append(fills_of(told))
    engine.stop(graceful=True)
    return Fed(elapsed_ns, events, np.concatenate(fills))


@contextmanager
def up(engines: Iterable[Engine]) -> Iterator[None]:
    """Engines that are started, and ended whatever happens."""
    told = list(engines)
    try:
        for engine in told:
            engine.start()
        yield
    finally:
        for engine in told:
            engine.stop(graceful=True)


def answers(engine: Engine, commands: Commands) -> Events:
    """All events that the engine answers the commands with."""
    engine.start()
    session = engine.session(1)
    told = []
    for at in range(0, len(commands), BATCH):
        session.send(commands[at : at + BATCH])
        told.append(engine.poll(0).copy())
    engine.stop(graceful=True)
    return np.concatenate(told, dtype=EVENT)


def run_info(engine: Engine, flow: Flow) -> RunInfo:
    """What the checks would know of a finished, unpaced run that asked for no book."""
    return RunInfo(
        scenario="bench", engine=engine.name, capabilities=engine.capabilities, conventions=engine.conventions,
        instruments=engine.instruments, notes=flow.notes(),
    )  # fmt: skip


def fills_of(events: Events) -> Fills:
    """The trades among the events."""
    trades = events[events["kind"] == EventKind.TRADE]
    fills = np.zeros(len(trades), FILL)
    for name, field in (("taker", "order"), ("maker", "maker"), ("price", "price"), ("qty", "qty")):
        fills[name] = trades[field]
    return fills


def papers(
    folder: Path, scenario: str, engine: Engine, flow: Flow, *, checks: tuple[str, ...], history_bytes: int
) -> None:
    """Write run.json and scenario.json, as a run does before it drives: what a judge beside it reads first."""
    identity = EngineIdentity(name=engine.name, version=engine.version, commit="", dirty=False)
    run = RunRecord(
        id=scenario, name=scenario, started_utc="", wall_s=0, gonogo=version("gonogo"), seed=0, use="", engine=identity,
        adapter=engine.name, capabilities=engine.capabilities, host=host(), scenarios=(scenario,), planned=(scenario,), left_out={},
        status="interrupted",
    )  # fmt: skip
    one = ScenarioRecord(
        name=scenario, about="", instrument="drive", flow="", pacing="", rate_per_s=0, commands=0, duration_ns=0, status="interrupted",
        started=True, failure="", conventions=engine.conventions, instruments=engine.instruments, notes=flow.notes(), checks=checks,
        settings={}, history_bytes=history_bytes,
    )  # fmt: skip
    write_json(folder / "run.json", run)
    write_json(folder / "scenarios" / scenario / "scenario.json", one)
