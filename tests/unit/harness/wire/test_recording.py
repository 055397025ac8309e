"""What all recordings have in common: exact units, times that never go back, orders that are whole; and compressed files."""

import bz2
import gzip
import lzma
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.base.errors import SetupError
from harness.base.records import NONE, Side
from harness.wire.recording import Action, Told, reading, recorded

HERE = Path("some.csv")


def line(action=Action.ADD, side=Side.BUY, price_1e9=10**9, size_1e9=10**9, ns=1, order=1):
    return Told("line 7", ns, action, side, price_1e9, size_1e9, order, last=True)


@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), st.integers(1, 10**15)), min_size=1))
def test_no_value_is_rounded_and_no_greater_unit_would_do(values):
    made = recorded(HERE, "X", [line(price_1e9=price, size_1e9=size) for price, size in values])
    ticks, lots = made.records["price"].tolist(), made.records["size"].tolist()
    assert [(tick * made.tick_1e9, lot * made.lot_1e9) for tick, lot in zip(ticks, lots, strict=True)] == values
    assert math.gcd(*lots) == 1
    assert math.gcd(*ticks) == (1 if any(ticks) else 0)


def test_numbers_too_great_for_1e_9_may_be_whole_multiples_of_a_greater_tick():
    made = recorded(HERE, "X", [line(price_1e9=12 * 10**18), line(price_1e9=16 * 10**18)])
    assert (made.records["price"].tolist(), made.tick_1e9) == ([3, 4], 4 * 10**18)


def test_what_is_absent_is_none():
    made = recorded(HERE, "X", [line(), line(Action.TRADE, Side.NONE, None, None), line(Action.CANCEL, size_1e9=0)])
    assert made.records["price"].tolist() == [1, NONE, 1]
    assert made.records["size"].tolist() == [1, NONE, NONE]


def test_whether_it_has_times():
    assert recorded(HERE, "X", [line()]).timed
    assert not recorded(HERE, "X", [line(ns=NONE)]).timed
    assert not recorded(HERE, "X", []).timed


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(ns=5), line(ns=4)], "line 7: the time 4 ns came, wanted at least 5"),
        ([line(ns=2**63)], "before the year 2262"),
        ([line(size_1e9=-1)], "line 7: a size below 0 came"),
        ([line(price_1e9=None)], "line 7: wanted an order with a price, .* came add, side buy, price none, size 1.0"),
        ([line(side=Side.NONE)], "came add, side none"),
        ([line(Action.EXECUTE, size_1e9=0)], "line 7: wanted an execution with a size above 0"),
        ([line(Action.MODIFY, size_1e9=0)], "came modify, .* size 0.0"),
        ([line(price_1e9=-(2**63) - 1), line(price_1e9=1)], r"price 9223372036854775809e-9 is 9223372036854775809 times 1e-9, .* below 2\*\*63"),
        ([line(price_1e9=2**70)], "the least price is 1180591620717411303424e-9, which no market has"),
        ([line(size_1e9=2**70), line(size_1e9=1)], "the size 1180591620717411303424e-9 is"),
    ],
)  # fmt: skip
def test_what_no_recording_may_hold(lines, message):
    with pytest.raises(SetupError, match=f"some.csv.*{message}"):
        recorded(HERE, "X", lines)


@pytest.mark.parametrize("pack", [lambda raw: raw, gzip.compress, bz2.compress, lzma.compress])
def test_compression_is_told_by_content_not_by_name(tmp_path, pack):
    path = tmp_path / "day.csv"
    path.write_bytes(pack("﻿a;ö\r\n".encode()))
    with reading(path) as text:
        assert text.read() == "a;ö\r\n"


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:-20], lambda raw: raw[:30] + bytes([raw[30] ^ 255]) + raw[31:], lambda raw: raw[:12]]
)
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_damaged_file(tmp_path, pack, damage):
    path = tmp_path / "day.csv"
    path.write_bytes(damage(pack(bytes(range(128)) * 50)))
    with pytest.raises(SetupError, match=r"day.csv"), reading(path) as text:
        text.read()


def test_other_files_that_cannot_be_read(tmp_path):
    path = tmp_path / "day.csv"
    with pytest.raises(SetupError, match=r"cannot read .*day.csv: No such file"), reading(path):
        pass
    with pytest.raises(SetupError, match="Is a directory"), reading(tmp_path):
        pass
    path.write_bytes(b"a,b\n\xfe")
    with pytest.raises(SetupError, match="the byte 0xfe is no UTF-8"), reading(path) as text:
        text.read()
    path.write_bytes(b"\x28\xb5\x2f\xfd....")
    with pytest.raises(SetupError, match="zstd"), reading(path):
        pass
