"""The tables of JSON lines: every name and word is found as itself in its own set alone, and a line has room for the longest."""

import numpy as np
import pytest

from harness.base.records import COMMAND, EVENT, Side
from harness.wire.json_lines import encode_commands, encode_events
from harness.wire.json_messages import CommandLine, EventLine
from harness.wire.json_read_kernel import meaning_of
from harness.wire.json_tables import (
    COMMAND_LINES,
    COMMAND_WORDS,
    EVENT_LINES,
    EVENT_WORDS,
    NAMES,
    NOWHERE,
    WORD,
)

DIRECTIONS = pytest.mark.parametrize(
    ("direction", "line", "words"),
    [(COMMAND_LINES, CommandLine, COMMAND_WORDS), (EVENT_LINES, EventLine, EVENT_WORDS)],
    ids=["commands", "events"],
)


def meaning(direction, of, text):
    stream = np.frombuffer(text.encode() + b"\n", np.uint8)
    return int(meaning_of(direction.tables, np.int64(of), stream, np.int64(0), np.int64(len(text))))


@DIRECTIONS
def test_fields_are_those_of_the_line_in_its_order(direction, line, words):
    assert [meaning(direction, NAMES, name) for name in line.__struct_fields__] == [*range(len(line.__struct_fields__))]
    are_words = [name in words for name in line.__struct_fields__]
    assert (direction.tables.forms == WORD).tolist() == are_words


@DIRECTIONS
def test_every_word_means_its_code_in_its_own_field(direction, line, words):
    for number, name in enumerate(line.__struct_fields__):
        named = words[name].names if name in words else {}
        assert {code: meaning(direction, number + 1, word) for code, word in named.items()} == {
            code: code for code in named
        }
        assert meaning(direction, number + 1, line.__struct_fields__[1]) == NOWHERE
        assert meaning(direction, number + 1, "") == NOWHERE


@pytest.mark.parametrize(
    ("direction", "dtype", "encode"), [(COMMAND_LINES, COMMAND, encode_commands), (EVENT_LINES, EVENT, encode_events)]
)
@pytest.mark.parametrize("octet", [0x80, 0xFF, 0x7F])
def test_no_line_is_longer_than_the_room_for_it(direction, dtype, encode, octet):
    record = np.full(dtype.itemsize, octet, np.uint8).view(dtype)
    assert 280 < len(encode(record)) <= direction.most_bytes


def test_a_record_in_which_all_is_absent_has_nothing_in_its_padding():
    record = EVENT_LINES.tables.absent.view(EVENT)
    assert record["side"] == Side.NONE
    assert record.view(np.uint8).tolist() == [*record.view(np.uint8)[:106].tolist(), *[0] * 6]
