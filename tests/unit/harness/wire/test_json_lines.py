"""JSON lines: every record comes back, streams are cut anywhere, and what is wrong is told by its line."""

import gc
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import (
    COMMAND,
    EVENT,
    NONE,
    CommandKind,
    Event,
    EventKind,
    OrderType,
    Side,
    TimeInForce,
    command_rows,
    empty_commands,
    event_rows,
    events_of,
)  # fmt: skip
from harness.wire import json_lines
from harness.wire.json_lines import (
    Wrong,
    decode_commands,
    decode_events,
    encode_commands,
    encode_events,
    encode_message,
)  # fmt: skip
from harness.wire.json_messages import AskBook, Book, Error, Init, InitOk, Reset, ResetOk

NEW = '{"type":"new","number":7,"order":40,"price":99,"qty":5,"instrument":1,"account":3,"order_type":"limit","tif":"ioc","side":"sell"}\n'
TRADE = '{"type":"trade","command":7,"order":40,"maker":39,"match":1,"price":99,"qty":5,"remaining":0,"instrument":1,"side":"sell","role":"both"}\n'
MESSAGES = [
    Init(1, (Instrument(id=1, symbol="ONE"),), Conventions(self_trade="decrement")), Reset(), AskBook(),
    InitOk(1, "mine", Capabilities(types=("limit", "stop")), engine_version="0.3"), Error("no more room"), ResetOk(),
    Book(9, ((1, 0, 99, 0, 40, 5),)),
]  # fmt: skip


def test_a_command_in_words():
    made = empty_commands(1)
    for name, value in {
        "kind": CommandKind.NEW, "number": 7, "order": 40, "price": 99, "qty": 5, "instrument": 1, "account": 3, "type": OrderType.LIMIT,
        "tif": TimeInForce.IOC, "side": Side.SELL,
    }.items():  # fmt: skip
        made[name] = value
    assert encode_commands(made).decode() == NEW
    assert decode_commands(NEW.encode()).records == made


def test_an_event_in_words():
    (event,) = event_rows(decode_events(TRADE.encode()).records)
    assert event == Event(
        kind=EventKind.TRADE, command=7, order=40, maker=39, match=1, price=99, qty=5, remaining=0, instrument=1, side=Side.SELL, role=3
    )  # fmt: skip
    assert encode_events(events_of([event])).decode() == TRADE


def test_an_engines_own_line_may_stand_in_any_order_with_any_spaces():
    line = b'  { "order" : 40,"reason":"invalid_price" , "type":"rejected"}\r\n'
    (event,) = event_rows(decode_events(line).records)
    assert event == Event(kind=EventKind.REJECTED, order=40, reason=Reason.INVALID_PRICE)


@given(arrays.arrays(COMMAND, st.integers(0, 6)))
def test_any_commands_come_back(commands):
    lines = decode_commands(encode_commands(commands))
    wanted = [row._replace(due_ns=NONE, sent_ns=NONE) for row in command_rows(commands)]
    assert command_rows(lines.records) == wanted
    assert (lines.messages, lines.wrong) == ((), ())


@given(arrays.arrays(EVENT, st.integers(0, 6)))
def test_any_events_come_back(events):
    lines = decode_events(encode_events(events))
    assert event_rows(lines.records) == [row._replace(received_ns=NONE) for row in event_rows(events)]
    assert (lines.messages, lines.wrong) == ((), ())


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_back(message):
    decode = decode_commands if isinstance(message, Init | Reset | AskBook) else decode_events
    line = encode_message(message)
    assert line.count(b"\n") == 1
    assert decode(line).messages == (message,)


def test_messages_between_events_are_found():
    lines = decode_events(TRADE.encode() + encode_message(ResetOk()) + TRADE.encode())
    assert len(lines.records) == 2
    assert lines.messages == (ResetOk(),)
    assert not lines.wrong
    assert lines.used == 2 * len(TRADE) + len(encode_message(ResetOk()))


@pytest.mark.parametrize("cut", range(len(TRADE) + 1))
def test_a_line_cut_anywhere_waits_for_its_rest(cut):
    stream = TRADE.encode() + TRADE.encode()
    first = decode_events(stream[: len(TRADE) + cut])
    assert first.used == (len(stream) if cut == len(TRADE) else len(TRADE))
    assert len(first.records) + len(decode_events(stream[first.used :]).records) == 2
    assert not first.wrong


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nonsense", "JSON is malformed"),
        ("[1,2]", "Expected `object`, got `array`"),
        ('{"order":40}', "missing required field `type`"),
        ('{"type":"filled","order":40}', "'type filled' is no word of this protocol"),
        ('{"type":"trade","quantity":5}', "unknown field `quantity`"),
        ('{"type":"trade","qty":5.0}', "Expected `int`, got `float` - at `\\$.qty`"),
        ('{"type":"trade","qty":null}', "Expected `int`, got `null`"),
        ('{"type":"trade","qty":"5"}', "Expected `int`, got `str`"),
        ('{"type":"trade","order":-1}', "out of bounds"),
        ('{"type":"trade","order":18446744073709551616}', "out of bounds|too large|too big"),
        ('{"type":"trade","side":"long"}', "'long' is no word of this protocol"),
        ('{"type":"rejected","reason":"because"}', "'because' is no word"),
        ('{"type":"snapshot_ok","engine_seq":1,"rows":[[1]]}', "rows"),
        ('{"type":"init","version":1,"instruments":[]}', "'type init' is no word"),
        ('{"type":"trade"}{"type":"trade"}', "trailing characters"),
        ('{"type":"trade"', "truncated"),
        ("[" * 100_000, "Expected `object`|recursion"),
        ('{"type":"trade","order":' + "[" * 100_000, "Expected `int`|recursion|truncated"),
        ('{"x":' + "[" * 100_000, "recursion|truncated"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_line_and_takes_nothing_from_its_neighbours(line, reason):
    lines = decode_events(f"{TRADE}\n{line}\n{TRADE}".encode())
    assert len(lines.records) == 2
    (wrong,) = lines.wrong
    assert wrong.line == 3
    assert re.search(reason, wrong.reason), wrong.reason


def test_bytes_that_are_no_text_are_told():
    (wrong,) = decode_events(b'{"type":"\xff"}\n').wrong
    assert wrong.line == 1
    assert "utf-8" in wrong.reason


@given(st.binary(max_size=80))
def test_any_bytes_are_lines_or_told(garbage):
    lines = decode_events(TRADE.encode() + garbage.replace(b"\n", b" ") + b"\n" + TRADE.encode())
    assert (lines.records["order"] == 40).sum() == 2
    assert len(lines.records) + len(lines.wrong) + len(lines.messages) + (not garbage.replace(b"\n", b" ").strip()) == 3


def test_a_line_without_end_is_told(monkeypatch):
    monkeypatch.setattr(json_lines, "LINE_MOST", 10)
    assert decode_events(TRADE.encode() + b"x" * 10).wrong == ()
    assert decode_events(TRADE.encode() + b"x" * 11).wrong == (Wrong(2, "a line of more than 10 bytes"),)


def test_nothing_is_nothing():
    lines = decode_events(b"")
    assert (len(lines.records), lines.used, lines.wrong) == (0, 0, ())
    assert encode_events(np.zeros(0, EVENT)) == b""


@pytest.mark.parametrize(("encode", "records"), [(encode_commands, empty_commands(3)), (encode_events, events_of([Event(kind=EventKind.DONE)] * 3))])  # fmt: skip
def test_what_was_encoded_is_let_go_of(encode, records):
    encode(records)
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(100):
        encode(records)
    gc.collect()
    assert len(gc.get_objects()) - before < 50
