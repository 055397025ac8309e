"""Marks are used in the boot and for the configuration that they were made for, and only where all streams reach as far."""

import pytest

from engines.service.gateway import marks as module
from engines.service.gateway.marks import EVERY_EVENTS, FILE, NO_MARKS, Marker, Marks, read_marks
from engines.service.gateway.streams import Mark, Stream
from harness.wire.soup import PacketType, bytes_of, packet

WHAT = Marks(9, {"1.stream": Mark(2, 10)}, {1: 7})


@pytest.fixture
def folder(tmp_path):
    stream = Stream(tmp_path / "1.stream")
    stream.append(bytes_of(packet(PacketType.SEQUENCED, b"ab") * 2))
    assert stream.mark() == Mark(2, 10)
    stream.close()
    marker = Marker(tmp_path, "ours")
    marker.told(9)
    marker.write(WHAT.streams, WHAT.last)
    return tmp_path


def test_what_was_written_is_read(folder):
    assert read_marks(folder, "ours", 9) == WHAT
    assert [one.name for one in folder.iterdir() if "mark" in one.name] == [FILE]


def test_they_are_of_no_use_for_another_configuration_or_a_trail_that_ends_before(folder):
    assert read_marks(folder, "theirs", 9) == read_marks(folder, "ours", 8) == NO_MARKS


def test_they_are_of_no_use_in_another_boot(folder, monkeypatch):
    (folder / "boot").write_text("another")
    monkeypatch.setattr(module, "BOOT", folder / "boot")
    assert read_marks(folder, "ours", 9) == NO_MARKS


def test_they_are_of_no_use_where_a_stream_is_shorter_or_they_cannot_be_read(folder):
    with (folder / "1.stream").open("r+b") as file:
        file.truncate(9)
    assert read_marks(folder, "ours", 9) == NO_MARKS
    (folder / FILE).write_bytes(b"{")
    assert read_marks(folder, "ours", 9) == NO_MARKS
    (folder / FILE).unlink()
    assert read_marks(folder, "ours", 9) == NO_MARKS


def test_it_is_time_for_them_after_so_many_events(tmp_path):
    marker = Marker(tmp_path, "ours", event=5)
    assert not marker.told(EVERY_EVENTS + 4)
    assert marker.told(EVERY_EVENTS + 5)
    marker.write({}, {})
    assert not marker.told(EVERY_EVENTS + 6)
