"""A fill is what both sides of a trade have of it."""

from harness.base.ending import FILL, fills_of
from harness.base.records import Event, EventKind, events_of


def test_a_fill_is_the_match_with_its_price_and_quantity():
    trades = events_of([Event(kind=EventKind.TRADE, match=2**63, price=-5, qty=9, order=4), Event(match=3)])
    fills = fills_of(trades)
    assert fills.dtype == FILL
    assert FILL.itemsize == 24
    assert fills.tolist() == [(2**63, -5, 9), (3, -(2**63), -(2**63))]
