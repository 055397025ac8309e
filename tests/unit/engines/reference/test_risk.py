"""The risk limits: at the limit an order passes, one beyond it is refused, and no width of numbers changes that."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.layout import Capacities, build
from engines.reference.machine import S, U
from engines.reference.risk import is_apart, is_stranger, is_worth_more, product
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from tests.fakes.reference_session import book, held_back, refusal, says

QUANTITY, VALUE, COLLAR = "risk order quantity", "risk order value", "risk price collar"
amounts = st.one_of(st.integers(0, 2**63 - 1), st.integers(0, 62).map(lambda bits: 2**bits), st.just(2**63 - 1))
prices = st.one_of(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(-3, 3), st.sampled_from([-(2**63) + 1, 2**63 - 1]))
account_lists = st.lists(st.one_of(st.integers(0, 9), st.integers(0, 2**32 - 1)), max_size=40).map(tuple)


def state_of(*risks):
    instruments = [Instrument(id=number, symbol=f"I{number}", risk=risk) for number, risk in enumerate(risks, 1)]
    return build(instruments, Conventions(), Capacities(1, 1))


@settings(deadline=None)
@given(amounts, amounts)
def test_a_product_is_exact_beyond_64_bits(left, right):
    high, low = product(U(left), U(right))
    assert int(high) << 64 | int(low) == left * right


@settings(deadline=None)
@given(prices, amounts, st.integers(-2, 2))
def test_a_value_is_judged_exactly_at_its_limit(price, qty, beside):
    limit = max(1, abs(price) * qty + beside)
    state = state_of(RiskLimits(order_value_max=limit))
    assert is_worth_more(state, U(0), S(price), S(qty)) == (abs(price) * qty > limit)


@settings(deadline=None)
@given(prices, prices, st.integers(0, 2**64 - 1))
def test_a_distance_may_exceed_a_signed_word(price, reference, ticks):
    for most in (ticks, abs(price - reference), max(0, abs(price - reference) - 1)):
        assert is_apart(S(price), S(reference), U(most)) == (abs(price - reference) > most)


@settings(deadline=None)
@given(st.lists(account_lists, min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_a_stranger_is_who_an_instrument_does_not_name_while_it_names_any(named, other):
    state = state_of(*(RiskLimits(accounts=accounts) for accounts in named))
    assert 2 * np.count_nonzero(state.accounts) <= len(state.accounts)
    for index, accounts in enumerate(named):
        for account in {other, *(one for accounts in named for one in accounts)}:
            wanted = bool(accounts) and account not in accounts
            assert is_stranger(state, U(index), U(account)) == wanted


@pytest.mark.parametrize(
    ("limits", "line", "reason"),
    [
        ({"order_qty_max": 10}, "B 100x10 #9", ""),
        ({"order_qty_max": 10}, "B 100x11 #9", QUANTITY),
        ({"order_qty_max": 10}, "S x11 #9 @5", QUANTITY),
        ({"order_value_max": 1_000}, "B 100x10 #9", ""),
        ({"order_value_max": 1_000}, "S -91x11 #9", VALUE),
        ({"order_value_max": 1_000}, "S 0x5000 #9", ""),
        ({"order_value_max": 1_000}, "S 91x11 #9 @1", VALUE),
        ({"order_value_max": 1_000}, "S 1x11 #9 @91", ""),
        ({"order_value_max": 1_000}, "S x11 #9 @91", VALUE),
        ({"order_value_max": 1_000}, "S x5000 #9 market", ""),
        ({"order_value_max": 1_000, "reference_price": -91}, "S x11 #9 market", VALUE),
        ({"order_value_max": 10**25}, f"B {2**62}x{2**21} #9", ""),
        ({"order_value_max": 10**25}, f"B {2**62}x{2**22} #9", VALUE),
        ({"collar_ticks": 5}, "B 9999x1 #9", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "B 105x1 #9", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "B 106x1 #9", COLLAR),
        ({"collar_ticks": 5, "reference_price": 0}, "S -6x1 #9 ioc", COLLAR),
        ({"collar_ticks": 5, "reference_price": 100}, "B 200x1 #9 @200", ""),
        ({"accounts": (0, 7)}, "B 100x5 #9 a7", ""),
        ({"accounts": (0, 7)}, "B 100x0 #0 a8", "unknown account"),
        ({"price_step": 5}, "B -10x5 #9", ""),
        ({"price_step": 5}, "B -9x5 #9", "invalid price"),
        ({"price_step": 5}, "B 99x5 #9 @100", "invalid price"),
        ({"price_step": 5}, "B x5 #9 @99", ""),
    ],
)
def test_a_new_order(limits, line, reason):
    assert refusal(held_back(**limits), line) == reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [("100x10", ""), ("100x11", QUANTITY), ("101x10", VALUE), ("105x9", ""), ("106x1", COLLAR), ("94x1", COLLAR)],
)
def test_a_replace(line, reason):
    reference = held_back(order_qty_max=10, order_value_max=1_000, collar_ticks=5, reference_price=100)
    says(reference, "B 100x9 #1")
    before = book(reference)
    assert refusal(reference, f"replace #1 #1 {line}") == reason
    assert (book(reference) == before) == bool(reason)


def test_the_reference_price_is_the_last_trade_and_before_it_triggers_no_stop():
    reference = held_back(collar_ticks=5, reference_price=100)
    assert "triggered" not in says(reference, "B x1 #11 @90; B x1 #12 @100; S x1 #13 @110; mass_cancel")
    says(reference, "S 104x1 #1; B 104x1 #2")
    assert refusal(reference, "B 109x1 #3") == ""
    assert refusal(reference, "B 98x1 #4") == COLLAR


def test_cancels_and_triggered_orders_are_never_held_back():
    reference = held_back(order_qty_max=9, order_value_max=1_000, collar_ticks=5, reference_price=100)
    says(reference, "S 104x1 #1; S 500x1 #2 @1; S 105x1 #3; B 200x5 #4 @104; B 104x1 #5")
    assert book(reference) == "B200 #4x4; S@1 #2x1"
    assert refusal(reference, "replace #4 #4 200x4") == COLLAR
    assert says(reference, "cancel #4 x1; cancel #2; mass_cancel").count("canceled") == 3
