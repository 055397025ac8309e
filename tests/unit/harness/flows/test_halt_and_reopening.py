"""Halt and reopening: what comes in meanwhile is refused and leaves no trace, cancels are carried out, and trading goes on."""

from itertools import groupby

import numpy as np
import pytest

from engines.guarded.engine import GuardedEngine
from engines.guarded.offered import CAPABILITIES
from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind, command_rows, event_rows
from harness.base.seeds import Seed
from harness.flows import first_commands
from harness.flows._kept_book import BASE, ID, LEVEL, LIVE, OPEN, TICKS
from harness.flows._staged import PERSON
from harness.flows._staged_kernel import StagedMarket
from harness.flows.halt_and_reopening import FLOW

CYCLES = 2
LENGTHS = {stage.name: stage.commands for stage in FLOW.stages}
COUNT = CYCLES * sum(LENGTHS.values())
ASKS = (CommandKind.HALT, CommandKind.RESUME)


@pytest.fixture(scope="module")
def told():
    """Each command with its stage and its answer by the guarded engine, and the book at the end."""
    flow = FLOW().fitted(CAPABILITIES, Conventions())
    commands = first_commands(flow.batches(Seed(1)), COUNT)
    engine = GuardedEngine(flow.instruments(), Conventions(self_trade="cancel_newest"))
    events = event_rows(engine.submit(commands))
    answers = {number: list(of) for number, of in groupby(events, key=lambda event: event.command)}
    stages = CYCLES * [name for name, length in LENGTHS.items() for _ in range(length)]
    return [
        (stage, command, answers[command.number]) for stage, command in zip(stages, command_rows(commands), strict=True)
    ], engine.snapshot()


def of(told, stage):
    return [(command, events) for name, command, events in told[0] if name == stage and command.kind not in ASKS]


def test_an_operator_halts_and_resumes_it_once_a_cycle(told):
    asked = [(stage, command.kind, events[0].kind) for stage, command, events in told[0] if command.kind in ASKS]
    assert asked == CYCLES * [
        ("halted", CommandKind.HALT, EventKind.HALTED),
        ("reopening", CommandKind.RESUME, EventKind.RESUMED),
    ]
    assert {(row.order, row.session) for _, row, _ in told[0] if row.kind in ASKS} == {(PERSON, 0)}


def test_orders_and_replaces_are_refused_while_it_is_halted_and_cancels_are_not(told):
    counts = dict.fromkeys((CommandKind.NEW, CommandKind.REPLACE, CommandKind.CANCEL, CommandKind.MASS_CANCEL), 0)
    for command, events in of(told, "halted"):
        counts[CommandKind(command.kind)] += 1
        if command.kind in (CommandKind.NEW, CommandKind.REPLACE):
            assert [event.reason for event in events] == [Reason.HALTED]
        else:
            assert {event.kind for event in events} <= {EventKind.CANCELED, EventKind.DONE}
    assert min(counts.values()) > 0
    assert min(counts[kind] for kind in (CommandKind.NEW, CommandKind.REPLACE, CommandKind.CANCEL)) > 100


def test_nothing_is_refused_otherwise(told):
    for stage in ("trading", "reopening"):
        assert {
            event.reason for _, events in of(told, stage) for event in events if event.kind == EventKind.REJECTED
        } == set()


def test_a_reopening_is_a_burst_of_trades(told):
    volume = {
        stage: np.mean(
            [sum(event.qty for event in events if event.kind == EventKind.TRADE) for _, events in of(told, stage)]
        )
        for stage in LENGTHS
    }
    assert volume["halted"] == 0
    assert volume["reopening"] > 2 * volume["trading"]


def test_the_book_that_it_keeps_is_the_engines(told):
    flow = FLOW()
    market = StagedMarket(Seed(1), flow.stages, flow.instruments()[0], flow.resting, flow.without)
    market.draw(COUNT)
    book = market._state.book
    orders = book.orders[book.live[: book.counts[LIVE]]]
    kept = zip(
        orders[:, ID].tolist(), (BASE + orders[:, LEVEL] % TICKS).tolist(), orders[:, OPEN].tolist(), strict=True
    )
    assert sorted(kept) == sorted(
        zip(*(told[1][field].tolist() for field in ("order", "price", "remaining")), strict=True)
    )


def test_its_note_of_what_is_accepted_leaves_some_room(told):
    new = [events for _, command, events in told[0] if command.kind == CommandKind.NEW]
    accepted = sum(events[0].kind == EventKind.ACCEPTED for events in new) / len(new)
    assert FLOW().notes().least_accepted < accepted < FLOW().notes().least_accepted + 0.15
