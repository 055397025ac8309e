"""The journal and the archive are each other's inverse, also when gonogo died in between."""

import os
import signal
import subprocess
import sys

import numpy as np

from harness.base.bits import book_rows, digest
from harness.evidence.archive import Archive
from harness.evidence.fold import RepeatMark
from harness.evidence.journal import Journal
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


def test_the_bound_is_told(tmp_path):
    journal = Journal(run_folder(tmp_path), limit_bytes=112 * 10)
    journal.commands(commands(1, 9))
    assert not journal.full
    journal.events(answers(1, 1))
    assert journal.full
    journal.close()


def test_books_repeats_and_samples_come_back(tmp_path):
    folder = run_folder(tmp_path)
    journal = Journal(folder)
    rows = book_rows([(1, 0, 100, 0, 7, 5)])
    journal.state(12, 99, rows)
    journal.repeat(RepeatMark(repeat=2, first=1, count=12, digest="ab"))
    journal.sample(5, ("rss_bytes",), (1.5e9,))
    journal.sample(6, ("rss_bytes",), (float("nan"),))
    journal.close()
    archive = Archive(tmp_path)
    assert archive.states("s")[0].digest == digest(rows)
    assert (archive.states("s")[0].number, archive.states("s")[0].engine_seq) == (12, 99)
    assert archive.repeats("s") == (RepeatMark(repeat=2, first=1, count=12, digest="ab"),)
    assert (archive.book("s") == rows).all()
    assert (folder / "samples.csv").read_text() == "now_ns,rss_bytes\n5,1500000000\n6,nan\n"


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.fakes.journaled import answers, commands
from harness.evidence import journal as module
module.FLUSH_NS = 0
journal = module.Journal(Path({folder!r}), segment_commands=6)
for first in range(1, 17, 4):
    journal.commands(commands(first, 4))
    journal.events(answers(first, 4))
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
