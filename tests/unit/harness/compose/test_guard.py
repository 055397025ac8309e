"""Which processes are the engine's where its adapter does not tell: what it started, or gonogo's own where it answers inside `send`.

And what sends when commands are due is held to what it promises.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from engines.adapters._process import Log, Process
from harness.base.errors import EngineDiedError, MisspokeError
from harness.compose.guard import UNTOLD, Guarded
from harness.port import Processes
from tests.fakes.at_work import SHELL
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine


class Starting(FakeEngine):
    """Starts a program of its own, and another one at each reset."""

    def __init__(self, start):
        super().__init__(FakeClock())
        self._make = start
        self.program = None

    def start(self):
        self.program = self._make()

    def reset(self):
        self.stop(graceful=False)
        self.program = self._make()

    def stop(self, *, graceful):
        if self.program is not None:
            self.program.kill()
            if isinstance(self.program, subprocess.Popen):
                self.program.communicate()


def plainly():
    return subprocess.Popen(SHELL, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def kept():
    return Process(SHELL, Path.cwd(), {}, Log(), speaks=True)


@pytest.mark.parametrize("start", [plainly, kept])
def test_what_an_adapter_started_is_its_engine_and_what_keeps_that_is_not(start):
    with subprocess.Popen(SHELL, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        adapter = Starting(start)
        engine = Guarded(adapter)
        try:
            engine.start()
            first = adapter.program.pid
            assert engine.processes() == Processes("own", (first,))
            engine.reset()
            assert adapter.program.pid != first
            assert engine.processes() == Processes("own", (adapter.program.pid,))
        finally:
            engine.stop(graceful=False)
            other.kill()


def test_one_that_started_none_works_inside_gonogo_if_it_answers_at_once():
    engine = FakeEngine(FakeClock())
    engine.capabilities = msgspec.structs.replace(engine.capabilities, answers_at_once=True)
    guarded = Guarded(engine)
    guarded.start()
    assert guarded.processes() == Processes("inside", (os.getpid(),))


def test_of_one_that_answers_later_nobody_knows_where_it_works():
    guarded = Guarded(FakeEngine(FakeClock()))
    guarded.start()
    assert guarded.processes() == Processes("unknown", why=UNTOLD)


def test_while_it_is_started_none_is_up():
    engine = FakeEngine(FakeClock())
    engine.processes = lambda: Processes("own", (41,))
    seen = []
    engine.on_reset = lambda _: seen.append(guarded.processes())
    guarded = Guarded(engine)
    guarded.start()
    guarded.reset()
    assert seen == [Processes("own"), Processes("own")]
    assert guarded.processes() == Processes("own", (41,))


def test_what_an_adapter_tells_is_believed_in_its_form_alone():
    engine = FakeEngine(FakeClock())
    engine.processes = lambda: Processes("found", (41,))
    assert Guarded(engine).processes() == Processes("found", (41,))
    engine.processes = lambda: (41,)
    with pytest.raises(MisspokeError, match=r"wanted a harness\.port\.Processes"):
        Guarded(engine).processes()


class Dispatching(FakeEngine):
    """Has its commands sent when they are due by whatever a test gives it."""

    dispatches = True

    def __init__(self, dispatch):
        super().__init__(FakeClock())
        self._dispatch = dispatch

    def dispatch(self, origin_ns):
        return self._dispatch


def dispatching(**answers):
    """What gives these answers."""
    return Guarded(
        Dispatching(SimpleNamespace(**{name: lambda *_, it=it: it for name, it in answers.items()}))
    ).dispatch(0)


NUMBERS = np.array([1, 2], np.uint64)


def test_what_a_dispatch_says_is_handed_on():
    dispatch = dispatching(passed_ns=np.int64(7), sent_ns=np.array([3, 4]), close=None)
    assert (dispatch.passed_ns(), dispatch.sent_ns(NUMBERS).tolist()) == (7, [3, 4])
    dispatch.close()


@pytest.mark.parametrize(
    "sent_ns", [None, [3, 4], np.array([3]), np.array([3.0, 4.0])], ids=["none", "list", "one", "floats"]
)
def test_times_that_are_none_are_the_adapters_failure(sent_ns):
    with pytest.raises(MisspokeError, match="wanted 2 times in ns"):
        dispatching(passed_ns=0, sent_ns=sent_ns, close=None).sent_ns(NUMBERS)


def test_a_dispatch_that_is_none_is_the_adapters_failure():
    with pytest.raises(MisspokeError, match="wanted a time in ns"):
        dispatching(passed_ns="soon", sent_ns=None, close=None).passed_ns()
    with pytest.raises(MisspokeError, match="dispatch gave None, which has no passed_ns, sent_ns, close"):
        Guarded(Dispatching(None)).dispatch(0)
    with pytest.raises(EngineDiedError, match="TypeError"):
        Guarded(Dispatching(SimpleNamespace(passed_ns=0, sent_ns=0, close=0))).dispatch(0).close()
