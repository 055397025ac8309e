"""One side of a book against a list that is sorted anew at each look, and the cost of its deep queues."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.plain.book import BookSide, Order
from harness.base.records import Side


def order(number, price=100, side=Side.BUY):
    return Order(number, 1, 1, side, 1, 1, post_only=False, price=price, open_qty=1)


@given(
    st.sampled_from([Side.BUY, Side.SELL]),
    st.lists(st.one_of(st.integers(-3, 3), st.sampled_from([2**40, -(2**40)]), st.none()), max_size=40),
    st.randoms(use_true_random=False),
)
def test_a_side_is_its_orders_sorted_by_price_then_time(side, steps, random):
    """A price joins an order there, None takes out any one."""
    book, joined = BookSide(side), []
    for number, price in enumerate(steps):
        if price is not None:
            joined.append(order(number, price, side))
            book.join(joined[-1])
        elif joined:
            book.leave(joined.pop(random.randrange(len(joined))))
        best_first = sorted(joined, key=lambda resting: resting.price, reverse=side is Side.BUY)
        assert list(book.in_matching_order()) == best_first
        assert book.front() is (best_first[0] if best_first else None)
        for resting in joined:
            assert list(book.queue(resting.price)) == [other for other in joined if other.price == resting.price]


def test_a_queue_forgets_its_price_with_its_last_order():
    book, only = BookSide(Side.SELL), order(1, side=Side.SELL)
    book.join(only)
    book.leave(only)
    with pytest.raises(KeyError):
        book.queue(only.price)


def sweep_s(count):
    """How long it takes to empty a queue from the front."""
    book = BookSide(Side.BUY)
    for number in range(count):
        book.join(order(number))
    start = time.process_time()
    while front := book.front():
        book.leave(front)
    return time.process_time() - start


def test_sweeping_a_deep_queue_takes_linear_time():
    """With a plain dict as the queue, 16 times the orders take some 200 times as long."""
    small = min(sweep_s(4_000) for _ in range(5))
    large = min(sweep_s(64_000) for _ in range(2))
    assert large < 64 * small
