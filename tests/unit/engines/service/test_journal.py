"""The journal takes commands in a row, syncs as its policy says, goes on over segments, and stops at the first error of the disk."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from engines.service.disk import RealDisk
from engines.service.errors import DiskBrokenError, DiskFullError
from engines.service.scan import commands_between, scan
from engines.service.segments import segments
from harness.base.bits import digest
from tests.fakes.clock import FakeClock
from tests.fakes.disk import EIO, ENOSPC, FakeDisk
from tests.fakes.durable_service import IDENTITY, flow, journal

COMMANDS = flow(60)


def put(made, first, last):
    made.append(first, COMMANDS[first - 1 : last])
    made.commit()


def test_each_commit_makes_all_that_came_durable_in_one_go(tmp_path):
    disk = FakeDisk()
    made = journal(tmp_path, disk=disk)
    made.append(1, COMMANDS[:3])
    made.append(4, COMMANDS[3:7])
    assert (made.sequence, made.written, made.durable, made.synced) == (7, 0, 0, 0)
    disk.calls.clear()
    made.commit()
    assert (made.written, made.durable, made.synced) == (7, 7, 7)
    # One write of entries, one sync, and the mark.
    assert [what for what, _ in disk.calls] == ["write", "sync", "write"]
    disk.calls.clear()
    made.commit()
    assert disk.calls == []


def test_numbers_run_strictly_in_a_row(tmp_path):
    made = journal(tmp_path)
    made.append(1, COMMANDS[:3])
    for wrong in (0, 3, 5):
        with pytest.raises(ValueError, match=f"begin with {wrong}; wanted 4"):
            made.append(wrong, COMMANDS[:1])
    made.append(4, COMMANDS[:0])
    assert made.sequence == 3


def test_an_interval_waits_for_its_time_and_answers_wait_with_it(tmp_path):
    clock = FakeClock()
    made = journal(tmp_path, "interval", clock=clock, interval_ns=1_000)
    put(made, 1, 3)
    assert (made.written, made.durable, made.synced) == (3, 0, 0)
    clock.pass_ns(999)
    made.commit()
    assert made.synced == 0
    clock.pass_ns(1)
    made.commit()
    assert made.synced == made.durable == 3
    put(made, 4, 5)
    assert made.synced == 3
    made.sync()
    assert made.synced == 5


def test_none_answers_what_is_written(tmp_path):
    made = journal(tmp_path, "none")
    put(made, 1, 3)
    assert (made.written, made.durable, made.synced) == (3, 0, 3)
    # Leaving a segment syncs it.
    put(made, 4, 20)
    assert (made.written, made.durable, made.synced) == (20, 16, 20)


def test_it_goes_on_over_segments_and_after_a_restart(tmp_path):
    made = journal(tmp_path)
    put(made, 1, 40)
    made.close()
    again = journal(tmp_path)
    assert again.sequence == again.durable == 40
    put(again, 41, 60)
    again.abandon()
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, [one.first for one in tail.segments]) == (60, [1, 17, 33, 49, 65])
    for first, commands in commands_between(tail.segments, 0, 60):
        assert digest(commands) == digest(COMMANDS[first - 1 : first - 1 + len(commands)])


def test_the_next_segment_is_made_at_leisure_until_somebody_waits_for_it(tmp_path, monkeypatch):
    # A rest would be longer than anybody waits.
    monkeypatch.setattr("engines.service.journal.RESTS", 1e6)
    second, third = (tmp_path / f"{first:020}.segment" for first in (17, 33))
    with ThreadPoolExecutor(1) as executor:
        made = journal(tmp_path, disk=RealDisk(), executor=executor)
        put(made, 1, 16)
        assert not second.exists()
        put(made, 17, 18)
        assert second.exists()
        assert not third.exists()
        made.close()
    assert scan(tmp_path, IDENTITY).last == 18


def test_a_restart_at_the_last_place_of_a_segment(tmp_path):
    made = journal(tmp_path)
    put(made, 1, 16)
    made.close()
    assert scan(tmp_path, IDENTITY).clean
    again = journal(tmp_path)
    put(again, 17, 18)
    again.close()
    assert (scan(tmp_path, IDENTITY).last, scan(tmp_path, IDENTITY).clean) == (18, True)


def test_who_appends_more_than_may_wait_waits_for_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("engines.service.journal.STAGED", 5)
    made = journal(tmp_path)
    made.append(1, COMMANDS[:5])
    assert made.written == 0
    made.append(6, COMMANDS[5:7])
    assert (made.written, made.durable) == (7, 0)
    made.commit()
    assert made.durable == 7


def test_after_a_failed_sync_it_takes_nothing_more_and_never_tries_again(tmp_path):
    disk = FakeDisk()
    made = journal(tmp_path, disk=disk)
    put(made, 1, 4)
    disk.fails["sync"] = (0, EIO)
    made.append(5, COMMANDS[4:8])
    with pytest.raises(DiskBrokenError, match=r"cannot sync .*EIO"):
        made.commit()
    assert (made.durable, made.synced) == (4, 4)
    disk.calls.clear()
    for refused in (made.commit, made.sync, lambda: made.append(9, COMMANDS[8:9])):
        with pytest.raises(DiskBrokenError, match="the journal stopped, durable up to 4"):
            refused()
    made.close()
    assert disk.calls == []
    assert made.synced == 4
    disk.cut_power(random.Random(1))
    assert scan(tmp_path, IDENTITY).last >= 4
    assert not scan(tmp_path, IDENTITY).clean


def test_a_full_disk_stops_it_before_anything_is_promised(tmp_path):
    disk = FakeDisk()
    made = journal(tmp_path, disk=disk)
    disk.fails["create"] = (0, ENOSPC)
    put(made, 1, 16)
    # The second segment is there already; the third finds no room, which shows when it is needed.
    put(made, 17, 32)
    made.append(33, COMMANDS[32:36])
    with pytest.raises(DiskFullError, match="ENOSPC"):
        made.commit()
    assert (made.durable, made.synced) == (32, 32)
    with pytest.raises(DiskFullError, match="the journal stopped, durable up to 32"):
        made.commit()
    made.abandon()
    made.abandon()
    assert scan(tmp_path, IDENTITY).last == 32
    assert len(segments(tmp_path, IDENTITY)) == 2


def test_a_write_that_fails_promises_nothing(tmp_path):
    disk = FakeDisk()
    made = journal(tmp_path, disk=disk)
    put(made, 1, 4)
    disk.fails["write"] = (0, EIO)
    made.append(5, COMMANDS[4:8])
    with pytest.raises(DiskBrokenError, match="cannot write"):
        made.commit()
    assert made.synced == 4
    assert scan(tmp_path, IDENTITY).last == 4


def test_syncs_are_timed_and_the_one_under_way_is_known(tmp_path):
    clock, seen = FakeClock(), []
    made = journal(tmp_path, clock=clock)
    sync = made._file.sync

    def slowly():
        seen.append(made.syncing_since_ns)
        clock.pass_ns(3_000_000)
        sync()

    made._file.sync = slowly
    clock.pass_ns(7)
    put(made, 1, 3)
    made.commit()
    assert seen == [7]
    assert made.syncing_since_ns is None
    assert (sum(made.sync_times.counts), made.sync_times.sum_ns) == (1, 3_000_000)
