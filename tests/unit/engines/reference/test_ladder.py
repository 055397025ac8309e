"""Pages come, stand in order of their prices, and go; the best level is always the best."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.layout import FIRST_IDS, PAGES, WORSE
from tests.fakes.reference_session import book, engine, rows, says


def pages(reference, side):
    """The numbers of the pages of instrument 1's side, from the best price on."""
    state, found = reference.state, []
    page = int(state.best_level[side]) >> 6
    while page:
        found.append(int(state.page_numbers[page]))
        page = int(state.page_links[page, WORSE])
    return found


prices = st.one_of(st.integers(-200, 200), st.integers(-(2**40) + 1, 2**40 - 1), st.sampled_from([-64, -63, 0, 63, 64]))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("BS"), prices), max_size=40), st.randoms())
def test_pages_stand_from_best_to_worst_while_orders_come_and_go(orders, random):
    reference = engine()
    held = {}
    for number, (side, price) in enumerate(orders, 1):
        # Sellers stand above all buyers, so that nothing trades.
        placed = -abs(price) - 1 if side == "B" else abs(price)
        rows(reference, f"{side} {placed}x1 #{number}")
        held[number] = (side, placed)
        if random.random() < 0.4:
            gone = random.choice(list(held))
            rows(reference, f"cancel #{gone}")
            del held[gone]
        for at, name in enumerate("BS"):
            mine = {price for side, price in held.values() if side == name}
            assert pages(reference, at) == sorted({price >> 6 for price in mine}, reverse=name == "B")
            if mine:
                assert reference.state.best_price[at] == (max(mine) if name == "B" else min(mine))
    assert reference.state.counts[PAGES] == len({(side, price >> 6) for side, price in held.values()})


def test_pages_that_are_given_back_are_used_again():
    reference = engine(pages=2)
    for turn in range(50):
        assert says(reference, f"B {turn * 1_000}x1 #1; B {turn * 1_000 + 500}x1 #2").count("rested") == 2
        assert says(reference, "cancel #1; cancel #2").count("canceled") == 2
    assert reference.counters()["price_pages"] == 0
    assert reference.counters()["price_pages_high"] == 2
    assert not reference.state.page_table.any()


def test_two_books_have_pages_of_the_same_number():
    reference = engine()
    says(reference, "B 10x1 #1; B 10x2 #2 i2; S 20x3 #3; S 20x4 #4 i2")
    assert reference.counters()["price_pages"] == 4
    assert says(reference, "S 10x2 #5 i2") == "accepted #5, 10 x 2; trade #5 with #2 at 10 x 2, 0 left"
    assert book(reference) == "B10 #1x1; S20 #3x3; S20 #4x4"


def test_all_pages_of_a_pool_can_be_full():
    reference = engine(orders=FIRST_IDS, pages=FIRST_IDS)
    random = np.random.default_rng(1).permutation(FIRST_IDS)
    for number, place in enumerate(random.tolist(), 1):
        rows(reference, f"S {place * 64}x1 #{number}")
    assert pages(reference, 1) == list(range(FIRST_IDS))
