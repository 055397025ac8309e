"""The journal and the archive are each other's inverse, also when gonogo died in between."""

import errno
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from harness.base.bits import book_rows, digest
from harness.base.records import EVENT
from harness.evidence.archive import Archive
from harness.evidence.fold import RepeatMark
from harness.evidence.journal import Journal
from harness.evidence.scribe import ROOM
from tests.fakes.journaled import answers, commands, run_folder


def test_segments_come_back_in_pairs_in_order(tmp_path):
    journal = Journal(run_folder(tmp_path), segment_commands=10)
    for first in range(1, 34, 4):
        journal.commands(commands(first, 4))
        journal.events(answers(first, 4))
    journal.close()
    journal.close()
    segments = list(Archive(tmp_path).segments("s"))
    assert len(segments) == 3
    assert np.concatenate([segment.commands["number"] for segment in segments]).tolist() == list(range(1, 37))
    for segment in segments:
        assert set(segment.events["command"].tolist()) <= set(segment.commands["number"].tolist())
    assert (journal.sent, journal.received) == (36, 36)


def test_a_segment_ends_by_its_events_too(tmp_path):
    """An engine may say much of few commands, and a drop copy is heard where none are sent."""
    journal = Journal(run_folder(tmp_path), segment_commands=10, segment_events=6)
    for first in range(1, 24, 4):
        journal.events(answers(first, 4))
    journal.commands(commands(1, 10))
    journal.commands(commands(11, 5))
    journal.events(answers(25, 1))
    journal.close()
    segments = list(Archive(tmp_path).segments("s"))
    assert [len(part.events) for part in segments] == [8, 8, 8, 1]
    assert [len(part.commands) for part in segments] == [0, 0, 10, 5]
    assert np.concatenate([part.events["order"] for part in segments]).tolist() == list(range(1, 26))


def test_the_bound_is_told(tmp_path):
    journal = Journal(run_folder(tmp_path), limit_bytes=112 * 10)
    journal.commands(commands(1, 9))
    assert not journal.full
    journal.events(answers(1, 1))
    assert journal.full
    journal.close()


def test_whoever_gives_records_may_use_their_memory_again(tmp_path):
    journal = Journal(run_folder(tmp_path), segment_commands=2)
    memory = commands(1, 2)
    came = answers(1, 2)
    for first in (1, 3, 5):
        memory[:], came[:] = commands(first, 2), answers(first, 2)
        journal.commands(memory)
        journal.events(came)
    journal.close()
    segments = list(Archive(tmp_path).segments("s"))
    assert [part.commands["number"].tolist() for part in segments] == [[1, 2], [3, 4], [5, 6]]
    assert [part.events["order"].tolist() for part in segments] == [[1, 2], [3, 4], [5, 6]]


def test_more_records_at_once_than_a_stretch_holds_and_records_without_padding_come_back(tmp_path):
    journal = Journal(run_folder(tmp_path), segment_commands=10)
    joined = np.concatenate([answers(1, ROOM), answers(ROOM + 1, ROOM + 3)])
    assert joined.dtype.itemsize < EVENT.itemsize
    journal.commands(commands(1, 2 * ROOM + 3))
    journal.events(joined)
    journal.close()
    (segment,) = Archive(tmp_path).segments("s")
    assert (segment.commands == commands(1, 2 * ROOM + 3)).all()
    assert (segment.events == joined).all()


def test_with_a_live_judge_the_bound_is_for_what_lies_on_disk(tmp_path):
    at_work = [True]
    folder = run_folder(tmp_path)
    journal = Journal(folder, limit_bytes=112 * 40, segment_commands=4, followed=lambda: at_work[0])
    journal.commands(commands(1, 400))
    assert not journal.full
    at_work.clear()
    at_work.append(False)
    assert journal.full
    journal.close()


@pytest.mark.parametrize("dropped", [True, False])
def test_at_the_bound_a_live_judge_is_waited_for_until_it_makes_room_or_is_gone(tmp_path, dropped):
    folder = run_folder(tmp_path)
    looks = []

    def at_work() -> bool:
        looks.append(len(list((folder / "history").glob("*.commands"))))
        if dropped:
            for path in (folder / "history").glob("0*"):
                path.unlink()
        return dropped or len(looks) < 3

    journal = Journal(folder, limit_bytes=112 * 10, segment_commands=10, followed=at_work)
    for first in range(1, 31, 10):
        journal.commands(commands(first, 10))
    journal.close()
    left = sorted(path.name for path in (folder / "history").glob("*.commands"))
    assert looks[0] == 1
    assert left == ([] if dropped else ["000001.commands", "000002.commands", "000003.commands"])
    assert journal._scribe.freed_bytes == pytest.approx(112 * 30 if dropped else 0, abs=1000)


FULL = """
import resource, sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.fakes.journaled import answers, commands
from harness.evidence.journal import Journal
journal = Journal(Path({folder!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (64 + 112 * 10_000, -1))
told = []
try:
    for first in range(1, 1_000_000, 1000):
        journal.commands(commands(first, 1000))
        journal.events(answers(first, 1000))
except OSError as error:
    told.append(error)
journal.close()
print(type(told[0]).__name__, told[0].errno)
"""


def test_a_disk_that_is_full_is_told_to_whoever_writes(tmp_path):
    """The system refuses what goes beyond the limit of a file's size just as it refuses what a disk cannot hold."""
    folder = run_folder(tmp_path)
    program = FULL.format(path=[path for path in sys.path if path], folder=str(folder))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["OSError", str(errno.EFBIG)], done.stderr
    (segment,) = Archive(tmp_path).segments("s")
    assert segment.commands["number"].tolist() == list(range(1, 10_001))


def test_an_error_that_nobody_was_told_is_told_at_the_close(tmp_path):
    folder = run_folder(tmp_path)
    journal = Journal(folder)
    journal.commands(commands(1, 3))
    (folder / "history" / "000001.events").mkdir()
    (folder / "history" / "000001.events" / "in_the_way").touch()
    with pytest.raises(OSError, match=r"000001\.events"):
        journal.close()
    journal.close()


def test_books_repeats_and_samples_come_back(tmp_path):
    folder = run_folder(tmp_path)
    journal = Journal(folder)
    rows = book_rows([(1, 0, 100, 0, 7, 5)])
    journal.state(12, 99, rows)
    marks = (
        RepeatMark(repeat=2, first=1, count=12, digest="ab"),
        RepeatMark(relation="shift", repeat=1, first=1, count=12, digest="cd"),
        RepeatMark(relation="scale", why="no room", repeat=0, first=0, count=0, digest=""),
    )
    for mark in marks:
        journal.repeat(mark)
    journal.sample(5, ("rss_bytes",), (1.5e9,))
    journal.sample(6, ("rss_bytes",), (float("nan"),))
    journal.close()
    archive = Archive(tmp_path)
    (state,), repeats = archive.info("s").states, archive.info("s").repeats
    assert (state.number, state.engine_seq, state.digest) == (12, 99, digest(rows))
    assert repeats == marks
    assert (archive.book("s") == rows).all()
    assert (folder / "samples.csv").read_text() == "now_ns,rss_bytes\n5,1500000000\n6,nan\n"


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.fakes.journaled import answers, commands
from harness.evidence import journal as module, scribe
module.FLUSH_NS = 0
journal = module.Journal(Path({folder!r}), segment_commands=6)
for first in range(1, 17, 4):
    journal.commands(commands(first, 4))
    journal.events(answers(first, 4))
while journal._scribe._blank.qsize() < scribe.STRETCHES - 1:
    pass  # what was handed over is on its way to the disk
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_every_record_that_was_flushed(tmp_path):
    folder = run_folder(tmp_path)
    program = KILLED.format(path=[path for path in sys.path if path], folder=str(folder))
    done = subprocess.run([sys.executable, "-c", program], env=dict(os.environ), check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert list((folder / "history").glob("*.part"))
    segments = list(Archive(tmp_path).segments("s"))
    assert np.concatenate([segment.commands["number"] for segment in segments]).tolist() == list(range(1, 17))
    assert np.concatenate([segment.events["command"] for segment in segments]).tolist() == list(range(1, 17))
