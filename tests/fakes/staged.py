"""Flows of market events, played against the oracle's model: how each command must be answered, and the book at the end of each stage."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from engines.plain.offered import CAPABILITIES
from harness.base.bits import BookRows
from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import Command, Event, EventKind, Side, command_rows
from harness.base.seeds import Seed
from harness.flows import first_commands
from harness.oracle.model import Model

REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)


class Answer(NamedTuple):
    """A command and what the rules give to it."""

    command: Command
    stage: str
    events: list[Event]
    bid: int | None
    """The best prices before it."""
    ask: int | None

    def trades(self) -> list[Event]:
        return [event for event in self.events if event.kind == EventKind.TRADE]

    def is_refused(self) -> bool:
        return self.events[0].kind in REFUSALS


class Played(NamedTuple):
    """Some cycles of a flow's stages."""

    answers: list[Answer]
    books: list[tuple[str, BookRows]]
    """The book after each stage, with the stage's name."""

    def of(self, stage: str) -> list[Answer]:
        return [answer for answer in self.answers if answer.stage == stage]

    def standing(self, side: Side) -> list[tuple[str, int]]:
        """How many orders of a side stood after each stage."""
        return [(stage, int((book["side"] == side).sum())) for stage, book in self.books]

    def refusals(self) -> Counter[Reason]:
        return Counter(Reason(answer.events[0].reason) for answer in self.answers if answer.is_refused())


def played(flow, cycles=1, *, capabilities=CAPABILITIES, seed=1) -> Played:
    """So many cycles of the flow, as an engine of these capabilities is asked and as it must answer."""
    fitted = flow.fitted(capabilities, Conventions())
    model = Model(fitted.instruments(), Conventions(self_trade="cancel_newest"), capabilities)
    stages = cycles * [stage.name for stage in flow.stages for _ in range(stage.commands)]
    commands = first_commands(fitted.batches(Seed(seed)), len(stages))
    answers, books = [], []
    for number, (command, stage) in enumerate(zip(command_rows(commands), stages, strict=True), 1):
        bid, ask = model.best(1, Side.BUY), model.best(1, Side.SELL)
        answers.append(Answer(command, stage, model.apply(command), bid, ask))
        if stages[number : number + 1] != [stage]:
            books.append((stage, model.book()))
    return Played(answers, books)
