"""Every file of a folder is read, and what is wrong with any of them is told with its place; nothing is changed."""

import io

import numpy as np
import pytest

from engines.service.recovery import JOURNAL, SNAPSHOTS, TRAIL
from engines.service.snapshots import stored
from engines.service.trail_files import HEAD, pack_head, read_head
from engines.service.verifying import print_fills, verify, verify_service
from harness.base.errors import SetupError
from harness.base.records import EventKind
from harness.wire.json_lines import decode_events
from tests.fakes.durable_service import IDENTITY, OTHER, SMALL, engine, flipped, flow
from tests.fakes.served import served

COMMANDS = flow(40)


@pytest.fixture
def folder(tmp_path):
    """Of a service that ended in good order."""
    made = engine(tmp_path)
    for at in range(0, 40, 4):
        made.submit(COMMANDS[at : at + 4])
    made.close()
    return tmp_path


def change(path, byte):
    path.write_bytes(flipped(path.read_bytes(), 8 * byte))


def test_a_good_end_is_clean_and_all_of_it_was_read(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    report = verify(folder, SMALL)
    assert report.is_usable
    snapshots, trail, journal, verdict = report.lines[:3], report.lines[3], report.lines[4], report.lines[5]
    assert all(line.endswith(".snapshot: whole") for line in snapshots)
    assert trail.startswith("trail: 10 batches, ")
    assert (journal, verdict) == ("journal: 40 commands, 1 to 40, in 4 segments", "clean")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_nothing_is_clean(tmp_path):
    assert verify(tmp_path, SMALL).lines[-2:] == ("journal: no command", "clean")


def test_a_death_is_complete_up_to_what_was_written(tmp_path):
    made = engine(tmp_path)
    made.submit(COMMANDS)
    made.abandon()
    report = verify(tmp_path, SMALL)
    assert (report.is_usable, report.lines[-1]) == (True, "complete up to 40")


def test_an_entry_that_a_snapshot_spares_recovery_is_read(folder):
    path = min((folder / JOURNAL).glob("*.segment"))
    change(path, 4096 + 128 * 4 + 50)
    report = verify(folder, SMALL)
    assert not report.is_usable
    assert report.lines[-1] == f"refused: {path} at byte {4096 + 128 * 4}: entry 5 was damaged"


def test_a_broken_snapshot_is_told_and_passed_over(folder):
    change(stored(folder / SNAPSHOTS)[0], 600)
    report = verify(folder, SMALL)
    assert "it was damaged: its checksum does not fit" in report.lines[0]
    assert report.is_usable
    assert "passed over" in report.lines[-1]


def test_a_batch_that_recovery_does_not_read_is_refused_with_its_place(folder):
    first, *further = sorted((folder / TRAIL).glob("*.trail"))
    assert further
    change(first, 700)
    report = verify(folder, SMALL)
    assert not report.is_usable
    assert report.lines[-1].startswith(f"refused: the audit trail: batch 1, {first} at byte 512: ")


def test_a_trail_of_other_events_under_the_same_numbers_is_refused(folder, tmp_path):
    other = engine(tmp_path / "other")
    other.submit(COMMANDS)
    other.close()
    head = (folder / TRAIL / "head").read_bytes()
    for path in (folder / TRAIL).iterdir():
        path.unlink()
    for path in (tmp_path / "other" / TRAIL).iterdir():
        (folder / TRAIL / path.name).write_bytes(path.read_bytes())
    assert verify(folder, SMALL).is_usable, "the same events, batched otherwise"
    (folder / TRAIL / "head").write_bytes(head)
    assert verify(folder, SMALL).lines[-1].startswith("refused: ")


def test_a_trail_that_is_whole_and_not_the_one_of_its_head_is_refused(folder):
    head = read_head(folder / TRAIL)
    (folder / TRAIL / HEAD).write_bytes(pack_head(head._replace(hash=bytes(32))))
    report = verify(folder, SMALL)
    assert not report.is_usable
    assert report.lines[-1] == "refused: the audit trail: batch 10: its hash is not the one that the head holds"


def test_a_torn_end_of_the_trail_is_told_again(tmp_path):
    made = engine(tmp_path, snapshot_every=1_000)
    for at in range(0, 40, 4):
        made.submit(COMMANDS[at : at + 4])
    made.abandon()
    path = max((tmp_path / TRAIL).glob("*.trail"))
    path.write_bytes(path.read_bytes()[:-30])
    report = verify(tmp_path, SMALL)
    assert report.is_usable
    assert "told again" in report.lines[-1]


def test_a_head_that_is_missing_is_told(folder):
    (folder / TRAIL / "head").unlink()
    report = verify(folder, SMALL)
    assert report.is_usable
    assert any("the head is missing or was damaged" in line for line in report.lines)


def test_another_engine_s_folder_is_refused(folder):
    assert "other instruments, conventions or capacities" in verify(folder, OTHER).lines[-1]


def test_of_a_configuration_it_is_its_folder(tmp_path):
    (tmp_path / "service.toml").write_text(
        '[service]\ndata = "none"\n[[instruments]]\nid = 1\nsymbol = "A"\n[[ports]]\nnumber = 1\nusername = "a"\npassword = "b"\naccount = 7\n'
    )
    out = io.StringIO()
    assert verify_service(tmp_path / "service.toml", tmp_path, out)
    assert out.getvalue().endswith("clean\n")
    with pytest.raises(SetupError, match="there is no folder none"):
        verify_service(tmp_path / "service.toml", None)


def printed(folder):
    out = io.StringIO()
    print_fills(folder / TRAIL, IDENTITY, out)
    return decode_events(out.getvalue().encode()).records


@pytest.fixture
def told(tmp_path):
    """The fills that a service told, in the order of its trail."""
    made = engine(tmp_path)
    events = np.concatenate([made.submit(part) for part in np.split(flow(400), 40)])
    made.close()
    return events[events["kind"] == EventKind.TRADE]


def test_the_fills_of_the_trail_are_those_that_were_told(told, tmp_path):
    fills = printed(tmp_path)
    assert len(fills) == len(told) > 20
    for name in ("match", "price", "qty", "order", "maker"):
        assert fills[name].tolist() == told[name].tolist()


def test_of_a_trail_that_is_damaged_the_fills_before_that_are_printed(told, tmp_path):
    path = max((tmp_path / TRAIL).glob("*.trail"))
    change(path, 700)
    fills = printed(tmp_path)
    assert 0 < len(fills) < len(told)
    assert fills["match"].tolist() == told["match"][: len(fills)].tolist()


def test_it_may_look_while_a_service_works_there(tmp_path):
    with served(tmp_path) as service:
        assert verify(tmp_path, service.service._configuration).is_usable
