"""The loop around the engine: stamps, one row of numbers, and an engine without controls that is the bare one."""

import numpy as np
import pytest

from engines.reference.engine import ReferenceEngine
from engines.service.risk.engine import GuardedReference
from harness.base.bits import digest
from harness.base.controls import Controls, InstrumentControls
from harness.base.records import NONE, commands_of, event_rows
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.history import new, numbered
from tests.fakes.risk_session import INSTRUMENTS, SMALL
from tests.fakes.risky import INSTRUMENTS as RISKY
from tests.fakes.risky import drawn_controls, risky


@pytest.mark.parametrize("instruments", [FREE, LIMITED], ids=["free", "limited"])
@pytest.mark.parametrize("seed", range(0, len(EVERY_CONVENTION), 11))
def test_without_controls_it_is_the_bare_engine_but_for_the_stamps(instruments, seed):
    commands = commands_of(every_term(1_000, seed))
    commands["sent_ns"] = np.arange(len(commands)) * 10
    bare, guarded = (
        kind(instruments, EVERY_CONVENTION[seed], capacities=SMALL) for kind in (ReferenceEngine, GuardedReference)
    )
    for at in range(0, len(commands), 97):
        wanted, told = bare.submit(commands[at : at + 97]), guarded.submit(commands[at : at + 97])
        assert (told["engine_ns"] == (told["command"].astype(np.int64) - 1) * 10).all()
        told["engine_ns"] = NONE
        assert digest(told) == digest(wanted)
    assert digest(guarded.snapshot()) == digest(bare.snapshot())


def test_time_does_not_go_back():
    guarded = GuardedReference(INSTRUMENTS, capacities=SMALL)
    rows = numbered([new(at, 0, 10, 1, sent_ns=stamp) for at, stamp in enumerate((5, 3, NONE, 7), 1)])
    told = event_rows(guarded.submit(commands_of(rows[:2]))) + event_rows(guarded.submit(commands_of(rows[2:])))
    assert [event.engine_ns for event in told] == [5, 5, 5, 5, 5, 5, 7, 7]


@pytest.mark.parametrize("seed", range(4))
def test_all_events_are_in_one_row_of_numbers_with_the_stamps_of_their_commands(seed):
    rows = risky(500, seed)
    guarded = GuardedReference(RISKY, EVERY_CONVENTION[20 * seed], drawn_controls(seed), SMALL)
    told = event_rows(guarded.submit(commands_of(rows)))
    assert (
        [event.engine_seq for event in told] == list(range(1, len(told) + 1)) == list(range(1, guarded.engine_seq + 1))
    )
    assert {event.command for event in told} == {row.number for row in rows}
    assert all(event.engine_ns == rows[event.command - 1].sent_ns for event in told)
    assert [event.match for event in told if event.match] == list(range(1, 1 + guarded.counters()["trades"]))


def test_a_breaker_is_told_after_all_that_the_command_led_to():
    controls = Controls(instruments=(InstrumentControls(instrument=1, volume_max=1),))
    guarded = GuardedReference(INSTRUMENTS, controls=controls, capacities=SMALL)
    rows = numbered([new(1, 0, 10, 2), new(2, 1, 10, 5, account=2), new(3, 1, 10, 1, account=2)])
    assert [event.kind for event in event_rows(guarded.submit(commands_of(rows)))] == [1, 3, 1, 5, 3, 12, 2]
