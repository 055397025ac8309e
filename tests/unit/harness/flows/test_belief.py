"""What an episode believes: what trades, rests, waits and goes."""

import pytest

from harness.base.records import NONE, Side
from harness.flows._belief import Belief, Sent

BUY, SELL = int(Side.BUY), int(Side.SELL)


def sent(order, side=BUY, price=10, qty=5, **more):
    return Sent(order, more.pop("account", 1), more.pop("instrument", 1), side, price, qty, **more)


def believed(*orders):
    """A belief in which the orders were sent at places 0, 1, ..."""
    belief = Belief()
    for place, one in enumerate(orders):
        belief.send(place, one)
    return belief


def live(belief, upto=20):
    """The places of what is believed to be live."""
    return sorted({belief.before(place) for place in range(upto)}) if belief else []


def test_nothing_is_live_at_first():
    assert not Belief()
    assert Belief().last(1) is None


def test_an_order_rests_unless_it_may_not():
    assert live(believed(sent(1), sent(2, rests=False), sent(3, qty=0))) == [0]


def test_a_named_order_is_the_one_before_the_place_or_the_first():
    belief = believed(sent(1, qty=0), sent(2), sent(3, qty=0), sent(4))
    assert [belief.before(place) for place in (-7, 0, 1, 2, 3, 9)] == [1, 1, 1, 1, 3, 3]


def test_a_taker_takes_the_best_price_first_then_the_oldest():
    belief = believed(sent(1, SELL, 12), sent(2, SELL, 11), sent(3, SELL, 11), sent(4, BUY, 12, 7))
    assert live(belief) == [0, 2]
    belief.send(4, sent(5, BUY, 12, 4))
    assert live(belief) == [0]
    assert belief.last(1) == 12
    belief.send(5, sent(6, BUY, NONE, 9, rests=False))
    assert live(belief) == []


def test_a_seller_takes_the_highest_bid_first():
    assert live(believed(sent(1, BUY, 10), sent(2, BUY, 11), sent(3, SELL, 10, 5))) == [0]


@pytest.mark.parametrize(
    "other", [sent(2, SELL, 11), sent(2, SELL, 10, instrument=2), sent(2, BUY, 9), sent(2, SELL, 10, stop=9)]
)
def test_what_does_not_meet_does_not_trade(other):
    assert live(believed(sent(1), other)) == [0, 1]


def test_a_stop_waits_until_a_trade_reaches_it():
    belief = believed(sent(1, BUY, NONE, stop=12), sent(2, SELL, NONE, stop=9))
    assert live(belief) == [0, 1]
    belief.send(2, sent(3, SELL, 12))
    belief.send(3, sent(4, BUY, 12))
    assert live(belief) == [1]
    belief.send(4, sent(5, BUY, NONE, stop=11))
    assert live(belief) == [1], "it was reached when it came"


def test_an_order_that_loses_all_is_gone():
    belief = believed(sent(1), sent(2))
    belief.lose(0, 4)
    assert live(belief) == [0, 1]
    belief.lose(0, 1)
    belief.lose_all(1)
    assert not belief


@pytest.mark.parametrize(
    ("taken", "left"),
    [((0, 0, Side.NONE), []), ((1, 0, Side.NONE), [2]), ((0, 2, Side.NONE), [0, 2]), ((0, 0, SELL), [0, 2])],
)
def test_a_mass_cancel_takes_what_it_names(taken, left):
    belief = believed(sent(1), sent(2, SELL, instrument=2), sent(3, account=2))
    belief.mass_cancel(*taken)
    assert live(belief) == left
