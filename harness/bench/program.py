"""The reference engine as a program that speaks JSON lines over its standard streams, beside the same engine inside gonogo.

`program.stdio` keeps the pipes full; `program.stdio.single` sends a command once the one before is answered, so it is the least time that
any answer over this wire takes. What is answered must be what the engine says in process, event for event.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from harness.base.bits import copied, digest, joined, timeless
from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, Commands, Events
from harness.bench import Case, Round, Site
from harness.bench._feeding import BATCH, answers, drawn, up
from harness.flows.poisson import PoissonFlow
from harness.port import Engine

COMMANDS = 200_000
SINGLES = 5_000
WAIT_NS = 10_000_000
SILENCE_S = 30.0
FILE = """
schema = 1
name = "program"
adapter = "jsonl"
[start]
command = {command}
timeout_s = 300
"""
COMMAND = [sys.executable, "-P", "-c", "from harness.cli import entry; entry()", "serve", "--stdio"]


def _program(site: Site) -> Iterator[Sequence[Case]]:
    flow = PoissonFlow()
    commands = drawn(flow, site.part(COMMANDS))
    inside = site.engine("reference", flow.instruments())
    singles = min(SINGLES, len(commands))
    expected = {count: answers(inside, commands[:count]) for count in (singles, len(commands))}
    path = site.folder / "engine.toml"
    path.write_text(FILE.format(command=json.dumps(COMMAND)), encoding="utf-8")
    outside = site.engine(str(path), flow.instruments())
    turns = {
        name: _Turn(engine, commands[:count], expected[count], batch)
        for name, engine, count, batch in (
            ("stdio", outside, len(commands), BATCH), ("in_process", inside, len(commands), BATCH),
            ("stdio.single", outside, singles, 1), ("in_process.single", inside, singles, 1),
        )
    }  # fmt: skip
    with up((inside, outside)):
        yield (
            Case(
                name="program.stdio", about="commands to an engine that is a program, and their events back, as JSON lines", amount=len(commands),
                run=turns["stdio"], category="adapter", baseline="program.in_process",
            ),
            Case(
                name="program.in_process", about=f"the same inside gonogo, {BATCH:,} a call", amount=len(commands),
                run=turns["in_process"], category="adapter",
            ),
            Case(
                name="program.stdio.single", about="a command to the program until it is answered, one after another", amount=singles,
                run=turns["stdio.single"], category="adapter", unit="ns", baseline="program.in_process.single",
            ),
            Case(
                name="program.in_process.single", about="the same inside gonogo", amount=singles,
                run=turns["in_process.single"], category="adapter", unit="ns",
            ),
        )  # fmt: skip


@dataclass(slots=True)
class _Turn:
    """Commands through an engine that is up, `batch` at a time, until all that they must give is there."""

    engine: Engine
    commands: Commands
    expected: Events
    batch: int

    def __call__(self) -> Round:
        self.engine.reset()
        told: list[Events] = []
        begun_ns = time.perf_counter_ns()
        self._drive(told)
        elapsed_ns = time.perf_counter_ns() - begun_ns
        return Round(elapsed_ns, digest(timeless(joined(told, EVENT))) == digest(timeless(self.expected)))

    def _drive(self, told: list[Events]) -> None:
        session = self.engine.session(1)
        answered = np.searchsorted(self.expected["command"], self.commands["number"], side="right")
        sent = heard = 0
        give_up = time.monotonic() + SILENCE_S
        while heard < len(self.expected):
            # One at a time goes out once the one before is answered; a full pipe once there is room.
            if sent < len(self.commands) and (self.batch > 1 or not sent or heard >= answered[sent - 1]):
                sent += session.send(self.commands[sent : sent + self.batch])
            idle = sent == len(self.commands) or self.batch == 1
            events = self.engine.poll(WAIT_NS if idle else 0)
            if len(events):
                told.append(copied(events))
                heard += len(events)
                give_up = time.monotonic() + SILENCE_S
            elif time.monotonic() > give_up:
                raise EngineDiedError(f"the engine said nothing for {SILENCE_S:g} s")


BENCH = _program
