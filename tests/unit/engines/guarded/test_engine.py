"""Without controls the guarded engine is the plain one; with them, only what they hold back is missing."""

import numpy as np
import pytest

from engines.guarded.engine import GuardedEngine
from engines.plain.engine import PlainEngine
from harness.base.bits import digest, timeless
from harness.base.controls import AccountControls, Controls, Rate
from harness.base.records import EventKind, commands_of, empty_commands
from tests.fakes.clock import FakeClock
from tests.fakes.every_term import EVERY_CONVENTION, LIMITED, every_term

HELD = (EventKind.REJECTED, EventKind.REPLACE_REJECTED)


def tight():
    """Limits that hold back a good part of a mixed flow."""
    each = {"long_max": 30, "short_max": 30, "exposure_max": 9_000, "messages": Rate(most=40, window_ns=100)}
    return Controls(accounts=tuple(AccountControls(account=number, **each) for number in range(4)))


@pytest.mark.parametrize("conventions", EVERY_CONVENTION[::11], ids=str)
def test_without_controls_it_says_what_the_plain_one_says(conventions):
    flow = commands_of(every_term(1_500, seed=3))
    guarded, plain = GuardedEngine(LIMITED, conventions), PlainEngine(LIMITED, conventions)
    assert digest(timeless(guarded.submit(flow))) == digest(timeless(plain.submit(flow)))
    assert digest(guarded.snapshot()) == digest(plain.snapshot())


def test_what_was_held_back_might_as_well_never_have_come():
    clock = FakeClock(tick_ns=1)
    flow = commands_of(every_term(3_000, seed=4))
    guarded = GuardedEngine(LIMITED, EVERY_CONVENTION[0], tight(), clock.now_ns)
    events = guarded.submit(flow)
    risk = np.isin(events["kind"], HELD) & (events["reason"] >= 304) & (events["reason"] < 400)
    held = events["command"][risk]
    assert 100 < len(held) < 2_500
    plain = PlainEngine(LIMITED, EVERY_CONVENTION[0])
    told = plain.submit(flow[~np.isin(flow["number"], held)])
    fields = [name for name in events.dtype.names if name not in ("engine_seq", "engine_ns")]
    assert told[fields].tolist() == events[~risk][fields].tolist()
    assert digest(plain.snapshot()) == digest(guarded.snapshot())


def test_batches_make_no_difference():
    flow = commands_of(every_term(500, seed=5))
    whole = GuardedEngine(LIMITED, EVERY_CONVENTION[0], tight(), FakeClock(tick_ns=1).now_ns).submit(flow)
    one = GuardedEngine(LIMITED, EVERY_CONVENTION[0], tight(), FakeClock(tick_ns=1).now_ns)
    assert digest(
        np.concatenate([one.submit(flow[at : at + 1]) for at in range(len(flow))], dtype=whole.dtype)
    ) == digest(whole)


def test_nothing_is_said_to_nothing():
    assert len(GuardedEngine(LIMITED).submit(empty_commands(0))) == 0
