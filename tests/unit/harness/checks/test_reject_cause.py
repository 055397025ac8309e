"""The check `reject_cause` passes right refusals and tells each kind of wrong one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.capabilities import Capabilities, Conventions, Instrument, RiskLimits
from harness.base.controls import NO_CONTROLS, AccountControls
from harness.base.findings import Share
from harness.base.notes import FlowNotes
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind
from harness.checks.reject_cause import CHECK
from harness.oracle.model import Model
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.history import (
    ALL,
    BUY,
    IOC,
    POST_ONLY,
    SELL,
    accepted,
    cancel,
    folded,
    info,
    mass_cancel,
    new,
    numbered,
    rejected,
    replace,
    segments,
)  # fmt: skip
from tests.fakes.random_flow import random_flow
from tests.fakes.right_engine import changed, right_events
from tests.fakes.told import SERVICE, Told, asked, breaker_says, held

COMMANDS = numbered([
    new(1, SELL, 100, 5),
    new(2, BUY, 100, 5, account=2, flags=POST_ONLY),
    cancel(1, account=2),
    replace(77, 77, 100, 0),
    cancel(1),
    new(3, BUY, 100, 5),
    mass_cancel(),
])  # fmt: skip
RIGHT = right_events(COMMANDS)
AT = {event.command: at for at, event in reversed(list(enumerate(RIGHT)))}
"""Where the first answer to each command stands."""

BROKEN = {
    "refused without cause": (
        changed(RIGHT, AT[5], kind=EventKind.CANCEL_REJECTED, reason=Reason.UNKNOWN_ORDER), "refused_without_cause", 5,
        "taken", "cancel rejected #1 (unknown order)", "critical",
    ),
    "a new order refused without cause": (
        changed(RIGHT, AT[6], kind=EventKind.REJECTED, reason=Reason.INVALID_PRICE), "refused_without_cause", 6,
        "taken", "rejected #3 (invalid price)", "critical",
    ),
    "a mass cancel refused": (
        changed(RIGHT, AT[7], kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED), "refused_without_cause", 7,
        "taken", "rejected #3 (unsupported)", "critical",
    ),
    "wrong reason": (
        changed(RIGHT, AT[3], reason=Reason.UNKNOWN_ORDER), "wrong_reason", 3, "refused: not owner",
        "cancel rejected #1 (unknown order)", "major",
    ),
    "no reason": (
        changed(RIGHT, AT[3], reason=Reason.NONE), "wrong_reason", 3, "refused: not owner", "cancel rejected #1", "major",
    ),
    "a reason that is in no table": (
        changed(RIGHT, AT[3], reason=999), "wrong_reason", 3, "refused: not owner",
        "cancel rejected #1 (reason 999 (not in the table))", "major",
    ),
    "a reason that ends orders but refuses none": (
        changed(RIGHT, AT[4], reason=Reason.FOK_NOT_FILLABLE), "wrong_reason", 4,
        "refused: unknown order or invalid quantity", "replace rejected #77 (fok not fillable)", "major",
    ),
    "taken with cause": (
        changed(RIGHT, AT[2], kind=EventKind.ACCEPTED), "taken_with_cause", 2, "refused: post only would trade",
        "accepted #2", "critical",
    ),
    "a cancel taken with cause": (
        changed(RIGHT, AT[3], kind=EventKind.CANCELED, qty=1), "taken_with_cause", 3, "refused: not owner", "canceled #1", "critical",
    ),
}  # fmt: skip


def facts(commands, events, *, size=2**31, late=0, **run):
    return folded(CHECK.start(info(**run)), segments(commands, events, size, late))


@pytest.mark.parametrize(("size", "late"), [(2**31, 0), (1, 0), (7, 1), (50, 3)])
@pytest.mark.parametrize("mode", ["none", "cancel_oldest", "decrement"])
def test_a_right_engine_passes(mode, size, late):
    conventions = Conventions(self_trade=mode)
    flow = random_flow(600, 5, 6)
    found = facts(flow, right_events(flow, conventions), size=size, late=late, conventions=conventions)
    assert (found.seen, found.findings, found.unknown) == (600, (), "")
    assert found.shares["rejects.unexplained"].hits == 0


@pytest.mark.parametrize(("events", "kind", "command", "expected", "got", "severity"), BROKEN.values(), ids=BROKEN)
def test_each_wrong_refusal_is_told(events, kind, command, expected, got, severity):
    finding = facts(COMMANDS, events).findings[0]
    assert (finding.kind, finding.first_command, finding.severity) == (kind, command, severity)
    assert (finding.expected, finding.got) == (expected, got)


def test_titles_are_sentences():
    title = facts(COMMANDS, BROKEN["taken with cause"][0]).findings[0].title
    assert title == (
        "new buy 100 x 5 post-only #2 (account 2, instrument 1) was taken although it must be refused: post only would trade"
    )


def test_any_reason_that_holds_is_right():
    assert facts(COMMANDS, changed(RIGHT, AT[4], reason=Reason.INVALID_QUANTITY)).findings == ()


def test_what_cannot_be_worked_out_is_counted():
    events = changed(RIGHT, AT[6], kind=EventKind.REJECTED, reason=Reason.RISK_OTHER)
    found = facts(COMMANDS, events)
    assert found.findings == ()
    assert found.shares["rejects.unexplained"] == Share(1, 7)
    assert found.told["refusals"] == "1 post only would trade, 1 not owner, 1 unknown order, 1 risk other"


HELD = Instrument(
    id=1, symbol="HELD", price_max=10_000, risk=RiskLimits(order_qty_max=9, collar_ticks=5, reference_price=100, accounts=(1, 2))
)  # fmt: skip
TRADED = [new(1, SELL, 104, 5), new(2, BUY, 104, 1, account=2)]
"""After these the reference price is 104."""


@pytest.mark.parametrize(
    ("last", "reason", "kind"),
    [
        (new(3, BUY, 109, 1), Reason.NONE, None),
        (new(3, BUY, 109, 1), Reason.RISK_PRICE_COLLAR, "refused_without_cause"),
        (new(3, BUY, 98, 1), Reason.NONE, "taken_with_cause"),
        (new(3, BUY, 98, 1), Reason.RISK_PRICE_COLLAR, None),
        (new(3, BUY, 98, 1), Reason.RISK_ORDER_VALUE, "wrong_reason"),
        (new(3, BUY, 100, 10), Reason.RISK_ORDER_QUANTITY, None),
        (new(3, BUY, 100, 1, account=3), Reason.UNKNOWN_ACCOUNT, None),
        (new(3, BUY, 100, 1, account=3), Reason.NONE, "taken_with_cause"),
        (new(3, BUY, 100, 1), Reason.RISK_OTHER, None),
    ],
)
def test_risk_limits_are_worked_out_from_what_the_engine_traded(last, reason, kind):
    *before, command = numbered([*TRADED, last])
    events = [*right_events(before), rejected(command, reason) if reason else accepted(command)]
    findings = facts([*before, command], events, instruments=(HELD,)).findings
    assert [finding.kind for finding in findings] == ([kind] if kind else [])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from(EVERY_CONVENTION), st.sampled_from([FREE, LIMITED]))
def test_a_right_engine_passes_whatever_is_sent(seed, conventions, instruments):
    flow, model = every_term(300, seed), Model(instruments, conventions, ALL)
    events = [event for command in flow for event in model.apply(command)]
    found = facts(flow, events, size=70, conventions=conventions, instruments=instruments)
    assert (found.seen, found.findings) == (300, ())


def test_a_kind_that_is_not_offered_must_be_refused():
    lean = Capabilities(commands=("new", "cancel"), flags=("post_only",))
    found = facts(COMMANDS, RIGHT, capabilities=lean)
    assert found.findings[0].expected == "refused: unsupported"
    assert found.findings[0].first_command == 4


def test_an_engine_that_refuses_most_is_unknown():
    commands = numbered([new(order, BUY, 9, 5) for order in range(1, 26)])
    events = [rejected(command, Reason.SYSTEM) for command in commands[:22]] + right_events(commands[22:])
    found = facts(commands, events)
    assert found.shares["accepted.share"] == Share(3, 25)
    assert found.unknown == (
        "only 12% of new orders were accepted, at least 50% wanted: an engine that refuses all is not safe"
    )
    assert facts(commands, events, notes=FlowNotes(least_accepted=0.1)).unknown == ""
    assert facts(commands, events, notes=FlowNotes(least_accepted=3 / 25)).unknown == "", "as many as are wanted"


def test_unanswered_commands_are_not_judged():
    events = [event for event in RIGHT if event.command not in (3, 7)]
    found = facts(COMMANDS, events)
    assert (found.seen, found.findings) == (5, ())


def test_events_that_name_no_command_make_it_unknown():
    assert (
        facts(COMMANDS, [RIGHT[0]._replace(command=0)]).unknown
        == "the engine does not say which command 1 of its events answer"
    )


def test_an_engine_that_offers_more_than_there_are_rules_for_is_unknown():
    found = facts(
        COMMANDS, BROKEN["wrong reason"][0], capabilities=Capabilities(types=("limit", "peg"), terms=("display",))
    )
    assert (found.findings, found.unknown) == ((), "there are no rules here for peg, display")


def test_nothing_gives_nothing():
    found = facts([], [])
    assert (found.seen, found.shares["accepted.share"].total, found.told) == (0, 0, {"refusals": "none"})


def held_facts(told, controls, **run):
    return told.facts(CHECK, controls, **run)


LONG = held(AccountControls(account=1, firm=1, long_max=10))


def test_a_control_that_holds_an_order_back_is_a_cause():
    told = Told().refuses(new(1, BUY, 100, 11), Reason.RISK_POSITION).takes(new(2, BUY, 100, 10))
    assert told.found(CHECK, LONG) == []


def test_a_control_that_does_not_is_none():
    told = Told().refuses(new(1, BUY, 100, 10), Reason.RISK_POSITION)
    assert told.found(CHECK, LONG) == [("refused_without_cause", 1)]
    told = Told().refuses(new(1, BUY, 100, 11), Reason.RISK_EXPOSURE)
    assert told.found(CHECK, LONG) == [("wrong_reason", 1)]


def test_what_a_control_must_hold_back_may_not_be_taken():
    assert Told().takes(new(1, BUY, 100, 11)).found(CHECK, LONG) == [("taken_with_cause", 1)]


def test_any_reason_that_holds_is_right_whatever_comes_first():
    for reason in (Reason.HALTED, Reason.RISK_POSITION, Reason.INVALID_TERMS):
        told = Told().halts().refuses(new(1, BUY, 100, 11, IOC, flags=POST_ONLY), reason)
        assert told.found(CHECK, LONG) == []


def test_a_halt_is_a_cause_until_it_is_over_and_the_breakers_word_may_come_first():
    order = new(1, BUY, 100, 1)
    told = Told().halts().refuses(order, Reason.HALTED).halts(resumes=True).refuses(order, Reason.HALTED)
    assert told.found(CHECK, LONG) == [("refused_without_cause", 4)]
    told = Told().halts().tells(order, breaker_says(EventKind.RESUMED), accepted(order))
    assert told.found(CHECK, LONG) == []
    assert told.facts(CHECK, LONG).shares["rejects.unexplained"] == Share(0, 2)


def test_operators_are_refused_with_cause_and_not_without():
    told = Told().refuses(asked(CommandKind.KILL_ACCOUNT), Reason.INVALID_TERMS)
    assert told.found(CHECK, LONG) == []
    told = Told().refuses(asked(CommandKind.KILL_ACCOUNT, account=1), Reason.INVALID_TERMS)
    assert told.found(CHECK, LONG) == [("refused_without_cause", 1)]
    assert Told().asks(CommandKind.KILL_ACCOUNT, session=1).found(CHECK, LONG) == [("taken_with_cause", 1)]


def test_without_stamps_controls_cannot_be_judged():
    unstamped = msgspec.structs.replace(SERVICE, carries=tuple(set(SERVICE.carries) - {"engine_ns"}))
    facts = held_facts(Told().takes(new(1, BUY, 100, 11)), LONG, capabilities=unstamped)
    assert facts.unknown == "the engine does not tell the stamps by which its controls go (engine_ns)"
    assert held_facts(Told().takes(new(1, BUY, 100, 11)), NO_CONTROLS, capabilities=unstamped).unknown == ""
