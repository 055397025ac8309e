"""A trail is intact, or it is told which batch is wrong; recovery takes what is whole and refuses what lost something durable."""

import pytest

from engines.service.audit_trail import AuditTrail
from engines.service.errors import RefusedError
from engines.service.trail_files import HEAD, batches, files, pack_head, read_head
from engines.service.trail_reading import ending, verify
from tests.fakes.disk import FakeDisk
from tests.fakes.durable_service import IDENTITY, SMALL, flipped, flow
from tests.fakes.executor import AtOnce, Lazily

COMMANDS = flow(40)


@pytest.fixture
def trail(tmp_path):
    """The folder of a trail of eight batches over some files, of which the first four batches were synced."""
    start = ending(tmp_path, IDENTITY).positions[-1]
    made = AuditTrail(tmp_path, IDENTITY, start, disk=FakeDisk(), executor=AtOnce(), file_bytes=3_000)
    engine = SMALL.build()
    for last in range(5, 41, 5):
        made.append(engine.submit(COMMANDS[last - 5 : last]), last, last - 1)
        if last == 20:
            made.sync()
    made.abandon()
    return tmp_path


def unsynced(trail):
    """Its head says that nothing was ever synced."""
    head = read_head(trail)
    (trail / HEAD).write_bytes(pack_head(head._replace(synced=0)))


def test_no_trail_ends_at_its_beginning(tmp_path):
    found = ending(tmp_path, IDENTITY)
    assert [(at.batch, at.command, at.hash) for at in found.positions] == [(0, 0, IDENTITY)]
    assert (found.durable, found.broken) == (0, None)


def test_the_end_is_that_of_the_last_file(trail):
    found = ending(trail, IDENTITY)
    assert found.positions[-1][:2] == (8, 40)
    assert found.positions[0][0] > 0
    assert (found.durable, found.broken) == (39, None)
    assert found.before(39)[1] == 35
    assert found.before(3) is None
    assert ending(trail, IDENTITY, up_to=3).before(3)[:2] == (0, 0)
    assert ending(trail, IDENTITY, up_to=3).positions[-1][:2] == (8, 40)


def test_a_file_without_batches_yet_leads_to_the_one_before(trail):
    last = files(trail, IDENTITY)[-1]
    last.path.write_bytes(last.path.read_bytes()[: last.offset])
    unsynced(trail)
    found = ending(trail, IDENTITY)
    assert found.positions[-1] == last
    assert found.durable == last.command - 1


def test_a_torn_end_is_told_and_what_is_whole_counts(trail):
    path = files(trail, IDENTITY)[-1].path
    path.write_bytes(path.read_bytes()[:-20])
    found = ending(trail, IDENTITY)
    assert found.positions[-1][:2] == (7, 35)
    assert (found.broken.batch, found.broken.why) == (8, "it ends beyond the file")


def test_a_torn_file_with_an_empty_one_behind_it(trail):
    *_, before, last = files(trail, IDENTITY)
    last.path.write_bytes(last.path.read_bytes()[: last.offset])
    before.path.write_bytes(before.path.read_bytes()[:-1])
    unsynced(trail)
    found = ending(trail, IDENTITY)
    assert found.broken is not None
    assert found.positions[-1].batch == last.batch - 1


def test_what_was_synced_must_be_there(trail):
    for path in sorted(trail.glob("*.trail"))[1:]:
        path.unlink()
    first = files(trail, IDENTITY)[0].path
    first.write_bytes(first.read_bytes()[: next(batches(files(trail, IDENTITY)[0])).behind.offset])
    with pytest.raises(
        RefusedError, match=r"batch \d of the audit trail: nothing follows; its head says that 6 were durable"
    ):
        ending(trail, IDENTITY)
    first.write_bytes(flipped(first.read_bytes(), 8 * 700))
    with pytest.raises(RefusedError, match=r"batch 1 of the audit trail: .*; its head says that 6 were durable"):
        ending(trail, IDENTITY)


def test_intact(trail):
    found = verify(trail, IDENTITY)
    assert (found.batches, found.wrong) == (8, "")
    assert found.hash == read_head(trail).hash.hex()


def test_a_head_of_one_batch_before_is_what_a_kill_leaves(trail):
    found = ending(trail, IDENTITY)
    head = read_head(trail)
    (trail / HEAD).write_bytes(pack_head(head._replace(batch=7, hash=found.before(35).hash)))
    assert verify(trail, IDENTITY).wrong == ""


def test_a_changed_event_is_told_with_its_batch(trail):
    path = files(trail, IDENTITY)[1].path
    batch = files(trail, IDENTITY)[1].batch + 1
    path.write_bytes(flipped(path.read_bytes(), 8 * (512 + 200)))
    found = verify(trail, IDENTITY)
    assert found.batches == batch - 1
    assert found.wrong == f"batch {batch}, {path} at byte 512: its hash does not fit what it holds"


def test_whole_batches_cut_off_are_missed_by_the_head(trail):
    at = ending(trail, IDENTITY).before(35)
    path = files(trail, IDENTITY)[-1].path
    path.write_bytes(path.read_bytes()[: at.offset] if at.path == path else b"")
    assert verify(trail, IDENTITY).wrong == "batch 8: it is missing; the head says that there are 8"


def test_a_file_that_is_gone_is_told(trail):
    files(trail, IDENTITY)[1].path.unlink()
    assert "does not go on from batch" in verify(trail, IDENTITY).wrong


def test_a_trail_made_anew_is_not_what_the_head_knew(trail):
    head = read_head(trail)
    (trail / HEAD).write_bytes(pack_head(head._replace(hash=bytes(32))))
    assert verify(trail, IDENTITY).wrong == "batch 8: its hash is not the one that the head holds"
    (trail / HEAD).write_bytes(b"")
    assert "cannot be told" in verify(trail, IDENTITY).wrong


def test_a_file_before_the_last_that_ends_early_is_the_end_if_it_was_not_synced(tmp_path):
    """A machine that goes down may keep a later file and lose the end of one before it, also between two batches."""
    start = ending(tmp_path, IDENTITY).positions[-1]
    made = AuditTrail(tmp_path, IDENTITY, start, disk=FakeDisk(), executor=Lazily(), file_bytes=1_500)
    engine, commands = SMALL.build(), flow(60)
    for at in range(0, 60, 4):
        made.append(engine.submit(commands[at : at + 4]), at + 4, at + 4)
    made.abandon()
    whole = ending(tmp_path, IDENTITY)
    assert (whole.positions[-1].batch, whole.broken) == (15, None)
    first, second, third, *_ = files(tmp_path, IDENTITY)
    kept = next(iter(batches(second))).behind
    second.path.write_bytes(second.path.read_bytes()[: kept.offset])
    found = ending(tmp_path, IDENTITY)
    assert found.positions[-1] == kept
    assert found.broken is not None
    assert f"the next file goes on behind batch {third.batch}" in found.broken.why
    assert first.batch == 0
