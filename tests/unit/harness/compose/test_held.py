"""For how long an engine held up whoever drives it, by clocks that are turned by hand."""

from engines.adapters.plain import PlainInProcess
from harness.base.capabilities import Instrument
from harness.base.records import empty_commands
from harness.compose.held import Held
from harness.port import EngineSetup


class Choosy(PlainInProcess):
    """Takes as many as it is told to; each call takes 10 ns of the clock, of which its caller works 4."""

    def __init__(self):
        super().__init__(EngineSetup((Instrument(id=1, symbol="A"),)))
        self.takes = []
        self.wall_ns = self.own_ns = 0

    def take(self, commands):
        self.wall_ns += 10
        self.own_ns += 4
        return min(self.takes.pop(0), len(commands))


def held(*takes):
    """What each call of one session with 5 commands leaves as held."""
    engine = Choosy()
    watched = Held(engine, lambda: engine.wall_ns, lambda: engine.own_ns)
    watched.start()
    session = watched.session(1)
    engine.takes = list(takes)
    return [(session.send(empty_commands(5)), watched.held_ns)[1] for _ in takes]


def test_an_engine_that_takes_everything_holds_nobody_up():
    assert held(5, 5, 5) == [0, 0, 0]


def test_what_was_slept_counts_from_the_call_that_took_too_few_to_the_one_that_took_the_rest():
    assert held(5, 2, 0, 5, 5) == [0, 0, 0, 18, 18]
    assert held(0, 5, 0, 5) == [0, 12, 12, 24]


def test_two_sessions_are_watched_apart():
    engine = Choosy()
    watched = Held(engine, lambda: engine.wall_ns, lambda: engine.own_ns)
    watched.start()
    one, other = watched.session(1), watched.session(2)
    engine.takes = [0, 5, 5]
    one.send(empty_commands(5))
    other.send(empty_commands(5))
    assert watched.held_ns == 0
    one.send(empty_commands(5))
    assert watched.held_ns == 18
