"""Numbers and times of recordings: exact to the last digit, and what is none is refused in words."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.wire.recording_numbers import TIMES, iso_ns, scaled


@given(digits=st.integers(-(10**30), 10**30), places=st.integers(0, 9), decimals=st.integers(0, 9))
def test_a_decimal_comes_through_exactly_or_is_refused(digits, places, decimals):
    text = f"{Decimal(digits).scaleb(-places):f}"
    exact = Fraction(text) * 10**decimals
    if exact.denominator == 1:
        assert scaled(text, decimals) == exact
    else:
        with pytest.raises(ValueError, match=r"decimals|whole"):
            scaled(text, decimals)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("61405.27923706", 61_405_279_237_060), ("0.1", 100_000_000), ("-.5", -500_000_000), ("7.", 7 * 10**9), ("+2", 2 * 10**9),
        ("1e-08", 10), ("2.5E+3", 2_500 * 10**9), ("1.50000000000000", 1_500_000_000), ("007", 7 * 10**9),
    ],
)  # fmt: skip
def test_every_way_to_write_a_decimal(text, value):
    assert scaled(text) == value


@pytest.mark.parametrize(
    "text", ["", ".", "-", "1_000", "1,5", "0x10", "nan", "inf", " 1", "1e", "e5", "1e999999", "١٢", "9" * 61, "1.2.3"]
)
def test_what_is_no_decimal_is_refused(text):
    with pytest.raises(ValueError, match=r"a decimal such as"):
        scaled(text)


def test_what_has_too_many_decimals_is_not_rounded():
    with pytest.raises(ValueError, match="at most 9 decimals"):
        scaled("0.0000000001")
    with pytest.raises(ValueError, match="a whole number"):
        scaled("1.5", 0)


@given(second=st.integers(0, 9_000_000_000), nanos=st.integers(0, 10**9 - 1))
def test_a_time_of_iso_8601_is_exact_to_the_nanosecond(second, nanos):
    text = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.{nanos:09}Z"
    assert iso_ns(text) == second * 10**9 + nanos


@pytest.mark.parametrize("text", ["1970-01-01 00:00:01Z", "1970-01-01T00:00:01+00:00", "1970-01-01T00:00:01.0+0000"])
def test_ways_to_write_utc(text):
    assert iso_ns(text) == 10**9


def test_a_fraction_of_a_second_may_be_short():
    assert iso_ns("1970-01-01T00:00:01.25Z") == 1_250_000_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-11-22T09:30:00", "ISO 8601 in UTC"), ("2026-11-22T09:30:00+01:00", "ISO 8601 in UTC"), ("22.11.2026 09:30:00Z", "ISO"),
        ("2026-02-30T09:30:00Z", "a time that there is"), ("2026-11-22T24:30:00Z", "a time that there is"), ("", "ISO 8601"),
    ],
)  # fmt: skip
def test_another_time_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        iso_ns(text)


@pytest.mark.parametrize(
    ("unit", "text"), [("ns", "1500000000"), ("us", "1500000"), ("ms", "1500.0"), ("s", "1.5"), ("s", "1.500000000")]
)
def test_the_units_of_time(unit, text):
    assert TIMES[unit](text) == 1_500_000_000
