"""The best prices by the events alone; how a book is crossed by them stands in `test_never_crossed`."""

from harness.base.capabilities import Conventions
from harness.base.records import commands_of
from harness.checks._answers import rows
from harness.checks._kinds import CANCELED, RESTED
from harness.checks._quotes import Quotes
from harness.oracle.model import Model
from tests.fakes.every_term import FREE, every_term
from tests.fakes.history import ALL, BUY, SELL, segments

FIELDS = ("kind", "order", "new_order", "maker", "instrument", "side", "price", "qty", "remaining")


def test_they_are_those_of_the_book():
    for keeps in ("quantity_down", "never"):
        conventions = Conventions(self_trade="decrement", replace_keeps_place=keeps)
        model, quotes, compared = Model(FREE, conventions, ALL), Quotes(keeps_place=keeps == "quantity_down"), 0
        for command in every_term(1_500, 9):
            (segment,) = segments(commands_of([command]), model.apply(command))
            for kind, order, new_order, maker, instrument, side, price, qty, remaining in rows(segment.events, *FIELDS):
                quotes.follow(
                    kind, order, new_order=new_order, maker=maker, where=(instrument, side), price=price, qty=qty,
                    remaining=remaining,
                )  # fmt: skip
            for instrument, side in ((1, BUY), (1, SELL), (2, BUY), (2, SELL)):
                assert quotes.best(instrument, side) == model.best(instrument, side)
                compared += model.best(instrument, side) is not None
        assert compared > 1_000


def test_whether_an_order_rests():
    quotes = Quotes(keeps_place=True)
    rests = {"new_order": 0, "maker": 0, "where": (1, BUY), "price": 100, "qty": 5}
    quotes.follow(RESTED, 7, remaining=5, **rests)
    assert quotes.rests(7)
    quotes.follow(CANCELED, 7, remaining=0, **rests)
    assert not quotes.rests(7)
