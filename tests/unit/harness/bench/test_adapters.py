"""The bench of adapters: an answer that is missing, other or out of order is not right, and a machine without a compiler is told."""

import numpy as np
import pytest

from harness.base.errors import EngineDiedError
from harness.base.records import Commands, EventKind, Events
from harness.bench import Site, _acknowledging, adapters
from harness.bench._acknowledging_inside import Acknowledging
from harness.port import EngineSetup

SETUP = EngineSetup(adapters.INSTRUMENTS)


def turns(engine, count=40):
    return adapters._Turns(engine, count)


class Resting(Acknowledging):
    """Tells of every order that it rests too."""

    def poll(self, wait_ns: int) -> Events:
        told = np.repeat(super().poll(wait_ns), 2)
        told["kind"][1::2] = EventKind.RESTED
        return told


class Late(Acknowledging):
    """Answers in another order."""

    def poll(self, wait_ns: int) -> Events:
        return super().poll(wait_ns)[::-1]


class Strange(Acknowledging):
    """Refuses what it should accept."""

    def poll(self, wait_ns: int) -> Events:
        told = super().poll(wait_ns)
        told["kind"] = EventKind.REJECTED
        return told


class Counting(Acknowledging):
    """Knows how many commands it was given in each call."""

    def __init__(self, setup: EngineSetup) -> None:
        super().__init__(setup)
        self.sizes = []

    def send(self, commands: Commands) -> int:
        self.sizes.append(len(commands))
        return super().send(commands)


class Silent(Acknowledging):
    """Says nothing."""

    def poll(self, wait_ns: int) -> Events:
        return super().poll(wait_ns)[:0]


@pytest.mark.parametrize(("engine", "right"), [(Acknowledging, True), (Resting, True), (Late, False), (Strange, False)])
def test_each_command_must_have_its_answer_in_order(engine, right):
    way = turns(engine(SETUP))
    assert way.together().right == right
    assert way.own().right == right


def test_alone_is_one_after_another():
    engine = Counting(SETUP)
    way = turns(engine, 120)
    assert way.together().right
    assert way.alone().right
    assert engine.sizes == [1, 120, 1, 1, 1]


def test_own_is_the_processor_time_of_the_round_before(monkeypatch):
    spent_ns = iter([100, 130])
    monkeypatch.setattr(adapters.time, "process_time_ns", lambda: next(spent_ns))
    way = turns(Acknowledging(SETUP))
    way.together()
    assert way.own().elapsed_ns == 30
    assert way.own().elapsed_ns == 30


def test_an_engine_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(adapters, "SILENCE_S", 0)
    with pytest.raises(EngineDiedError, match="said nothing for 0 s"):
        turns(Silent(SETUP)).together()


def test_without_a_compiler_the_first_line_says_what_is_left_out(monkeypatch, tmp_path):
    monkeypatch.setattr(adapters.shutil, "which", lambda _: None)
    site = Site(engine=lambda *_: Acknowledging(SETUP), judge=lambda *_: None, folder=tmp_path, share=1e-5)
    (cases,) = adapters.BENCH(site)
    assert [case.name for case in cases[::3]] == [f"adapters.{name}" for name in ("in_process", "python", "python.batch", "fix")]  # fmt: skip
    assert cases[0].about.endswith(_acknowledging.WITHOUT)


def test_orders_differ_and_cancels_name_one_that_was_sent():
    commands = adapters._commands(8)
    assert commands["order"].tolist() == [1, 2, 3, 0, 5, 6, 7, 0]
    assert commands["target"].tolist() == [0, 0, 0, 1, 0, 0, 0, 5]
