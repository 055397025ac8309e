"""Which processes are the engine's."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

from engines.adapters._process import KEEPER as KEEPER_FILE
from engines.adapters._process import Log, Process
from harness.profiling.processes import KEEPER, LIBRARY_HOST, children, is_there, started_since
from tests.fakes.at_work import PYTHON, SHELL, WRAPPED, program


def test_what_was_there_before_is_none_of_it():
    with program(*SHELL) as other:
        before = children()
        assert other.pid in {one.pid for one in before}
        assert started_since(before) == ()
        with program(*SHELL) as engine:
            [found] = started_since(before)
            assert (found.root, found.pids, found.in_python) == (engine.pid, (engine.pid,), False)


def test_behind_a_keeper_it_is_what_that_keeps():
    before = children()
    process = Process(list(SHELL), Path.cwd(), {}, Log(), speaks=True)
    try:
        assert [found.root for found in started_since(before)] == [process.pid]
    finally:
        process.kill()


def test_the_names_by_which_gonogos_own_programs_are_known_are_theirs():
    assert KEEPER_FILE.name == KEEPER
    assert importlib.util.find_spec(LIBRARY_HOST) is not None


@pytest.mark.parametrize(("command", "in_python", "count"), [(PYTHON, True, 1), (WRAPPED, True, 2), (SHELL, False, 1)])
def test_python_is_known_also_behind_a_shell(command, in_python, count):
    before = children()
    with program(*command):
        [found] = started_since(before)
        assert (found.in_python, len(found.pids)) == (in_python, count)


def test_the_host_of_a_library_is_looked_at_as_compiled():
    before = children()
    with program(*PYTHON, LIBRARY_HOST):
        assert [found.in_python for found in started_since(before)] == [False]


def test_what_has_ended_is_not_there_any_more():
    with program(*SHELL) as engine:
        assert is_there(engine.pid)
    assert not is_there(engine.pid)


def test_what_has_ended_and_is_not_yet_waited_for_is_not_there_either():
    with subprocess.Popen(["true"], stdout=subprocess.PIPE) as engine:
        os.waitid(os.P_PID, engine.pid, os.WEXITED | os.WNOWAIT)
        assert not is_there(engine.pid)
