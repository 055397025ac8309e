"""The journal and the archive are each other's inverse, also when gonogo died in between."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from harness.base.bits import book_rows, digest
from harness.base.capabilities import Capabilities, Conventions
from harness.base.errors import EvidenceError
from harness.base.judgement import EngineIdentity
from harness.base.notes import FlowNotes
from harness.base.records import Event, empty_commands, events_of
from harness.evidence.archive import Archive, latest
from harness.evidence.fold import RepeatMark
from harness.evidence.host import host
from harness.evidence.journal import Journal
from harness.evidence.run import RunRecord, ScenarioRecord
from harness.evidence.store import write_json


def commands(first: int, count: int):
    made = empty_commands(count)
    made["number"] = np.arange(first, first + count)
    made["order"] = made["number"]
    return made


def answers(first: int, count: int):
    return events_of([Event(command=n, order=n, kind=1) for n in range(first, first + count)])


def run_folder(tmp_path):
    """run.json and scenario.json around a journal's folder."""
    run = RunRecord(
        id="x", name="x", started_utc="2026-01-01T00:00:00Z", wall_s=1, gonogo="0", seed=1, use="research",
        engine=EngineIdentity(name="e", version="1", commit="", dirty=False), adapter="plain", capabilities=Capabilities(),
        host=host(), scenarios=("s",), planned=("s",), left_out={}, status="finished",
    )  # fmt: skip
    scenario = ScenarioRecord(
        name="s", about="", instrument="drive", flow="", pacing="", rate_per_s=0, commands=0, duration_ns=0, status="interrupted",
        started=True, failure="", conventions=Conventions(), instruments=(), notes=FlowNotes(), checks=(), settings={},
    )  # fmt: skip
    write_json(tmp_path / "run.json", run)
    write_json(tmp_path / "scenarios" / "s" / "scenario.json", scenario)
    return tmp_path / "scenarios" / "s"


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


def test_a_missing_segment_is_named(tmp_path):
    folder = run_folder(tmp_path)
    journal = Journal(folder, segment_commands=2)
    for first in (1, 3, 5):
        journal.commands(commands(first, 2))
    journal.close()
    (folder / "history" / "000002.commands").unlink()
    with pytest.raises(EvidenceError, match=r"000002\.commands"):
        list(Archive(tmp_path).segments("s"))


def test_a_story_is_the_last_commands_about_its_orders(tmp_path):
    journal = Journal(run_folder(tmp_path), segment_commands=4)
    for first in (1, 5, 9):
        journal.commands(commands(first, 4))
        journal.events(answers(first, 4))
    journal.close()
    told, events = Archive(tmp_path).story("s", (2, 6, 7, 11), 8, 2)
    assert told["number"].tolist() == [6, 7]
    assert events["command"].tolist() == [6, 7]


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.unit.harness.evidence.test_journal import answers, commands
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


def test_latest_finds_the_newest_run_or_says_what_is_missing(tmp_path):
    run_folder(tmp_path / "20260101")
    (tmp_path / "latest").symlink_to("20260101")
    assert latest(tmp_path) == latest(tmp_path / "20260101") == (tmp_path / "20260101").resolve()
    with pytest.raises(EvidenceError, match=r"neither run.json nor latest"):
        latest(tmp_path / "nothing")
