"""A history of which segments were dropped: what is left is read, what the seed gives again must be the very same."""

import zlib

import numpy as np
import pytest

from harness.base.bits import digest, timeless
from harness.base.errors import EvidenceError
from harness.evidence.archive import Archive
from harness.evidence.history import History
from harness.evidence.index import append_lines, read_index
from harness.evidence.journal import Journal
from harness.evidence.segment import HEADER
from tests.fakes.journaled import answers, commands, run_folder


def timed(first, count):
    made = commands(first, count)
    made["due_ns"] = made["sent_ns"] = made["number"] * 10
    return made


@pytest.fixture
def history(tmp_path):
    """Three pairs of four commands."""
    folder = run_folder(tmp_path)
    journal = Journal(folder, segment_commands=4)
    for first in (1, 5, 9):
        journal.commands(timed(first, 4))
        journal.events(answers(first, 4))
    journal.close()
    return folder / "history"


def drop(history, *names):
    """What a live judge does."""
    lines = read_index(history)
    with (history / "index.jsonl").open("ab", buffering=0) as index:
        for name in names:
            line = lines[name]
            told = digest(timeless(timed(line.first, line.count))) if name.endswith("commands") else ""
            append_lines(index, type(line)(file=name, first=line.first, count=line.count, blake2b=line.blake2b, kept=False, timeless=told))  # fmt: skip
            (history / name).unlink()


def test_what_is_gone_is_told(history):
    assert History(history).gone == "nothing"
    drop(history, "000001.commands")
    assert History(history).gone == "commands"
    drop(history, "000001.events")
    assert History(history).gone == "events"


def test_dropped_commands_are_drawn_again_and_have_no_times(history):
    drop(history, "000001.commands", "000002.commands")
    segments = list(History(history).segments(commands))
    assert np.concatenate([part.commands["number"] for part in segments]).tolist() == list(range(1, 13))
    assert np.concatenate([part.events["command"] for part in segments]).tolist() == list(range(1, 13))
    assert (segments[0].commands["sent_ns"] < 0).all()
    assert segments[2].commands["sent_ns"].tolist() == [90, 100, 110, 120]


@pytest.mark.parametrize(
    "other", [lambda first, count: commands(first + 1, count), lambda first, count: commands(first, count - 1)]
)
def test_other_commands_than_those_dropped_are_not_believed(history, other):
    drop(history, "000002.commands")
    with pytest.raises(EvidenceError, match=r"does not give the commands of 000002\.commands again"):
        list(History(history).segments(other))


@pytest.mark.parametrize(("name", "redraw"), [("000001.commands", None), ("000003.events", commands)])
def test_what_is_dropped_and_not_drawn_again_is_named(history, name, redraw):
    drop(history, name)
    with pytest.raises(EvidenceError, match=rf"{name} was dropped, so that the history stays within its bound"):
        list(History(history).segments(redraw))


def test_the_commands_alone_need_no_events(history):
    drop(history, "000001.commands", "000001.events")
    assert np.concatenate(list(History(history).commands(commands)))["number"].tolist() == list(range(1, 13))


def test_pairs_that_are_whole_are_kept(history):
    drop(history, "000001.commands", "000002.commands", "000002.events")
    kept = list(History(history).kept())
    assert [part.commands["number"].tolist() for part in kept] == [[9, 10, 11, 12]]
    assert [part.events["command"].tolist() for part in kept] == [[9, 10, 11, 12]]


def test_a_story_is_told_of_what_was_kept(history):
    drop(history, "000001.commands", "000001.events")
    archive = Archive(history.parents[2])
    told, events = archive.story("s", (2, 6), 8, 5)
    assert (told["number"].tolist(), events["command"].tolist()) == ([6], [6])
    with pytest.raises(EvidenceError, match="history around command 3 was dropped"):
        archive.story("s", (2,), 3, 5)


def changed(history, name):
    """A record changed by somebody who mended the checksum too."""
    path = history / name
    raw = bytearray(path.read_bytes())
    raw[HEADER.size + 8] ^= 1
    raw[20:24] = zlib.crc32(raw[HEADER.size :]).to_bytes(4, "little")
    path.write_bytes(raw)


def test_what_somebody_changed_is_seen_by_its_hash_and_what_the_disk_changed_by_its_checksum(history):
    changed(history, "000002.events")
    with pytest.raises(EvidenceError, match="was changed: its hash"):
        list(History(history).segments())
    assert len(list(History(history, fresh=True).segments())) == 3, "who wrote it himself need not ask for the hash"
    path = history / "000002.events"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(EvidenceError, match="was changed: its checksum"):
        list(History(history, fresh=True).segments())
