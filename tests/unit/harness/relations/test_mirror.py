"""Sides swapped, prices mirrored within what the tape uses, and back."""

from harness.base.bits import digest
from harness.base.records import NONE, Side
from harness.relations.mirror import RELATION
from tests.fakes.history import BUY, SELL, cancel, market, mass_cancel, new
from tests.fakes.related import CHANCE, by_hand, column, drawn, said

TAPE = by_hand(
    new(1, BUY, 100, 5),
    new(2, SELL, 107, 5),
    new(3, SELL, 30, 5, instrument=2),
    market(4, SELL, 3),
    cancel(2),
    mass_cancel(side=SELL),
    mass_cancel(),
)


def test_sides_are_swapped_and_prices_mirrored_instrument_by_instrument():
    (part,) = RELATION.there(TAPE, CHANCE).parts
    assert column(part, "side") == [SELL, BUY, BUY, BUY, Side.NONE, BUY, Side.NONE]
    assert column(part, "price") == [107, 100, 30, NONE, NONE, NONE, NONE]


def test_all_else_stays():
    (part,) = RELATION.there(TAPE, CHANCE).parts
    part["side"], part["price"] = TAPE.commands["side"], TAPE.commands["price"]
    assert digest(part) == digest(TAPE.commands)


def test_what_is_mirrored_twice_is_as_it_was():
    tape = drawn(1)
    events = said(tape, tape.commands)
    changed = RELATION.there(tape, CHANCE)
    assert digest(RELATION.back(tape, changed, RELATION.back(tape, changed, events))) == digest(events)
    assert digest(RELATION.back(tape, changed, events)) != digest(events)
