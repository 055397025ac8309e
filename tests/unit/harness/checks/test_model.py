"""The check `model` passes a right engine and tells the first difference of a wrong one."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind
from harness.base.words import say_command
from harness.checks.model import CHECK
from harness.evidence.fold import RunInfo
from harness.oracle.model import Model
from tests.fakes.history import (
    ALL,
    BUY,
    FOK,
    GTC,
    IOC,
    POST_ONLY,
    SELL,
    cancel,
    folded,
    info,
    mass_cancel,
    new,
    numbered,
    replace,
    segments,
    stop,
)  # fmt: skip
from tests.fakes.random_flow import random_flow
from tests.fakes.right_engine import changed, right_events, without

COMMANDS = numbered([
    new(1, SELL, 100, 5),
    new(2, SELL, 100, 5, account=2),
    new(3, BUY, 100, 7, account=3),
    new(4, SELL, 50, 5, instrument=2),
    cancel(2, 1, account=2),
    cancel(77),
    new(5, BUY, 99, 5, IOC),
    replace(2, 8, 101, 6, account=2),
    new(6, BUY, 50, 1, instrument=2, account=3),
    cancel(78),
])  # fmt: skip
RIGHT = right_events(COMMANDS)
TRADE = next(at for at, event in enumerate(RIGHT) if event.kind == EventKind.TRADE)
CANCELED = next(at for at, event in enumerate(RIGHT) if event.kind == EventKind.CANCELED)
REPLACED = next(at for at, event in enumerate(RIGHT) if event.kind == EventKind.REPLACED)
REFUSED = next(at for at, event in enumerate(RIGHT) if event.kind == EventKind.CANCEL_REJECTED)

BROKEN = {
    "wrong price": (changed(RIGHT, TRADE, price=99), 3, "trade #3 with #1 at 99 x 5, 2 left"),
    "wrong maker": (changed(RIGHT, TRADE, maker=2), 3, "trade #3 with #2 at 100 x 5, 2 left"),
    "wrong quantity": (changed(RIGHT, TRADE, qty=4), 3, "trade #3 with #1 at 100 x 4, 2 left"),
    "wrong remaining": (changed(RIGHT, TRADE, remaining=7), 3, "trade #3 with #1 at 100 x 5, 7 left"),
    "wrong reason of a cancel": (changed(RIGHT, CANCELED, reason=Reason.IOC_REMAINDER), 5, "(ioc remainder)"),
    "missing event": (without(RIGHT, TRADE), 3, "accepted #3, 100 x 7\ntrade #3 with #2"),
    "extra event": ([*RIGHT[: TRADE + 1], *RIGHT[TRADE:]], 3, "2 left\ntrade #3 with #1 at 100 x 5, 2 left"),
    "unanswered": (without(RIGHT, REFUSED), 6, "nothing"),
    "refused": (changed(RIGHT, CANCELED, kind=EventKind.CANCEL_REJECTED), 5, "cancel rejected #2"),
    "taken": (changed(RIGHT, REFUSED, kind=EventKind.CANCELED, qty=1), 6, "canceled 1 of #77"),
    "wrong new id": (changed(RIGHT, REPLACED, new_order=2), 8, "replaced #2 at 101"),
}


def facts(commands, events, *, size=2**31, late=0, **run):
    return folded(CHECK.start(info(**run)), segments(commands, events, size, late))


@pytest.mark.parametrize(("size", "late"), [(2**31, 0), (1, 0), (7, 1), (50, 3)])
@pytest.mark.parametrize("mode", ["none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"])
def test_a_right_engine_passes(mode, size, late):
    conventions = Conventions(self_trade=mode)
    flow = random_flow(600, 5, 6)
    found = facts(flow, right_events(flow, conventions), size=size, late=late, conventions=conventions)
    assert (found.seen, found.findings, found.unknown, found.told) == (600, (), "", {})


@pytest.mark.parametrize(("events", "command", "got"), BROKEN.values(), ids=BROKEN)
def test_one_wrong_event_is_told_in_words(events, command, got):
    found = facts(COMMANDS, events)
    (finding,) = found.findings
    assert (finding.kind, finding.first_command, finding.count, finding.severity) == ("answer", command, 1, "critical")
    assert finding.title == "a command was answered otherwise than the rules demand"
    said = f"{say_command(COMMANDS[command - 1])}:\n"
    assert (finding.expected.startswith(said), finding.got.startswith(said)) == (True, True)
    assert got in finding.got
    assert got not in finding.expected
    assert finding.orders
    assert found.told == {"not judged further": f"on instrument 1 after command {command}"}


def test_the_other_instruments_are_judged_on():
    events = changed(RIGHT, TRADE, price=99)
    found = facts(COMMANDS, changed(events, len(events) - 2, price=49))
    assert [finding.count for finding in found.findings] == [2]
    assert found.told == {"not judged further": "on instrument 1 after command 3, on instrument 2 after command 9"}


def test_a_command_over_instruments_stops_them_all():
    commands = numbered([new(1, SELL, 100, 5), new(2, SELL, 50, 5, instrument=2), mass_cancel(), new(3, BUY, 1, 1)])
    events = right_events(commands)
    at = next(at for at, event in enumerate(events) if event.order == 2 and event.reason == Reason.MASS_CANCEL)
    found = facts(commands, without(events, at))
    assert found.findings[0].first_command == 3
    assert "instrument 1 after command 3, on instrument 2 after command 3" in found.told["not judged further"]


def test_a_mass_cancel_is_judged_where_the_book_is_still_right():
    commands = numbered([new(1, SELL, 100, 5), new(2, SELL, 50, 5, instrument=2), mass_cancel(), new(3, BUY, 1, 1)])
    events = right_events(commands)
    wrong = changed(events, 0, qty=4)
    lost = [event for event in wrong if not (event.order == 1 and event.reason == Reason.MASS_CANCEL)]
    lost = [event._replace(qty=1) if event.kind == EventKind.DONE else event for event in lost]
    found = facts(commands, lost)
    assert [(finding.first_command, finding.count) for finding in found.findings] == [(1, 1)]


def test_the_count_of_a_mass_cancel_on_one_instrument_is_judged_on():
    commands = numbered([
        new(1, SELL, 100, 5), new(2, SELL, 50, 5, instrument=2), mass_cancel(instrument=2), new(3, BUY, 1, 1, instrument=2),
    ])  # fmt: skip
    events = changed(right_events(commands), 0, qty=4)
    done = next(at for at, event in enumerate(events) if event.kind == EventKind.DONE)
    (finding,) = facts(commands, changed(events, done, qty=7)).findings
    assert (finding.count, finding.first_command) == (2, 1)


def test_orders_that_a_finding_names_are_those_of_both_answers():
    (finding,) = facts(COMMANDS, BROKEN["wrong maker"][0]).findings
    assert finding.orders == (3, 1, 2)


def test_a_wrong_count_of_a_mass_cancel_is_a_difference():
    commands = numbered([new(1, SELL, 100, 5), mass_cancel(), new(3, BUY, 1, 1)])
    events = right_events(commands)
    found = facts(commands, changed(events, 3, qty=2))
    assert found.findings[0].got == "mass cancel of all orders:\ncanceled 5 of #1 (mass cancel), 0 left\ndone, 2 orders"


def test_the_order_of_a_mass_cancel_is_free_but_done_is_last():
    commands = numbered([*(new(order, SELL, 100, 5) for order in (3, 1, 2)), mass_cancel(), new(4, BUY, 1, 1)])
    events = right_events(commands)
    *before, first, second, third, done, after, rested = events
    assert facts(commands, [*before, third, first, second, done, after, rested]).findings == ()
    assert facts(commands, [*before, first, second, done, third, after, rested]).findings[0].first_command == 4


def test_a_long_answer_is_told_around_the_difference():
    commands = numbered([*(new(order, SELL, 100, 1) for order in range(1, 41)), new(99, BUY, 100, 40, account=2)])
    events = right_events(commands)
    finding = facts(commands, changed(events, len(events) - 10, maker=7)).findings[0]
    assert finding.got.splitlines()[1] == "... 29 events as expected"
    assert "trade #99 with #7 at 100 x 1, 9 left" in finding.got
    assert len(finding.expected.splitlines()) <= 14


def test_reasons_of_refusals_are_not_compared():
    assert facts(COMMANDS, changed(RIGHT, REFUSED, reason=Reason.NOT_OWNER)).findings == ()


def test_fields_that_the_wire_does_not_carry_are_not_compared():
    poor = [event._replace(remaining=NONE, reason=0) for event in RIGHT]
    carries = tuple(name for name in ALL.carries if name not in ("remaining", "reason"))
    lean = ALL.__class__(**{name: getattr(ALL, name) for name in ALL.__struct_fields__} | {"carries": carries})
    assert facts(COMMANDS, poor, capabilities=lean).findings == ()
    assert facts(COMMANDS, poor).findings != ()


def test_the_last_commands_may_be_unanswered_or_half_answered():
    for cut in range(len(RIGHT)):
        assert facts(COMMANDS, RIGHT[:cut], interrupted=True).findings == ()


def test_a_last_answer_that_is_wrong_is_told_without_waiting_and_told_once():
    fold = CHECK.start(info())
    for segment in segments(COMMANDS[:3], [*RIGHT[:TRADE], RIGHT[TRADE]._replace(price=99), RIGHT[TRADE + 1]]):
        fold.add(segment)
    assert fold.facts().findings == fold.facts().findings
    assert [finding.count for finding in fold.facts().findings] == [1]


def test_an_answer_that_comes_after_a_later_one_is_out_of_place():
    found = facts(COMMANDS, [*RIGHT, RIGHT[0]])
    assert [(finding.kind, finding.first_command) for finding in found.findings] == [("out_of_place", 1)]


def test_an_answer_to_nothing_is_out_of_place_and_blames_no_other_command():
    stray = RIGHT[0]._replace(command=500)
    found = facts(COMMANDS, [*RIGHT[:TRADE], stray, *RIGHT[TRADE:]])
    assert [(finding.kind, finding.first_command, finding.count) for finding in found.findings] == [
        ("out_of_place", 500, 1)
    ]
    assert found.told == {"not judged further": "on instrument 1 after command 500"}
    (once,) = facts(COMMANDS, [*RIGHT[:TRADE], stray, stray, *RIGHT[TRADE:]]).findings
    assert once.count == 1


@pytest.mark.parametrize(
    ("run", "events", "unknown"),
    [
        ({}, [RIGHT[0]._replace(command=0)], "the engine does not say which command 1 of its events answer"),
        ({"capabilities": ALL.__class__(commands=("new", "phase"))}, [], "there are no rules here for phase"),
    ],
)
def test_what_it_cannot_judge_is_unknown(run: dict[str, RunInfo], events, unknown):
    assert facts(COMMANDS, events, **run).unknown == unknown


def test_marks_tell_what_the_run_met():
    commands = numbered([
        new(1, SELL, 100, 5), new(2, SELL, 101, 5), new(3, SELL, 101, 5),
        new(4, BUY, 100, 1, account=2), new(5, BUY, 101, 10, account=2),
        new(6, BUY, 101, 9, FOK, account=2), new(7, BUY, 101, 1, GTC, account=2, flags=POST_ONLY),
        replace(3, 3, 101, 4), replace(3, 3, 101, 3), replace(3, 3, 102, 4), new(8, BUY, 50, 1, account=2), replace(3, 3, 50, 4),
        new(9, BUY, 60, 5), cancel(9),
    ])  # fmt: skip
    conventions = Conventions(self_trade="cancel_newest")
    assert facts(commands, right_events(commands, conventions), conventions=conventions).marks == {
        "fok_killed": 1, "post_only_refused": 1, "self_trade_prevented": 1, "sweep_levels": 1, "sweep_makers": 1,
        "partial_maker": 1, "replace_lost_place": 3, "replace_kept_place": 1, "replace_traded": 1, "triggered": 0,
        "cascade": 0, "min_qty_not_reached": 0, "risk_refused": 0,
    }  # fmt: skip


def test_marks_of_stops_minimum_quantity_and_risk():
    """The sweep of two levels is made by two orders, one of them a stop: none of them swept."""
    held = Instrument(id=1, symbol="HELD", price_max=1_000, risk=RiskLimits(order_qty_max=9, collar_ticks=50))
    commands = numbered([
        new(1, SELL, 100, 1), new(2, SELL, 101, 1), stop(3, BUY, 100, 1), stop(4, BUY, 101, 1), new(5, BUY, 100, 1),
        new(6, BUY, 100, 5, min_qty=2), new(7, BUY, 100, 10), new(8, BUY, 900, 1),
        cancel(99),
    ])  # fmt: skip
    model = Model([held], Conventions(), ALL)
    events = [event for command in commands for event in model.apply(command)]
    found = facts(commands, events, instruments=(held,))
    assert found.findings == ()
    assert {name: count for name, count in found.marks.items() if count} == {
        "triggered": 2, "cascade": 1, "min_qty_not_reached": 1, "risk_refused": 2,
    }  # fmt: skip


STOPS = numbered([
    new(1, SELL, 100, 1), new(2, SELL, 110, 1), stop(3, BUY, 100, 1), stop(4, BUY, 100, 1, 99), new(5, BUY, 100, 1), cancel(4),
])  # fmt: skip
STOPS_RIGHT = right_events(STOPS)


@pytest.mark.parametrize(
    ("wrong", "command"),
    [
        ([event for event in STOPS_RIGHT if event.order != 3 or event.command < 5], 5),
        ([event for event in STOPS_RIGHT if event.order != 4 or event.command < 5], 5),
        ([*STOPS_RIGHT[:-5], *STOPS_RIGHT[-3:-1], *STOPS_RIGHT[-5:-3], STOPS_RIGHT[-1]], 5),
        (changed(STOPS_RIGHT, -5, price=101), 5),
        (changed(STOPS_RIGHT, -3, remaining=2), 5),
    ],
    ids=["never triggers", "never triggers a limit", "another order", "another stop price", "another quantity"],
)
def test_a_cascade_is_compared_like_any_answer(wrong, command):
    assert facts(STOPS, STOPS_RIGHT).findings == ()
    assert facts(STOPS, wrong).findings[0].first_command == command


def test_what_a_mass_cancel_triggers_may_come_in_any_order_of_instruments():
    commands = numbered([
        new(1, SELL, 100, 1), new(2, SELL, 100, 1, instrument=2), stop(3, BUY, 150, 1, 90, account=2),
        stop(4, BUY, 150, 1, 90, account=2, instrument=2), new(5, SELL, 160, 1, account=2),
        new(6, SELL, 160, 1, account=2, instrument=2), mass_cancel(account=1),
    ])  # fmt: skip
    conventions = Conventions(stop_trigger="quote")
    events = right_events(commands, conventions)
    assert [event.instrument for event in events[-4:]] == [1, 1, 2, 2]
    for order in ([0, 1, 2, 3], [2, 3, 0, 1], [0, 2, 1, 3]):
        turned = [*events[:-4], *(events[-4:][at] for at in order)]
        assert facts(commands, turned, conventions=conventions).findings == ()
    wrong = [*events[:-4], *(events[-4:][at] for at in (1, 0, 2, 3))]
    assert len(facts(commands, wrong, conventions=conventions).findings) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 10**6), st.sampled_from(["drop", "repeat", "qty", "price", "order"]))
def test_whatever_is_broken_is_told_at_its_command(seed, pick, how):
    flow = random_flow(60, seed, 5)
    events = right_events(flow)
    told = [at for at, event in enumerate(events) if NONE not in (event.price, event.qty) and event.command < 60]
    at = told[pick % len(told)]
    wrong = {
        "drop": without(events, at),
        "repeat": [*events[:at], events[at], *events[at:]],
        "qty": changed(events, at, qty=events[at].qty + 1),
        "price": changed(events, at, price=events[at].price + 1),
        "order": changed(events, at, order=999),
    }[how]
    assert events[at].command in {finding.first_command for finding in facts(flow, wrong).findings}


def test_the_last_answer_of_a_finished_run_is_judged_however_short():
    commands = numbered([new(1, SELL, 100, 5), new(2, BUY, 100, 5, account=2)])
    (finding,) = facts(commands, right_events(commands)[:-1]).findings
    assert finding.first_command == 2


@pytest.mark.parametrize(
    ("field", "value", "said"), [("account", 77, "account 77"), ("side", 1, "side 1"), ("role", 2, "role 2")]
)
def test_whose_order_it_is_and_on_which_side_is_compared(field, value, said):
    commands = numbered([new(1, SELL, 100, 5), new(2, BUY, 100, 5, account=2), new(3, BUY, 90, 1)])
    events = right_events(commands)
    at = next(at for at, event in enumerate(events) if event.role)
    (finding,) = facts(commands, changed(events, at, **{field: value})).findings
    assert finding.first_command == 2
    assert said in finding.got
    assert said not in finding.expected
