"""Dumps of a raw book: what is right comes through to the last decimal, what is wrong is told by its item."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.base.errors import SetupError
from harness.base.records import NONE, Side
from harness.wire.recording import Action
from harness.wire.recording_bitfinex import read

SUBSCRIBED = '{"event": "subscribed", "channel": "book", "prec": "R0", "chanId": 7, "symbol": "tBTCUSD"}'
SNAPSHOT = "[7, [[11, 61405.27923706, 0.24], [12, 61500, -1e-08]]]"


def dump(folder, *items):
    path = folder / "dump.json"
    path.write_text(f"[{', '.join(items)}]")
    return path


def rows(path):
    recording = read(path)
    return [(Action(row.action).name, Side(row.side).name, row.price * recording.tick_1e9, row.size * recording.lot_1e9 if row.size != NONE else None, row.order, row.last) for row in recording.rows()]  # fmt: skip


def test_the_life_of_orders(tmp_path):
    path = dump(tmp_path, '{"event": "info"}', SUBSCRIBED, SNAPSHOT, "[7, [11, 61405, 0.1]]", '[7, "hb"]', '[7, "cs", 5]', "[7, [12, 0, -1]]")  # fmt: skip
    assert rows(path)[:3] == [
        ("ADD", "BUY", 61_405_279_237_060, 240_000_000, 11, False),
        ("ADD", "SELL", 61_500_000_000_000, 10, 12, True),
        ("MODIFY", "BUY", 61_405_000_000_000, 100_000_000, 11, True),
    ]
    gone = list(read(path).rows())[3]
    assert (gone.action, gone.side, gone.price, gone.size, gone.order) == (Action.CANCEL, Side.SELL, NONE, NONE, 12)
    assert (read(path).symbol, read(path).timed) == ("tBTCUSD", False)


def test_an_order_that_went_can_come_again(tmp_path):
    path = dump(tmp_path, SUBSCRIBED, SNAPSHOT, "[7, [11, 0, 1]]", "[7, [11, 5, -2]]")
    assert [row[0] for row in rows(path)] == ["ADD", "ADD", "CANCEL", "ADD"]


def test_a_second_subscription_to_the_same_book_begins_it_anew(tmp_path):
    again = SUBSCRIBED.replace("7", "8", 1)
    path = dump(tmp_path, SUBSCRIBED, SNAPSHOT, again, "[8, [[11, 5, 1]]]", "[8, []]", "[8, []]")
    assert [(Action(row.action).name, row.last) for row in list(read(path).rows())[2:]] == [
        ("CLEAR", False), ("ADD", True), ("CLEAR", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (["5"], "item 1: 5 came, wanted a message such as"),
        (["[7]"], "item 1: [7] came"),
        ([SNAPSHOT], "item 1: [7, [[11, "),
        ([SNAPSHOT], "wanted the subscription to a raw book first"),
        ([SUBSCRIBED.replace("R0", "P0")], "item 1:"),
        ([SUBSCRIBED.replace("R0", "P0")], "wanted a subscription to the channel book with prec R0"),
        ([SUBSCRIBED.replace('"book"', '"trades"')], "channel book with prec R0"),
        ([SUBSCRIBED.replace("7", '"x"')], "with chanId and symbol"),
        ([SUBSCRIBED, SUBSCRIBED.replace("BTC", "ETH")], "item 2:"),
        ([SUBSCRIBED, SUBSCRIBED.replace("BTC", "ETH")], "of tBTCUSD, once more"),
        (['{"event": "error", "msg": "limit"}'], "wanted a subscription that was granted"),
        ([SUBSCRIBED, "[9, [11, 5, 1]]"], "item 2: [9, [11, 5, 1]] came, wanted a message of channel 7"),
        ([SUBSCRIBED, "[7, [11, 5]]"], "item 2: [11, 5] came, wanted [order id, price, amount]"),
        ([SUBSCRIBED, "[7, [[11, 5, 1], [12, 5]]]"], "item 2, order 2: [12, 5] came"),
        ([SUBSCRIBED, "[7, [[11, 5, 1], 12]]"], "item 2, order 2: 12 came"),
        ([SUBSCRIBED, "[7, [-1, 5, 1]]"], "with a whole number above 0 as id"),
        ([SUBSCRIBED, "[7, [true, 5, 1]]"], "with a whole number above 0 as id"),
        ([SUBSCRIBED, "[7, [11.5, 5, 1]]"], "item 2: [11"),
        ([SUBSCRIBED, '[7, [11, "5", 1]]'], 'item 2: "5" came, wanted a number as price'),
        ([SUBSCRIBED, "[7, [11, null, 1]]"], "item 2: null came"),
        ([SUBSCRIBED, "[7, [11, 5, true]]"], "item 2: true came, wanted a number as amount"),
        ([SUBSCRIBED, "[7, [11, 5.0000000001, 1]]"], "wanted at most 9 decimals as price"),
        ([SUBSCRIBED, "[7, [11, 1e999, 1]]"], "wanted a decimal such as"),
        ([SUBSCRIBED, "[7, [11, -5, 1]]"], "with a price not below 0"),
        ([SUBSCRIBED, "[7, [11, 5, 0]]"], "an amount that is not 0"),
        ([SUBSCRIBED, "[7, [11, NaN, 1]]"], "is no JSON: NaN is no number of JSON"),
        ([SUBSCRIBED], "no order in 1 items"),
        ([SUBSCRIBED, "[7, [11, 5, 1]"], "is no JSON: Expecting ',' delimiter: line 1"),
        (["[" * 100_000], "is no JSON"),
    ],
)
def test_what_is_wrong_is_told_by_its_item(tmp_path, items, message):
    with pytest.raises(SetupError) as told:
        read(dump(tmp_path, *items))
    assert message in str(told.value)
    assert str(tmp_path / "dump.json") in str(told.value)


def test_what_is_no_array(tmp_path):
    path = tmp_path / "dump.json"
    path.write_text(json.dumps({"a": "x" * 500}))
    with pytest.raises(SetupError) as told:
        read(path)
    assert "... came, wanted an array of the messages" in str(told.value)
    assert len(str(told.value)) < 400


SOME_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.sampled_from([7, "hb", 0, 1, -1, 11])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["event", "chanId"]), inner)),
    max_leaves=8,
)  # fmt: skip


@given(items=st.lists(st.one_of(SOME_VALUE, st.tuples(st.just(7), SOME_VALUE))))
def test_whatever_the_items_are_they_are_read_or_refused_in_words(items, tmp_path_factory):
    path = dump(tmp_path_factory.mktemp("any"), SUBSCRIBED, SNAPSHOT, *map(json.dumps, items))
    with suppress(SetupError):
        assert len(read(path).records) >= 2
