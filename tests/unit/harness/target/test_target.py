"""Who is the engine and who is gonogo, by what an adapter tells."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from harness.port import Processes
from harness.target import Look, Target
from harness.target.tree import family
from tests.fakes.at_work import SHELL, WRAPPED, program

STARTS_GONOGO = """
import socket, subprocess, sys
engine = socket.create_server(("127.0.0.1", 0))
subprocess.run([sys.executable, "-c", sys.argv[1], str(engine.getsockname()[1])], check=True)
"""
LOOKS = """
import json, os, subprocess, sys
from engines.adapters._listening import Address, Listening
from harness.profiling.processes import programs
from harness.profiling.py_spy import command
from harness.target import Target
with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as worker:
    listening = Listening()
    told = Target(lambda: listening.at((Address("127.0.0.1", int(sys.argv[1])),)))
    look, [program] = told.look(), programs(told.processes().pids)
    print(json.dumps([look.engine, look.gonogo, program.pids, os.getppid(), os.getpid(), worker.pid]))
    assert "--subprocesses" not in command("py-spy", program.pids, 99, "samples")
    assert "--subprocesses" in command("py-spy", (worker.pid,), 99, "samples")
    worker.stdin.close()
"""


def test_what_an_engine_started_is_the_engines_and_all_else_is_gonogos():
    with program(*WRAPPED) as engine, program(*SHELL) as other:
        told = Target(lambda: Processes("own", (engine.pid,)))
        look = told.look()
        assert look.engine == family((engine.pid,))
        assert look.gonogo is not None
        assert {os.getpid(), other.pid} <= set(look.gonogo)
        assert not set(look.engine) & set(look.gonogo)
        assert told.processes().pids == (engine.pid,)
    assert told.look().engine == ()


def test_an_engine_that_started_gonogo_is_neither_it_nor_its_workers():
    done = subprocess.run(
        [sys.executable, "-c", STARTS_GONOGO, LOOKS], env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    engine, gonogo, profiled, parent, itself, worker = json.loads(done.stdout)
    assert engine == profiled == [parent]
    assert set(gonogo) == {itself, worker}


def test_gonogo_among_those_that_listen_is_inside():
    told = Target(lambda: Processes("found", (os.getpid(), 1)))
    assert told.processes() == Processes("inside", (os.getpid(), 1))
    assert told.look() == Look((os.getpid(), 1), None)


def test_inside_gonogo_nobody_can_tell_the_two_apart():
    assert Target(lambda: Processes("inside", (os.getpid(),))).look() == Look((os.getpid(),), None)


def test_what_is_not_known_is_not_nobody():
    look = Target(lambda: Processes("unknown")).look()
    assert look.engine is None
    assert os.getpid() in (look.gonogo or ())
