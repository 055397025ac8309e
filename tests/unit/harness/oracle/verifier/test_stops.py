"""When a stop triggers, in which order, and what its turn looks like: each broken in one way."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from harness.base.capabilities import Conventions
from harness.base.records import EventKind
from tests.fakes.lines import commands
from tests.fakes.verified import answers, at, has, lacks, says, swapped

ONE = "S 105x3 #1; S 106x9 #2; B x5 #3 @105; B 105x1 #4"
"""4 accepts the stop; 5 and 6 are the order that trades at 105; 7 triggers the stop, 8 and 9 are its trades."""
BOTH = [{"stop_order": order} for order in ("price_time", "time")]
EVERY = [
    {"stop_trigger": trigger, "stop_evaluation": evaluation, "stop_order": order}
    for trigger, evaluation, order in product(("last_trade", "quote"), ("command", "fill"), ("price_time", "time"))
]


def triggered(lines, rules):
    """The places of the events that trigger a stop, and the orders that they name."""
    events = answers(commands(lines), Conventions(**rules))
    return [(place, event.order) for place, event in enumerate(events) if event.kind == EventKind.TRIGGERED]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ""),
        (lacks(7), "not_triggered 4"),
        (at(7, price=106), "wrong_price 4"),
        (at(7, qty=4), "wrong_qty 4"),
        (at(7, order=2), "wrong_order 4"),
        (at(8, price=106), "wrong_price 4"),
        (at(8, kind=EventKind.TRIGGERED), "triggered_wrongly 4"),
        (lacks(9), "left_unfinished 4"),
        (lambda events: events[:7], "left_unfinished 4"),
    ],
)
def test_a_stop_that_triggers(change, said):
    assert says(ONE, change) == said


def test_a_stop_that_triggers_before_its_price_is_reached():
    early = answers(commands(ONE))[7]._replace(command=3)
    assert says(ONE, has(5, early)) == "nothing_left 3"


@pytest.mark.parametrize(("rules", "order"), [(BOTH[0], [13, 12, 11, 14, 16, 15]), (BOTH[1], [11, 12, 13, 14, 15, 16])])
def test_stops_of_one_moment(rules, order):
    """One trade at 100, of which buy stops up to 100 and sell stops from 100 on trigger."""
    stops = "B x1 #11 @100; B x1 #12 @99; B x1 #13 @98; B x1 #14 @100; S x1 #15 @100; S x1 #16 @101"
    lines = f"{stops}; S 100x1 #1 a8; B 100x1 #2 a9"
    found = triggered(lines, rules)
    assert [one for _, one in found] == order
    assert says(lines, **rules) == ""
    for (place, _), (_, other) in pairwise(found):
        assert says(lines, at(place, order=other), **rules) == "wrong_order 8"


@pytest.mark.parametrize("rules", EVERY, ids=str)
def test_a_cascade(rules):
    """Stop 11 trades up to 110, where stop 12 triggers, which stands behind stop 13 of the first moment."""
    asks = "S 100x1 #1; S 110x1 #2; S 111x1 #3; S 112x1 #4"
    lines = f"{asks}; B x1 #11 @101; B x1 #12 @110; B x1 #13 @101; B 101x1 #5; B 110x1 #6; S 90x2 #7"
    found = triggered(lines, rules)
    assert says(lines, **rules) == ""
    for place, _ in found:
        assert says(lines, lacks(place), **rules).split(" ")[0] in ("not_triggered", "left_unfinished")
    assert found


@pytest.mark.parametrize(
    "lines", ["B x5 #1 @150; cancel #1; B x5 #1 @150; cancel #1 x2; mass_cancel a1; B 150x1 #2; S 150x1 #3"]
)
def test_a_stop_that_was_canceled_does_not_trigger(lines):
    assert says(lines) == ""
    assert triggered(lines, {}) == []


@pytest.mark.parametrize("away", ["cancel #1 a5", "replace #1 #1 a5 120x1", "mass_cancel a5 i0", "mass_cancel a5 i1"])
def test_a_quote_that_goes_away_triggers(away):
    lines = f"S 100x1 #1 a5; S 120x1 #2; B 110x1 #9 @115; {away}"
    ((place, order),) = triggered(lines, {"stop_trigger": "quote"})
    assert order == 9
    assert says(lines, stop_trigger="quote") == ""
    assert says(lines, lambda events: events[:place], stop_trigger="quote") == "left_unfinished 4"


def test_after_a_mass_cancel_over_all_any_instrument_may_go_on_first():
    one = "S 100x1 #{0}1 a5 i{0}; S 120x1 #{0}2 i{0}; B 110x1 #{0}8 @115 i{0}; B 111x1 #{0}9 @116 i{0}"
    lines = f"{one.format(1)}; {one.format(2)}; mass_cancel a5 i0"
    events = answers(commands(lines), Conventions(stop_trigger="quote"))
    places = [place for place, _ in triggered(lines, {"stop_trigger": "quote"})]
    first, second, third, fourth = (events[place : place + 2] for place in places)
    assert [pair[0].order for pair in (first, second, third, fourth)] == [18, 19, 28, 29]

    def turns(*pairs):
        ordered = [event for pair in pairs for event in pair]
        return says(lines, lambda events: [*events[: places[0]], *ordered], stop_trigger="quote")

    assert (
        turns(first, second, third, fourth)
        == turns(third, first, fourth, second)
        == turns(third, fourth, first, second)
        == ""
    )
    assert turns(second, first, third, fourth) == "wrong_order 9"


def test_a_triggered_order_keeps_its_time_in_force():
    lines = "S 100x1 #1 a8; B 100x5 #11 @100 ioc; B 100x5 #12 @100 fok; B x5 #13 @100; B 100x1 #2 a9"
    assert says(lines) == ""
    found = triggered(lines, {})
    assert says(lines, at(found[0][0] + 1, kind=EventKind.RESTED)) == "wrong_kind 5"
    assert says(lines, swapped(found[0][0])) == "not_triggered 5"
