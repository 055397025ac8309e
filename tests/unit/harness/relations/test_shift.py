"""Prices moved as far as the bounds allow, and back."""

from harness.base.capabilities import Instrument
from harness.base.records import NONE
from harness.relations.shift import RELATION
from tests.fakes.history import BUY, SELL, market, new, replace
from tests.fakes.related import CHANCE, by_hand, column


def moved(*rows, **bounds):
    """The prices as they are sent."""
    tape = by_hand(*rows, instruments=(Instrument(id=1, symbol="ONE", **bounds),))
    changed = RELATION.there(tape, CHANCE)
    return changed if isinstance(changed, str) else column(changed.parts[0], "price")


def test_prices_go_where_there_is_more_room_as_far_as_a_replace_leaves():
    rows = (new(1, BUY, 100, 5), market(2, SELL, 1), replace(1, 3, 110, 5))
    assert moved(*rows, price_max=2**40) == [2**40 - 10, NONE, 2**40]
    assert moved(new(1, BUY, 51, 5), price_min=1, price_max=101) == [101], "up where both are alike"
    assert moved(*rows, price_min=-(2**40), price_max=120) == [-(2**40), NONE, -(2**40) + 10]


def test_prices_stay_multiples_of_the_step():
    assert moved(new(1, BUY, 100, 5), price_max=1_002, price_step=4) == [1_000]


def test_each_instrument_has_a_way_of_its_own():
    tape = by_hand(
        new(1, BUY, 100, 5), new(2, BUY, 7, 5, instrument=2),
        instruments=(Instrument(id=1, symbol="ONE", price_max=100), Instrument(id=2, symbol="TWO", price_max=50)),
    )  # fmt: skip
    assert column(RELATION.there(tape, CHANCE).parts[0], "price") == [1, 50]


def test_without_room_it_says_why():
    assert (
        moved(new(1, BUY, 1, 5), new(2, BUY, 9, 5), price_max=9) == "the prices of the tape reach from bound to bound"
    )
    assert moved(market(1, BUY, 5)) == "the prices of the tape reach from bound to bound"


def test_the_way_back():
    tape = by_hand(new(1, BUY, 100, 5), instruments=(Instrument(id=1, symbol="ONE", price_max=1_000),))
    changed = RELATION.there(tape, CHANCE)
    events = tape.commands[["price", "instrument"]].copy()
    events["price"] = 1_000
    assert column(RELATION.back(tape, changed, events), "price") == [100]
    events["price"] = NONE
    assert column(RELATION.back(tape, changed, events), "price") == [NONE]
