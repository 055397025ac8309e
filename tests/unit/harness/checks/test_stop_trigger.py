"""A stop that comes early, late, never or out of order is told, whichever price it looks at and whenever that is looked at."""

from __future__ import annotations

import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.reasons import Reason
from harness.base.records import Event, EventKind, events_of
from harness.checks.stop_trigger import CHECK
from harness.oracle.model import Model
from tests.fakes.every_term import EVERY_CONVENTION, FREE, every_term
from tests.fakes.history import ALL, BUY, INSTRUMENTS, folded, info, rested, segments, stop
from tests.fakes.lines import commands as read

LAST, QUOTE = Conventions(), Conventions(stop_trigger="quote")
TRIGGERED = EventKind.TRIGGERED


def history(lines, conventions=LAST):
    """The commands of the lines, and what a right engine answers."""
    commands = read(lines)
    model = Model(INSTRUMENTS, conventions, ALL)
    return commands, [event for command in commands for event in model.apply(command)]


def found(commands, events, conventions=LAST, **run):
    return folded(CHECK.start(info(conventions=conventions, **run)), segments(commands, events)).findings


def of(events, order, kind=TRIGGERED):
    """Where the event of this kind of the order stands."""
    return next(at for at, event in enumerate(events) if (event.kind, event.order) == (kind, order))


def trade_at(price):
    return f"S {price}x1 #901 a8; B {price}x1 #902 a9"


# Stops 11 and 13 trigger at the trade at 100; what 11 trades at 110 triggers 12.
CASCADE = (
    "S 100x1 #1; S 110x1 #2; S 111x1 #3; S 112x1 #4; B x1 #11 @100; B x1 #12 @110; B x1 #13 @100; B 100x1 #5; B 1x1 #6"
)


@pytest.mark.parametrize("conventions", EVERY_CONVENTION[::7], ids=str)
@pytest.mark.parametrize("numbered", [True, False])
def test_a_right_history_gives_no_finding(conventions, numbered):
    commands, model = every_term(800, 5), Model(FREE, conventions, ALL)
    events = events_of([event for command in commands for event in model.apply(command)])
    if not numbered:
        events["command"] = 0
    facts = folded(CHECK.start(info(conventions=conventions, instruments=FREE)), segments(commands, events))
    assert facts.findings == ()
    assert facts.seen > 10


def test_marks_tell_how_often_order_mattered():
    commands, events = history(CASCADE)
    facts = folded(CHECK.start(info()), segments(commands, events, 2))
    assert (facts.findings, facts.seen, facts.marks) == ((), 3, {"together": 1, "in_turn": 2})


@pytest.mark.parametrize(
    ("conventions", "lines", "got"),
    [
        (LAST, f"B 90x1 #11 @105; {trade_at(104)}", "it triggered, and the last trade was 104"),
        (LAST, f"S 200x1 #11 @95; {trade_at(96)}", "it triggered, and the last trade was 96"),
        (LAST, "B 90x1 #11 @105; S 105x1 #1", "it triggered, and the last trade was none"),
        (QUOTE, "B 90x1 #11 @105; S 104x1 #1", "it triggered, and the best ask was 104"),
        (QUOTE, "S 200x1 #11 @95; S 90x1 #1", "it triggered, and the best bid was none"),
    ],
)
def test_a_stop_that_triggers_early(conventions, lines, got):
    commands, events = history(lines, conventions)
    number = commands[-1].number
    early = Event(kind=TRIGGERED, order=11, command=number, instrument=1, price=commands[0].stop, qty=1, remaining=1)
    (finding,) = found(commands, [*events, early], conventions)
    assert (finding.kind, finding.first_command, finding.orders, finding.got) == ("early", number, (11,), got)


def test_what_is_expected_of_a_stop_that_triggers_early():
    commands, events = history("B 90x1 #11 @105; S 200x1 #12 @95")
    early = [Event(kind=TRIGGERED, order=order, command=2, instrument=1) for order in (11, 12)]
    told = [found(commands, [*events, event])[0].expected for event in early]
    assert told == [
        "order 11 (buy stop 105) waits for a last trade at or above it",
        "order 12 (sell stop 95) waits for a last trade at or below it",
    ]


@pytest.mark.parametrize("last", [True, False])
def test_a_stop_that_never_triggers(last):
    lines = f"B 90x1 #11 @105; {trade_at(105)}" + ("" if last else "; B 1x1 #6; B 1x1 #7")
    commands, events = history(lines)
    silent = [event for event in events if event.order != 11 or event.kind == EventKind.ACCEPTED]
    (finding,) = found(commands, silent)
    assert (finding.kind, finding.first_command, finding.orders) == ("missed", 3, (11,))
    assert finding.expected == "order 11 (buy stop 105) triggers within command 3"
    assert finding.count == 1


def test_a_stop_that_triggers_with_the_next_command_is_late():
    commands, events = history(f"B 90x1 #11 @105; {trade_at(105)}; B 1x1 #6")
    late = [event._replace(command=4) if event.order == 11 and event.command == 3 else event for event in events]
    assert [finding.kind for finding in found(commands, late)] == ["missed"]


def test_a_cut_run_may_lack_what_triggers_last():
    commands, events = history(f"B 90x1 #11 @105; {trade_at(105)}")
    cut = events[: of(events, 11)]
    assert [finding.kind for finding in found(commands, cut)] == ["missed"]
    assert found(commands, cut, failure="killed") == ()
    assert found(commands, cut, interrupted=True) == ()


def test_stops_that_trigger_in_another_order():
    commands, events = history(CASCADE)
    first, second, third = (of(events, order) for order in (11, 13, 12))
    swapped = [*events[:first], *events[second:third], *events[first:second], *events[third:]]
    (finding,) = found(commands, swapped)
    assert (finding.kind, finding.first_command, finding.orders) == ("order", 8, (13, 11))
    assert finding.expected == "order 11 (buy stop 100) triggers first"
    assert finding.got == "order 13 (buy stop 100) triggered before it"


def test_the_declared_order_is_what_counts():
    lines = f"B 1x1 #11 @100; B 1x1 #12 @99; {trade_at(100)}"
    by_price, by_time = Conventions(stop_order="price_time"), Conventions(stop_order="time")
    commands, events = history(lines, by_time)
    assert found(commands, events, by_time) == ()
    assert [finding.kind for finding in found(commands, events, by_price)] == ["order"]


def test_a_trade_within_a_sweep_counts_where_each_fill_is_looked_at():
    """The sweep trades at 100, which the stop at 95 looks at or not, and ends at 90."""
    by_fill = Conventions(stop_evaluation="fill")
    commands, events = history("B 100x1 #1; B 90x1 #2; B 1x1 #11 @95; S 90x2 #3 a2; B 1x1 #4", by_fill)
    assert found(commands, events, by_fill) == ()
    assert [finding.kind for finding in found(commands, events)] == ["early"]
    commands, events = history("B 100x1 #1; B 90x1 #2; B 1x1 #11 @95; S 90x2 #3 a2; B 1x1 #4")
    assert [finding.kind for finding in found(commands, events, by_fill)] == ["missed"]


@pytest.mark.parametrize("away", ["cancel #1", "replace #1 #1 120x1", "mass_cancel a1 sell", "mass_cancel a1 i0 sell"])
def test_a_quote_that_goes_away_sets_off_stops(away):
    """And what was set off is missed where nothing triggers."""
    commands, events = history(f"S 100x1 #1; S 120x1 #2 a4; B 90x1 #11 @115; {away}; B 1x1 #12", QUOTE)
    at = of(events, 11)
    assert events[at].command == 4
    assert found(commands, events, QUOTE) == ()
    silent = [event for event in events if event.order != 11 or event.command < 4]
    assert [finding.kind for finding in found(commands, silent, QUOTE)] == ["missed"]


@pytest.mark.parametrize(
    ("conventions", "lines", "after"),
    [
        (LAST, f"B 90x1 #11 @105; {trade_at(105)}; mass_cancel a7", EventKind.DONE),
        (QUOTE, "B 90x1 #11 @105; B 1x1 #12; S 105x1 #1 a2; cancel #12", EventKind.CANCELED),
    ],
    ids=["a mass cancel", "a cancel behind an order that rested"],
)
def test_without_numbers_what_is_done_next_shows_that_a_stop_was_missed(conventions, lines, after):
    commands, events = history(lines, conventions)
    nameless = [event._replace(command=0) for event in events]
    assert found(commands, nameless, conventions) == ()
    assert events[-1].kind == after
    set_off = of(events, 11)
    late = [*nameless[:set_off], nameless[-1], *nameless[set_off:-1]]
    assert [finding.kind for finding in found(commands, late, conventions)] == ["missed"]


@pytest.mark.parametrize("gone", ["cancel #11", "mass_cancel a1"])
def test_a_stop_that_was_canceled_is_forgotten(gone):
    commands, events = history(f"B x1 #11 @105; {gone}; {trade_at(105)}")
    assert found(commands, events) == ()


@pytest.mark.parametrize("reason", [Reason.MASS_CANCEL, Reason.KILLED])
def test_what_goes_as_a_whole_sets_off_nothing_in_between(reason):
    """The quote is gone before the stop is: by order of one command."""
    commands, events = history("S 100x1 #1 a2; S 120x1 #2 a4; B 90x1 #11 @115 a2; mass_cancel a2", QUOTE)
    assert [event.order for event in events[-3:-1]] == [1, 11]
    told = [*events[:-3], *(event._replace(reason=reason) for event in events[-3:-1]), events[-1]]
    assert found(commands, told, QUOTE) == ()
    by_user = [*events[:-3], *(event._replace(reason=Reason.USER) for event in events[-3:-1]), events[-1]]
    assert [finding.kind for finding in found(commands, by_user, QUOTE)] == ["missed"]


def test_a_stop_whose_order_before_was_lost_is_judged_all_the_same():
    commands, events = history("S 105x1 #1; B 90x1 #11 @105; B 105x2 #3 ioc a2")
    lost = [event for event in events if (event.kind, event.order) != (EventKind.CANCELED, 3)]
    assert len(lost) == len(events) - 1
    assert found(commands, lost) == ()


def test_what_an_order_sets_off_is_due_once_its_remainder_is_gone():
    commands, events = history("S 105x1 #1; B 90x1 #11 @105; B 105x2 #3 ioc a2; B 1x1 #4; B 1x1 #5")
    silent = [event for event in events if event.order != 11 or event.command < 3]
    (finding,) = found(commands, silent)
    assert (finding.kind, finding.first_command) == ("missed", 3)


def test_without_numbers_a_stop_that_triggers_after_something_else_is_late():
    commands, events = history(f"B 90x1 #11 @105; B 1x1 #12; {trade_at(105)}; cancel #12")
    set_off = of(events, 11)
    late = [*events[:set_off], events[-1], *events[set_off:-1]]
    nameless = [[event._replace(command=0) for event in each] for each in (events, late)]
    assert [[finding.kind for finding in found(commands, each)] for each in nameless] == [[], ["missed"]]


def test_a_replace_that_keeps_its_place_is_done_with_at_once():
    """Without numbers, the cancel that follows is told by the last command that has one."""
    lines = "S 100x1 #1; S 120x5 #2; B 90x1 #11 @115; replace #2 #2 120x4; cancel #1; B 1x1 #12"
    commands, events = history(lines, QUOTE)
    nameless = [event._replace(command=0) for event in events]
    assert found(commands, nameless, QUOTE) == ()
    silent = [told for told, event in zip(nameless, events, strict=True) if event.order != 11 or event.command == 3]
    assert [(finding.kind, finding.first_command) for finding in found(commands, silent, QUOTE)] == [("missed", 4)]


def test_an_id_given_twice_leaves_one_stop():
    commands, events = history(f"B 90x1 #11 @105; B 90x1 #11 @105; {trade_at(105)}")
    twice = Event(kind=EventKind.ACCEPTED, order=11, command=2, instrument=1, qty=1, remaining=1)
    assert found(commands, [event if event.command != 2 else twice for event in events]) == ()


def test_an_engine_without_stops_is_not_judged():
    facts = folded(CHECK.start(info(capabilities=Capabilities())), segments(*history(CASCADE)))
    assert (facts.seen, facts.unknown) == (0, "the engine offers no stops")


def test_strange_instruments_and_orders_are_for_other_checks():
    commands, events = history("B x1 #11 @105")
    strange = stop(12, BUY, 105, 5, instrument=77)._replace(number=2)
    more = [rested(strange, 5), Event(kind=TRIGGERED, order=99, instrument=1, command=2)]
    assert found([*commands, strange], [*events, *more]) == ()
