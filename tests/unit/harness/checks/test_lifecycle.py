"""Every step that an order cannot take is told, with what had become of the order before."""

from __future__ import annotations

import pytest

from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import Command, Event, EventKind
from harness.checks.lifecycle import CHECK
from tests.fakes.history import (
    BUY,
    FOK,
    IOC,
    POST_ONLY,
    SELL,
    accepted,
    cancel,
    canceled,
    folded,
    info,
    market,
    new,
    numbered,
    rejected,
    replace,
    rested,
    segments,
    trade,
)

COMMANDS = numbered(
    [
        new(1, SELL, 100, 5),
        new(2, BUY, 100, 7, IOC),
        new(3, BUY, 90, 5),
        replace(3, 4, 91, 5),
        replace(4, 5, 91, 3),
        cancel(5, 1),
        market(6, SELL, 2),
        new(1, BUY, 80, 4),
        new(7, BUY, 80, -1),
        new(8, SELL, 80, 9, FOK),
        new(20, SELL, 70, 1),
    ]
)
SELL_1, IOC_2, BUY_3, MOVE_3, LESS_4, CANCEL_5, MARKET_6, AGAIN_1, BAD_7, FOK_8, SELL_20 = COMMANDS


def replaced(command: Command) -> Event:
    return Event(
        command=command.number, kind=int(EventKind.REPLACED), order=command.target, new_order=command.order,
        price=command.price, qty=command.qty, remaining=command.qty, instrument=1,
    )  # fmt: skip


ENTERED = [accepted(SELL_1), rested(SELL_1, 5)]
SWEPT = [accepted(IOC_2), trade(IOC_2, 1, 100, 5, 2), canceled(IOC_2, 2, 2, 0, Reason.IOC_REMAINDER)]
MOVED = [accepted(BUY_3), rested(BUY_3, 5), replaced(MOVE_3), rested(BUY_3, 5)._replace(order=4, price=91, command=4)]
TAKEN = [replaced(LESS_4), canceled(CANCEL_5, 5, 1, 2, Reason.USER), accepted(MARKET_6), trade(MARKET_6, 5, 91, 2, 0)]
REUSED = [accepted(AGAIN_1), rested(AGAIN_1, 4), rejected(BAD_7, Reason.INVALID_QUANTITY)]
KILLED = [accepted(FOK_8), canceled(FOK_8, 8, 9, 0, Reason.FOK_NOT_FILLABLE)]
EVENTS = [*ENTERED, *SWEPT, *MOVED, *TAKEN, *REUSED, *KILLED]


def found(events: list[Event], commands: list[Command] = COMMANDS, **run):
    return folded(CHECK.start(info(**run)), segments(commands, events)).findings


def one(events: list[Event], commands: list[Command] = COMMANDS):
    (finding,) = found(events, commands)
    return finding


@pytest.mark.parametrize(("size", "late"), [(100, 0), (1, 0), (3, 2)])
def test_a_right_history_gives_no_finding(size, late):
    facts = folded(CHECK.start(info()), segments(COMMANDS, EVENTS, size, late))
    assert facts.findings == ()
    assert facts.seen == len(EVENTS)


def test_events_without_numbers_are_judged_all_the_same():
    assert found([event._replace(command=0) for event in EVENTS]) == ()
    nameless = [event._replace(command=0) for event in [accepted(SELL_1), *SWEPT]]
    assert {finding.kind for finding in found(nameless)} == {"lost", "traded_not_live"}


def late_trade(maker: int) -> list[Event]:
    """The last order trades with the maker given."""
    return [accepted(SELL_20), trade(SELL_20, maker, 91, 1, 0)]


def test_a_trade_with_an_order_that_was_filled():
    finding = one([*EVENTS, *late_trade(5)])
    assert (finding.kind, finding.first_command, finding.orders) == ("traded_not_live", 11, (5,))
    assert finding.expected == "nothing of order 5, which was filled by command 7"
    assert finding.got == "it traded from the book"


@pytest.mark.parametrize(
    ("maker", "before"),
    [
        (2, "was canceled by command 2"),
        (4, "was replaced by command 5"),
        (7, "was rejected by command 9"),
        (99, "was never accepted"),
    ],
)
def test_a_dead_order_is_told_with_its_end(maker, before):
    assert one([*EVENTS, *late_trade(maker)]).expected == f"nothing of order {maker}, which {before}"


def test_a_trade_of_a_rejected_order():
    finding = one([*EVENTS, trade(BAD_7, 1, 80, 1, 0)])
    assert (finding.kind, finding.orders, finding.got) == ("traded_not_live", (7,), "it traded")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (rested(IOC_2, 2)._replace(command=11), "rested_not_live"),
        (canceled(CANCEL_5, 2, 1, 0, Reason.USER), "canceled_not_live"),
        (replaced(MOVE_3), "replaced_not_live"),
    ],
)
def test_nothing_else_happens_to_a_dead_order(event, kind):
    finding = one([*EVENTS, event])
    assert finding.kind == kind
    assert finding.severity == "critical"


def test_an_id_that_is_live_is_not_given_again():
    early = [*ENTERED, accepted(AGAIN_1), rested(AGAIN_1, 4)]
    finding = one(early)
    assert (finding.kind, finding.first_command) == ("duplicate_id", 8)
    assert finding.expected == "id 1 refused while the order of command 1 is live"


def test_a_replace_does_not_take_the_id_of_another_live_order():
    onto_1 = replace(3, 1, 91, 5)._replace(number=4)
    commands = [*COMMANDS[:3], onto_1, *COMMANDS[4:]]
    events = [*ENTERED, *MOVED[:2], replaced(onto_1), rested(BUY_3, 5)._replace(order=1, command=4)]
    assert one(events, commands).kind == "duplicate_id"


def test_resting_twice():
    finding = one([*ENTERED, rested(SELL_1, 5)])
    assert (finding.kind, finding.got) == ("rested_twice", "it joined the queue again")


@pytest.mark.parametrize(
    ("command", "words"), [(IOC_2, "IOC"), (FOK_8, "FOK"), (MARKET_6, "a market order")], ids=["ioc", "fok", "market"]
)
def test_an_immediate_order_does_not_rest(command, words):
    finding = one([accepted(command), rested(command, command.qty)])
    assert finding.kind == "may_not_rest"
    assert finding.expected == f"what is left of order {command.order}, {words}, is canceled"


def test_a_taker_does_not_come_from_the_book():
    assert one([*ENTERED, *MOVED[:2], trade(SELL_1, 3, 90, 1, 4)]).kind == "resting_taker"


def test_a_maker_comes_from_the_book():
    two = new(9, SELL, 100, 5, instrument=2)._replace(number=3)
    commands = [SELL_1, IOC_2, two]
    events = [accepted(two), accepted(IOC_2), trade(IOC_2, 9, 100, 5, 2), SWEPT[-1]]
    assert one(events, commands).kind == "maker_not_resting"


def test_a_fill_or_kill_order_is_not_filled_in_part():
    part = [accepted(AGAIN_1), rested(AGAIN_1, 4), accepted(FOK_8), trade(FOK_8, 1, 80, 4, 5)]
    finding = one([*part, canceled(FOK_8, 8, 5, 0, Reason.FOK_NOT_FILLABLE)])
    assert (finding.kind, finding.first_command) == ("fok_in_part", 10)
    assert finding.got == "it traded, and 5 of it was left"
    assert [finding.kind for finding in found([*part, rested(FOK_8, 5)])] == ["may_not_rest", "fok_in_part"]


def test_a_post_only_order_takes_nothing():
    maker_only = new(2, BUY, 100, 7, flags=POST_ONLY)._replace(number=2)
    events = [*ENTERED, accepted(maker_only), trade(maker_only, 1, 100, 5, 2), rested(maker_only, 2)]
    assert one(events, [SELL_1, maker_only]).kind == "post_only"


@pytest.mark.parametrize("after", [[], MOVED[:2]], ids=["at the end", "at the next command"])
def test_what_is_left_of_an_order_does_not_vanish(after):
    finding = one([*ENTERED, *SWEPT[:2], *after])
    assert (finding.kind, finding.first_command, finding.orders) == ("lost", 2, (2,))
    assert finding.expected == "the 2 left of order 2 rested or canceled"


def test_another_instrument_may_speak_between():
    other = new(9, SELL, 100, 5, instrument=2)._replace(number=3)
    commands = [SELL_1, IOC_2, other]
    assert found([*ENTERED, *SWEPT[:2], accepted(other), rested(other, 5), SWEPT[2]], commands) == ()


@pytest.mark.parametrize("run", [{"failure": "killed"}, {"interrupted": True}])
def test_an_order_that_was_cut_short_is_not_lost(run):
    assert found([*ENTERED, *SWEPT[:2]], **run) == ()


def test_a_replaced_order_that_loses_its_place_must_rest_again():
    events = [*ENTERED, *MOVED[:3]]
    assert one(events).kind == "lost"
    kept = [*ENTERED, *MOVED, TAKEN[0]]
    assert found(kept) == ()
    (finding,) = found(kept, conventions=Conventions(replace_keeps_place="never"))
    assert (finding.kind, finding.orders) == ("lost", (5,))


def test_ended_orders_are_remembered_up_to_a_bound(monkeypatch):
    monkeypatch.setattr("harness.checks.lifecycle.REMEMBERED", 2)
    fold = CHECK.start(info())
    folded(fold, segments(COMMANDS, EVENTS))
    assert list(fold._ended) == [7, 8]
