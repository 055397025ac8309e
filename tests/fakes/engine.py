"""An engine without a book: it accepts every command, as late, as slowly or as badly as a test wants."""

from __future__ import annotations

import numpy as np

from harness.base.bits import book_rows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.controls import Controls
from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, EventKind
from harness.port import Snapshot


class FakeEngine:
    """Answers each command with `accepted`."""

    name = "fake"
    version = "1"
    capabilities = Capabilities(book=("snapshot",), carries=("engine_seq",), reset="call")
    conventions = Conventions()
    instruments = (Instrument(id=1, symbol="X"),)
    controls = Controls()
    says_how_it_ended = False

    joinable = has_sender = dispatches = False

    def __init__(self, clock, *, takes=10**9, silent=(), dies_at=0, stall_at=0, stall_ns=0, on_reset=None, step_ns=0):
        self.clock = clock
        self.step_ns = step_ns
        """How long each answer takes it; 0: all are there at once."""
        self.takes = takes
        """How many commands it takes a call."""
        self.silent = set(silent)
        """Numbers that it never answers."""
        self.dies_at = dies_at
        self.stall_at, self.stall_ns = stall_at, stall_ns
        self.got: list[int] = []
        self.on_reset = on_reset
        """Called with the number of the reset; the start counts as the first."""
        self.resets = 0
        self.stopped = 0
        self.starts = 0
        self.sessions: list[int] = []
        self._events = []
        self._seq = 0

    def start(self):
        self.starts += 1
        self._count_reset()

    def session(self, account):
        self.sessions.append(account)
        return self

    def send(self, commands):
        taken = commands[: self.takes]
        for number in taken["number"].tolist():
            if number == self.dies_at:
                raise EngineDiedError("the engine died")
            if number == self.stall_at:
                self.clock.pass_ns(self.stall_ns)
            self.got.append(number)
            if number not in self.silent:
                self._seq += 1
                event = np.zeros(1, EVENT)
                event["command"], event["kind"], event["engine_seq"] = number, EventKind.ACCEPTED, self._seq
                self._events.append(event)
        return len(taken)

    def close(self):
        pass

    def poll(self, wait_ns):
        upto = 1 if self.step_ns else len(self._events)
        self.clock.pass_ns(self.step_ns)
        events, self._events = self._events[:upto], self._events[upto:]
        return np.concatenate([np.zeros(0, EVENT), *events])

    def stop(self, *, graceful):
        self.stopped += 1

    def reset(self):
        self._count_reset()
        self._seq = 0

    def _count_reset(self):
        self.resets += 1
        if self.on_reset:
            self.on_reset(self.resets)

    def snapshot(self):
        return Snapshot(self._seq, book_rows([(1, 0, 100, 0, len(self.got), 1)]))

    def counters(self):
        return {}
