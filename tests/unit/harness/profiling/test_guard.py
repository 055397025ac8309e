"""What takes samples ends with gonogo, and so does its folder: real processes, and a stand-in for gonogo that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

from harness.profiling.guarded import INTERRUPTED, Guarded
from tests.fakes.command import until

STARTS = """
import os, sys
from pathlib import Path
from harness.profiling.guarded import Guarded
one = Guarded(sys.argv[2:], Path(sys.argv[1]))
if os.fork() == 0:
    os.write(1, one.process.stdout.readline())
    sys.stdin.read()
    os._exit(0)
sys.stdin.read()
"""
"""What was forked holds the control pipe open, as a judge beside a run does."""


def folder_with_a_file(tmp_path):
    place = tmp_path / "folder"
    place.mkdir()
    (place / "samples").write_text("1")
    return place


@pytest.mark.parametrize(
    "script", ["echo $$; exec sleep 600", "trap '' INT TERM; echo $$; while :; do sleep 0.1; done"]
)
def test_it_ends_with_a_gonogo_that_is_killed_and_its_folder_goes(tmp_path, script):
    place = folder_with_a_file(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", STARTS, str(place), "sh", "-c", script], env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as gonogo:  # fmt: skip
        program = psutil.Process(int(gonogo.stdout.readline()))
        assert program.is_running()
        gonogo.kill()
        until(lambda: not program.is_running() and not place.exists())
    assert gonogo.returncode == -signal.SIGKILL


def test_a_folder_alone_goes_with_gonogo_too(tmp_path):
    place = folder_with_a_file(tmp_path)
    one = Guarded((), place)
    one.interrupt()
    assert place.exists()
    one.kill()
    assert not place.exists()
    assert one.process.returncode == 0


@pytest.mark.parametrize(
    ("script", "code"),
    [("trap 'exit 3' INT; echo up; while :; do sleep 0.01; done", 3), ("echo up; exec sleep 600", INTERRUPTED)],
)
def test_one_that_is_interrupted_ends_as_it_likes_and_leaves_its_folder(tmp_path, script, code):
    place = folder_with_a_file(tmp_path)
    one = Guarded(["sh", "-c", script], place)
    assert one.process.stdout.readline() == b"up\n"
    one.interrupt()
    assert one.process.wait(60) == code
    one.interrupt()
    one.kill()
    assert (place / "samples").exists()


def test_it_is_killed_also_while_a_process_that_was_forked_holds_its_pipe(tmp_path):
    one = Guarded(["sh", "-c", "echo up; exec sleep 600"], folder_with_a_file(tmp_path))
    assert one.process.stdout.readline() == b"up\n"
    held = os.dup(one._control)
    one.kill()
    os.close(held)
    assert one.process.returncode == 128 + signal.SIGKILL


def test_one_that_cannot_be_started_says_why(tmp_path):
    said = tmp_path / "said"
    with said.open("wb") as to:
        one = Guarded([str(tmp_path / "none")], folder_with_a_file(tmp_path), to)
    assert one.process.wait(60) == 127
    one.kill()
    assert said.read_text() == "it cannot be started: No such file or directory\n"
