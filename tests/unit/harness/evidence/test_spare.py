"""Spare files: a segment is written over the one that fits it best, and a reader never sees what was there before."""

import pytest

from harness.evidence import spare
from harness.evidence.history import History
from harness.evidence.index import weight_bytes
from harness.evidence.segment import SegmentWriter, read_segment
from tests.fakes.journaled import answers


@pytest.fixture
def dropped(tmp_path):
    """A folder with two spare files of each kind."""
    for name in ("000003.events", "000002.events", "000002.commands", "000003.commands"):
        (tmp_path / name).write_bytes(b"x" * 10)
        spare.lay_by(tmp_path / name)
    return tmp_path


def test_the_oldest_of_the_same_kind_fits_best_and_another_kind_is_better_than_none(dropped):
    for wanted in ("000002.events", "000003.events", "000002.commands", "000003.commands"):
        found = spare.fitting(dropped / "000009.events")
        assert found == dropped / "spare" / wanted
        found.unlink()
    assert spare.fitting(dropped / "000009.events") is None


def test_where_nothing_was_dropped_nothing_fits(tmp_path):
    assert spare.fitting(tmp_path / "000009.events") is None


def test_spare_files_are_no_history_and_weigh_nothing(dropped):
    assert weight_bytes(dropped) == 0
    assert list(History(dropped).segments()) == []
    spare.clear(dropped)
    spare.clear(dropped)
    assert list(dropped.iterdir()) == []


@pytest.fixture
def old(tmp_path):
    """A spare file that held a hundred records."""
    writer = SegmentWriter(tmp_path / "000001.events", "events", 1)
    writer.append(answers(1, 100))
    spare.lay_by(writer.seal().path)
    return spare.fitting(tmp_path / "000002.events")


def test_of_a_part_that_is_written_over_only_the_new_records_are_read(tmp_path, old):
    writer = SegmentWriter(tmp_path / "000002.events", "events", 101, over=old)
    part = tmp_path / "000002.events.part"
    assert not old.exists()
    assert len(read_segment(part)) == 0
    for count in (3, 7):
        writer.append(answers(101 if count == 3 else 104, count))
        assert (read_segment(part) == answers(101, 3 if count == 3 else 10)).all()
    writer.abandon()
    assert (read_segment(part) == answers(101, 10)).all()


def test_a_segment_that_was_written_over_ends_with_its_last_record(tmp_path, old):
    writer = SegmentWriter(tmp_path / "000002.events", "events", 101, over=old)
    written = answers(101, 10)
    writer.append(written)
    told = writer.seal()
    assert (read_segment(told.path) == written).all()
    fresh = SegmentWriter(tmp_path / "000003.events", "events", 101)
    fresh.append(written)
    again = fresh.seal()
    assert again.path.read_bytes() == told.path.read_bytes()
    assert again.blake2b == told.blake2b


def test_a_segment_may_be_longer_than_what_it_is_written_over(tmp_path, old):
    writer = SegmentWriter(tmp_path / "000002.events", "events", 101, over=old)
    writer.append(answers(101, 250))
    assert (read_segment(writer.seal().path) == answers(101, 250)).all()
