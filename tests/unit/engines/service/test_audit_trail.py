"""The trail takes every event in a row, over files, and stops at the first error of the disk."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from engines.service.audit_trail import AuditTrail
from engines.service.errors import DiskBrokenError
from engines.service.trail_files import files, read_head
from engines.service.trail_reading import ending, verify
from tests.fakes.disk import EIO, FakeDisk
from tests.fakes.durable_service import IDENTITY, SMALL, flow
from tests.fakes.executor import AtOnce, Lazily

COMMANDS = flow(40)


def trail(folder, disk=None, file_bytes=2_000, executor=None):
    """A trail that goes on behind the last whole batch."""
    start = ending(folder, IDENTITY).positions[-1]
    return AuditTrail(
        folder, IDENTITY, start, disk=disk or FakeDisk(), executor=executor or AtOnce(), file_bytes=file_bytes
    )


def told(engine, made, commands=COMMANDS, group=5):
    """Carry out the commands and put their events into the trail."""
    done = made.position.command
    for at in range(done, len(commands), group):
        last = min(at + group, len(commands))
        made.append(engine.submit(commands[at:last]), last, last)


def test_a_trail_of_several_files_is_intact(tmp_path):
    engine, made = SMALL.build(), trail(tmp_path)
    told(engine, made)
    made.close()
    found = verify(tmp_path, IDENTITY)
    assert (found.batches, found.events, found.wrong) == (8, engine.engine_seq, "")
    assert found.hash == made.position.hash.hex()
    assert len(files(tmp_path, IDENTITY)) > 2


def test_it_goes_on_where_it_ended(tmp_path):
    engine, made = SMALL.build(), trail(tmp_path)
    told(engine, made, COMMANDS[:20])
    made.abandon()
    again = trail(tmp_path)
    assert again.position == made.position
    told(engine, again)
    again.close()
    whole = SMALL.build(), trail(tmp_path / "whole")
    told(*whole)
    assert again.position.hash == whole[1].position.hash


def test_what_lies_behind_the_start_is_cut_off(tmp_path):
    engine, made = SMALL.build(), trail(tmp_path)
    told(engine, made)
    made.close()
    (tmp_path / "00000000000000000099.part").write_bytes(b"")
    second = ending(tmp_path, IDENTITY, up_to=12).before(12)
    assert second is not None
    again = AuditTrail(tmp_path, IDENTITY, second, disk=FakeDisk(), executor=AtOnce(), file_bytes=2_000)
    again.close()
    assert (again.position.batch, again.position.command) == (2, 10)
    assert verify(tmp_path, IDENTITY).batches == 2
    assert not list(tmp_path.glob("*.part"))
    AuditTrail(
        tmp_path,
        IDENTITY,
        second._replace(batch=0, command=0, event=0, hash=IDENTITY, offset=0),
        disk=FakeDisk(),
        executor=AtOnce(),
    ).close()
    assert verify(tmp_path, IDENTITY).batches == 0


def test_an_event_that_went_out_beside_it_is_missed(tmp_path):
    engine, made = SMALL.build(), trail(tmp_path)
    told(engine, made, COMMANDS[:10])
    engine.submit(COMMANDS[10:12])
    with pytest.raises(
        ValueError, match=r"ends with command 10 and event \d+; what came ends with command 14 and begins with event"
    ):
        made.append(engine.submit(COMMANDS[12:14]), 14, 14)


def test_commands_that_gave_nothing_are_told_too_and_none_twice(tmp_path):
    made = trail(tmp_path)
    made.append(SMALL.build().submit(COMMANDS[:0]), 3, 3)
    assert (made.position.batch, made.position.command, made.position.event) == (1, 3, 0)
    with pytest.raises(ValueError, match="what came ends with command 3"):
        made.append(SMALL.build().submit(COMMANDS[:0]), 3, 3)


def test_the_head_tells_the_last_batch_and_what_is_synced(tmp_path):
    engine, made = SMALL.build(), trail(tmp_path, executor=Lazily())
    told(engine, made)
    head = read_head(tmp_path)
    assert head is not None
    assert (head.batch, head.last_command, head.synced, head.hash) == (8, 40, 0, made.position.hash)
    made.sync()
    assert read_head(tmp_path) == head._replace(synced=8)


def test_after_an_error_it_takes_nothing_more(tmp_path):
    disk = FakeDisk()
    engine, made = SMALL.build(), trail(tmp_path, disk)
    told(engine, made, COMMANDS[:10])
    disk.fails["write"] = (0, EIO)
    with pytest.raises(DiskBrokenError, match="cannot write"):
        told(engine, made, COMMANDS[:15])
    disk.calls.clear()
    with pytest.raises(DiskBrokenError, match="the audit trail stopped behind batch 2"):
        made.append(engine.submit(COMMANDS[:0]), 15, 15)
    with pytest.raises(DiskBrokenError, match="the audit trail stopped"):
        made.sync()
    made.close()
    assert disk.calls == []
    assert verify(tmp_path, IDENTITY).batches == 2


def test_what_a_failed_sync_left_in_memory_alone_is_handed_over_anew(tmp_path):
    disk = FakeDisk()
    engine, made = SMALL.build(), trail(tmp_path, disk, file_bytes=10**6)
    told(engine, made)
    disk.fails["sync"] = (0, EIO)
    with pytest.raises(DiskBrokenError, match="EIO"):
        made.sync()
    made.abandon()
    trail(tmp_path, disk).abandon()
    disk.cut_power(random.Random(1))
    assert verify(tmp_path, IDENTITY).wrong == ""
    assert verify(tmp_path, IDENTITY).batches == 8


class HeldUp(FakeDisk):
    """A disk whose syncs wait until they may go on."""

    def __init__(self):
        super().__init__()
        self.reached, self.free = threading.Event(), threading.Event()

    def may_fail(self, operation, path):
        super().may_fail(operation, path)
        if operation == "sync" and threading.current_thread() is not threading.main_thread():
            self.reached.set()
            assert self.free.wait(30)


def test_while_one_thread_waits_for_the_disk_another_appends(tmp_path):
    disk, engine = HeldUp(), SMALL.build()
    made = trail(tmp_path, disk, file_bytes=10**6)
    told(engine, made, COMMANDS[:20])
    syncing = threading.Thread(target=made.sync)
    syncing.start()
    assert disk.reached.wait(30)
    told(engine, made)
    assert read_head(tmp_path).synced == 0
    disk.free.set()
    syncing.join()
    # What came meanwhile may not be on the disk.
    assert (read_head(tmp_path).batch, read_head(tmp_path).synced) == (8, 4)
    made.close()
    assert verify(tmp_path, IDENTITY).wrong == ""


def test_a_file_that_is_full_is_synced_aside_with_all_before_it(tmp_path):
    engine, made = SMALL.build(), trail(tmp_path)
    told(engine, made)
    head, last = read_head(tmp_path), files(tmp_path, IDENTITY)[-1]
    assert head is not None
    assert head.synced == last.batch > 0, "up to where the newest file begins"


def test_files_that_are_not_synced_yet_are_synced_before_the_trail_says_so(tmp_path):
    disk, engine = FakeDisk(), SMALL.build()
    made = trail(tmp_path, disk, executor=Lazily())
    told(engine, made)
    assert len(files(tmp_path, IDENTITY)) > 2
    assert len([path for path in disk.dirty if path.suffix == ".trail"]) > 2
    made.sync()
    assert [path for path in disk.dirty if path.suffix == ".trail"] == []


def test_what_goes_wrong_aside_stops_the_trail(tmp_path):
    disk, engine = FakeDisk(), SMALL.build()
    made = trail(tmp_path, disk)
    told(engine, made, COMMANDS[:5])
    # Of the next file its header is synced first, then what is left.
    disk.fails["sync"] = (1, EIO)
    with pytest.raises(DiskBrokenError, match="the audit trail stopped behind batch"):
        told(engine, made)
    assert read_head(tmp_path).synced == 0


def test_a_file_that_is_left_is_not_closed_under_a_sync(tmp_path):
    executor = ThreadPoolExecutor(2)
    engine, made, ends = SMALL.build(), trail(tmp_path, file_bytes=500, executor=executor), threading.Event()

    def sync():
        while not ends.is_set():
            made.sync()

    syncing = threading.Thread(target=sync)
    syncing.start()
    told(engine, made, flow(400), 2)
    ends.set()
    syncing.join()
    made.close()
    executor.shutdown()
    found = verify(tmp_path, IDENTITY)
    assert (found.events, found.wrong) == (engine.engine_seq, "")
