"""What is timed of an operation: the call and nothing else; and what the loop costs where the call does nothing."""

from harness.compose.timed import EMPTY_ROUNDS, empty_loop_ns, seconds_of
from harness.operations import Operation


class Clock:
    """Time that passes only by what is done."""

    def __init__(self):
        self.time_ns = 0

    def now_ns(self):
        return self.time_ns

    def take(self, time_ns):
        def call(*_):
            self.time_ns += time_ns

        return call


def test_only_the_calls_are_timed_and_not_what_restores():
    clock = Clock()
    seconds = seconds_of(clock.take(7), clock.take(1_000), clock.now_ns)
    assert seconds(1) == 7e-9
    assert seconds(3) == 21e-9
    assert clock.now_ns() == 4 * 1_007


def test_each_call_is_restored_with_what_it_gave():
    gave, restored = iter("abc"), []
    seconds_of(lambda: next(gave), restored.append)(3)
    assert restored == ["a", "b", "c"]


def test_the_empty_loop_is_timed_between_rounds_and_told_of_one_operation():
    done = []
    operation = Operation(
        batch=1_000,
        call=lambda: done.append("call"),
        restore=lambda _: done.append("restore"),
        idle=lambda: done.append("idle"),
    )
    alone_ns = empty_loop_ns(operation)
    assert done == ["call", "restore", "idle"] * EMPTY_ROUNDS
    slow = operation._replace(idle=lambda: sum(range(200_000)))
    assert empty_loop_ns(slow) > 10 * alone_ns > 0
