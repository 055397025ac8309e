"""Waiting stops against a list that is sorted anew at each look."""

from hypothesis import given
from hypothesis import strategies as st

from engines.plain.book import Order
from engines.plain.waiting import WaitingStops
from harness.base.records import NONE, OrderType, Side


def stop(number, at, side):
    return Order(
        number, 1, 1, side, OrderType.STOP, 1, post_only=False, price=NONE, open_qty=1, stop=at, entry=number
    )  # fmt: skip


@given(
    st.sampled_from([Side.BUY, Side.SELL]),
    st.lists(st.tuples(st.sampled_from(["join", "join", "join", "leave", "take"]), st.integers(-3, 3)), max_size=40),
    st.randoms(use_true_random=False),
)
def test_a_moving_price_takes_what_it_reaches_the_nearest_first_and_equal_ones_by_entry(side, steps, random):
    waiting, joined = WaitingStops(side), []
    for number, (step, price) in enumerate(steps):
        if step == "join":
            joined.append(stop(number, price, side))
            waiting.join(joined[-1])
        elif step == "leave" and joined:
            waiting.leave(joined.pop(random.randrange(len(joined))))
        elif step == "take":
            reached = [one for one in joined if (one.stop <= price if side is Side.BUY else one.stop >= price)]
            nearest_first = sorted(reached, key=lambda one: one.stop, reverse=side is Side.SELL)
            assert waiting.take_reached(price) == nearest_first
            joined = [one for one in joined if one not in reached]
        assert list(waiting) == sorted(joined, key=lambda one: one.stop, reverse=side is Side.SELL)
