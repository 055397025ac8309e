"""docs/json-lines.md is held to the codec: its examples are read, and it names every field and word."""

import json
from pathlib import Path

import pytest

from harness.base.records import CommandKind, EventKind, OrderType, Side, TimeInForce
from harness.wire.json_lines import decode_commands, decode_events
from harness.wire.json_messages import AskBook, Book, CommandLine, Error, EventLine, Init, InitOk, Reset, ResetOk

PAGE = (Path(__file__).parents[4] / "docs" / "json-lines.md").read_text()
EXAMPLES = [line.strip().replace(",...}", "}") for line in PAGE.splitlines() if line.startswith("    ")]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_right(example):
    arrow, line = example.split(" ", 1)
    lines = (decode_commands if arrow == "->" else decode_events)(f"{line}\n".encode())
    assert not lines.wrong
    assert len(lines.records) + len(lines.messages) == 1
    assert json.loads(line)


def test_there_are_examples_both_ways():
    assert {example[:2] for example in EXAMPLES} == {"->", "<-"}


@pytest.mark.parametrize("struct", [CommandLine, EventLine, Init, InitOk, Error, Reset, ResetOk, AskBook, Book])
def test_every_field_and_message_is_told(struct):
    for field in struct.__struct_fields__:
        assert f"`{field}`" in PAGE or f'"{field}"' in PAGE, field
    tag = struct.__struct_config__.tag
    assert tag is None or f"`{tag}`" in PAGE or f'"{tag}"' in PAGE


@pytest.mark.parametrize("enum", [CommandKind, EventKind, OrderType, TimeInForce, Side])
def test_every_word_is_told(enum):
    for member in enum:
        assert member.name == "NONE" or f"`{member.name.lower()}`" in PAGE, member
