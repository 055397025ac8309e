"""Quantities multiplied, and divided again."""

from harness.base.capabilities import Instrument
from harness.base.records import NONE, Event, EventKind, events_of
from harness.relations.scale import NO_MULTIPLE, RELATION
from tests.fakes.history import BUY, cancel, mass_cancel, new, replace
from tests.fakes.related import CHANCE, by_hand, column

BOUNDED = (Instrument(id=1, symbol="ONE", qty_max=100), Instrument(id=2, symbol="TWO", qty_max=9))
TAPE = by_hand(
    new(1, BUY, 100, 5, min_qty=2), cancel(1, qty=1), replace(1, 2, 100, 30), cancel(2), new(3, BUY, 100, 9, instrument=2),
    mass_cancel(), instruments=BOUNDED,
)  # fmt: skip


def back(**fields):
    """Quantity and remaining of an event of instrument 1, whose quantities were multiplied by 3."""
    told = Event(**({"command": 1, "kind": int(EventKind.TRADE), "instrument": 1} | fields))
    (event,) = RELATION.back(TAPE, RELATION.there(TAPE, CHANCE), events_of([told]))
    return event["qty"], event["remaining"]


def test_every_quantity_is_multiplied_by_as_much_as_its_instrument_allows():
    (part,) = RELATION.there(TAPE, CHANCE).parts
    assert column(part, "qty") == [15, 3, 90, NONE, 9, NONE]
    assert column(part, "min_qty") == [6, NONE, NONE, NONE, NONE, NONE]


def test_what_was_said_is_divided():
    assert back(qty=15, remaining=0) == (5, 0)
    assert back(qty=15) == (5, NONE)
    assert back(qty=7, remaining=7, instrument=2) == (7, 7)


def test_what_the_factor_does_not_divide_can_agree_with_nothing():
    assert back(qty=16, remaining=5) == (NO_MULTIPLE, NO_MULTIPLE)


def test_a_count_of_orders_is_no_quantity():
    assert back(kind=int(EventKind.DONE), qty=4) == (4, NONE)


def test_without_room_it_says_why():
    tape = by_hand(new(1, BUY, 100, 51), instruments=BOUNDED)
    assert "more than half" in RELATION.there(tape, CHANCE)
    assert "more than half" in RELATION.there(by_hand(mass_cancel(), instruments=BOUNDED), CHANCE)
