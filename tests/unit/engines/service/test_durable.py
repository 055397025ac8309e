"""A durable engine answers as the bare one does, says nothing before it may, and comes back as it was."""

import numpy as np
import pytest

from engines.service.durable import Times
from engines.service.errors import DiskBrokenError, DiskFullError, InUseError
from engines.service.recovery import SNAPSHOTS, TRAIL
from engines.service.snapshots import stored
from engines.service.trail_reading import verify
from harness.base.bits import digest
from tests.fakes.clock import FakeClock
from tests.fakes.disk import EIO, ENOSPC, FakeDisk
from tests.fakes.durable_service import IDENTITY, OTHER, SMALL, digests, engine, flow

COMMANDS = flow(100)
BOOKS = digests(COMMANDS)


def words(events):
    return np.ascontiguousarray(events).view(np.uint64).reshape(-1, 14)


def test_its_events_are_those_of_the_bare_engine_over_restarts(tmp_path):
    bare = SMALL.build()
    made = engine(tmp_path)
    for at in range(0, 100, 10):
        told = made.submit(COMMANDS[at : at + 10])
        assert np.array_equal(words(told), words(bare.submit(COMMANDS[at : at + 10])))
        assert digest(made.book()) == BOOKS[at + 10]
        assert made.sequence == made.durable == at + 10
        if at in {30, 60}:
            made.abandon()
            made = engine(tmp_path)
            assert made.recovered.complete == at + 10
    made.close()
    assert verify(tmp_path / TRAIL, IDENTITY).wrong == ""
    assert verify(tmp_path / TRAIL, IDENTITY).events == bare.engine_seq
    assert engine(tmp_path).recovered.clean


def test_no_commands_no_events(tmp_path):
    assert len(engine(tmp_path).submit(COMMANDS[:0])) == 0


def test_answers_wait_for_the_sync_of_the_interval(tmp_path):
    clock = FakeClock()
    bare, made = (
        SMALL.build(),
        engine(tmp_path, "interval", clock=clock, interval_ns=1_000, snapshot_every=50, room=128),
    )
    expected = words(bare.submit(COMMANDS[:30]))
    told = [made.submit(COMMANDS[at : at + 10]) for at in (0, 10)]
    assert [len(part) for part in told] == [0, 0]
    assert verify(tmp_path / TRAIL, IDENTITY).events == 0
    clock.pass_ns(1_000)
    assert np.array_equal(words(made.submit(COMMANDS[20:30])), expected)
    assert len(made.submit(COMMANDS[30:40])) == 0
    assert len(made.settle()) == len(bare.submit(COMMANDS[30:40]))
    assert len(made.submit(COMMANDS[40:45])) == 0
    assert len(made.close()) == len(bare.submit(COMMANDS[40:45]))


def test_a_snapshot_is_taken_each_so_many_commands_and_waits_for_the_journal(tmp_path):
    made = engine(tmp_path, "interval", interval_ns=10**9, snapshot_every=25, room=128)
    for at in range(0, 80, 10):
        told = made.submit(COMMANDS[at : at + 10])
        assert (len(told) > 0) == (at in {20, 50})
    assert [int(path.stem) for path in stored(tmp_path / SNAPSHOTS)] == [60, 30]
    assert made.durable == 60
    made.abandon()
    again = engine(tmp_path)
    assert again.recovered.snapshot is not None
    assert again.recovered.snapshot.sequence == 60


def test_under_the_policy_none_answers_go_out_at_once(tmp_path):
    made = engine(tmp_path, "none", room=64, snapshot_every=1_000)
    assert len(made.submit(COMMANDS[:10])) > 0
    assert (made.sequence, made.durable) == (10, 0)


@pytest.mark.parametrize(("what", "code", "kind"), [("sync", EIO, DiskBrokenError), ("write", ENOSPC, DiskFullError)])
def test_after_an_error_of_the_disk_nothing_is_answered(tmp_path, what, code, kind):
    disk = FakeDisk()
    made = engine(tmp_path, disk=disk)
    made.submit(COMMANDS[:4])
    disk.fails[what] = (0, code)
    with pytest.raises(kind):
        made.submit(COMMANDS[4:8])
    assert made.durable == 4
    with pytest.raises(kind, match="the journal stopped, durable up to 4"):
        made.submit(COMMANDS[8:12])
    with pytest.raises(kind):
        made.close()
    assert engine(tmp_path).recovered.complete in {4, 8}


def test_one_at_a_time_has_the_folder(tmp_path):
    made = engine(tmp_path)
    with pytest.raises(InUseError):
        engine(tmp_path)
    made.abandon()
    made.abandon()
    engine(tmp_path).close()
    with pytest.raises(Exception, match="other instruments"):
        engine(tmp_path, configuration=OTHER)
    engine(tmp_path).close()


def test_it_tells_what_its_recovery_took(tmp_path):
    assert engine(tmp_path, clock=FakeClock(tick_ns=1)).times._fields == Times._fields
    assert min(engine(tmp_path / "other", clock=FakeClock(tick_ns=1)).times) > 0
