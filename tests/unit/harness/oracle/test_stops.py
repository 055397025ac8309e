"""Stops, rule by rule as the page numbers them, on the model: what triggers, when, in which order, and what follows."""

from __future__ import annotations

import pytest

from harness.base.capabilities import Conventions
from harness.base.records import EventKind, Side
from harness.base.words import say_event
from harness.oracle.model import Model
from harness.oracle.orders import Order
from harness.oracle.stops import Stops
from tests.fakes.history import ALL, BUY, DAY, INSTRUMENTS, SELL
from tests.fakes.lines import commands


def model_after(lines, **conventions):
    """A model that took the lines, in the language of `tests.fakes.lines`, and what it answered to each."""
    model = Model(INSTRUMENTS, Conventions(**conventions), ALL)
    return model, [model.apply(command) for command in commands(lines)]


def says(lines, **conventions):
    """What the last line leads to, in words."""
    return [say_event(event) for event in model_after(lines, **conventions)[1][-1]]


def triggered(lines, **conventions):
    """The orders that the last line triggers, in order."""
    return [event.order for event in model_after(lines, **conventions)[1][-1] if event.kind == EventKind.TRIGGERED]


def trade_at(price):
    """Lines that make one trade and leave nothing."""
    return f"S {price}x1 #901 a8; B {price}x1 #902 a9"


@pytest.mark.parametrize(
    ("order", "by_side", "wanted"),
    [
        ("price_time", (100, 100), [3, 1, 2, 4, 5]),
        ("time", (100, 100), [1, 2, 3, 4, 5]),
        ("price_time", (100, None), [3, 1, 2]),
        ("price_time", (99, 101), [3, 4]),
        ("price_time", (None, None), []),
    ],
)
def test_what_prices_set_off(order, by_side, wanted):
    """Buy stops at 100, 100, 99 and 101; sell stops at 101 and 100."""
    stops = Stops([1], order)
    places = [(1, BUY, 100), (2, BUY, 100), (3, BUY, 99), (4, SELL, 101), (5, SELL, 100), (6, BUY, 101)]
    for number, side, at in places:
        stops.wait(Order(number, 1, 1, side, -1, 1, DAY, post_only=False, stop=at))
    taken = stops.set_off(1, *by_side)
    assert [one.id for one in taken] == wanted
    assert not any(one.waits for one in taken)
    assert sorted(row[4] for row in stops.rows()) == sorted({1, 2, 3, 4, 5, 6} - set(wanted))
    assert stops.count == 6 - len(wanted)


def test_a_stop_is_accepted_and_waits():
    model, answers = model_after("S 105x3 #1; B x5 #2 @105; B 104x4 #3 @105")
    assert [say_event(event) for event in answers[1] + answers[2]] == ["accepted #2, x 5", "accepted #3, 104 x 4"]
    assert model.book().tolist() == [(1, SELL, 105, 0, 1, 3), (1, 2, 105, 0, 2, 5), (1, 2, 105, 1, 3, 4)]
    assert model.best(1, BUY) is None


@pytest.mark.parametrize(
    ("stop", "last", "triggers"),
    [("B x1 #9 @105", 104, False), ("B x1 #9 @105", 105, True), ("B x1 #9 @105", 106, True),
     ("S x1 #9 @95", 96, False), ("S x1 #9 @95", 95, True), ("S x1 #9 @95", 94, True)],
)  # fmt: skip
def test_a_last_trade_at_or_through_the_stop_price_triggers_on_entry_and_later(stop, last, triggers):
    assert triggered(f"{trade_at(last)}; {stop}") == [9] * triggers
    assert triggered(f"{stop}; {trade_at(last)}") == [9] * triggers


def test_before_the_first_trade_of_the_instrument_nothing_triggers():
    assert triggered("S 105x1 #1; B x1 #9 @105") == []
    assert triggered("B x1 #9 @105; S 105x1 #901 a8 i2; B 105x1 #902 a9 i2") == []


@pytest.mark.parametrize(
    ("book", "stop", "triggers"),
    [("S 104x1 #1", "B x1 #9 @105", False), ("S 105x1 #1", "B x1 #9 @105", True), ("S 106x1 #1", "B x1 #9 @105", True),
     ("B 96x1 #1", "S x1 #9 @95", False), ("B 95x1 #1", "S x1 #9 @95", True), ("B 94x1 #1", "S x1 #9 @95", True),
     ("B 200x1 #1", "B x1 #9 @105", False), ("S 5x1 #1", "S x1 #9 @95", False)],
)  # fmt: skip
def test_the_quote_that_triggers_is_that_of_the_side_it_would_trade_with(book, stop, triggers):
    assert triggered(f"{book}; {stop}", stop_trigger="quote") == [9] * triggers
    assert triggered(f"{stop}; {book}", stop_trigger="quote") == [9] * triggers


@pytest.mark.parametrize("away", ["cancel #1", "replace #1 #1 120x1", "mass_cancel a1 sell", "B 100x1 #3 a5"])
def test_a_quote_that_goes_away_triggers_too(away):
    assert triggered(f"S 100x1 #1; S 120x1 #2 a4; B 90x1 #9 @115; {away}", stop_trigger="quote") == [9]


def test_a_mass_cancel_is_done_before_what_it_triggers():
    lines = "S 100x1 #1; S 120x1 #2 a4; B x1 #9 @115; S x1 #8 @50; mass_cancel a1 sell"
    assert says(lines, stop_trigger="quote") == [
        "canceled 1 of #1 (mass cancel), 0 left", "canceled 1 of #8 (mass cancel), 0 left", "done, 2 orders",
        "triggered #9 at 115, 1 left", "trade #9 with #2 at 120 x 1, 0 left",
    ]  # fmt: skip


@pytest.mark.parametrize(("evaluation", "wanted"), [("command", []), ("fill", [9])])
def test_a_trade_in_the_middle_of_a_sweep_counts_where_each_fill_is_looked_at(evaluation, wanted):
    """The sweep trades at 100, which is above the stop price, and ends at 90, which is not."""
    assert triggered("B 100x1 #1; B 90x1 #2; B x1 #9 @95; S 90x2 #3 a2", stop_evaluation=evaluation) == wanted


@pytest.mark.parametrize(
    ("order", "wanted"), [("price_time", [13, 12, 11, 14, 16, 15]), ("time", [11, 12, 13, 14, 15, 16])]
)
def test_the_order_of_what_triggers_at_one_moment(order, wanted):
    waiting = "B x1 #11 @100; B x1 #12 @99; B x1 #13 @98; B x1 #14 @100; S x1 #15 @100; S x1 #16 @101"
    assert triggered(f"{waiting}; {trade_at(100)}", stop_order=order) == wanted


LADDER = "S 100x1 #1; S 110x1 #2; S 111x1 #3; S 112x1 #4"


def test_what_a_triggered_order_triggers_stands_behind_those_of_the_moment_before():
    """Stop 11 trades at 110, where stop 12 triggers; stop 13 triggered with 11 and comes before."""
    lines = f"{LADDER}; B x1 #11 @100; B x1 #12 @110; B x1 #13 @100; B 100x1 #5"
    assert says(lines)[2:] == [
        "triggered #11 at 100, 1 left", "trade #11 with #2 at 110 x 1, 0 left",
        "triggered #13 at 100, 1 left", "trade #13 with #3 at 111 x 1, 0 left",
        "triggered #12 at 110, 1 left", "trade #12 with #4 at 112 x 1, 0 left",
    ]  # fmt: skip


def test_with_each_fill_looked_at_a_lower_stop_that_triggers_later_stands_behind():
    """The sweep trades at 100, then at 110: stop 12 triggers at the first and 11 at the second, though 11 entered first."""
    lines = "S 100x1 #1; S 110x1 #2; S x1 #12 @101; B x1 #11 @110; B 110x2 #5"
    assert triggered(lines, stop_evaluation="fill") == [12, 11]
    assert triggered(lines, stop_evaluation="command") == [11]


def test_a_cascade_carries_the_number_of_its_cause():
    _, answers = model_after(f"{LADDER}; B x1 #11 @100 a7; B 100x1 #5")
    assert {event.command for event in answers[-1]} == {6}
    assert [(event.account, event.side) for event in answers[-1][2:]] == [(7, Side.BUY)] * 2


def test_time_in_force_and_fok_apply_when_it_triggers():
    lines = f"B 100x5 #11 @100 ioc; B 100x5 #12 @100 fok; B x5 #13 @100; B 99x5 #14 @100; {trade_at(100)}"
    assert says(lines)[2:] == [
        "triggered #11 at 100, 5 left", "canceled 5 of #11 (ioc remainder), 0 left",
        "triggered #12 at 100, 5 left", "canceled 5 of #12 (fok not fillable), 0 left",
        "triggered #13 at 100, 5 left", "canceled 5 of #13 (market remainder), 0 left",
        "triggered #14 at 100, 5 left", "rested #14 at 99, 5 left",
    ]  # fmt: skip


def test_self_trade_prevention_applies_when_it_triggers():
    lines = f"S 101x5 #1 a3; B x2 #9 @100 a3; {trade_at(100)}"
    assert says(lines, self_trade="cancel_newest")[-1] == "canceled 2 of #9 (self trade), 0 left"


def test_a_partial_cancel_keeps_its_place_and_a_whole_one_ends_it():
    lines = "B x5 #11 @100; B x5 #12 @100; cancel #11 x2"
    assert says(lines) == ["canceled 2 of #11 (user), 3 left"]
    assert triggered(f"{lines}; {trade_at(100)}") == [11, 12]
    assert triggered(f"{lines}; cancel #11; {trade_at(100)}") == [12]


def test_it_cannot_be_replaced_until_it_rests():
    assert says("B 90x5 #9 @105; replace #9 #9 91x5") == ["replace rejected #9 (unsupported)"]
    assert says(f"B 90x5 #9 @105; {trade_at(105)}; replace #9 #9 91x5")[0] == "replaced #9 at 91, 5 left"


def test_its_id_is_taken_while_it_waits_and_free_after():
    assert says("B x5 #9 @105; S 200x1 #9") == ["rejected #9 (duplicate order id)"]
    assert says(f"B x5 #9 @105; {trade_at(105)}; S 200x1 #9")[-1] == "rested #9 at 200, 1 left"


def test_a_triggered_limit_counts_what_it_traded_when_it_is_replaced():
    lines = f"S 106x2 #1; B 106x5 #9 @105; {trade_at(105)}; replace #9 #9 100x4"
    assert says(lines, replace_quantity="total")[0] == "replaced #9 at 100, 2 left"


MIN_QTY = {
    "reached": ("S 100x2 #1 a2; S 101x3 #2 a2; B 101x9 #9 min5", "rested #9 at 101, 4 left"),
    "not reached within the limit": ("S 100x2 #1 a2; S 102x3 #2 a2; B 101x9 #9 min3", "canceled 9 of #9 (min qty not reached), 0 left"),
    "of a market order": ("S 100x2 #1 a2; S 102x3 #2 a2; B x5 #9 market min5", "trade #9 with #2 at 102 x 3, 0 left"),
    "its own orders do not count": ("S 100x2 #1 a2; S 100x9 #2; B 101x9 #9 ioc min3", "canceled 9 of #9 (min qty not reached), 0 left"),
    "what is left of an IOC goes as ever": ("S 100x2 #1 a2; B 101x9 #9 ioc min2", "canceled 7 of #9 (ioc remainder), 0 left"),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "last"), MIN_QTY.values(), ids=MIN_QTY)
def test_minimum_quantity(lines, last):
    assert says(lines, self_trade="cancel_newest")[-1] == last


def test_a_minimum_quantity_that_is_not_reached_changes_nothing():
    model, _ = model_after("S 100x2 #1 a2; B 101x9 #9 min3")
    assert model.book().tolist() == [(1, SELL, 100, 0, 1, 2)]
