"""Recordings as CSV: what is right comes through whole by whatever map, what is wrong is told by line and column."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.base.errors import SetupError
from harness.base.records import NONE, Side
from harness.wire.recording import Action
from harness.wire.recording_csv import mbo, read
from harness.wire.recording_map import (
    ActionColumn,
    ColumnMap,
    EventColumn,
    IdColumn,
    NumberColumn,
    SideColumn,
    TimeColumn,
)
from tests.fakes.days import ESH4, MBO_HEADER, needs_esh4

GOOD = "1,10,1,A,B,4799000000000,2,6412777162812,168,0"
NEXT = "2,11,2,T,N,9223372036854775807,44,0,0,0"

OWN = ColumnMap(
    time=TimeColumn(column="when", unit="s"),
    action=ActionColumn(
        column="what", add=["NEW"], cancel=["DEL"], modify=["CHG"], trade=["EXE"], fill=["HIT"], ignore=["HB"]
    ),
    side=SideColumn(column="side", buy=["bid"], sell=["ask"]),
    price=NumberColumn(column="px"),
    size=NumberColumn(column="qty", none=["all"]),
    id=IdColumn(column="order", kind="text"),
    delimiter=";",
)
OWN_HEADER = "when;what;side;px;qty;order;tx"


def file(folder, *lines, name="day.csv"):
    path = folder / name
    path.write_text("\n".join([*lines, ""]))
    return path


def test_a_line_of_market_by_order(tmp_path):
    read_in = read(file(tmp_path, MBO_HEADER, GOOD, NEXT))
    assert (read_in.symbol, read_in.tick_1e9, read_in.lot_1e9) == ("day", 4_799_000_000_000, 2 * 10**9)
    first, second = read_in.rows()
    assert first == (1, Action.ADD, Side.BUY, 1, 1, 6_412_777_162_812, True)
    assert second == (2, Action.TRADE, Side.NONE, NONE, 22, 0, False)


def test_columns_are_found_by_name_and_others_let_be(tmp_path):
    names = [*reversed(MBO_HEADER.split(",")), "note"]
    values = [*reversed(GOOD.split(",")), "hello"]
    other = read(file(tmp_path, ",".join(names), ",".join(values)))
    assert other.records == read(file(tmp_path, MBO_HEADER, GOOD)).records


def test_a_file_without_records(tmp_path):
    assert len(read(file(tmp_path, MBO_HEADER)).records) == 0


def own(folder, *lines, **changed):
    return read(file(folder, OWN_HEADER, *lines), OWN.model_copy(update=changed), "MINE")


def test_a_map_of_ones_own(tmp_path):
    recording = own(
        tmp_path,
        "0.5;NEW;bid;10.25;1.5;a-1;",
        "0.5;HB;;;;;",
        "0.75;CHG;bid;10.50;1.0;a-1;",
        '1;EXE;ask;10.5;0.5;;"x"',
        "1.000000001;DEL;;;all;a-1;",
    )
    assert (recording.symbol, recording.tick_1e9, recording.lot_1e9) == ("MINE", 250_000_000, 500_000_000)
    assert list(recording.rows()) == [
        (500_000_000, Action.ADD, Side.BUY, 41, 3, 1, True),
        (750_000_000, Action.MODIFY, Side.BUY, 42, 2, 1, True),
        (1_000_000_000, Action.TRADE, Side.SELL, 42, 1, 0, True),
        (1_000_000_001, Action.CANCEL, Side.NONE, NONE, NONE, 1, True),
    ]


LINES = ("1;NEW;bid;10;1;a;x", "1;NEW;bid;10;1;b;x", "1;NEW;bid;10;1;c;y", "2;NEW;bid;10;1;a;y")


@pytest.mark.parametrize(
    ("event", "last"),
    [
        (None, [False, False, True, True]),
        (EventColumn(column="tx"), [False, True, False, True]),
    ],
)
def test_what_makes_an_event(tmp_path, event, last):
    recording = own(tmp_path, *LINES, event=event)
    assert recording.records["last"].tolist() == last
    assert recording.records["order"].tolist() == [1, 2, 3, 1], "texts are numbered as they first come"


def test_the_bit_of_the_last_record(tmp_path):
    flags = ("16", "8", "12", "7")
    lines = [f"{line[:-1]}{flag}" for line, flag in zip(LINES, flags, strict=True)]
    recording = own(tmp_path, *lines, event=EventColumn(column="tx", last_bit=3))
    assert recording.records["last"].tolist() == [False, True, True, False]


def test_a_file_without_a_header(tmp_path):
    columns = OWN.model_copy(update={"header": OWN_HEADER.split(";")})
    assert len(read(file(tmp_path, *LINES), columns).records) == 4
    with pytest.raises(SetupError, match="line 2, column what: came 'OLD'"):
        read(file(tmp_path, LINES[0], LINES[1].replace("NEW", "OLD")), columns)


def test_messages_as_of_itch_with_numbers_for_words(tmp_path):
    columns = ColumnMap(
        header=["time", "type", "id", "size", "price", "side"],
        time=TimeColumn(column="time", unit="s"),
        action=ActionColumn(column="type", add=["1"], cancel=["2", "3"], execute=["4"], ignore=["5", "7"]),
        side=SideColumn(column="side", buy=["1"], sell=["-1"]),
        price=NumberColumn(column="price", implied_decimals=4),
        size=NumberColumn(column="size"),
        id=IdColumn(column="id"),
    )
    recording = read(
        file(tmp_path, "34200.004241176,1,16113575,18,5853300,1", "34200.1,4,16113575,3,5853300,1"), columns
    )
    assert (recording.tick_1e9, recording.lot_1e9) == (585_330_000_000, 3 * 10**9)
    assert [(row.ns, Action(row.action).name, row.size, row.order) for row in recording.rows()] == [
        (34_200_004_241_176, "ADD", 6, 16_113_575), (34_200_100_000_000, "EXECUTE", 1, 16_113_575),
    ]  # fmt: skip


def wrong(column, text):
    fields = GOOD.split(",")
    fields[MBO_HEADER.split(",").index(column)] = text
    return ",".join(fields)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "line 1: the column ts_event, action, side, price_1e9, size, order_id, flags is missing; came: ''"),
        ([MBO_HEADER.replace(",size", ""), GOOD], "line 1: the column size is missing"),
        ([f"{MBO_HEADER},size", GOOD], "line 1: the column size is there twice"),
        ([MBO_HEADER, GOOD, wrong("size", "2.5")], "line 3, column size: came '2.5', wanted a whole number"),
        ([MBO_HEADER, GOOD, wrong("size", "x" * 500)], f"line 3, column size: came '{'x' * 120}', wanted a decimal"),
        ([MBO_HEADER, wrong("size", "")], "line 2: wanted an order with a price, a side and a size"),
        ([MBO_HEADER, wrong("order_id", "-1")], "line 2, column order_id: came '-1', wanted a whole number from 1 to"),
        ([MBO_HEADER, wrong("order_id", "0")], "line 2, column order_id: came '0'"),
        ([MBO_HEADER, wrong("order_id", "")], "line 2, column order_id: came ''"),
        ([MBO_HEADER, wrong("flags", "-1")], "line 2, column flags: came '-1', wanted a whole number not below 0"),
        ([MBO_HEADER, GOOD, wrong("action", "X")], "line 3, column action: came 'X', wanted one of A, C, M, T, F, R"),
        ([MBO_HEADER, wrong("action", "")], "line 2, column action: came ''"),
        ([MBO_HEADER, wrong("side", "b")], "line 2, column side: came 'b', wanted one of N, B, A"),
        ([MBO_HEADER, wrong("side", "N")], "line 2: wanted an order with a price, a side"),
        ([MBO_HEADER, GOOD, "1,2,3"], "line 3, 3 columns came: '1,2,3'; wanted at least 9"),
        ([MBO_HEADER, GOOD, "", GOOD], "line 3, 0 columns came: ''"),
        ([MBO_HEADER, NEXT, GOOD], "line 3: the time 1 ns came, wanted at least 2"),
        ([MBO_HEADER, wrong("ts_event", "noon")], "line 2, column ts_event: came 'noon', wanted a decimal"),
        ([MBO_HEADER, '1,"2'], "line 2, it is no CSV"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(tmp_path, lines, message):
    with pytest.raises(SetupError) as told:
        read(file(tmp_path, *lines))
    assert message in str(told.value)
    assert str(tmp_path / "day.csv") in str(told.value)


def test_an_order_needs_an_id_that_is_a_text(tmp_path):
    with pytest.raises(SetupError, match="line 2, column order: came '', wanted the id of an order"):
        own(tmp_path, "1;NEW;bid;10;1;;")


@needs_esh4
def test_the_real_day_was_received_in_order():
    columns = mbo().model_copy(update={"time": TimeColumn(column="ts_recv", unit="ns")})
    assert len(read(ESH4, columns).records) == 68_792


SOME_FIELD = st.one_of(
    st.sampled_from(["", "NEW", "DEL", "CHG", "EXE", "HIT", "HB", "bid", "ask", "all", "1", "2.5", "-1", "1e18", "1e99", "a"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)  # fmt: skip


@given(lines=st.lists(st.lists(SOME_FIELD, min_size=5, max_size=8), max_size=5))
def test_whatever_stands_in_a_file_is_read_or_refused_in_words(lines, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "day.csv"
    path.write_text("\n".join([OWN_HEADER, *(";".join(line) for line in lines)]), newline="")
    with suppress(SetupError):
        assert all(row.order > 0 for row in read(path, OWN).rows() if row.action != Action.TRADE)


@given(raw=st.binary(max_size=200))
def test_whatever_the_bytes_are_nothing_else_is_raised(raw, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "day.csv"
    path.write_bytes(raw)
    with pytest.raises(SetupError, match=r"day.csv"):
        read(path)
