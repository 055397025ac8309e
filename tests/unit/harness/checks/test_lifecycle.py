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
    stop,
    trade,
    triggered,
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


STOPS = numbered([
    stop(1, BUY, 105, 5),
    stop(2, BUY, 105, 5, 104),
    new(3, SELL, 105, 1),
    new(4, BUY, 105, 1),
    new(5, SELL, 106, 2),
])  # fmt: skip
MARKET_STOP, LIMIT_STOP, SELL_3, BUY_4, SELL_5 = STOPS
REPLACE_2 = replace(2, 9, 103, 5)._replace(number=4)
WAITING = [accepted(MARKET_STOP), accepted(LIMIT_STOP)]
CAUSE = [accepted(SELL_3), rested(SELL_3, 1), accepted(BUY_4), trade(BUY_4, 3, 105, 1, 0)]


def within(event: Event) -> Event:
    """The event, as it happens within the command of order 4."""
    return event._replace(command=BUY_4.number)


SET_OFF = [
    triggered(MARKET_STOP, 5, cause=BUY_4), within(canceled(MARKET_STOP, 1, 5, 0, Reason.MARKET_REMAINDER)),
    triggered(LIMIT_STOP, 5, cause=BUY_4), within(rested(LIMIT_STOP, 5)),
]  # fmt: skip


@pytest.mark.parametrize("numbers", [True, False])
def test_a_stop_waits_triggers_and_goes_or_rests(numbers):
    events = [*WAITING, *CAUSE, *SET_OFF, accepted(SELL_5), rested(SELL_5, 2)]
    assert found(events if numbers else [event._replace(command=0) for event in events], STOPS) == ()


def test_a_waiting_stop_is_canceled_like_any_other():
    commands = numbered([MARKET_STOP, cancel(1, 2), cancel(1), cancel(1)])
    events = [canceled(commands[1], 1, 2, 3, Reason.USER), canceled(commands[2], 1, 3, 0, Reason.USER)]
    assert found([WAITING[0], *events], commands) == ()
    again = canceled(commands[3], 1, 3, 0, Reason.USER)
    assert one([WAITING[0], *events, again], commands).kind == "canceled_not_live"


@pytest.mark.parametrize(
    ("event", "did"),
    [
        (trade(LIMIT_STOP, 3, 105, 1, 4), "it traded"),
        (rested(LIMIT_STOP, 5), "it rested"),
        (replaced(REPLACE_2), "it was replaced"),
    ],
)
def test_nothing_but_a_cancel_happens_to_a_stop_before_it_triggers(event, did):
    events = [accepted(SELL_3), rested(SELL_3, 1), *WAITING, event]
    finding = next(one for one in found(events, [*STOPS[:3], REPLACE_2]) if one.kind == "not_triggered")
    assert (finding.orders, finding.got) == ((2,), did)
    assert finding.expected == "order 2 waits for its stop price 105"


@pytest.mark.parametrize(
    ("order", "what"), [(SELL_3, "order 3 rests"), (LIMIT_STOP, "order 2 rests"), (MARKET_STOP, None)]
)
def test_only_waiting_stops_trigger_and_once(order, what):
    again = triggered(order, 1, cause=BUY_4)
    finding = one([*WAITING, *CAUSE[:2], *SET_OFF, again], STOPS)
    if what is None:
        assert finding.kind == "triggered_not_live"
    else:
        assert (finding.kind, finding.expected) == ("no_stop", f"only stops trigger, and once; {what}")


def test_a_stop_that_rested_untriggered_waits_no_more():
    events = [*WAITING, rested(LIMIT_STOP, 5), triggered(LIMIT_STOP, 5)]
    assert [finding.kind for finding in found(events, STOPS)] == ["not_triggered", "no_stop"]


@pytest.mark.parametrize("numbers", [True, False])
def test_what_is_left_of_a_triggered_stop_does_not_vanish(numbers):
    events = [*WAITING, *CAUSE, *SET_OFF[::2]]
    events = events if numbers else [event._replace(command=0) for event in events]
    (finding,) = found(events, STOPS)
    assert (finding.kind, finding.orders, finding.count) == ("lost", (1,), 2)


def test_a_triggered_stop_is_bound_by_its_terms():
    rests = [*WAITING, *CAUSE, SET_OFF[0], within(rested(MARKET_STOP, 5))]
    assert one(rests, STOPS).kind == "may_not_rest"
    assert one(rests, STOPS).expected == "what is left of order 1, a market order, is canceled"


@pytest.mark.parametrize(
    ("traded", "left", "kinds", "got"),
    [
        (3, "rests", [], ""),
        (3, "goes", [], ""),
        (0, "goes", [], ""),
        (2, "goes", ["min_qty"], "it traded 2, and what was left was canceled"),
        (2, "rests", ["min_qty"], "it traded 2, and what was left rested"),
        (0, "rests", ["min_qty"], "it traded 0, and what was left rested"),
    ],
)
def test_a_minimum_quantity_trades_at_once_or_the_order_goes_untraded(traded, left, kinds, got):
    command = new(9, BUY, 100, 7, min_qty=3)._replace(number=2)
    events = [*ENTERED, accepted(command)]
    events += [trade(command, 1, 100, traded, 7 - traded)] * bool(traded)
    gone = canceled(command, 9, 7 - traded, 0, Reason.MIN_QTY_NOT_REACHED)
    events.append(rested(command, 7 - traded) if left == "rests" else gone)
    findings = found(events, [SELL_1, command])
    assert ([finding.kind for finding in findings], [finding.got for finding in findings]) == (
        kinds,
        [got] * len(kinds),
    )


def test_a_minimum_that_was_broken_is_told_once():
    command = new(9, BUY, 100, 7, min_qty=6)._replace(number=2)
    gone = cancel(9)._replace(number=3)
    events = [*ENTERED, accepted(command), trade(command, 1, 100, 5, 2), rested(command, 2)]
    assert one([*events, canceled(gone, 9, 2, 0, Reason.USER)], [SELL_1, command, gone]).count == 1


def test_a_minimum_counts_at_entry_only():
    first = new(9, BUY, 100, 7, min_qty=3)._replace(number=2)
    again = replace(9, 9, 99, 7)._replace(number=3)
    events = [*ENTERED, accepted(first), trade(first, 1, 100, 3, 4), rested(first, 4), replaced(again)]
    assert found([*events, rested(first, 7)._replace(command=3)], [SELL_1, first, again]) == ()


def test_ended_orders_are_remembered_up_to_a_bound(monkeypatch):
    monkeypatch.setattr("harness.checks.lifecycle.REMEMBERED", 2)
    fold = CHECK.start(info())
    folded(fold, segments(COMMANDS, EVENTS))
    assert list(fold._ended) == [7, 8]
