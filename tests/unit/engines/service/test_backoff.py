"""The wait grows from spinning to blocking, begins anew with work, and is active in one thread at a time."""

import threading

from engines.service.backoff import PATIENCE_NS, SPINS, YIELDS, Backoff


class Made:
    """A backoff with a clock that is moved by hand."""

    def __init__(self, turn=None):
        self.now_ns, self.spun, self.blocked = 0, [], []
        self.backoff = Backoff(self.spun.append, self.blocked.append, lambda: self.now_ns, turn or threading.Lock())


def test_it_spins_then_yields_then_sleeps_and_blocks_when_patience_is_over():
    made = Made()
    steps = [made.backoff.wait() for _ in range(len(SPINS) + YIELDS + 2)]
    assert steps == ["spin"] * len(SPINS) + ["yield"] * YIELDS + ["sleep"] * 2
    assert made.spun == list(SPINS)
    made.now_ns = PATIENCE_NS
    assert made.backoff.wait() == "sleep"
    made.now_ns = PATIENCE_NS + 1
    assert [made.backoff.wait(), made.backoff.wait()] == ["block", "block"]
    assert len(made.blocked) == 2


def test_work_lets_it_begin_anew():
    made = Made()
    made.backoff.wait()
    made.now_ns = PATIENCE_NS + 1
    assert made.backoff.wait() == "block"
    made.backoff.reset()
    assert made.backoff.wait() == "spin"


def test_one_at_a_time_waits_actively_and_passes_its_turn_on():
    turn = threading.Lock()
    one, other = Made(turn), Made(turn)
    assert one.backoff.wait() == "spin"
    assert other.backoff.wait() == "block"
    one.backoff.reset()
    other.backoff.reset()
    assert other.backoff.wait() == "spin"
    other.now_ns = PATIENCE_NS + 1
    assert other.backoff.wait() == "block"
    assert one.backoff.wait() == "spin"
