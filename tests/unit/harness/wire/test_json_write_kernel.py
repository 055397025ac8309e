"""Lines that the kernel writes are byte for byte those that msgspec writes of the same records."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from harness.base.records import COMMAND, EVENT, NONE, command_rows, empty_commands, event_rows
from harness.wire.json_lines import encode_commands, encode_events
from harness.wire.json_messages import CommandLine, EventLine
from harness.wire.json_tables import COMMAND_WORDS, EVENT_WORDS


def by_msgspec(line, words, rows):
    """The rows as msgspec has them; it leaves out what is equal to the default, but for numbers only the very same object."""
    made = []
    for row in rows:
        told = row._asdict()
        told["order_type"], told["type"] = told.get("type"), told["kind"]
        told = {
            name: words[name].of_code[told[name]] if name in words else told[name] for name in line.__struct_fields__
        }
        made.append(
            line(
                **{
                    name: value
                    for name, value in told.items()
                    if name == "type" or value not in (0, NONE) or _is_said(name, value)
                }
            )
        )
    return msgspec.json.Encoder().encode_lines(made)


def _is_said(name, value):
    """Whether a number is not what stands for absent in its field."""
    default = {**_DEFAULTS[CommandLine], **_DEFAULTS[EventLine]}[name]
    return value != default


_DEFAULTS = {
    line: dict(zip(line.__struct_fields__[1:], line.__struct_defaults__, strict=True))
    for line in (CommandLine, EventLine)
}


@settings(deadline=None)  # the first example loads the kernel
@given(arrays.arrays(COMMAND, st.integers(0, 5)))
def test_commands_are_as_msgspec_writes_them(commands):
    assert encode_commands(commands) == by_msgspec(CommandLine, COMMAND_WORDS, command_rows(commands))


@settings(deadline=None)
@given(arrays.arrays(EVENT, st.integers(0, 5)))
def test_events_are_as_msgspec_writes_them(events):
    assert encode_events(events) == by_msgspec(EventLine, EVENT_WORDS, event_rows(events))


@pytest.mark.parametrize("price", [NONE, NONE + 1, -1, 0, 1, 9, 10, 99, 100, 2**63 - 1])
def test_prices_at_the_edges(price):
    commands = empty_commands(2)
    commands["kind"], commands["price"] = 1, price
    assert encode_commands(commands) == by_msgspec(CommandLine, COMMAND_WORDS, command_rows(commands))


def test_records_that_lie_apart_or_may_not_be_written_to_are_written_all_the_same():
    commands = empty_commands(6)
    commands["kind"], commands["order"] = 1, range(6)
    apart = commands[::2]
    apart.flags.writeable = False
    assert encode_commands(apart) == encode_commands(commands[[0, 2, 4]])
