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


def driven(*takes, idle_ns=0, busy_ns=0):
    """What each call of one session with 5 commands leaves as held, where the caller sleeps and works so long before each."""
    engine = Choosy()
    watched = Held(engine, lambda: engine.wall_ns, lambda: engine.own_ns)
    watched.start()
    session = watched.session(1)
    engine.takes = list(takes)
    found = []
    for _ in takes:
        engine.wall_ns += idle_ns + busy_ns
        engine.own_ns += busy_ns
        session.send(empty_commands(5))
        found.append(watched.held_ns)
    return found


def test_an_engine_that_takes_everything_holds_nobody_up():
    assert driven(5, 5, 5) == [0, 0, 0]
    assert driven(5, 5, 5, idle_ns=100) == [0, 0, 0]


def test_what_was_slept_counts_from_the_call_that_took_too_few_to_the_one_that_took_the_rest():
    assert driven(5, 2, 0, 5, 5) == [0, 0, 0, 18, 18]


def test_what_was_slept_between_two_tries_counts_and_what_was_worked_does_not():
    assert driven(0, 5, idle_ns=100) == [0, 112]
    assert driven(0, 5, busy_ns=100) == [0, 12]


def test_holds_that_follow_each_other_add_up():
    assert driven(0, 5, 0, 5, 0, 5) == [0, 12, 12, 24, 24, 36]
    assert driven(0, 5, 0, 5, busy_ns=1_000) == [0, 12, 12, 24], "a caller that is busy has not caught up"


def test_what_is_caught_up_with_between_two_holds_is_not_counted_again():
    """Each hold is 112 ns; before the next one 100 are slept with nothing due."""
    assert driven(0, 5, 0, 5, 0, 5, idle_ns=100) == [0, 112, 112, 124, 124, 136]
    assert driven(0, 5, 5, 5, 0, 5, idle_ns=100) == [0, 112, 112, 112, 112, 112]


def test_two_sessions_hold_up_one_caller():
    engine = Choosy()
    watched = Held(engine, lambda: engine.wall_ns, lambda: engine.own_ns)
    watched.start()
    one, other = watched.session(1), watched.session(2)
    engine.takes = [0, 5, 0, 5]
    for session in (one, one, other, other):
        session.send(empty_commands(5))
    assert watched.held_ns == 24


def test_a_sender_of_all_accounts_is_watched_as_well():
    engine = Choosy()
    engine.sender = lambda: engine.session(1)
    watched = Held(engine, lambda: engine.wall_ns, lambda: engine.own_ns)
    watched.start()
    sender = watched.sender()
    engine.takes = [2, 5]
    assert [sender.send(empty_commands(5)), sender.send(empty_commands(3))] == [2, 3]
    assert watched.held_ns == 12
