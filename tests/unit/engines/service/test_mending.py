"""Mending cuts what was never synced, keeps it aside, and makes durable what may be in memory alone."""

import random

import pytest

from engines.service.errors import DiskBrokenError
from engines.service.mending import mend
from engines.service.scan import scan
from engines.service.segments import HEADER_BYTES, Mark, Phase, segments, write_mark
from tests.fakes.disk import EIO, FakeDisk
from tests.fakes.durable_service import IDENTITY, flow, journal, written

COMMANDS = flow(40)


def mended(folder, disk):
    segment, file = mend(disk, folder, scan(folder, IDENTITY), 16, IDENTITY)
    file.close()
    return segment


def test_a_first_segment_is_made(tmp_path):
    assert mended(tmp_path, FakeDisk()).first == 1
    assert scan(tmp_path, IDENTITY).last == 0


def test_what_is_cut_is_kept_aside(tmp_path):
    path = written(tmp_path, COMMANDS[:8], syncs="none")
    raw = bytearray(path.read_bytes())
    raw[HEADER_BYTES + 7 * 128] ^= 1
    path.write_bytes(raw)
    (tmp_path / "00000000000000000099.part").write_bytes(b"in the making")
    mended(tmp_path, FakeDisk())
    assert (tmp_path / "00000000000000000008.cut").read_bytes() == raw[HEADER_BYTES + 7 * 128 : HEADER_BYTES + 8 * 128]
    assert not list(tmp_path.glob("*.part"))
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, tail.cut) == (7, None)
    assert tail.proof.durable == 7


def test_a_file_that_was_cut_short_gets_its_room_back(tmp_path):
    path = written(tmp_path, COMMANDS[:8], syncs="none")
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: HEADER_BYTES + 6 * 128 + 50])
    mended(tmp_path, FakeDisk())
    assert path.stat().st_size == size
    assert scan(tmp_path, IDENTITY).last == 6


def test_later_segments_go_only_when_none_is_asked_for_any_more(tmp_path):
    made = journal(tmp_path, syncs="none")
    made.append(1, COMMANDS)
    made.commit()
    made.abandon()
    first, second, third, _ = segments(tmp_path, IDENTITY)
    # What a machine may keep that went down before the second segment's content and the marks were synced.
    for one in (first, second, third):
        write_mark(FakeDisk().open(one.path), Mark(0, Phase.CONTINUED if one is first else Phase.OPEN))
    for one, places in ((second, 16), (third, 2)):
        raw = one.path.read_bytes()
        one.path.write_bytes(raw[:HEADER_BYTES] + bytes(128 * places) + raw[HEADER_BYTES + 128 * places :])
    assert scan(tmp_path, IDENTITY, known=scan(tmp_path, IDENTITY).proof).last == 16
    disk = FakeDisk()
    disk.fails["sync"] = (2, EIO)
    with pytest.raises(DiskBrokenError):
        mended(tmp_path, disk)
    assert mended(tmp_path, FakeDisk()).first == 1
    assert len(segments(tmp_path, IDENTITY)) == 1
    assert scan(tmp_path, IDENTITY).last == 16


def test_what_a_failed_sync_left_in_memory_alone_is_handed_over_anew(tmp_path):
    disk = FakeDisk()
    made = journal(tmp_path, disk=disk)
    made.append(1, COMMANDS[:4])
    made.commit()
    disk.fails["sync"] = (0, EIO)
    made.append(5, COMMANDS[4:8])
    with pytest.raises(DiskBrokenError, match="EIO"):
        made.commit()
    made.abandon()
    # The system still shows what the disk does not have.
    assert scan(tmp_path, IDENTITY).last == 8
    mended(tmp_path, disk)
    disk.cut_power(random.Random(1))
    assert scan(tmp_path, IDENTITY).last == 8


def test_a_clean_journal_that_goes_on_is_clean_no_more(tmp_path):
    made = journal(tmp_path)
    made.append(1, COMMANDS[:4])
    made.close()
    assert scan(tmp_path, IDENTITY).clean
    mended(tmp_path, FakeDisk())
    assert not scan(tmp_path, IDENTITY).clean
