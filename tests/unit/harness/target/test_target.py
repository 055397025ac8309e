"""Who is the engine and who is gonogo, by what an adapter tells."""

from __future__ import annotations

import os

from harness.port import Processes
from harness.target import Look, Target
from harness.target.tree import family
from tests.fakes.at_work import SHELL, WRAPPED, program


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


def test_inside_gonogo_nobody_can_tell_the_two_apart():
    assert Target(lambda: Processes("inside", (os.getpid(),))).look() == Look((os.getpid(),), None)


def test_what_is_not_known_is_not_nobody():
    look = Target(lambda: Processes("unknown")).look()
    assert look.engine is None
    assert os.getpid() in (look.gonogo or ())
