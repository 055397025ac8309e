"""The stacks that a profiler saw, as a file."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.base.errors import EvidenceError
from harness.evidence import stacks
from harness.evidence.stacks import NAME, RARER, parsed, read_stacks, tidied, write_stacks

SEEN = Counter({("main", "match (book.py:12)"): 12, ("main",): 3, ("main", "operator() const", "f(int)"): 1})


def test_what_was_written_is_read(tmp_path):
    write_stacks(tmp_path, SEEN)
    assert read_stacks(tmp_path) == SEEN
    assert (tmp_path / NAME).read_text() == "main 3\nmain;match (book.py:12) 12\nmain;operator() const;f(int) 1\n"


def test_the_same_stack_on_two_lines_is_one():
    assert parsed(["a;b 2", "", "a;b 3"]) == {("a", "b"): 5}


@pytest.mark.parametrize("line", ["a;b", "a;b x", " 3", "a;b -1", "12"])
def test_a_line_without_its_samples_is_none(line):
    with pytest.raises(ValueError, match="how many samples"):
        parsed([line])


def test_names_cannot_end_a_frame_or_a_line():
    told = tidied(Counter({("a;b\nc", "", "d\u2028e", "f" * 500): 2}))
    assert told == {("a:b?c", "[unknown]", "d?e", "f" * 197 + "..."): 2}


def test_two_names_that_are_made_the_same_are_counted_together():
    assert tidied(Counter({("a;",): 2, ("a:",): 3})) == {("a:",): 5}


def test_of_a_stack_too_deep_the_outermost_frames_are_kept():
    [stack] = tidied(Counter({tuple(map(str, range(1000))): 1}))
    assert stack == tuple(map(str, range(stacks.MOST_FRAMES)))


def test_stacks_that_find_no_room_are_counted_together(tmp_path, monkeypatch):
    monkeypatch.setattr(stacks, "MOST_BYTES", 60)
    seen = Counter({("often",): 1000, ("x" * 30,): 7, ("y" * 30,): 5})
    write_stacks(tmp_path, seen)
    assert read_stacks(tmp_path) == {("often",): 1000, RARER: 12}
    assert (tmp_path / NAME).stat().st_size <= 60


@pytest.mark.parametrize("body", [b"a;b\n", b"\xff 1\n"])
def test_a_file_that_is_none_is_damage(tmp_path, body):
    (tmp_path / NAME).write_bytes(body)
    with pytest.raises(EvidenceError, match="profile"):
        read_stacks(tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EvidenceError, match="cannot read the profile"):
        read_stacks(tmp_path)
