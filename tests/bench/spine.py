"""`make bench`: what each part of the spine costs, as ratios to the plain engine within one run.

Every part works on the same commands; rounds are interleaved, so that a slow moment of the machine hits all parts alike. A part's
result is checked before its time counts.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from harness.base.clock import MonotonicClock
from harness.base.histogram import Histogram
from harness.base.records import command_rows
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.evidence.fold import Segment, applies
from harness.evidence.journal import Journal
from harness.flows.poisson import PoissonFlow
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.oracle.model import Model
from harness.pacing import Unpaced
from tests.fakes.history import info, segments

COMMANDS = 50_000
ROUNDS = 5
FLOW = PoissonFlow()


def drawn() -> np.ndarray:
    """The flow's first commands."""
    parts, count = [], 0
    for batch in FLOW.batches(Seed(1)):
        parts.append(batch)
        count += len(batch)
        if count >= COMMANDS:
            break
    commands = np.concatenate(parts)[:COMMANDS]
    commands["number"] = np.arange(1, COMMANDS + 1)
    return commands


def driven(commands: np.ndarray) -> np.ndarray:
    """What the plain engine answers."""
    engine = plugs.engine("plain").engine(FLOW.instruments(), None)
    engine.start()
    session = engine.session(0)
    answers = []
    for at in range(0, len(commands), 256):
        session.send(commands[at : at + 256])
        answers.append(engine.poll(0))
    return np.concatenate(answers)


def modeled(commands: np.ndarray, conventions) -> int:
    model = Model(FLOW.instruments(), conventions)
    return sum(len(model.apply(command)) for command in command_rows(commands))


def written(commands: np.ndarray, events: np.ndarray) -> int:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "s")
        for at in range(0, len(commands), 256):
            journal.commands(commands[at : at + 256])
        journal.events(events)
        journal.close()
        return journal.sent


def whole_loop() -> int:
    engine = plugs.engine("plain").engine(FLOW.instruments(), None)
    engine.start()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "scenarios" / "s")
        context = Context(
            clock=MonotonicClock(),
            seed=Seed(1),
            flow=FLOW,
            pacing=Unpaced(),
            probes=(),
            stopped=lambda: False,
            progress=lambda _: None,
        )
        Drive(commands=COMMANDS).run(engine, journal, context)
        journal.close()
        return journal.sent


def folded(name: str, history: list[Segment], run) -> int:
    fold = plugs.checks()[name].start(run)
    for segment in history:
        fold.add(segment)
    facts = fold.facts()
    if facts.findings:
        raise AssertionError(f"{name} found {facts.findings[0]} in a right history")
    return facts.seen


def parts() -> dict[str, Callable[[], object]]:
    """Name -> one round of work on COMMANDS commands."""
    commands = drawn()
    events = driven(commands)
    engine = plugs.engine("plain").engine(FLOW.instruments(), None)
    run = info(
        instruments=FLOW.instruments(),
        conventions=engine.conventions,
        capabilities=engine.capabilities,
        notes=FLOW.notes(),
    )
    history = segments(commands, events, 16_384)
    found: dict[str, Callable[[], object]] = {
        "engine.plain": lambda: driven(commands),
        "oracle.model": lambda: modeled(commands, engine.conventions),
        "flow.poisson": drawn,
        "journal": lambda: written(commands, events),
        "histogram": lambda: Histogram().record(commands["number"].astype(np.int64)),
        "whole loop": whole_loop,
    }
    for name, plug in plugs.checks().items():
        if applies(plug.needs, run):
            found[f"check {name}"] = lambda name=name: folded(name, history, run)
    return found


def main() -> int:
    work = parts()
    times: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(ROUNDS + 1):
        for name, do in work.items():
            begun = time.perf_counter()
            do()
            if turn:
                times[name].append(time.perf_counter() - begun)
        print(f"round {turn} of {ROUNDS}" + (" (warm-up, not counted)" if not turn else ""), file=sys.stderr)
    base = statistics.median(times["engine.plain"])
    print(f"{'part':<24}{'commands/s':>14}{'spread':>9}{'of plain':>10}")
    for name, taken in times.items():
        middle = statistics.median(taken)
        spread = (max(taken) - min(taken)) / middle
        print(f"{name:<24}{COMMANDS / middle:>14,.0f}{spread:>8.0%} {base / middle:>9.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
