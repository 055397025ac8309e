"""The checks as a judge of one command at a time: at which command they say what."""

import pytest

from harness.base.capabilities import Conventions
from harness.base.records import CommandKind, commands_of
from harness.compose import plugs
from harness.compose.stepwise import Stepwise
from harness.flows.explored import CONTROLS, INSTRUMENTS
from tests.fakes.history import BUY, SELL, cancel, new, numbered

PERSON = 9_001
KILL = cancel(0, account=2, kind=int(CommandKind.KILL_ACCOUNT), order=PERSON, instrument=0, session=0)
"""Of account 2."""


def told(engine, *asked):
    """What is said of each command in turn."""
    made = plugs.engine(engine).engine(INSTRUMENTS, Conventions(), CONTROLS)
    made.start()
    judge, said = Stepwise(made), []
    for command in numbered(list(asked)):
        sent = commands_of([command])
        made.session(command.account).send(sent)
        said.append(judge.add(sent, made.poll(0)))
    made.stop(graceful=True)
    return said


def test_of_right_answers_nothing_is_said():
    assert told("guarded", new(1, BUY, 30, 1), new(2, SELL, 30, 1, account=2), cancel(1), KILL) == ["", "", "", ""]


@pytest.mark.parametrize(
    ("engine", "asked", "wrong_at", "check"),
    [
        ("kill_misses_resting_orders", [new(1, BUY, 30, 1, account=2), KILL], 1, "kill_switch"),
        ("kill_lets_new_orders_in", [KILL, new(1, BUY, 30, 1, account=2)], 1, "kill_switch"),
        ("limit_off_by_one", [new(1, BUY, 30, 9), new(2, BUY, 30, 1)], 1, "risk_limits"),
    ],
)
def test_what_is_wrong_is_said_of_the_command_that_shows_it(engine, asked, wrong_at, check):
    said = told(engine, *asked)
    assert [bool(words) for words in said] == [at == wrong_at for at in range(len(asked))]
    assert said[wrong_at].startswith(f"{check}: ")
