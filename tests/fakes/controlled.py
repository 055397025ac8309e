"""Seeded commands that press against controls of every kind, with operators who kill, enable, halt, resume and change limits in between.

Windows are counted in commands: the clock that goes with it passes 1,000 ns a command.
"""

from __future__ import annotations

import random

from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.base.records import NONE, Command, CommandKind, Commands, command_rows, commands_of, empty_commands
from tests.fakes.clock import FakeClock
from tests.fakes.every_term import every_term

INSTRUMENTS = tuple(Instrument(id=number, symbol=f"HELD{number}", price_max=200, qty_max=30) for number in (1, 2))
A_COMMAND_NS = 1_000
PERSON = 7_001


def _within(most: int, commands: int) -> Rate:
    return Rate(most=most, window_ns=commands * A_COMMAND_NS)


CONTROLS = Controls(
    accounts=(
        AccountControls(account=0, firm=1, long_max=25, short_max=25, duplicates=_within(1, 400)),
        AccountControls(account=1, firm=1, exposure_max=50_000, messages=_within(20, 100)),
        AccountControls(account=2, firm=2, long_max=40, short_max=50, repeats=_within(6, 100)),
        AccountControls(account=3, firm=2, loss_max=40, restricted=(2,)),
    ),
    firms=(
        FirmControls(firm=1, long_max=90, short_max=80, messages=_within(40, 100)),
        FirmControls(firm=2, exposure_max=120_000),
    ),
    instruments=(
        InstrumentControls(
            instrument=1, static_price=100, static_ticks=12, breaker_ticks=9, breaker_window_ns=100 * A_COMMAND_NS,
            pause_ns=20 * A_COMMAND_NS,
        ),
        InstrumentControls(
            instrument=2, qty_step=2, volume_max=60, breaker_window_ns=200 * A_COMMAND_NS, pause_ns=20 * A_COMMAND_NS
        ),
    ),
)  # fmt: skip
_SCOPES = (
    {"account": 1},
    {"account": 2},
    {"account": 3},
    {"target": 1},
    {"target": 2},
    {"instrument": 1},
    {"instrument": 2},
)
_LIMITS = (
    ({"account": 0}, LimitCode.LONG_MAX, (20, 25, 40)),
    ({"account": 1}, LimitCode.EXPOSURE_MAX, (20_000, 50_000, 90_000)),
    ({"account": 3}, LimitCode.LOSS_MAX, (20, 40, 80)),
    ({"target": 2}, LimitCode.EXPOSURE_MAX, (100_000, 200_000, 0)),
    ({"instrument": 1}, LimitCode.BREAKER_TICKS, (5, 9, 12)),
)
_ABSENT = command_rows(empty_commands(1))[0]


def clock() -> FakeClock:
    """The clock that the windows are meant for."""
    return FakeClock(A_COMMAND_NS)


def controlled_flow(count: int, seed: int) -> Commands:
    """`count` numbered commands, each account's over four sessions; nobody stays shut out for long."""
    chance = random.Random(seed)
    rows: list[Command] = []
    for trading in every_term(count, seed):
        rows.append(trading._replace(session=chance.randint(1, 4)))
        if chance.random() < 0.04:
            rows.append(rows[-1]._replace(order=rows[-1].order + 100))
        if chance.random() < 0.03:
            rows += _operators(chance)
    return commands_of([row._replace(number=number) for number, row in enumerate(rows[:count], 1)])


def _operators(chance: random.Random) -> list[Command]:
    """Somebody shuts something out or lets it in again, or sets a limit; letting in is what is done more often."""
    word, scope = chance.choices(("kill_account", "enable", "halt", "limit"), (2, 8, 1, 3))[0], {}
    if word == "enable":
        # The day goes on: whoever lets somebody in lets all in, and resumes what is halted.
        return [
            *(_asked(word, **scope) for scope in _SCOPES),
            *(_asked("resume", instrument=one.id) for one in INSTRUMENTS),
        ]
    if word == "limit":
        scope, code, values = chance.choice(_LIMITS)
        return [_asked(word, type=code, qty=chance.choice(values), **scope)]
    scope = chance.choice(_SCOPES) if word == "kill_account" else {"instrument": chance.randint(1, 2)}
    return [_asked(word, **scope)]


def _asked(word: str, **fields: int) -> Command:
    return _ABSENT._replace(kind=CommandKind[word.upper()], order=PERSON, **{"qty": NONE, **fields})
