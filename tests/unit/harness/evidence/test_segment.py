"""Segments: what is written is read, and what was cut or changed is refused by name."""

import numpy as np
import pytest

from harness.base.errors import EvidenceError
from harness.base.records import Event, events_of
from harness.evidence.segment import HEADER, SegmentWriter, read_segment


def events(count: int):
    return events_of([Event(command=number, kind=1, received_ns=number * 10) for number in range(1, count + 1)])


def sealed(folder, count=5):
    writer = SegmentWriter(folder / "000001.events", "events", 1)
    written = events(count)
    writer.append(written[:2])
    writer.append(written[2:])
    return writer.seal(), written


def test_the_header_is_64_bytes():
    assert HEADER.size == 64


def test_what_is_written_is_read(tmp_path):
    told, written = sealed(tmp_path)
    assert (read_segment(told.path) == written).all()
    assert (told.first, told.count) == (1, 5)
    magic, version, kind, record_bytes, _, count, first, first_ns, last_ns = HEADER.unpack_from(told.path.read_bytes())
    assert (magic, version, kind, record_bytes, count, first, first_ns, last_ns) == (
        b"GONOGO1\n",
        2,
        2,
        112,
        5,
        1,
        10,
        50,
    )
    assert not list(tmp_path.glob("*.part"))


def test_an_empty_segment_is_a_segment(tmp_path):
    told = SegmentWriter(tmp_path / "000001.commands", "commands", 1).seal()
    assert len(read_segment(told.path)) == 0


def test_a_part_is_read_up_to_its_last_whole_record_wherever_it_was_cut(tmp_path):
    writer = SegmentWriter(tmp_path / "000001.events", "events", 1)
    written = events(3)
    writer.append(written)
    part = tmp_path / "000001.events.part"
    whole = part.read_bytes()
    writer.seal()
    for cut in range(HEADER.size, len(whole) + 1):
        part.write_bytes(whole[:cut])
        found = read_segment(part)
        assert (found == written[: (cut - HEADER.size) // 112]).all()


def test_a_part_of_the_first_version_is_read_to_its_end_whatever_its_header_tells(tmp_path):
    writer = SegmentWriter(tmp_path / "000001.events", "events", 1)
    written = events(3)
    writer.append(written)
    part = tmp_path / "000001.events.part"
    raw = bytearray(part.read_bytes())
    writer.seal()
    raw[8:12], raw[20:32] = np.uint32(1).tobytes(), bytes(12)
    part.write_bytes(raw)
    assert (read_segment(part) == written).all()


def test_a_part_that_was_changed_is_refused(tmp_path):
    writer = SegmentWriter(tmp_path / "000001.events", "events", 1)
    writer.append(events(3))
    writer.abandon()
    part = tmp_path / "000001.events.part"
    raw = bytearray(part.read_bytes())
    raw[-9] ^= 1
    part.write_bytes(raw)
    with pytest.raises(EvidenceError, match="was changed"):
        read_segment(part)


def test_a_sealed_segment_cut_anywhere_is_refused(tmp_path):
    told, _ = sealed(tmp_path, 2)
    whole = told.path.read_bytes()
    for cut in range(len(whole)):
        told.path.write_bytes(whole[:cut])
        with pytest.raises(EvidenceError, match=r"no segment|was cut"):
            read_segment(told.path)


def test_any_flipped_bit_of_a_record_is_refused(tmp_path):
    told, _ = sealed(tmp_path, 1)
    whole = bytearray(told.path.read_bytes())
    for place in range(HEADER.size, len(whole)):
        whole[place] ^= 1
        told.path.write_bytes(whole)
        with pytest.raises(EvidenceError, match=r"was changed"):
            read_segment(told.path)
        whole[place] ^= 1


def test_padding_is_zero_whatever_numpy_left_in_it(tmp_path):
    made = events(3)
    made.view(np.uint8).reshape(3, 112)[:, 106:] = 0xAA
    writer = SegmentWriter(tmp_path / "000001.events", "events", 1)
    writer.append(made)
    body = np.frombuffer(writer.seal().path.read_bytes()[HEADER.size :], np.uint8).reshape(3, 112)
    assert not body[:, 106:].any()
    assert (read_segment(tmp_path / "000001.events") == made).all()


def test_what_was_abandoned_is_a_part(tmp_path):
    writer = SegmentWriter(tmp_path / "000001.events", "events", 1)
    writer.append(events(2))
    writer.abandon()
    assert [path.name for path in tmp_path.iterdir()] == ["000001.events.part"]
    assert len(read_segment(tmp_path / "000001.events.part")) == 2


def test_a_newer_version_is_refused_in_words(tmp_path):
    told, _ = sealed(tmp_path, 1)
    raw = bytearray(told.path.read_bytes())
    raw[8:12] = np.uint32(3).tobytes()
    told.path.write_bytes(raw)
    with pytest.raises(EvidenceError, match=r"version 3.*use a newer gonogo"):
        read_segment(told.path)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(EvidenceError, match=r"gone\.events"):
        read_segment(tmp_path / "gone.events")
