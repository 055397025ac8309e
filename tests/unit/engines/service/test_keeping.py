"""A snapshot is taken between two batches, stored once all of it is durable, and a disk that takes none loses nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engines.service.audit_trail import AuditTrail
from engines.service.errors import DiskFullError
from engines.service.keeping import Keeper, Keeping, Places
from engines.service.recovery import JOURNAL, SNAPSHOTS, TRAIL, judge, rebuild
from engines.service.snapshots import load, stored
from engines.service.trail_files import read_head
from engines.service.trail_reading import ending
from tests.fakes.disk import ENOSPC, FakeDisk
from tests.fakes.durable_service import IDENTITY, SMALL, flow, journal
from tests.fakes.executor import AtOnce

COMMANDS = flow(100)
TIMEOUT_S = 30


class Kept:
    """A service of which each part is turned by hand."""

    def __init__(self, folder, syncs="batch", **keeping):
        self.folder, self.disk = folder, FakeDisk()
        self.engine = SMALL.build()
        self.journal = journal(folder / JOURNAL, syncs, disk=self.disk)
        start = ending(folder / TRAIL, IDENTITY).positions[-1]
        self.trail = AuditTrail(folder / TRAIL, IDENTITY, start, disk=self.disk, executor=AtOnce())
        self.told, self.news = [], threading.Semaphore(0)
        places = Places(self.disk, folder / SNAPSHOTS, folder / JOURNAL, IDENTITY)
        self.keeper = Keeper(
            self.engine, self.journal, self.trail, places, Keeping(**({"every": 10} | keeping)), last=0,
            stored=lambda snapshot, gone: self.tell(snapshot.sequence, gone), failed=self.tell,
        )  # fmt: skip
        self.number = 0

    def tell(self, *news):
        self.told.append(news)
        self.news.release()

    def hear(self):
        assert self.news.acquire(timeout=TIMEOUT_S)
        return self.told.pop(0)

    def __enter__(self):
        self.keeper.start()
        return self

    def __exit__(self, *_):
        self.keeper.close()
        assert self.keeper.failure is None
        self.trail.abandon()
        self.journal.abandon()

    def match(self, count):
        """Journal and match; what the events are waits for `give_out`."""
        commands = COMMANDS[self.number : self.number + count]
        self.journal.append(self.number + 1, commands)
        self.journal.commit()
        self.number += count
        self.events = self.engine.submit(commands)
        self.look()

    def give_out(self):
        self.trail.append(self.events, self.number, self.journal.durable)
        self.look()

    def look(self):
        self.keeper.look(self.number, self.trail.position.command)

    def kept(self):
        return [int(path.stem) for path in stored(self.folder / SNAPSHOTS)]


def test_it_is_taken_when_it_is_time_to_and_holds_what_the_engine_held_then(tmp_path):
    with Kept(tmp_path) as service:
        service.match(9)
        service.give_out()
        service.match(3)
        then = service.engine.state()
        service.give_out()
        assert service.hear() == (12, 0)
        service.match(5)
        snapshot = load(stored(tmp_path / SNAPSHOTS)[0], IDENTITY)
        assert np.array_equal(snapshot.image, then)
        assert (service.kept(), service.keeper.counts.stored, service.keeper.counts.last) == ([12], 1, 12)
        assert service.keeper.counts.copied_ns > 0


def test_it_waits_until_the_trail_has_told_all_that_it_holds(tmp_path):
    with Kept(tmp_path) as service:
        service.match(10)
        service.look()
        service.keeper.close()
        assert service.kept() == []


def test_what_it_holds_is_durable_in_journal_and_trail_before_it(tmp_path):
    with Kept(tmp_path, "none") as service:
        service.match(10)
        assert service.journal.durable == 0
        service.give_out()
        service.hear()
        assert service.journal.durable == 10
        assert read_head(tmp_path / TRAIL).synced == 1
        assert [name for name, _ in service.disk.calls][-1] == "rename"


def test_the_next_is_so_many_commands_behind_it_and_the_newest_are_kept(tmp_path):
    with Kept(tmp_path, snapshots=2) as service:
        for _ in range(9):
            service.match(4)
            service.give_out()
            if service.number in (12, 24, 36):
                service.hear()
        assert service.kept() == [36, 24]


def test_none_is_taken_while_one_is_stored(tmp_path):
    with Kept(tmp_path) as service:
        service.keeper._is_storing = True
        service.match(10)
        service.give_out()
        service.keeper._is_storing = False
        service.match(1)
        service.give_out()
        assert service.hear() == (11, 0)


def test_with_none_while_it_works_there_is_the_last_one(tmp_path):
    with Kept(tmp_path, every=0) as service:
        service.match(50)
        service.give_out()
        service.keeper.close()
        service.keeper.keep(service.number)
        service.keeper.keep(service.number)
        assert (service.kept(), service.told) == ([50], [(50, 0)])


def test_a_disk_that_takes_none_is_told_and_the_next_is_tried(tmp_path):
    with Kept(tmp_path) as service:
        service.match(10)
        service.disk.fails["create"] = (0, ENOSPC)
        service.give_out()
        (error,) = service.hear()
        assert isinstance(error, DiskFullError)
        assert (service.keeper.counts.failed, service.keeper.counts.stored) == (1, 0)
        service.match(10)
        service.give_out()
        assert service.hear() == (20, 0)


def test_what_no_disk_says_ends_its_thread_and_is_told(tmp_path):
    with Kept(tmp_path) as service:
        service.trail.sync = None
        service.match(10)
        service.give_out()
        service.keeper._thread.join(TIMEOUT_S)
        assert isinstance(service.keeper.failure, TypeError)
        service.keeper.failure = None


@pytest.mark.parametrize("how", ["archive", "delete"])
def test_recovery_needs_no_segment_that_was_put_away(tmp_path, how):
    with Kept(tmp_path, old_segments=how, snapshots=2) as service:
        for _ in range(8):
            service.match(12)
            service.give_out()
            service.hear()
        book = service.engine.state()
        left = sorted(int(path.stem) for path in (tmp_path / JOURNAL).glob("*.segment"))
    # Segments are of 16: those up to 80 lie before the older of the snapshots of 84 and 96.
    assert left[0] == 81
    assert np.array_equal(rebuild(judge(tmp_path, SMALL)).state(), book)


def test_batches_are_taken_while_one_is_stored(tmp_path):
    """The writing thread and the one that stores, each as fast as it can."""
    with Kept(tmp_path, every=1) as service:
        for _ in range(100):
            service.match(1)
            service.give_out()
        service.keeper.close()
        service.keeper.keep(service.number)
    assert service.keeper.counts.failed == 0
    with ThreadPoolExecutor(1):
        assert np.array_equal(rebuild(judge(tmp_path, SMALL)).state(), service.engine.state())
