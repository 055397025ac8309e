"""A Python object that has no book, beside the reference engine inside gonogo: what the way to an object in its own process and back costs.

The object acknowledges every order and refuses the rest, so nearly all of the time is the adapter's own. Once it is called for each command,
and once with whole arrays.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.base.records import Commands
from harness.bench import Case, Goal, Round, Site
from harness.bench._feeding import BATCH, drawn
from harness.flows.public_shape import PublicShapeFlow
from harness.port import Engine

COMMANDS = 200_000
OBJECTS = "harness.bench._acknowledging_object"
GOAL_PER_S = 200_000


def _object(site: Site) -> Iterator[Sequence[Case]]:
    flow = PublicShapeFlow("normal")
    commands = drawn(flow, site.part(COMMANDS))
    engines = {
        "single": site.engine(f"{OBJECTS}:Single", flow.instruments()),
        "batch": site.engine(f"{OBJECTS}:Batch", flow.instruments()),
        "in_process": site.engine("reference", flow.instruments()),
    }
    turns = {name: _Turn(engine, commands) for name, engine in engines.items()}
    for engine in engines.values():
        engine.start()
    try:
        yield (
            Case(
                name="python_object.single", about="commands to a Python object without a book, one a call, and their events back", amount=len(commands),
                run=turns["single"], category="adapter", baseline="python_object.in_process", goal=Goal(least=GOAL_PER_S),
            ),
            Case(
                name="python_object.batch", about=f"the same where the object takes whole arrays, {BATCH:,} a call", amount=len(commands),
                run=turns["batch"], category="adapter", baseline="python_object.in_process",
            ),
            Case(
                name="python_object.in_process", about="the same commands to the reference engine and its book inside gonogo", amount=len(commands),
                run=turns["in_process"], category="adapter",
            ),
        )  # fmt: skip
    finally:
        for engine in engines.values():
            engine.stop(graceful=True)


@dataclass(slots=True)
class _Turn:
    """All commands through an engine that is up; what is right is an answer to each."""

    engine: Engine
    commands: Commands

    def __call__(self) -> Round:
        self.engine.reset()
        session = self.engine.session(1)
        elapsed_ns, answered = 0, 0
        for at in range(0, len(self.commands), BATCH):
            part = self.commands[at : at + BATCH]
            begun_ns = time.perf_counter_ns()
            session.send(part)
            events = self.engine.poll(0)
            elapsed_ns += time.perf_counter_ns() - begun_ns
            answered += len({*events["command"].tolist()})
        return Round(elapsed_ns, answered == len(self.commands))


BENCH = _object
