"""The verifier: events a second that it judges, beside the plain model that says what must answer the same commands."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from harness.base.records import Commands, EventKind, Events, command_rows
from harness.bench import Case, Goal, Round, Site
from harness.bench._feeding import answers, drawn
from harness.evidence.fold import Segment
from harness.flows import Flow
from harness.flows.poisson import PoissonFlow
from harness.flows.standing_book import StandingBookFlow
from harness.oracle.model import Model
from harness.oracle.verifier.codes import Code
from harness.port import Engine

COMMANDS = 1_000_000
MODELED = 50_000
SEGMENT = 16_384
FLOWS: dict[str, Flow] = {"poisson": PoissonFlow(), "deep": StandingBookFlow()}
GOAL = Goal(ratio=10, least=5_000_000)


def _verifier(site: Site) -> Iterator[Sequence[Case]]:
    for name, flow in FLOWS.items():
        engine = site.engine("reference", flow.instruments())
        commands = drawn(flow.fitted(engine.capabilities, engine.conventions), site.part(COMMANDS))
        yield _cases(name, engine, commands, answers(engine, commands))


def _cases(name: str, engine: Engine, commands: Commands, events: Events) -> list[Case]:
    few = commands[: min(MODELED, len(commands))]
    told = events[events["command"] <= few["number"][-1]]
    return [
        Case(
            name=f"verifier.{name}", about="events held to the rules", amount=len(events), category="harness",
            run=lambda: _verified(engine, commands, events), baseline=f"verifier.{name}.model", goal=GOAL,
        ),
        Case(
            name=f"verifier.{name}.model", about="events worked out by the model", amount=len(told), category="harness",
            run=lambda: _modeled(engine, few, told), warms=False,
        ),
    ]  # fmt: skip


def _verified(engine: Engine, commands: Commands, events: Events) -> Round:
    from harness.oracle.verifier.verifier import Verifier  # noqa: PLC0415 - numba, half a second, only when it is measured

    verifier = Verifier(engine.instruments, engine.conventions, engine.capabilities)
    cuts = range(SEGMENT, len(commands), SEGMENT)
    ends = events["command"].searchsorted(commands["number"][list(cuts)])
    history = [Segment(*pair) for pair in zip(_cut(commands, list(cuts)), _cut(events, ends.tolist()), strict=True)]
    begun_ns = time.perf_counter_ns()
    codes = [verifier.follow(segment) for segment in history]
    elapsed_ns = time.perf_counter_ns() - begun_ns
    right = all((part == Code.LEGAL).all() for part in codes) and verifier.counts["judged"] == len(events)
    # A verifier that finds nothing wrong must have looked: with a trade gone it must not be content.
    blind = Verifier(engine.instruments, engine.conventions, engine.capabilities)
    return Round(elapsed_ns, right and bool((blind.follow(_without_a_trade(history[0])) != Code.LEGAL).any()))


def _without_a_trade(segment: Segment) -> Segment:
    """The history with its first trade lost."""
    trades = (segment.events["kind"] == EventKind.TRADE).nonzero()[0]
    return Segment(segment.commands, np.delete(segment.events, trades[:1]))


def _cut(records: Commands, at: list[int]) -> list[Commands]:
    return [records[begin:end] for begin, end in zip([0, *at], [*at, len(records)], strict=True)]


def _modeled(engine: Engine, commands: Commands, events: Events) -> Round:
    model = Model(engine.instruments, engine.conventions, engine.capabilities)
    begun_ns = time.perf_counter_ns()
    count = sum(len(model.apply(row)) for row in command_rows(commands))
    return Round(time.perf_counter_ns() - begun_ns, count == len(events))


BENCH = _verifier
