"""The index: the last line of a segment counts, and a line that was cut does not."""

import pytest

from harness.base.errors import EvidenceError
from harness.evidence.index import IndexLine, Tail, append_lines, read_index, weight_bytes

FIRST = IndexLine(file="000001.commands", first=1, count=5, blake2b="ab")
GONE = IndexLine(file="000001.commands", first=1, count=5, blake2b="ab", kept=False, timeless="cd")
OTHER = IndexLine(file="000001.events", first=1, count=7, blake2b="ef")


@pytest.fixture
def history(tmp_path):
    with (tmp_path / "index.jsonl").open("ab", buffering=0) as file:
        append_lines(file, FIRST, OTHER)
        append_lines(file, GONE)
    return tmp_path


def test_the_last_line_of_a_segment_counts(history):
    assert read_index(history) == {"000001.commands": GONE, "000001.events": OTHER}


def test_a_line_that_was_cut_is_left_out(history):
    path = history / "index.jsonl"
    path.write_bytes(path.read_bytes()[:-3])
    assert read_index(history)["000001.commands"] == FIRST


def test_a_line_that_is_none_is_named(history):
    (history / "index.jsonl").write_text("{}\n")
    with pytest.raises(EvidenceError, match=r"index\.jsonl is not what it should be"):
        read_index(history)


def test_a_line_of_the_first_version_is_read(history):
    (history / "index.jsonl").write_text('{"file":"000001.events","first":1,"count":7,"blake2b":"ef","kept":true}\n')
    assert read_index(history) == {"000001.events": OTHER}


def test_without_an_index_there_are_no_lines(tmp_path):
    assert read_index(tmp_path) == {}


def test_the_weight_is_that_of_the_segments_and_not_of_the_index(history):
    assert weight_bytes(history) == 0
    (history / "000001.events").write_bytes(b"x" * 100)
    (history / "000002.events.part").write_bytes(b"x" * 10)
    assert weight_bytes(history) == 110


def test_the_tail_gives_each_sealed_segment_once_and_no_dropped_one(history):
    tail = Tail(history)
    assert tail.lines() == [FIRST, OTHER]
    assert tail.lines() == []
    path = history / "index.jsonl"
    whole = path.read_bytes()
    third = IndexLine(file="000002.commands", first=6, count=5, blake2b="00")
    with path.open("ab", buffering=0) as file:
        append_lines(file, third)
    longer = path.read_bytes()
    for cut in range(len(whole), len(longer)):
        path.write_bytes(longer[:cut])
        assert tail.lines() == []
    path.write_bytes(longer)
    assert tail.lines() == [third]
