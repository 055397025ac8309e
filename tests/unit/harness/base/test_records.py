"""The records are a contract between all parts: their bytes are pinned here."""

import numpy as np

from harness.base.records import (
    COMMAND,
    EVENT,
    NONE,
    RECORD_BYTES,
    Command,
    Event,
    Side,
    command_rows,
    empty_commands,
    event_rows,
    events_of,
)


def test_both_records_are_112_packed_bytes():
    assert COMMAND.itemsize == EVENT.itemsize == RECORD_BYTES == 112


def test_fields_lie_where_the_format_says():
    offsets = {name: COMMAND.fields[name][1] for name in ("number", "price", "sent_ns", "instrument", "kind", "flags")}
    assert offsets == {"number": 0, "price": 24, "sent_ns": 80, "instrument": 88, "kind": 100, "flags": 104}
    offsets = {
        name: EVENT.fields[name][1]
        for name in ("command", "price", "engine_seq", "engine_ns", "reason", "kind", "channel")
    }
    assert offsets == {
        "command": 0,
        "price": 40,
        "engine_seq": 64,
        "engine_ns": 72,
        "reason": 100,
        "kind": 102,
        "channel": 105,
    }


def test_all_numbers_are_little_endian():
    assert all(
        COMMAND.fields[name][0].byteorder in "<|="
        and np.dtype(COMMAND.fields[name][0]).newbyteorder("<") == COMMAND.fields[name][0]
        for name in COMMAND.names
    )


def test_an_empty_command_has_every_field_absent():
    (command,) = command_rows(empty_commands(1))
    assert (command.price, command.qty, command.sent_ns, command.side, command.order) == (
        NONE,
        NONE,
        NONE,
        Side.NONE,
        0,
    )


def test_rows_and_arrays_are_each_others_inverse():
    rows = [Event(command=2**64 - 1, price=-5, reason=65535, kind=5), Event()]
    assert event_rows(events_of(rows)) == rows
    assert Command._fields == COMMAND.names
    assert Event._fields == EVENT.names
