"""What the rules look at: which order is live where, and which side an order meets."""

import pytest

from engines.plain.offered import CONVENTIONS
from engines.plain.state import EngineState
from harness.base.records import Side
from tests.fakes.plain_session import INSTRUMENTS, engine, says


def test_an_engine_starts_empty_under_its_own_conventions():
    state = EngineState(INSTRUMENTS)
    assert state.conventions is CONVENTIONS
    assert state.live == {}
    assert all(state.book_side(number, side).front() is None for number in (1, 2) for side in (Side.BUY, Side.SELL))


def test_every_side_of_every_book_is_made_in_one_place():
    made = []

    class Made(EngineState):
        def empty_side(self, side):
            made.append(super().empty_side(side))
            return made[-1]

    state = Made(INSTRUMENTS)
    assert made == [state.book_side(number, side) for number in (1, 2) for side in (Side.BUY, Side.SELL)]


def test_a_live_order_is_found_on_its_own_instrument_only():
    plain = engine()
    says(plain, "B 100x5 #1; B 10x10 #2 i2")
    assert plain.live_order(1, 1) is plain.live[1]
    assert plain.live_order(2, 2) is plain.live[2]
    assert plain.live_order(1, 2) is plain.live_order(2, 1) is plain.live_order(1, 3) is plain.live_order(9, 1) is None


@pytest.mark.parametrize(("side", "meets"), [(Side.BUY, Side.SELL), (Side.SELL, Side.BUY)])
def test_each_side_meets_the_other_of_its_own_instrument(side, meets):
    state = EngineState(INSTRUMENTS)
    assert state.opposite(2, side) is state.book_side(2, meets)
    assert state.opposite(2, side) is not state.opposite(1, side)


def test_only_resting_orders_are_live_between_commands():
    plain = engine()
    says(plain, "S 100x5 #1; B 100x5 #2; B 100x5 #3 ioc; B 99x5 #4; cancel #4; B x1 #5 market; B 90x1 #6")
    assert set(plain.live) == {6}
