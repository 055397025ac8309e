"""Figures as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.base.judgement import Measured
from reports import figures


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (4_130_000, "ns", "4.13 ms"),
        (999, "ns", "999 ns"),
        (62_000, "ns", "62 µs"),
        (12_000_000_000, "ns", "12 s"),
        (0, "ns", "0 ns"),
        (19_980.5, "1/s", "19,980/s"),
        (3.14159, "1/s", "3.14/s"),
        (178_257.92, "B/h", "174 KiB/h"),
        (-62_915, "B/h", "\u221261.4 KiB/h"),
        (118 * 2**20, "B", "118 MiB"),
        (0.0031, "share", "0.31 %"),
        (7, "fathom", "7 fathom"),
        (math.nan, "1", "not a number"),
        (math.inf, "1", "endless"),
        (1e300, "1", "1e+300"),
    ],
)
def test_amount_takes_the_unit_that_suits_the_size(value: float, unit: str, told: str) -> None:
    assert figures.amount(value, unit) == told


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(["ns", "1/s", "B", "B/h", "1", "share", "x"]))
def test_every_number_can_be_told_in_a_few_characters(value: float, unit: str) -> None:
    assert 1 <= len(figures.amount(value, unit)) <= 32


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (3_900_000, 4_300_000, "4.1 ms (3.9 to 4.3)"),
        (4_100_000, 4_100_000, "4.1 ms"),
        (4_100_001, 4_100_002, "4.1 ms"),
        (900_000, 12_000_000, "4.1 ms (0.9 to 12)"),
    ],
)
def test_an_interval_stands_in_the_scale_of_its_value(low: float, high: float, told: str) -> None:
    assert figures.interval(4_100_000, low, high, "ns") == told


def test_a_share_is_told_in_percent_and_a_count_as_it_is() -> None:
    def figure(value: float, unit: str, low: float | None = None) -> str:
        ends = {"low": value if low is None else low, "high": value}
        return figures.measured(Measured(metric="m", stat="", value=value, **ends, unit=unit, limit="", verdict="told"))

    assert figure(0.0001, "share") == "0.01 %"
    assert figure(1, "share", low=0.999) == "100 % (99.9 to 100)"
    assert (figure(1, "1"), figure(0.5, "1")) == ("1", "0.5")


@pytest.mark.parametrize(
    ("text", "told"),
    [("<10ms", "< 10 ms"), (">=10000/s", "≥ 10,000/s"), ("<1MiB/h", "< 1 MiB/h"), ("==0", "= 0"), ("<5us", "< 5 µs"),
     ("<1%", "< 1 %"), ("no limit", "no limit"), ("<1.2.3ms", "<1.2.3ms"), ("<99.995%", "< 99.995 %"), ("", "")],
)  # fmt: skip
def test_limit_reads_like_a_sentence(text: str, told: str) -> None:
    assert figures.limit(text) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.25, "250 ms"), (42, "42 s"), (119.4, "119 s"), (2281, "38 min"), (4320, "1 h 12 min"), (90_000, "25 h 0 min")],
)
def test_duration_is_told_as_people_wait(seconds: float, told: str) -> None:
    assert figures.duration(seconds * 1e9) == told


def test_a_bound_is_never_told_lower_than_it_is() -> None:
    assert figures.share_bound(0.005999) == "under 0.6 %"
    assert figures.share_bound(0.0000091701) == "under 0.00092 %"


@given(st.floats(min_value=1e-7, max_value=1.0))
def test_a_bound_rounds_up(share: float) -> None:
    told = float(figures.share_bound(share).removeprefix("under ").removesuffix(" %"))
    assert told >= share * 100 * (1 - 1e-9)


def test_moments_are_utc_and_strange_ones_stay() -> None:
    assert figures.moment("2027-02-03T14:02:00Z") == "3 Feb 2027, 14:02 UTC"
    assert figures.moment("2027-02-03T16:02:00+02:00") == "3 Feb 2027, 14:02 UTC"
    assert figures.moment("yesterday") == "yesterday"
    assert [figures.day(iso) for iso in ("2027-03-31", "soon")] == ["31 Mar 2027", "soon"]


def test_percentiles_keep_their_nines() -> None:
    assert [figures.percentile(share) for share in (0.0, 0.5, 0.999, 0.999999)] == ["0", "50", "99.9", "99.9999"]
    assert figures.stat("p(99.9)") == "p99.9"
    assert figures.price(4750.25) == "4,750.25"
    assert figures.counted(1, "trade") == "1 trade"
    assert figures.counted(2, "thing was", "things were") == "2 things were"
