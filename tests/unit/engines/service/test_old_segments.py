"""Segments go only where every snapshot that is kept covers them and is whole, the oldest first."""

import pytest

from engines.service.errors import DiskBrokenError
from engines.service.old_segments import ARCHIVE, put_away
from engines.service.snapshots import Snapshot, store
from tests.fakes.disk import FakeDisk
from tests.fakes.durable_service import IDENTITY, SMALL, flipped, flow, journal


@pytest.fixture
def folders(tmp_path):
    """Four segments of 16 commands, the last one empty but for two."""
    made = journal(tmp_path / "journal")
    made.append(1, flow(50))
    made.close()
    return tmp_path


def snapshot(folder, sequence):
    image = SMALL.build().state()
    return store(FakeDisk(), folder / "snapshots", IDENTITY, Snapshot(sequence, 1, image))


def gone(folder, how):
    disk = FakeDisk()
    count = put_away(disk, folder / "journal", folder / "snapshots", IDENTITY, how)
    left = sorted(int(path.stem) for path in (folder / "journal").glob("*.segment"))
    return count, left, [call for call in disk.calls if call[0] in ("rename", "remove")]


def test_by_default_all_stay(folders):
    snapshot(folders, 50)
    assert gone(folders, "keep")[:2] == (0, [1, 17, 33, 49, 65])


@pytest.mark.parametrize(("covered", "left"), [(16, [1, 17, 33, 49, 65]), (17, [17, 33, 49, 65]), (50, [49, 65])])
def test_what_the_oldest_snapshot_covers_goes(folders, covered, left):
    snapshot(folders, covered)
    snapshot(folders, 50)
    assert gone(folders, "delete")[1] == left


def test_the_oldest_goes_first(folders):
    snapshot(folders, 50)
    count, _, calls = gone(folders, "delete")
    assert count == 3
    assert [int(name.split(".")[0]) for _, name in calls] == [1, 17, 33]


def test_what_is_archived_is_there_still(folders):
    snapshot(folders, 50)
    assert gone(folders, "archive")[0] == 3
    assert sorted(int(path.stem) for path in (folders / "journal" / ARCHIVE).iterdir()) == [1, 17, 33]


def test_without_a_snapshot_or_with_a_broken_one_all_stay(folders):
    assert gone(folders, "delete")[0] == 0
    path = snapshot(folders, 40)
    snapshot(folders, 50)
    path.write_bytes(flipped(path.read_bytes(), 8 * 600))
    assert gone(folders, "delete")[0] == 0


def test_where_there_can_be_no_archive_it_is_told(folders):
    snapshot(folders, 50)
    (folders / "journal" / ARCHIVE).write_text("a file")
    with pytest.raises(DiskBrokenError, match="cannot make"):
        gone(folders, "archive")
