"""Recovery: the newest snapshot that can be used, the commands behind it, and the events that the trail lacks; or a refusal."""

import shutil

import pytest

from engines.service.errors import RefusedError
from engines.service.recovery import JOURNAL, SNAPSHOTS, TRAIL, judge, rebuild, tell_again
from engines.service.snapshots import stored
from engines.service.trail_files import HEAD, pack_head, read_head
from harness.base.bits import digest
from tests.fakes.durable_service import OTHER, SMALL, digests, engine, flipped, flow, journal

COMMANDS = flow(40)
BOOKS = digests(COMMANDS)


def left(folder, syncs="batch", count=40, close=False, **sizes):
    """What an engine leaves that was given commands by fours, and died or ended."""
    made = engine(folder, syncs, **sizes)
    for at in range(0, count, 4):
        made.submit(COMMANDS[at : at + 4])
    made.close() if close else made.abandon()


def recovered(folder):
    """The plan, the digest of the book, and up to which commands events were told again."""
    plan = judge(folder, SMALL)
    told = []
    made = rebuild(plan)
    tell_again(plan, made, lambda events, last: told.append((len(events), last)))
    return plan, digest(made.snapshot()), told


def test_nothing_is_clean(tmp_path):
    plan, book, told = recovered(tmp_path)
    assert (plan.said(), plan.complete, plan.stamp_ns(), told) == ("clean", 0, 0, [])
    assert book == BOOKS[0]


def test_an_end_in_good_order_is_clean(tmp_path):
    left(tmp_path, close=True)
    plan, book, told = recovered(tmp_path)
    assert (plan.said(), told) == ("clean", [])
    assert plan.snapshot is not None
    assert plan.snapshot.sequence == 36
    assert book == BOOKS[40]


def test_a_death_is_complete_up_to_what_was_written(tmp_path):
    left(tmp_path)
    plan, book, _ = recovered(tmp_path)
    assert plan.said() == "complete up to 40"
    assert book == BOOKS[40]


def test_the_last_stamp_is_known(tmp_path):
    made = journal(tmp_path / JOURNAL)
    stamped = COMMANDS[:5].copy()
    stamped["sent_ns"] = [5, 6, 7, 8, 9]
    made.append(1, stamped)
    made.close()
    assert judge(tmp_path, SMALL).stamp_ns() == 9


def test_broken_snapshots_are_passed_over_down_to_the_whole_journal(tmp_path):
    left(tmp_path)
    kept = stored(tmp_path / SNAPSHOTS)
    for number, path in enumerate(kept, 1):
        path.write_bytes(flipped(path.read_bytes(), 8 * 1_000))
        plan, book, _ = recovered(tmp_path)
        assert len(plan.passed_over) == number
        assert (plan.snapshot.sequence if plan.snapshot else 0) == (int(kept[number].stem) if number < len(kept) else 0)
        assert book == BOOKS[40]
        assert f"{path.name} passed over: it was damaged" in plan.said()


def test_a_trail_that_is_gone_is_told_again_from_the_first_command(tmp_path):
    left(tmp_path)
    shutil.rmtree(tmp_path / TRAIL)
    plan, book, told = recovered(tmp_path)
    assert plan.said() == "complete up to 40; events of 40 commands told again"
    assert plan.snapshot is None
    assert told[-1][1] == 40
    assert book == BOOKS[40]


def test_a_torn_trail_is_cut_and_told_again(tmp_path):
    left(tmp_path, trail_bytes=2**20, snapshot_every=100)
    (path,) = (tmp_path / TRAIL).glob("*.trail")
    path.write_bytes(path.read_bytes()[:-7])
    plan, book, told = recovered(tmp_path)
    assert plan.said() == "complete up to 40; trail cut: it ends beyond the file; events of 4 commands told again"
    assert [last for _, last in told] == [40]
    assert book == BOOKS[40]


def test_snapshots_that_the_trail_does_not_reach_are_not_used(tmp_path):
    left(tmp_path, trail_bytes=2**20)
    (path,) = (tmp_path / TRAIL).glob("*.trail")
    path.write_bytes(path.read_bytes()[:-2_500])
    (tmp_path / TRAIL / HEAD).unlink()
    plan, book, told = recovered(tmp_path)
    assert plan.trail.command < 36
    assert plan.snapshot is not None
    assert plan.snapshot.sequence <= plan.trail.command
    assert told[-1][1] == 40
    assert book == BOOKS[40]


def test_a_trail_ahead_of_a_journal_that_promised_nothing_is_cut(tmp_path):
    left(tmp_path, "none", room=64, snapshot_every=1_000, trail_bytes=500)
    segment = next((tmp_path / JOURNAL).glob("*1.segment"))
    raw = segment.read_bytes()
    segment.write_bytes(raw[: 4096 + 128 * 10] + bytes(len(raw) - 4096 - 128 * 10))
    plan, book, told = recovered(tmp_path)
    assert plan.said() == (
        "complete up to 10; trail cut: it goes on to command 40, the journal does not; events of 2 commands told again"
    )
    assert [last for _, last in told] == [10]
    assert book == BOOKS[10]


def test_a_journal_behind_what_the_trail_knows_to_be_durable_is_refused(tmp_path):
    left(tmp_path, room=64, snapshot_every=1_000)
    path = next((tmp_path / JOURNAL).glob("*1.segment"))
    raw = path.read_bytes()
    # The mark is lost with the entries.
    path.write_bytes(raw[:512] + bytes(3_584) + raw[4_096 : 4096 + 128 * 10] + bytes(128 * 54))
    with pytest.raises(
        RefusedError, match="entry 11 is missing, and the audit trail says that all up to 40 were durable"
    ):
        judge(tmp_path, SMALL)


def test_a_journal_behind_a_snapshot_is_refused(tmp_path):
    left(tmp_path)
    shutil.rmtree(tmp_path / TRAIL)
    shutil.rmtree(tmp_path / JOURNAL)
    with pytest.raises(
        RefusedError, match=r"there is no journal, and the snapshot 0+36.snapshot holds what entry 36 did"
    ):
        judge(tmp_path, SMALL)


def test_a_trail_that_tells_another_number_of_events_is_refused(tmp_path):
    left(tmp_path / "one", snapshot_every=1_000)
    other = engine(tmp_path / "other", snapshot_every=1_000)
    for at in range(0, 40, 4):
        other.submit(flow(40, seed=7)[at : at + 4])
    other.abandon()
    shutil.rmtree(tmp_path / "one" / TRAIL)
    shutil.copytree(tmp_path / "other" / TRAIL, tmp_path / "one" / TRAIL)
    plan = judge(tmp_path / "one", SMALL)
    with pytest.raises(RefusedError, match=r"tells \d+ events of 40 commands; the journal's commands give \d+"):
        rebuild(plan)


def test_a_trail_that_has_no_end_within_the_journal_is_refused(tmp_path):
    left(tmp_path, "none", room=64, snapshot_every=1_000, trail_bytes=500)
    for path in sorted((tmp_path / TRAIL).glob("*.trail"))[:-2]:
        path.unlink()
    segment = next((tmp_path / JOURNAL).glob("*1.segment"))
    raw = segment.read_bytes()
    segment.write_bytes(raw[: 4096 + 128 * 10] + bytes(len(raw) - 4096 - 128 * 10))
    with pytest.raises(RefusedError, match="no part of the audit trail ends at command 10 or before"):
        judge(tmp_path, SMALL)


def test_another_engine_s_folder_is_refused(tmp_path):
    left(tmp_path)
    with pytest.raises(RefusedError, match="other instruments, conventions or capacities"):
        judge(tmp_path, OTHER)


def test_judging_changes_nothing(tmp_path):
    left(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    judge(tmp_path, SMALL)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_head_that_promises_more_than_the_trail_holds_is_refused(tmp_path):
    left(tmp_path)
    head = read_head(tmp_path / TRAIL)
    assert head is not None
    (tmp_path / TRAIL / HEAD).write_bytes(pack_head(head._replace(synced=head.batch + 1)))
    with pytest.raises(RefusedError, match="nothing follows; its head says"):
        judge(tmp_path, SMALL)
