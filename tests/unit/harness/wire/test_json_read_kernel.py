"""What the kernel reads of a line is what a whole reader of JSON reads of it; and it does read the lines that engines write."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.records import RECORD_BYTES
from harness.wire import json_lines
from harness.wire.json_messages import CommandLine, EventLine
from harness.wire.json_read_kernel import Reading, read
from harness.wire.json_tables import COMMAND_WORDS, EVENT_WORDS

READERS = {"commands": json_lines._COMMANDS, "events": json_lines._EVENTS}
FIELDS = {"commands": (CommandLine, COMMAND_WORDS), "events": (EventLine, EVENT_WORDS)}
EDGES = [-(2**63), -1, 0, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 10**19 - 1, 10**19, 2**64 - 1, 2**64, 10**20]
NUMBERS = st.one_of(st.integers(0, 9), st.integers(-(2**63), 2**64), st.sampled_from(EDGES))
SPACES = st.sampled_from(["", "", "", " ", "\t", "\r", "  "])


def read_by_kernel(reader, line):
    """The record of the one line, none where the kernel leaves it, and where it stopped."""
    record = np.zeros(1, reader._direction.record)
    rows = record.view(np.uint8).reshape(1, RECORD_BYTES)
    count, at = read(Reading(reader._direction.tables, np.frombuffer(line, np.uint8), rows), 0, 0)
    return record[:count], at


def agrees(way, line):
    """Whether the kernel took the line; if so, the whole reader must find the same record in it."""
    record, at = read_by_kernel(READERS[way], line)
    assert at == len(line) * len(record)
    if not len(record):
        return False
    whole = READERS[way]._odd(line[:-1])
    assert isinstance(whole, np.ndarray), whole
    assert record.tolist() == whole.tolist()
    return True


@st.composite
def lines(draw, way):
    """Lines of known fields, in any order, with any words, numbers and spaces; most are right."""
    line, words = FIELDS[way]
    names = draw(st.lists(st.sampled_from(line.__struct_fields__), max_size=6))
    values = [
        draw(st.sampled_from(words[name].of_code[:20]) if name in words else NUMBERS) for name in ("type", *names)
    ]
    pairs = draw(st.permutations([*zip(("type", *names), values, strict=True)]))
    told = [
        f"{draw(SPACES)}{json.dumps(name)}{draw(SPACES)}:{draw(SPACES)}{json.dumps(value)}{draw(SPACES)}"
        for name, value in pairs
    ]
    return f"{draw(SPACES)}{{{','.join(told)}}}{draw(SPACES)}\n".encode()


@pytest.mark.parametrize("way", READERS)
@settings(deadline=None)  # the first example loads the kernel
@given(data=st.data())
def test_a_line_that_it_takes_is_read_as_by_a_whole_reader(way, data):
    agrees(way, data.draw(lines(way)))


@pytest.mark.parametrize("way", READERS)
@settings(deadline=None)
@given(data=st.data())
def test_so_is_one_in_which_a_byte_was_changed_or_left_out(way, data):
    line = data.draw(lines(way))
    at = data.draw(st.integers(0, len(line) - 2))
    put_in = data.draw(
        st.sampled_from(
            [b"", b'"', b"0", b"-", b".", b"e", b",", b":", b"{", b"}", b"\\", b" ", b"\x00", b"\xff", b"a"]
        )
    )
    agrees(way, line[:at] + put_in + line[at + 1 :])


@pytest.mark.parametrize(
    "line",
    [
        '{"type":"trade","command":18446744073709551615,"maker":1,"price":-9223372036854775807,"qty":9223372036854775807}',
        '{"type": "accepted", "order": 7, "engine_ns": 1764000000000000000, "instrument": 4294967295, "side": "sell"}',
        ' { "reason" : "post_only_would_trade" ,\t"type" : "canceled" } \r',
        '{"type":"trade","qty":0,"role":"both","channel":"drop_copy"}',
    ],
)
def test_lines_that_engines_write_are_taken(line):
    assert agrees("events", f"{line}\n".encode())


@pytest.mark.parametrize(
    "line",
    [
        "", "{}", '{"order":1}', '{"type":"trade","qty":05}', '{"type":"trade","qty":-0}', '{"type":"trade","qty":}', '{"type":"trade","qty":1.0}',
        '{"type":"trade","qty":9223372036854775808}', '{"type":"trade","order":18446744073709551616}', '{"type":"trade","order":-1}',
        '{"type":"trade","order":99999999999999999999}', '{"type":"trade","order":100000000000000000000}', '{"type":"trade","account":4294967296}',
        '{"type":"trade","side":"long"}', '{"type":"trade","side":"7"}', '{"type":"trade","volume":1}', '{"type":"tr\\u0061de"}', '{"type":"trade",}',
        '{"type":"trade"}}', '{"type":"trade"},', '{"type":"trade" "qty":1}', '{"type" "trade"}', '"type"', '{"type":"trade', '{"type":trade}', '{"qty":"1","type":"trade"}',
    ],
)  # fmt: skip
def test_a_line_that_is_wrong_or_odd_is_left_to_the_whole_reader(line):
    assert not agrees("events", f"{line}\n".encode())


def test_it_stops_at_an_odd_line_and_goes_on_behind_it():
    line, odd = b'{"type":"done","qty":1}\n', b'{"type":"7"}\n'
    stream = line + line + odd + line
    records = np.zeros(4, READERS["events"]._direction.record)
    work = Reading(
        READERS["events"]._direction.tables,
        np.frombuffer(stream, np.uint8),
        records.view(np.uint8).reshape(4, RECORD_BYTES),
    )
    assert read(work, 0, 0) == (2, 2 * len(line))
    assert read(work, 2 * len(line) + len(odd), 2) == (3, len(stream))
    assert records["qty"].tolist() == [1, 1, 1, 0]
