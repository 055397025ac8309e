"""A row's conversation: on the engine's own ground, bounded in time whatever the engine does, and each trade read once."""

import pytest

from harness.base.capabilities import Instrument
from harness.base.records import NONE, CommandKind, Event, EventKind, Role, events_of
from harness.conformance.talk import IMPATIENCE_NS, PATIENCE_NS, Ground, Talk, agree, effects
from harness.port import HEARD_OUT_NS
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine

GROUND = Ground(
    Instrument(id=7, symbol="X", price_min=1_000, price_max=9_000, price_step=50, qty_min=10, qty_max=900), (41, 42)
)
RESTS, TAKES = "new sell 101 x 3 #1", "new buy 99 x 2 #2 (account 2)"
TRADE = Event(kind=EventKind.TRADE, order=2, maker=1, price=100, qty=5, remaining=0)


class Floods(FakeEngine):
    """Says the same for ever, a millisecond later each time."""

    def poll(self, wait_ns):
        self.clock.pass_ns(1_000_000)
        return events_of([Event(command=1, order=1, kind=EventKind.ACCEPTED)])


def talk(engine, lines, **more):
    found = Talk(engine, engine.clock, GROUND, **more)
    found.say(lines)
    return found


def test_a_line_is_moved_into_the_bounds_of_the_instrument():
    command = GROUND.command(TAKES, 5)
    assert (command.kind, command.number, command.order, command.instrument) == (CommandKind.NEW, 5, 2, 7)
    assert (command.price, command.qty, command.stop, command.account, command.session) == (4_950, 20, NONE, 42, 42)
    event = GROUND.event("trade #2 with #1 at 101 x 3, 1 left")
    assert (event.order, event.maker, event.price, event.qty, event.remaining) == (2, 1, 5_050, 30, 10)
    assert GROUND.event("done, 2 orders").qty == 2


def test_lines_of_two_accounts_need_two():
    assert GROUND.has((RESTS, TAKES))
    assert not GROUND._replace(accounts=(41,)).has((RESTS, TAKES))


def test_each_answer_is_put_to_its_command():
    heard = talk(FakeEngine(FakeClock()), (RESTS, TAKES)).heard
    assert [[event.command for event in one.events] for one in heard] == [[1], [2]]


def test_an_engine_that_left_one_unanswered_is_waited_for_less():
    engine = FakeEngine(FakeClock(), silent={1, 2})
    first = talk(engine, (RESTS,))
    assert (first.heard[0].events, first.patience_ns) == ([], IMPATIENCE_NS)
    assert PATIENCE_NS <= engine.clock.time_ns < 2 * PATIENCE_NS
    begun_ns = engine.clock.time_ns
    talk(engine, (RESTS,), patience_ns=first.patience_ns)
    assert engine.clock.time_ns - begun_ns < PATIENCE_NS


def test_an_engine_that_never_ends_is_left():
    engine = Floods(FakeClock())
    assert len(talk(engine, (RESTS,)).heard[0].events) > 1
    assert HEARD_OUT_NS < engine.clock.time_ns < 2 * HEARD_OUT_NS


@pytest.mark.parametrize(
    "sides",
    [
        [TRADE._replace(role=Role.TAKER), TRADE._replace(order=1, maker=0, remaining=3, role=Role.MAKER)],
        [TRADE._replace(order=1, maker=0, remaining=3, role=Role.MAKER), TRADE._replace(role=Role.TAKER)],
        [TRADE],
    ],
)
def test_a_trade_that_is_told_once_a_side_is_read_once(sides):
    accepted = Event(kind=EventKind.ACCEPTED, order=2)
    assert [event.order for event in effects([accepted, *sides])] == [2]


def test_what_an_event_does_not_say_is_not_held_against_it():
    assert agree([TRADE], [TRADE._replace(maker=0, remaining=NONE)])
    assert not agree([TRADE], [TRADE._replace(price=101)])
    assert not agree([TRADE], [TRADE, TRADE])
    assert not agree([TRADE], [TRADE._replace(kind=EventKind.CANCELED)])
