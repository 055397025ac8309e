"""A service that dies comes back with the book of some prefix of its commands, never less than it answered, or it refuses and says where.

Every cut, every flipped bit, power that goes at every step with any part of what was not synced on the disk, a full disk, and kills.
"""

import os
import random

import pytest

from engines.service.disk import RealDisk
from engines.service.errors import RefusedError
from engines.service.recovery import JOURNAL, TRAIL, judge, rebuild, tell_again
from engines.service.scan import commands_between, scan
from engines.service.segments import HEADER_BYTES, MARK_AT
from engines.service.trail_reading import verify
from harness.base.bits import digest
from tests.fakes.disk import FakeDisk, PowerCutError
from tests.fakes.durable_service import (
    IDENTITY,
    SMALL,
    digests,
    engine,
    flow,
    journal,
    one_bit_changed,
    segment_of,
    written,
)
from tests.fakes.executor import AtOnce, Lazily
from tests.fakes.killed import works_until_full, works_until_killed

COMMANDS = flow(12)
BOOKS = digests(COMMANDS)
LONG = flow(20_000)


def told(folder):
    """How many of the commands a journal gives, which must be the first ones; or the refusal."""
    try:
        tail = scan(folder, IDENTITY)
        found = [digest(commands) for _, commands in commands_between(tail.segments, 0, tail.last)]
    except RefusedError as refused:
        return refused
    assert found == ([digest(COMMANDS[: tail.last])] if tail.last else [])
    return tail


def place(bit):
    """The entry that a bit lies in; 0 for the header."""
    return max(0, (bit // 8 - HEADER_BYTES) // 128 + 1)


def book_of(folder):
    """The digest of the recovered book, and up to which command it is told to be complete."""
    plan = judge(folder, SMALL)
    made = rebuild(plan)
    tell_again(plan, made, lambda *_: None)
    return digest(made.snapshot()), plan.complete


@pytest.mark.parametrize("syncs", ["batch", "none"])
def test_a_journal_cut_at_every_byte(tmp_path, syncs):
    path = written(tmp_path / JOURNAL, COMMANDS, syncs=syncs)
    raw = path.read_bytes()
    # An entry that ends in zeros is whole without them.
    ends = [len(raw[: HEADER_BYTES + 128 * count].rstrip(b"\0")) for count in range(1, 13)]
    for size in range(len(raw) - 1, -1, -1):
        os.truncate(path, size)
        found = told(tmp_path / JOURNAL)
        whole = sum(end <= size for end in ends)
        if size < MARK_AT + 512:
            assert isinstance(found, RefusedError), size
        elif syncs == "none" or whole == 12:
            assert (found.last, found.clean) == (whole, False), size
            if size % 128 == 77:
                assert book_of(tmp_path) == (BOOKS[whole], whole)
        else:
            assert isinstance(found, RefusedError), size
            assert (found.path, found.offset) == (path, HEADER_BYTES + 128 * whole)


def bits(path, room):
    """All of the header, the mark and the entries; of each of the zeros between them one."""
    entries = range(8 * HEADER_BYTES, 8 * (HEADER_BYTES + 128 * room))
    return [*range(8 * (MARK_AT + 512)), *range(8 * (MARK_AT + 512), 8 * HEADER_BYTES, 9), *entries]


@pytest.mark.parametrize("end", ["killed", "closed", "unsynced"])
def test_a_journal_with_every_bit_flipped(tmp_path, end):
    path = written(tmp_path, COMMANDS[:6], syncs="none" if end == "unsynced" else "batch", room=8)
    if end == "closed":
        journal(tmp_path).close()
        assert scan(tmp_path, IDENTITY).clean
    seen = set()
    for bit in bits(path, 8):
        at = place(bit)
        with one_bit_changed(path, bit):
            found = told(tmp_path)
        if bit < 8 * MARK_AT:
            expected = ("refused", 0)
        elif at > 6:
            expected = ("cut", 6)
        elif at == 6 and end == "unsynced":
            expected = ("cut", 5)
        elif at:
            expected = ("refused", HEADER_BYTES + 128 * (at - 1))
        else:
            expected = ("whole", 6)
        if isinstance(found, RefusedError):
            assert (found.path, ("refused", found.offset)) == (path, expected), bit
        else:
            assert ("cut" if found.cut else "whole", found.last) == expected, bit
            assert found.clean == (end == "closed" and bit >= 8 * (MARK_AT + 512) and not at), bit
        seen.add(expected)
    assert len(seen) == 9


def tries(folder, chance, disk, executor=None):
    """Feed an engine until the power goes; up to which command it had promised."""
    sizes = {
        "snapshot_every": chance.choice((3, 10, 1_000)),
        "room": chance.choice((4, 16)),
        "trail_bytes": chance.choice((600, 9_000)),
    }
    syncs = chance.choice(("batch", "interval", "none"))
    try:
        made = engine(folder, syncs, disk, interval_ns=10**9, executor=executor, **sizes)
    except PowerCutError:
        return 0
    try:
        while True:
            # Under the policy none more is answered, and nothing is promised of that.
            answered = made.durable
            made.submit(LONG[made.sequence : made.sequence + chance.randint(1, 7)])
    except PowerCutError:
        return answered
    finally:
        # Whoever had the folder is gone with the machine.
        made.abandon()


@pytest.mark.parametrize("seed", range(60))
def test_power_that_goes_at_any_step_again_and_again(tmp_path, seed):
    chance, disk = random.Random(seed), FakeDisk()
    answered = 0
    for _ in range(6):
        disk.power_for = chance.randint(0, 120)
        # What is to be done aside is done at once, or not before it must be.
        answered = max(answered, tries(tmp_path, chance, disk, chance.choice((AtOnce(), Lazily()))))
        disk.cut_power(chance)
        plan = judge(tmp_path, SMALL)
        assert plan.complete >= answered
    made = engine(tmp_path, disk=disk)
    bare = SMALL.build()
    bare.submit(LONG[: made.sequence])
    assert digest(made.book()) == digest(bare.snapshot())
    made.close()
    found = verify(tmp_path / TRAIL, IDENTITY)
    assert (found.events, found.wrong) == (bare.engine_seq, "")


def test_an_engine_that_answers_before_the_sync_is_seen_to_lose(tmp_path):
    """The test above can fail: on a disk whose sync does nothing."""
    lost = 0
    for seed in range(10):
        chance, disk = random.Random(seed), FakeDisk()
        engine(tmp_path / str(seed), disk=disk).abandon()
        disk.lies, disk.power_for = True, 60
        answered = tries(tmp_path / str(seed), chance, disk)
        disk.cut_power(chance)
        try:
            lost += judge(tmp_path / str(seed), SMALL).complete < answered
        except RefusedError:
            lost += 1
    assert lost >= 8


def test_killed_again_and_again_nothing_that_was_told_is_lost(tmp_path):
    chance = random.Random(1)
    bare, fed = SMALL.build(), 0
    for _ in range(20):
        answered = works_until_killed(tmp_path, LONG, chance.randint(0, 25))
        plan = judge(tmp_path, SMALL)
        assert plan.complete >= answered
        assert plan.complete >= fed
        bare.submit(LONG[fed : plan.complete])
        fed = plan.complete
        assert book_of(tmp_path) == (digest(bare.snapshot()), fed)
    made = engine(tmp_path, disk=RealDisk())
    assert made.sequence == fed > 1_000
    made.close()
    found = verify(tmp_path / TRAIL, IDENTITY)
    assert (found.events, found.wrong) == (bare.engine_seq, "")


def test_a_full_disk_ends_it_with_an_error_and_nothing_that_was_told_is_lost(tmp_path):
    # The journal's segments fit; the trail grows until it does not.
    answered, code = works_until_full(tmp_path, LONG, 40_000, trail_bytes=10**6)
    assert code == 1
    assert answered > 0
    made = engine(tmp_path, disk=RealDisk(), trail_bytes=10**6)
    assert made.sequence >= answered
    bare = SMALL.build()
    bare.submit(LONG[: made.sequence])
    assert digest(made.book()) == digest(bare.snapshot())
    assert segment_of(tmp_path).exists()
    made.close()
    assert verify(tmp_path / TRAIL, IDENTITY).events == bare.engine_seq
