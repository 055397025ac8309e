"""Reading and writing market-by-order CSV: what is right comes through whole, what is wrong is told by its place."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from harness.base.errors import SetupError
from harness.wire import mbo_csv
from harness.wire.mbo_csv import MBO, read, write

HEADER = "ts_event,ts_recv,sequence,action,side,price_1e9,size,order_id,flags,channel_id"
GOOD = "1,10,1,A,B,4799000000000,2,6412777162812,40,0"
NEXT = "2,11,2,T,N,9223372036854775807,44,0,0,0"


def file(folder, *lines, name="day.csv"):
    path = folder / name
    path.write_text("\n".join([*lines, ""]))
    return path


def test_a_line_becomes_a_record(tmp_path):
    rows = read(file(tmp_path, HEADER, GOOD, NEXT))
    assert rows.dtype == MBO
    assert rows[0].tolist() == (1, 10, 1, b"A", b"B", 4_799_000_000_000, 2, 6_412_777_162_812, 40, 0)
    assert rows["price_1e9"][1] == mbo_csv.NO_PRICE


def test_columns_are_found_by_name_and_others_let_be(tmp_path):
    names = [*reversed(HEADER.split(",")), "note"]
    values = [*reversed(GOOD.split(",")), "hello"]
    assert read(file(tmp_path, ",".join(names), ",".join(values)))[0] == read(file(tmp_path, HEADER, GOOD))[0]


@pytest.mark.parametrize("lines", [(HEADER,), (HEADER, GOOD)])
def test_few_lines(tmp_path, lines):
    assert len(read(file(tmp_path, *lines))) == len(lines) - 1


def wrong(column, text):
    fields = GOOD.split(",")
    fields[HEADER.split(",").index(column)] = text
    return ",".join(fields)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "line 1: the column ts_event is missing"),
        ([HEADER.replace(",size", ""), GOOD], "line 1: the column size is missing"),
        ([HEADER, GOOD, wrong("size", "2.5")], "line 3, column size: came '2.5', wanted a whole number"),
        ([HEADER, wrong("size", "")], "line 2, column size: came ''"),
        ([HEADER, wrong("order_id", "-1")], "line 2, column order_id: came '-1', wanted a whole number from 0"),
        ([HEADER, wrong("price_1e9", "9223372036854775808")], "column price_1e9: came '9223372036854775808'"),
        ([HEADER, wrong("flags", "256")], "column flags: came '256', wanted a whole number from 0 to 255"),
        ([HEADER, GOOD, wrong("action", "X")], "line 3, column action: came 'X', wanted one of A, C, M, T, F, R"),
        ([HEADER, wrong("action", "AB")], "line 2, column action: came 'AB'"),
        ([HEADER, wrong("action", "")], "line 2, column action: came ''"),
        ([HEADER, wrong("side", "b")], "line 2, column side: came 'b', wanted one of B, A, N"),
        ([HEADER, GOOD, "1,2,3"], "line 3: 3 columns came: '1,2,3'; wanted 10"),
        ([HEADER, GOOD, "", GOOD], "line 3: 1 columns came: ''"),
        ([HEADER, NEXT, GOOD], "line 3, column ts_recv: came 10, wanted at least 11"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(tmp_path, lines, message):
    with pytest.raises(SetupError) as told:
        read(file(tmp_path, *lines))
    assert message in str(told.value)
    assert str(tmp_path / "day.csv") in str(told.value)


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(SetupError, match=r"cannot read .*none.csv: No such file"):
        read(tmp_path / "none.csv")


@pytest.mark.parametrize("damage", [lambda raw: raw[:-20], lambda raw: raw[:30] + b"\xff" + raw[31:]])
def test_a_damaged_gzip_file(tmp_path, damage):
    path = tmp_path / "day.csv.gz"
    write(np.zeros(500, MBO), path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(SetupError, match="gzip file that was cut or damaged"):
        read(path)


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "day.csv"
    path.write_bytes(HEADER.encode() + b"\n\xfe")
    with pytest.raises(SetupError, match="byte 79 is 0xfe"):
        read(path)


ROWS = arrays.arrays(
    MBO,
    st.integers(0, 20),
    elements=st.tuples(
        st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1),
        st.sampled_from([b"A", b"C", b"M", b"T", b"F", b"R"]), st.sampled_from([b"A", b"B", b"N"]),
        st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**31), st.integers(0, 2**64 - 1), st.integers(0, 255),
        st.integers(0, 9),
    ),
)  # fmt: skip


@given(rows=ROWS, suffix=st.sampled_from(["csv", "csv.gz"]))
def test_round_trip(tmp_path_factory, rows, suffix):
    rows = np.sort(rows, order="ts_recv")
    path = tmp_path_factory.mktemp("trip") / f"day.{suffix}"
    write(rows, path)
    assert read(path).tolist() == rows.tolist()


def test_gzip_is_told_by_its_content_not_its_name(tmp_path):
    path = tmp_path / "day.csv"
    path.write_bytes(gzip.compress(f"{HEADER}\n{GOOD}\n".encode()))
    assert len(read(path)) == 1
