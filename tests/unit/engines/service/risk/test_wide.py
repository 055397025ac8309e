"""Sums of two words are those of Python's integers, modulo 2**128."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.machine import S, U
from engines.service.risk.wide import add_to, is_above, is_negative, minus, plus, take_from, value_of

WORD = 2**64
wide = st.one_of(st.integers(0, 2**128 - 1), st.integers(0, 128).map(lambda bits: 2**bits % 2**128), st.just(WORD - 1))
amounts = st.one_of(
    st.integers(-(2**63) + 1, 2**63 - 1), st.integers(-3, 3), st.integers(0, 62).map(lambda bits: 2**bits)
)


def words(number):
    return U(number // WORD), U(number % WORD)


def number(high, low):
    return int(high) * WORD + int(low)


@settings(deadline=None)
@given(wide, wide)
def test_sums_and_differences(left, right):
    assert number(*plus(*words(left), *words(right))) == (left + right) % 2**128
    assert number(*minus(*words(left), *words(right))) == (left - right) % 2**128
    assert is_above(*words(left), *words(right)) == (left > right)
    assert is_negative(words(left)[0]) == (left >= 2**127)


@settings(deadline=None)
@given(amounts, amounts)
def test_a_value_has_no_sign(price, qty):
    assert number(*value_of(S(price), S(qty))) == abs(price) * abs(qty)


@settings(deadline=None)
@given(wide, wide)
def test_in_the_columns_of_a_row(there, more):
    table = np.zeros((3, 4), np.uint64)
    table[1, 1:3] = words(there)
    add_to(table, U(1), 1, *words(more))
    assert number(*table[1, 1:3]) == (there + more) % 2**128
    take_from(table, U(1), 1, *words(more))
    assert number(*table[1, 1:3]) == there
    assert not table[[0, 2]].any()
    assert not table[1, [0, 3]].any()
