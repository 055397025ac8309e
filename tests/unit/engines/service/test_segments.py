"""A segment is told from what is none, from another engine's, and from a damaged one; its mark from a broken one."""

import numpy as np
import pytest

from engines.service.errors import DiskBrokenError, RefusedError
from engines.service.segments import HEADER_BYTES, MARK_AT, Mark, Phase, create, read_entries, segments, write_mark
from tests.fakes.disk import FakeDisk
from tests.fakes.durable_service import IDENTITY, OTHER, flipped


def made(folder, first=1, room=4):
    return create(FakeDisk(), folder, first, room, IDENTITY)


def test_a_new_segment_is_found_as_it_was_made(tmp_path):
    segment = made(tmp_path)
    assert segments(tmp_path, IDENTITY) == [segment]
    assert (segment.first, segment.last, segment.mark) == (1, 4, Mark(0, Phase.OPEN))
    assert segment.path.stat().st_size == segment.size == HEADER_BYTES + 4 * 128
    assert segment.offset(3) == HEADER_BYTES + 256


def test_segments_come_in_order_and_without_gap(tmp_path):
    for first in (9, 1, 5):
        made(tmp_path, first)
    assert [one.first for one in segments(tmp_path, IDENTITY)] == [1, 5, 9]
    segments(tmp_path, IDENTITY)[1].path.unlink()
    with pytest.raises(RefusedError, match="begins with entry 9, the segment before it ends with 4: one is missing"):
        segments(tmp_path, IDENTITY)


def test_one_in_the_making_is_none(tmp_path):
    disk = FakeDisk()
    disk.create(tmp_path / "00000000000000000001.part", 100)
    assert segments(tmp_path, IDENTITY) == []


def test_the_mark_is_read_back(tmp_path):
    segment = made(tmp_path)
    file = FakeDisk().open(segment.path)
    write_mark(file, Mark(3, Phase.CLOSED))
    assert segments(tmp_path, IDENTITY)[0].mark == Mark(3, Phase.CLOSED)
    segment.path.write_bytes(flipped(segment.path.read_bytes(), 8 * (MARK_AT + 9)))
    assert segments(tmp_path, IDENTITY)[0].mark is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda raw: b"PK" + raw[2:], "a segment of the journal begins with"),
        (lambda raw: b"", "a segment of the journal begins with"),
        (lambda raw: flipped(raw, 8 * 17), "the header was damaged"),
        (lambda raw: raw[:300], "ends before its mark"),
        (lambda raw: raw[:1_023], "ends before its mark"),
        (lambda raw: raw + b"0123456", "7 bytes longer than its header says"),
    ],
)
def test_a_damaged_one_is_refused(tmp_path, change, why):
    path = made(tmp_path).path
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(RefusedError, match=why):
        segments(tmp_path, IDENTITY)


def test_that_of_another_engine_is_refused(tmp_path):
    made(tmp_path)
    with pytest.raises(RefusedError, match="other instruments, conventions or capacities"):
        segments(tmp_path, OTHER.identity())


def test_one_under_another_name_is_refused(tmp_path):
    path = made(tmp_path).path
    path.rename(path.with_name("00000000000000000005.segment"))
    with pytest.raises(RefusedError, match="holds the entries from 1 on; its name says otherwise"):
        segments(tmp_path, IDENTITY)


def test_another_version_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("engines.service.segments.VERSION", 2)
    made(tmp_path)
    monkeypatch.undo()
    with pytest.raises(RefusedError, match="version 2 and entries of 128 bytes; wanted 1 and 128"):
        segments(tmp_path, IDENTITY)


def test_places_come_by_chunks_and_what_was_cut_off_is_zeros(tmp_path, monkeypatch):
    monkeypatch.setattr("engines.service.segments.CHUNK", 3)
    segment = made(tmp_path, first=5, room=8)
    raw = segment.path.read_bytes()[:HEADER_BYTES] + bytes(range(128)) * 8
    segment.path.write_bytes(raw[: HEADER_BYTES + 5 * 128 + 64])
    stretches = list(read_entries(segment, 6))
    assert [(first, len(entries)) for first, entries in stretches] == [(6, 3), (9, 3), (12, 1)]
    whole = np.concatenate([entries for _, entries in stretches]).tobytes()
    assert whole == bytes(range(128)) * 4 + bytes(range(64)) + bytes(64 + 2 * 128)
    segment.path.unlink()
    with pytest.raises(DiskBrokenError, match="cannot read"):
        list(read_entries(segment, 6))
