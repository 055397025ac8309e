"""Answers are handed on once, in their order, also those that came before the engine was gone."""

import pytest

from engines.adapters._at_once import AtOnce
from harness.base.errors import EngineDiedError
from harness.base.records import Event, empty_commands, events_of


class Echo(AtOnce):
    """Answers each command with its number, and dies of 13."""

    def __init__(self):
        super().__init__()
        self._gone = ""

    def take(self, commands):
        self._living()
        self._events.append(events_of([Event(command=number) for number in commands["number"].tolist()]))
        self._gone = "it met 13" if 13 in commands["number"] else ""
        return len(commands)


def commands(*numbers):
    made = empty_commands(len(numbers))
    made["number"] = numbers
    return made


def test_all_senders_reach_the_one_engine_and_what_it_says_is_told_once():
    engine = Echo()
    assert (engine.session(1).send(commands(1, 2)), engine.session(2).send(commands(3))) == (2, 1)
    assert engine.poll(0)["command"].tolist() == [1, 2, 3]
    assert len(engine.poll(0)) == 0


def test_what_it_said_before_it_was_gone_comes_first_and_then_why():
    engine = Echo()
    sender = engine.session(1)
    sender.send(commands(12, 13))
    assert engine.poll(0)["command"].tolist() == [12, 13]
    for call in (lambda: engine.poll(0), lambda: engine.session(1), lambda: sender.send(commands(14))):
        with pytest.raises(EngineDiedError, match="it met 13"):
            call()


def test_one_that_was_not_started_says_so():
    with pytest.raises(EngineDiedError, match="the engine was not started"):
        AtOnce().session(1)
