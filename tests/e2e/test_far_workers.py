"""A load whose workers are started apart from its master, as on other machines: the same experiment, or a clear word why there is none."""

import html
import json
import re
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager

import msgspec
import numpy as np
import pytest

from harness.base.histogram import Histogram
from harness.base.records import COMMAND, EVENT, Channel
from harness.evidence.archive import Archive
from harness.evidence.load_file import LoadRecord
from tests.fakes.command import GONOGO, environment, gonogo, long_scenario_file, until

PACE = ("--rate", "2000", "--duration", "1s", "--use", "research")
"""For a use that sets no limit on times: those of a busy machine are not what is tested here."""
INVITES = re.compile(r"to start one: gonogo worker (\S+)(.*)")


class Told:
    """A command at work, with what it has said so far."""

    def __init__(self, words, folder):
        self.process = subprocess.Popen(
            [GONOGO, *map(str, words)], cwd=folder, env=environment(TMPDIR=str(folder)), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        self.lines = []
        self._reading = threading.Thread(target=lambda: self.lines.extend(iter(self.process.stderr.readline, "")))
        self._reading.start()

    @property
    def said(self):
        return "".join(self.lines)

    def place(self):
        """Where the master waits, and what else it says that a worker must be told."""
        until(lambda: INVITES.search(self.said) or self.process.poll() is not None)
        place, words = INVITES.search(self.said).groups()
        return place, words.split()

    def ended(self):
        """Its exit code, and what it printed."""
        out = self.process.stdout.read()
        code = self.process.wait(120)
        self._reading.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, out


@contextmanager
def at_work(*words, folder):
    """A command that is ended with the context, if it has not ended by then."""
    folder.mkdir(exist_ok=True)
    told = Told(words, folder)
    try:
        yield told
    finally:
        if not told.process.stdout.closed:
            told.process.kill()
            told.ended()


def master(*words, folder, workers=2, place="127.0.0.1:0"):
    return at_work("run", *words, "--engine", "service", "--workers", workers, "--master", place, folder=folder)


def whole(folder, name="constant"):
    """All commands and events of the one scenario of a run."""
    archive = Archive(folder / "runs" / name / "latest")
    segments = list(archive.segments(name))
    commands = np.concatenate([segment.commands for segment in segments], dtype=COMMAND)
    return archive, commands, np.concatenate([segment.events for segment in segments], dtype=EVENT)


def left_behind(folder):
    return list(folder.glob("gonogo-worker-*"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A load by two workers, and the same by one sender."""
    folder = tmp_path_factory.mktemp("far")
    with master("constant", *PACE, folder=folder / "master") as leading:
        place, words = leading.place()
        assert words == []
        with (
            at_work("worker", place, folder=folder / "a") as one,
            at_work("worker", place, folder=folder / "b") as other,
        ):
            ends = [(*one.ended(), one.said), (*other.ended(), other.said)]
            code, out = leading.ended()
    assert gonogo("run", "constant", "--engine", "service", *PACE, cwd=folder).returncode == 2
    return folder, leading.said, (code, out), ends


def test_they_send_what_one_sender_would_have_sent_and_nothing_is_found(shared):
    folder, leading_said, (code, out), ends = shared
    assert code == 2, leading_said + out
    assert "violation" not in out
    assert [code for code, *_ in ends] == [0, 0], ends
    assert sum(int(re.search(r"sent ([\d,]+) commands", out)[1].replace(",", "")) for _, out, _ in ends) == 2_000
    archive, by_two, events = whole(folder / "master")
    _, by_one, _ = whole(folder)
    assert len(by_two) == len(by_one) == 2_000
    names = [name for name in COMMAND.names if name not in ("due_ns", "sent_ns", "engine_ns", "received_ns")]
    assert all((by_two[name] == by_one[name]).all() for name in names)
    assert (by_two["due_ns"] == np.arange(2_000) * 500_000).all(), "each when it is due in the whole, whoever sends it"
    assert len(np.unique(events["command"][events["channel"] == Channel.ORDER])) > 1_500
    facts = archive.facts("constant")
    assert facts["channels_agree"].seen > 2_000
    assert not [finding for one in facts.values() for finding in one.findings]


def test_the_merged_histogram_is_the_sum_of_the_parts_and_each_clock_is_known(shared):
    folder, said, *_ = shared
    scenario = folder / "master" / "runs" / "constant" / "latest" / "scenarios" / "constant"
    load = msgspec.json.decode((scenario / "load.json").read_bytes(), type=LoadRecord)
    assert sum(sender.sent for sender in load.senders) == 2_000
    for name in ("response", "service"):
        added = Histogram()
        for sender in load.senders:
            added.merge(Histogram.of(getattr(sender, name)))
        assert added.distribution() == getattr(load, name)
    for sender in load.senders:
        assert sender.machine == f"{socket.gethostname()} (127.0.0.1)"
        # They are on one machine, whose clock is ahead of itself by nothing.
        assert abs(sender.clock.offset_ns) <= sender.clock.doubt_ns + 1
        assert sender.clock.words() in said
    report = html.unescape((folder / "master" / "runs" / "constant" / "latest" / "report.html").read_text())
    assert all(f"{sender.machine}: {sender.clock.words()}" in report for sender in load.senders)


def test_nothing_is_left_behind_by_either(shared):
    folder, *_ = shared
    assert not (folder / "master" / "runs" / "constant" / "latest" / "scenarios" / "constant" / "parts").exists()
    until(lambda: not left_behind(folder / "a") and not left_behind(folder / "b"))


def test_one_that_is_killed_makes_the_run_invalid_and_the_other_is_let_go(tmp_path):
    long_scenario_file(tmp_path)
    folders = [tmp_path / name for name in ("m", "a", "b")]
    with master(tmp_path / "long.py", "--duration", "60s", folder=folders[0]) as leading:
        place, words = leading.place()
        assert words == ["long.py"]
        with (
            at_work("worker", place, tmp_path / "long.py", folder=folders[1]) as one,
            at_work("worker", place, tmp_path / "long.py", folder=folders[2]) as other,
        ):
            # The engine has filled orders by then, of which nothing may come into the history.
            until(lambda: re.search(r"long: [1-9][\d,]* commands", leading.said) or leading.process.poll() is not None)
            other.process.kill()
            code, out = leading.ended()
            assert one.ended()[0] == 1
    assert code == 2, leading.said + out
    assert re.search(r"generator failed: nothing is heard any more of worker \d of 2, ", out)
    assert "broken off: nothing is heard any more of worker" in one.said
    verdict = json.loads((folders[0] / "runs" / "long" / "latest" / "verdict.json").read_text())
    assert (verdict["valid"], verdict["findings"]) == (False, [])
    until(lambda: not left_behind(folders[1]) and not left_behind(folders[2]))


def test_a_scenario_file_that_a_worker_was_not_given_is_not_run_there(tmp_path):
    long_scenario_file(tmp_path)
    (tmp_path / "w").mkdir()
    shutil.copy(tmp_path / "long.py", tmp_path / "w" / "long.py")
    with (tmp_path / "w" / "long.py").open("a") as file:
        file.write("# another file of the same name\n")
    with master(tmp_path / "long.py", folder=tmp_path / "m", workers=1) as leading:
        place, _ = leading.place()
        with at_work("worker", place, "long.py", folder=tmp_path / "w") as worker:
            assert worker.ended() == (64, "")
        code, out = leading.ended()
    assert "runs only files that it was given on its own command line" in worker.said
    assert code == 2
    assert "generator failed: worker 1 of 1, " in out
    assert "the scenario file long.py" in out
    assert not left_behind(tmp_path / "w")


def test_without_a_master_a_worker_says_where_it_looked(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = gonogo("worker", f"127.0.0.1:{port}", "--wait", "500ms", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert told.returncode == 64
    assert f"no master of a load can be reached at 127.0.0.1:{port} within 0.5 s" in told.stderr
    assert not left_behind(tmp_path)


def test_workers_that_never_come_end_the_load(tmp_path):
    told = gonogo(
        *(
            "run",
            "constant",
            *PACE,
            "--engine",
            "service",
            "--workers",
            2,
            "--master",
            "127.0.0.1:0",
            "--wait",
            "200ms",
        ),
        cwd=tmp_path,
    )
    assert told.returncode == 2, told.stderr
    assert "generator failed: 0 of 2 workers came within 0.2 s" in told.stdout


def test_a_master_that_waits_ends_at_once_when_it_is_told_to(tmp_path):
    with master("constant", *PACE, folder=tmp_path) as leading:
        leading.place()
        leading.process.terminate()
        code, out = leading.ended()
    assert code == 130, leading.said
    assert "interrupted" in out


def test_a_worker_that_its_user_ends_gives_its_place_back(tmp_path):
    with master("constant", *PACE, folder=tmp_path / "m") as leading:
        place, _ = leading.place()
        with at_work("worker", place, folder=tmp_path / "w") as worker:
            until(lambda: "worker 1 of 2 is here" in leading.said)
            worker.process.terminate()
            assert worker.ended()[0] == 130
        until(lambda: "0 of 2 are here" in leading.said)
    assert not left_behind(tmp_path / "w")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "constant", "--engine", "service", "--master", "127.0.0.1:0"), "--workers N"),
        (("run", "constant", "--engine", "service", "--workers", 1, "--master", "here"), "wanted HOST:PORT"),
        (
            ("run", "constant", "--engine", "service", "--workers", 1, "--master", "203.0.113.9:1"),
            "cannot listen there",
        ),
        (
            ("run", "constant", "--engine", "service", "--workers", 1, "--master", "127.0.0.1:0", "--wait", "soon"),
            "no duration",
        ),
        (("worker", "here"), "wanted HOST:PORT"),
        (("worker", "127.0.0.1:1", "nowhere.py"), "no scenario file nowhere.py"),
        (("worker", "127.0.0.1:1", "--wait", "0s"), "no duration"),
    ],
)
def test_what_cannot_be_is_said_before_anything_runs(words, said, tmp_path):
    told = gonogo(*words, cwd=tmp_path)
    assert told.returncode == 64
    assert said in told.stderr
    assert not (tmp_path / "runs").exists()
