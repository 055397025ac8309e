"""Limits as people write them."""

import pytest

from harness.base.findings import Interval
from harness.base.limits import keeps, parse_limit


@pytest.mark.parametrize(
    ("text", "stat", "fraction", "op", "value", "unit", "told"),
    [
        ("p(99)<10ms", "p(99)", 0.99, "<", 10e6, "ns", "<10ms"),
        ("p(99.9) <= 100 us", "p(99.9)", 0.999, "<=", 100e3, "ns", "<= 100 us"),
        ("max<1s", "max", 0, "<", 1e9, "ns", "<1s"),
        (">=100000/s", "", 0, ">=", 100000, "1/s", ">=100000/s"),
        ("<1MiB/h", "", 0, "<", 2**20, "B/h", "<1MiB/h"),
        ("<1%", "", 0, "<", 0.01, "share", "<1%"),
        ("<5", "", 0, "<", 5, "1", "<5"),
    ],
)
def test_a_limit_is_read(text, stat, fraction, op, value, unit, told):
    limit = parse_limit(text)
    assert (limit.stat, limit.op, limit.unit, limit.text) == (stat, op, unit, told)
    assert limit.fraction == pytest.approx(fraction)
    assert limit.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "fast", "p(99)", "p(101)<1s", "p(100)<1s", "p(0)<1s", "<10 parsecs", "p()<1s", "<1..2s", "<."]
)
def test_what_is_no_limit_is_refused_with_the_text(text):
    with pytest.raises(ValueError, match=r"limit|unit|percentile"):
        parse_limit(text)


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((5, 4, 6), "pass"),
        ((9, 8, 12), "unknown"),
        ((20, 15, 30), "fail"),
        ((10, 10, 10), "fail"),
        ((9, 9, 10), "unknown"),
    ],
)
def test_only_the_whole_interval_passes_or_fails(interval, verdict):
    assert keeps(parse_limit("<10/s"), Interval(*interval)) == verdict


@pytest.mark.parametrize(
    ("op", "verdict"), [("<=", "pass"), (">=", "pass"), ("==", "pass"), ("<", "fail"), (">", "fail")]
)
def test_every_operator_means_what_it_says(op, verdict):
    assert keeps(parse_limit(f"{op}10/s"), Interval(10, 10, 10)) == verdict
