"""An engine with a queue, on a clock of the test's own: it takes so long a command, may stall, and may serve some accounts before others.

Time passes only where somebody waits, so that what it does to response times is arithmetic and no matter of the machine.
"""

from __future__ import annotations

import heapq
from itertools import count

import numpy as np

from harness.base.records import EVENT, EventKind
from harness.base.seeds import Seed
from harness.evidence.archive import Archive
from harness.evidence.journal import Journal
from harness.instruments import Context
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.journaled import run_folder


class QueuedEngine(FakeEngine):
    """Accepts every command once it was its turn."""

    def __init__(self, clock, *, serve_ns, first=(), starved=(), starve_ns=0, period_ns=0, stall_ns=0):
        super().__init__(clock)
        self.serve_ns = serve_ns
        """How long each command takes it."""
        self.first = {*first}
        """The accounts that it serves before all others that wait."""
        self.starved = {*starved}
        """The accounts whose answers it keeps to itself for `starve_ns`."""
        self.starve_ns = starve_ns
        self.period_ns, self.stall_ns = period_ns, stall_ns
        """In the middle of each period it serves nobody for so long."""
        self._free_ns = 0
        self._turns = count()
        self._coming = []
        """(when it came, turn, account, number) of what is not in the queue yet: a heap, as the two below."""
        self._queue = []
        """(whether it has to stand back, turn, account, number)."""
        self._told = []
        """(when it is told, turn, number)."""

    def send(self, commands):
        now_ns = self.clock.now_ns()
        for number, account in zip(commands["number"].tolist(), commands["account"].tolist(), strict=True):
            heapq.heappush(self._coming, (now_ns, next(self._turns), account, number))
        return len(commands)

    def poll(self, wait_ns):
        until_ns = self.clock.time_ns + wait_ns
        self._serve(until_ns)
        if self._told and self._told[0][0] <= until_ns:
            self.clock.wait_until(self._told[0][0])
        numbers = []
        while self._told and self._told[0][0] <= self.clock.time_ns:
            numbers.append(heapq.heappop(self._told)[2])
        events = np.zeros(len(numbers), EVENT)
        events["command"], events["kind"] = numbers, EventKind.ACCEPTED
        return events

    def _serve(self, until_ns):
        """All whose turn begins before then; whoever came by the time is chosen among."""
        while self._coming or self._queue:
            begin_ns = self._awake(max(self._free_ns, 0 if self._queue else self._coming[0][0]))
            if begin_ns + self.serve_ns > until_ns:
                return
            while self._coming and self._coming[0][0] <= begin_ns:
                _, turn, account, number = heapq.heappop(self._coming)
                heapq.heappush(self._queue, (account not in self.first, turn, account, number))
            _, turn, account, number = heapq.heappop(self._queue)
            self._free_ns = begin_ns + self.serve_ns
            kept_ns = self.starve_ns if account in self.starved else 0
            heapq.heappush(self._told, (self._free_ns + kept_ns, turn, number))

    def _awake(self, ns):
        """When it serves again."""
        if not self.stall_ns:
            return ns
        period, into_ns = divmod(ns, self.period_ns)
        stalls_ns = self.period_ns // 2
        if stalls_ns <= into_ns < stalls_ns + self.stall_ns:
            return period * self.period_ns + stalls_ns + self.stall_ns
        return ns


def driven(tmp_path, drive, flow, pacing, **engine):
    """The history of a drive of such an engine."""
    clock = FakeClock()
    place = Journal(run_folder(tmp_path))
    served = QueuedEngine(clock, **engine)
    seed = Seed(1)
    context = Context(
        clock=clock, seed=seed, flow=flow, pacing=pacing.seeded(seed), probes=(), stopped=lambda: False, progress=lambda _: None
    )  # fmt: skip
    outcome = drive.run(served, place, context)
    place.close()
    assert outcome.status == "finished"
    return list(Archive(tmp_path).segments("s"))
