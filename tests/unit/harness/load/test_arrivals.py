"""Who gets a place in a load: as many as are wanted, of this version; others are told why not, and whether to come again."""

import harness
from harness.load.arrivals import Arrivals, known
from harness.load.messages import Hello, Welcome


class Desk:
    """Arrivals with what was answered, told, and turned away."""

    def __init__(self, places):
        self.answers, self.away, self.lines = {}, [], []
        self.arrivals = Arrivals(self.answers.__setitem__, self.away.append)
        self.arrivals.places, self.arrivals.told = places, self.lines.append

    def came(self, worker, gonogo=harness.__version__):
        self.arrivals.take(worker, Hello(gonogo=gonogo, machine=f"m-{worker}", address="192.0.2.7"))
        self.arrivals.look()


def test_as_many_as_are_wanted_have_a_place_and_a_later_one_may_come_again():
    desk = Desk(2)
    for worker in "abc":
        desk.came(worker)
    assert list(desk.arrivals.crew) == ["a", "b"]
    assert desk.answers["a"] == desk.answers["b"] == Welcome()
    assert desk.answers["c"].later
    assert "all the workers" in desk.answers["c"].why_not
    assert desk.away == ["c"]
    assert desk.lines == ["worker 1 of 2 is here: m-a (192.0.2.7)", "worker 2 of 2 is here: m-b (192.0.2.7)"]


def test_one_of_another_version_is_refused_for_good_and_both_sides_hear_it():
    desk = Desk(1)
    desk.came("old", gonogo="0.0.1")
    assert not desk.arrivals.crew
    assert desk.away == ["old"]
    assert desk.answers["old"] == Welcome(
        why_not=f"this worker is of gonogo 0.0.1 and the master of {harness.__version__}; wanted the same"
    )
    (line,) = desk.lines
    assert "m-old" in line
    assert "0.0.1" in line


def test_the_place_of_one_that_has_gone_is_free():
    desk = Desk(1)
    desk.came("a")
    desk.arrivals.leave("a")
    desk.came("b")
    assert list(desk.arrivals.crew) == ["b"]
    assert desk.lines[1] == "a worker has gone: m-a (192.0.2.7); 0 of 1 are here"


def test_nobody_is_answered_twice():
    desk = Desk(1)
    desk.came("a")
    desk.answers.clear()
    desk.arrivals.look()
    assert not desk.answers


def test_one_that_was_started_here_has_no_address():
    assert known(Hello(gonogo="1", machine="bench", address="")) == "bench"
