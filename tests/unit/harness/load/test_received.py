"""What a worker of another machine left is taken where it is a part of a load, and refused in words where it is anything else."""

import io
import zipfile
from contextlib import closing

import numpy as np
import pytest

from harness.base.records import Channel, Event, EventKind, commands_of, events_of
from harness.evidence.journal import Journal
from harness.load.crew import LoadError
from harness.load.messages import Done
from harness.load.received import checked_part
from harness.load.sources import NUMBERS, SPOKEN, write_part
from harness.port import Spoken
from tests.fakes.history import new

SENT, MOST = 3, 40
DONE = Done(status="finished", sent=SENT)
WHOLE = {"command": 1, "session": 1, "received_ns": 5, "kind": EventKind.ACCEPTED, "channel": Channel.ORDER}


def left(folder, **event):
    """A part as a worker writes it, with an event that may be changed."""
    with closing(Journal(folder, segment_commands=2)) as out:
        for number in range(1, SENT + 1):
            out.commands(commands_of([new(number, 0, 100, 1, number=number, sent_ns=number, due_ns=number)]))
        out.events(events_of([Event(**WHOLE | event)]))
    write_part(folder, np.array([2, 5, MOST], np.int64), (Spoken(1, 7, np.array([0, 9], np.uint64)),))
    return folder


def numbers(values, dtype=np.int64):
    return lambda folder: np.save(folder / NUMBERS, np.array(values, dtype))


def spoken(*arrays, save=np.savez):
    return lambda folder: save(folder / SPOKEN, *arrays)


def says_that_it_is_long(folder):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<i8", "fortran_order": False, "shape": (10**15,)})
    (folder / NUMBERS).write_bytes(file.getvalue())


def has_another_file(folder):
    with zipfile.ZipFile(folder / SPOKEN, "a") as packed:
        packed.writestr("more.npy", b"")


def swapped(folder):
    """Commands where events belong: the header tells what they are."""
    history = folder / "history"
    (history / "000001.commands").write_bytes((history / "000002.events").read_bytes())


WHOSE, IDS = np.array([(1, 7)], np.int64), np.zeros(2, np.uint64)
BAD = {
    "below 1": (numbers([-1, 5, 9]), "does not rise within 1 to 40"),
    "beyond the whole": (numbers([2, 5, 10**18]), "does not rise within 1 to 40"),
    "falling": (numbers([2, 9, 5]), "does not rise"),
    "twice": (numbers([2, 2, 5]), "does not rise"),
    "too few": (numbers([2, 5]), "holds 2 numbers; wanted one for each of the 3"),
    "in two dimensions": (numbers([[2, 5, 9]]), "in 2 dimensions"),
    "no integers": (numbers([2, 5, 9], np.float64), "holds float64"),
    "objects": (numbers([2, 5, 9], object), "holds object"),
    "a header that lies": (says_that_it_is_long, "is not as long as its header says"),
    "a cut header": (lambda folder: (folder / NUMBERS).write_bytes(b"\x93NUM"), "no part of a load"),
    "no numbers": (lambda folder: (folder / NUMBERS).unlink(), r"numbers\.npy"),
    "no ids": (lambda folder: (folder / SPOKEN).unlink(), r"spoken\.npz"),
    "a cut zip": (lambda folder: (folder / SPOKEN).write_bytes((folder / SPOKEN).read_bytes()[:99]), "not a zip file"),
    "a zip that unpacks to more": (spoken(WHOSE, np.zeros(10**6, np.uint64), save=np.savez_compressed), "is packed"),
    "an empty zip": (lambda folder: zipfile.ZipFile(folder / SPOKEN, "w").close(), "wanted"),
    "another file in it": (has_another_file, r"more\.npy|arr_2"),
    "ids of nobody": (spoken(WHOSE, IDS, IDS), "names 1 sessions and holds the ids of 2"),
    "ids that are objects": (spoken(WHOSE, np.array([None])), "holds object"),
    "a session beyond all": (spoken(np.array([(2**40, 7)], np.int64), IDS), "that cannot be"),
    "a session below 0": (spoken(np.array([(-1, 7)], np.int64), IDS), "that cannot be"),
    "no history": (lambda folder: [path.unlink() for path in (folder / "history").iterdir()], "holds 0 commands"),
    "a damaged history": (lambda folder: (folder / "history" / "000001.events").write_bytes(b""), r"000001\.events"),
    "an index of something else": (
        lambda folder: (folder / "history" / "index.jsonl").write_text("[]\n"), "not what it should be",
    ),
    "events for commands": (swapped, "000001.commands|holds something else"),
}  # fmt: skip
STRANGE = {
    "of a command that was not sent": ({"command": SENT + 1}, "a command that it did not send"),
    "that came in a hundred years": ({"received_ns": 2**62}, "later than anything can"),
    "of another session": ({"session": 2}, "a session that it does not name"),
}


def test_a_part_that_is_whole_is_taken(tmp_path):
    folder, found, (said,) = checked_part(left(tmp_path), DONE, MOST)
    assert (folder, found.tolist(), said.number, said.account, said.orders.tolist()) == (
        tmp_path,
        [2, 5, 40],
        1,
        7,
        [0, 9],
    )


def test_one_that_sent_nothing_is_taken(tmp_path):
    Journal(tmp_path).close()
    write_part(tmp_path, np.zeros(0, np.int64), ())
    assert checked_part(tmp_path, Done(status="finished"), MOST).numbers.tolist() == []


def test_a_session_without_ids_has_none_to_look_up(tmp_path):
    spoken(WHOSE, np.zeros(0, np.uint64))(left(tmp_path))
    assert checked_part(tmp_path, DONE, MOST).spoken[0].orders.tolist() == [0]


def test_one_whose_engine_failed_names_no_sessions(tmp_path):
    write_part(left(tmp_path), np.array([2, 5, 9], np.int64), ())
    assert checked_part(tmp_path, Done(status="engine failed", sent=SENT), MOST).spoken == ()
    with pytest.raises(LoadError, match="a session that it does not name"):
        checked_part(tmp_path, DONE, MOST)


@pytest.mark.parametrize(("spoil", "why"), BAD.values(), ids=list(BAD))
def test_what_is_no_part_of_a_load_is_refused(spoil, why, tmp_path):
    spoil(left(tmp_path))
    with pytest.raises(LoadError, match=why):
        checked_part(tmp_path, DONE, MOST)


@pytest.mark.parametrize(("event", "why"), STRANGE.values(), ids=list(STRANGE))
def test_an_event_that_cannot_be_is_refused(event, why, tmp_path):
    with pytest.raises(LoadError, match=why):
        checked_part(left(tmp_path, **event), DONE, MOST)
