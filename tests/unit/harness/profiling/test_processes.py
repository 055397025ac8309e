"""Which programs the engine's processes are, and what they are written in."""

from __future__ import annotations

import importlib.util
import os
import subprocess

import pytest

from harness.profiling.processes import LIBRARY_HOST, is_there, programs
from tests.fakes.at_work import PYTHON, SHELL, WRAPPED, program


def test_what_has_ended_is_no_program():
    with program(*SHELL) as one, program(*SHELL) as other:
        assert [(found.root, found.pids, found.in_python) for found in programs((one.pid, other.pid))] == [
            (one.pid, (one.pid,), False), (other.pid, (other.pid,), False),
        ]  # fmt: skip
    assert programs((one.pid,)) == ()


def test_the_name_by_which_the_host_of_a_library_is_known_is_its_own():
    assert importlib.util.find_spec(LIBRARY_HOST) is not None


@pytest.mark.parametrize(("command", "in_python", "count"), [(PYTHON, True, 1), (WRAPPED, True, 2), (SHELL, False, 1)])
def test_python_is_known_also_behind_a_shell(command, in_python, count):
    with program(*command) as one:
        [found] = programs((one.pid,))
        assert (found.in_python, len(found.pids)) == (in_python, count)


def test_the_host_of_a_library_is_looked_at_as_compiled():
    with program(*PYTHON, LIBRARY_HOST) as one:
        assert [found.in_python for found in programs((one.pid,))] == [False]


def test_what_has_ended_is_not_there_any_more():
    with program(*SHELL) as engine:
        assert is_there(engine.pid)
    assert not is_there(engine.pid)


def test_what_has_ended_and_is_not_yet_waited_for_is_not_there_either():
    with subprocess.Popen(["true"], stdout=subprocess.PIPE) as engine:
        os.waitid(os.P_PID, engine.pid, os.WEXITED | os.WNOWAIT)
        assert not is_there(engine.pid)
