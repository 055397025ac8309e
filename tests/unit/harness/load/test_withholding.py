"""Commands that would use an id of another process are kept and told as such; the others go out in order, as often as it takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.base.reasons import Reason
from harness.base.records import NONE, Channel, EventKind, commands_of, event_rows
from harness.base.seeds import Seed
from harness.load.messages import Seats
from harness.load.shares import Share, Whole
from harness.load.withholding import Withholding
from harness.pacing import Constant
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.given_flow import GivenFlow
from tests.fakes.history import new

MINE, OTHER = 1, 2


def share_of(strange):
    """A share whose commands are strange or not, as it says, and have orders from 1; another account uses some of these before."""
    before = tuple(new(order, 0, 100, 1, account=OTHER) for order, is_strange in enumerate(strange, 1) if is_strange)
    mine = tuple(new(order, 0, 100, 1, account=MINE) for order in range(1, len(strange) + 1))
    flow = GivenFlow(tuple(batch for batch in (before, mine) if batch))
    seats = Seats(accounts=(MINE,), others=(OTHER,), takes_rest=False)
    share = Share(Whole(flow, Constant(1_000), Seed(1), 10**9, 0), seats)
    return share, sum(map(len, share.batches(Seed(1))))


class Watched(FakeEngine):
    """Remembers how long each poll may wait, and how much it is given at a time."""

    def __init__(self, clock, **more):
        super().__init__(clock, **more)
        self.waits, self.given = [], []

    def send(self, commands):
        self.given.append(len(commands))
        return super().send(commands)

    def poll(self, wait_ns):
        self.waits.append(wait_ns)
        return super().poll(wait_ns)


@pytest.fixture
def engine():
    return Watched(FakeClock())


def test_what_is_kept_is_told_first_as_never_sent_and_the_rest_goes_on(engine):
    share, count = share_of([False, True, True, False, True])
    kept = Withholding(engine, share)
    commands = commands_of([new(order, 0, 100, 1, number=order) for order in range(1, count + 1)])
    assert kept.session(MINE).send(commands) == 5
    assert engine.got == [1, 4]
    told = event_rows(kept.poll(1_000))
    assert [event.command for event in told] == [2, 3, 5, 1, 4]
    for event in told[:3]:
        assert (event.kind, event.reason, event.channel) == (EventKind.REJECTED, Reason.UNSUPPORTED, Channel.NONE)
        assert (event.order, event.price, event.received_ns) == (0, NONE, NONE)
    assert event_rows(kept.poll(1_000)) == [], "it is told once"
    assert engine.waits == [0, 1_000], "who has something to tell does not wait for more"


@given(strange=st.lists(st.booleans(), min_size=1, max_size=12), takes=st.integers(1, 5))
def test_each_is_sent_or_kept_once_however_few_the_engine_takes(strange, takes):
    share, count = share_of(strange)
    engine = Watched(FakeClock(), takes=takes)
    kept = Withholding(engine, share)
    session, taken = kept.session(MINE), 0
    commands = commands_of([new(order, 0, 100, 1, number=order) for order in range(1, count + 1)])
    while taken < count:
        more = session.send(commands[taken:])
        assert more
        taken += more
    assert taken == count
    told = kept.poll(0)
    is_kept = told["kind"] == EventKind.REJECTED
    places = np.flatnonzero(strange) + 1
    assert told["command"][is_kept].tolist() == places.tolist()
    assert engine.got == [number for number in range(1, count + 1) if number not in places]
    assert 0 not in engine.given


def test_an_engine_that_takes_nothing_is_asked_again_and_nothing_behind_is_kept_ahead_of_it(engine):
    share, _ = share_of([False, True])
    engine.takes = 0
    kept = Withholding(engine, share)
    session = kept.session(MINE)
    commands = commands_of([new(order, 0, 100, 1, number=order) for order in (1, 2)])
    assert session.send(commands) == 0
    assert event_rows(kept.poll(0)) == []
    engine.takes = 1
    assert session.send(commands) == 2
    assert [event.command for event in event_rows(kept.poll(0))] == [2, 1]


def test_all_else_is_the_engines_own_to_answer(engine):
    share, _ = share_of([False])
    kept = Withholding(engine, share)
    assert kept.capabilities is engine.capabilities
    assert kept.snapshot() == engine.snapshot()
    kept.session(MINE).close()
    assert engine.sessions == [MINE]
    assert not hasattr(kept, "unheard_of")
