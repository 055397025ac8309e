"""Judging: how many commands a second each check takes in, beside the plain engine that carries them out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from harness.base import discover
from harness.base.records import Commands, Events
from harness.bench import Case, Round, Site
from harness.bench._feeding import answers, drawn, feed, run_info
from harness.evidence.fold import Check, RunInfo, Segment, applies
from harness.evidence.journal import SEGMENT_COMMANDS
from harness.flows.poisson import PoissonFlow
from harness.port import Engine

COMMANDS = 20_000
CHECKS = "harness.checks"


def _checks(site: Site) -> Iterator[Sequence[Case]]:
    flow = PoissonFlow()
    commands = drawn(flow, max(site.part(COMMANDS), 2_000))
    engine = site.engine("plain", flow.instruments())
    events = answers(engine, commands)
    history, run = _history(commands, events), run_info(engine, flow)
    plugs = {name: discover.load(CHECKS, name, "CHECK") for name in discover.names(CHECKS)}
    yield [
        Case(name="checks.engine", about="the plain engine", amount=len(commands), run=lambda: _fed(engine, commands), warms=False),
        *(
            Case(
                name=f"checks.{name}", about=plug.about, amount=len(commands), category="harness",
                run=partial(_folded, plug, run, history), baseline="checks.engine",
            )
            for name, plug in plugs.items() if applies(plug.needs, run) and "book" not in plug.needs
        ),
    ]  # fmt: skip


def _history(commands: Commands, events: Events) -> list[Segment]:
    """The commands in segments, each with the events that answer it, as if all had been sent in a second."""
    commands["sent_ns"] = commands["due_ns"] = np.linspace(0, 1e9, len(commands)).astype(np.int64)
    events["received_ns"] = commands["sent_ns"][events["command"].astype(np.int64) - 1]
    cuts = range(SEGMENT_COMMANDS, len(commands), SEGMENT_COMMANDS)
    ends = np.searchsorted(events["command"], np.array(cuts, np.uint64), side="right")
    return [Segment(*pair) for pair in zip(np.split(commands, cuts), np.split(events, ends), strict=True)]


def _fed(engine: Engine, commands: Commands) -> Round:
    fed = feed(engine, commands)
    return Round(fed.elapsed_ns, fed.events >= len(commands))


def _folded(plug: Check, run: RunInfo, history: list[Segment]) -> Round:
    begun_ns = time.perf_counter_ns()
    fold = plug.start(run)
    for segment in history:
        fold.add(segment)
    facts = fold.facts()
    return Round(time.perf_counter_ns() - begun_ns, not facts.findings and not facts.unknown)


BENCH = _checks
