"""Drives whose time is turned by hand: an engine (simulated_rate.py) serves, and who drives it waits, by one clock, on a machine that did as told."""

from harness.evidence.host_watch import Shares
from tests.fakes.clock import FakeClock
from tests.fakes.machines import quiet

TICK_NS = 1_000
"""Of each look at the clock: a loop that looks again and again comes to an end."""
ALONE = Shares(others_cpu=0.0, idle_cpu=0.9, host=quiet())
CROWDED = ALONE._replace(others_cpu=0.6, idle_cpu=0.01)


class Clock(FakeClock):
    """Waiting arrives so much late."""

    late_ns = 0

    def wait_until(self, due_ns):
        if due_ns > self.time_ns:
            super().wait_until(due_ns + self.late_ns)

    def anew(self):
        """From 0, as each drive has a clock of its own."""
        self.time_ns = 0
        return self


CLOCK = Clock(TICK_NS)


class Watch:
    """Tells what the machine did."""

    def __init__(self, shares):
        self._shares = shares

    def engine_is_up(self, *_):
        pass

    def shares(self):
        return self._shares
