"""Times as FIX writes them."""

import pytest

from harness.wire.fix_times import time_ns, timestamp

AT_NS = 1_767_623_401_234 * 10**6


def test_a_time_there_and_back():
    assert timestamp(AT_NS + 999_999) == "20260105-14:30:01.234"
    assert time_ns("20260105-14:30:01.234") == AT_NS
    assert time_ns("20260105-14:30:01") == AT_NS - 234 * 10**6
    assert time_ns("20161231-23:59:60") == time_ns("20170101-00:00:00")


@pytest.mark.parametrize("text", ["", "20260105", "20260105 14:30:01", "20261305-14:30:01", "20260230-14:30:01", "20260105-24:00:00", "20260105-14:30:01.2"])  # fmt: skip
def test_what_is_no_time(text):
    assert time_ns(text) is None
