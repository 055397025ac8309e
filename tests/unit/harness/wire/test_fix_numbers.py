"""Decimals that are exact or nothing."""

import pytest

from harness.wire.fix_numbers import average, count_of, text_of

CENT = 10_000_000


@pytest.mark.parametrize(("text", "ticks"), [("23.50", 2350), ("23.5", 2350), ("-1", -100), (".01", 1), ("7.", 700), ("0", 0), ("0.0100000000000", 1)])  # fmt: skip
def test_text_is_a_count(text, ticks):
    assert count_of(text, CENT) == ticks


@pytest.mark.parametrize("text", ["", ".", "-", "1e3", "0.001", "1.0000000001", "+1", " 1", "99999999999999999999"])
def test_text_is_none(text):
    assert count_of(text, CENT) is None


def test_a_count_is_text():
    assert [text_of(count, CENT) for count in (2350, 2300, -1, 0, 1)] == ["23.5", "23", "-0.01", "0", "0.01"]
    assert text_of(3, 1) == "0.000000003"


def test_the_mean_price_is_rounded_once():
    assert average(0, 0, CENT) == "0"
    assert average(100 * 2 + 101, 3, CENT) == "1.003333333"
    assert average(2, 3, CENT) == "0.006666667"
    assert average(300, 3, CENT) == "1"
