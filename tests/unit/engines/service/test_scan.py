"""Where a journal ends: in good order, torn, or damaged; and what is taken for which."""

import pytest

from engines.service.errors import RefusedError
from engines.service.scan import Proof, commands_between, home_of, scan
from engines.service.segments import HEADER_BYTES, MARK_AT, Mark, Phase, segments, write_mark
from harness.base.bits import digest
from tests.fakes.disk import FakeDisk
from tests.fakes.durable_service import IDENTITY, flipped, flow, journal, written

COMMANDS = flow(40)


def changed(path, **at):
    """Change the file: `entry` N to other bytes, or all `behind` an entry; the mark to `mark`."""
    raw = bytearray(path.read_bytes())
    if "zero" in at:
        start = HEADER_BYTES + (at["zero"] - 1) * 128
        raw[start : start + 128 * at.get("count", 1)] = bytes(128 * at.get("count", 1))
    if "flip" in at:
        raw[HEADER_BYTES + (at["flip"] - 1) * 128 + 40] ^= 4
    path.write_bytes(raw)
    if "mark" in at:
        write_mark(FakeDisk().open(path), at["mark"])


def test_no_journal_is_clean_and_empty(tmp_path):
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, tail.clean, tail.cut) == (0, True, None)


def test_closed_in_good_order_is_clean(tmp_path):
    made = journal(tmp_path)
    made.append(1, COMMANDS[:5])
    made.close()
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, tail.clean, tail.cut, tail.notes) == (5, True, None, ())
    assert tail.proof == Proof(5, "the mark of 00000000000000000001.segment")


def test_not_closed_is_complete_and_not_clean(tmp_path):
    written(tmp_path, COMMANDS[:8])
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, tail.clean, tail.cut) == (8, False, None)


def test_a_torn_tail_that_was_never_synced_is_cut(tmp_path):
    path = written(tmp_path, COMMANDS[:8], syncs="none")
    changed(path, flip=8)
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, tail.clean) == (7, False)
    assert tail.cut is not None
    assert (tail.cut.path, tail.cut.offset, tail.cut.entries) == (path, HEADER_BYTES + 7 * 128, 1)
    assert "was being written, or was damaged" in tail.cut.why


def test_a_tail_that_came_out_of_order_is_cut(tmp_path):
    changed(written(tmp_path, COMMANDS[:8], syncs="none"), zero=5, count=2)
    tail = scan(tmp_path, IDENTITY)
    assert tail.last == 4
    assert tail.cut is not None
    assert (tail.cut.entries, tail.cut.why) == (4, "entries that were never synced")


def test_an_entry_changed_in_the_middle_is_refused_with_its_place(tmp_path):
    path = written(tmp_path, COMMANDS[:8], syncs="none")
    changed(path, flip=5)
    with pytest.raises(RefusedError, match="entry 5 is not valid, and 3 valid ones lie behind it") as refused:
        scan(tmp_path, IDENTITY)
    assert (refused.value.path, refused.value.offset) == (path, HEADER_BYTES + 4 * 128)


@pytest.mark.parametrize(
    ("harm", "how"), [({"flip": 8}, "damaged"), ({"zero": 8}, "missing"), ({"zero": 1, "count": 8}, "missing")]
)
def test_the_mark_tells_a_lost_last_entry_from_a_torn_tail(tmp_path, harm, how):
    path = written(tmp_path, COMMANDS[:8])
    changed(path, **harm)
    with pytest.raises(
        RefusedError, match=f"entry . is {how}, and the mark of {path.name} says that all up to 8 were durable"
    ):
        scan(tmp_path, IDENTITY)


def test_entries_tell_what_was_durable_when_the_mark_does_not(tmp_path):
    path = written(tmp_path, COMMANDS[:12])
    changed(path, zero=6, count=4, mark=Mark(0))
    with pytest.raises(
        RefusedError, match="entry 6 is damaged, and an entry behind it says that all up to 8 were durable"
    ):
        scan(tmp_path, IDENTITY)
    changed(path, zero=9, count=4)
    assert scan(tmp_path, IDENTITY).last == 5


def test_a_snapshot_or_the_trail_may_know_of_more(tmp_path):
    written(tmp_path, COMMANDS[:8], syncs="none")
    with pytest.raises(
        RefusedError, match="entry 9 is missing, and the audit trail says that all up to 10 were durable"
    ):
        scan(tmp_path, IDENTITY, known=Proof(10, "the audit trail"))
    assert scan(tmp_path, IDENTITY, known=Proof(8, "the audit trail")).last == 8
    with pytest.raises(RefusedError, match="entry 12 is missing, and a snapshot says that all up to 12 were durable"):
        scan(tmp_path, IDENTITY, after=12, known=Proof(12, "a snapshot"))
    with pytest.raises(RefusedError, match="there is no journal, and a snapshot holds what entry 3 did"):
        scan(tmp_path / "none", IDENTITY, known=Proof(3, "a snapshot"))


def test_a_snapshot_beyond_all_segments_is_no_end_of_the_journal(tmp_path):
    written(tmp_path, COMMANDS[:8])
    with pytest.raises(RefusedError, match="entry 17 is missing, and a snapshot"):
        scan(tmp_path, IDENTITY, after=40, known=Proof(40, "a snapshot"))


def test_entries_before_a_snapshot_are_not_looked_at_but_its_own_is(tmp_path):
    path = written(tmp_path, COMMANDS[:8], syncs="none")
    changed(path, flip=2)
    assert scan(tmp_path, IDENTITY, after=4, known=Proof(4, "a snapshot")).last == 8
    with pytest.raises(RefusedError, match="entry 2 is damaged"):
        scan(tmp_path, IDENTITY, after=2, known=Proof(2, "a snapshot"))


def test_a_broken_mark_is_told_and_nothing_more(tmp_path):
    path = written(tmp_path, COMMANDS[:8])
    path.write_bytes(flipped(path.read_bytes(), 8 * MARK_AT))
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, tail.clean) == (8, False)
    assert tail.notes == (f"the mark of {path.name} was damaged",)


def test_a_file_that_lost_unused_room_is_told(tmp_path):
    made = journal(tmp_path)
    made.append(1, COMMANDS[:8])
    made.close()
    path = segments(tmp_path, IDENTITY)[0].path
    path.write_bytes(path.read_bytes()[:-200])
    tail = scan(tmp_path, IDENTITY)
    assert (tail.last, tail.clean) == (8, False)
    assert tail.notes == (f"{path.name} was shorter than its header says",)


def test_over_several_segments(tmp_path):
    made = journal(tmp_path)
    made.append(1, COMMANDS)
    made.commit()
    made.abandon()
    found = segments(tmp_path, IDENTITY)
    assert [(one.first, one.mark) for one in found] == [
        (1, Mark(16, Phase.CONTINUED)), (17, Mark(32, Phase.CONTINUED)), (33, Mark(40)), (49, Mark(0)),
    ]  # fmt: skip
    assert scan(tmp_path, IDENTITY).last == 40
    assert [home_of(found, at).first for at in (0, 1, 16, 17, 49, 99)] == [1, 1, 1, 17, 49, 49]
    got = [(first, len(commands)) for first, commands in commands_between(found, 10, 35)]
    assert got == [(11, 6), (17, 16), (33, 3)]
    for first, commands in commands_between(found, 10, 35):
        assert digest(commands) == digest(COMMANDS[first - 1 : first - 1 + len(commands)])
    assert list(commands_between(found, 40, 40)) == []
    changed(found[1].path, flip=4)
    with pytest.raises(RefusedError, match="entry 20 is damaged"):
        scan(tmp_path, IDENTITY)
    with pytest.raises(RefusedError, match="entry 20 was damaged"):
        list(commands_between(found, 10, 35))


def test_the_last_segments_gone_is_no_end(tmp_path):
    made = journal(tmp_path)
    made.append(1, COMMANDS)
    made.commit()
    made.abandon()
    _, _, third, fourth = segments(tmp_path, IDENTITY)
    fourth.path.unlink()
    third.path.unlink()
    with pytest.raises(RefusedError, match="goes on in a further segment; that is missing"):
        scan(tmp_path, IDENTITY)


def test_a_journal_that_begins_too_late(tmp_path):
    made = journal(tmp_path)
    made.append(1, COMMANDS)
    made.close()
    segments(tmp_path, IDENTITY)[0].path.unlink()
    with pytest.raises(RefusedError, match="begins with entry 17; wanted it from entry 1 on"):
        scan(tmp_path, IDENTITY)
    assert scan(tmp_path, IDENTITY, after=16).last == 40
