"""What a sender says while it sends: how many commands went out, and how long their first answers took, as histograms that can be added up.

It counts what comes on the senders' own sessions, as their clients would. The verdict does not rest on it: checks judge the history, and find the
same there.
"""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from harness.base.answers import are_answers
from harness.base.findings import Distribution
from harness.base.histogram import Histogram, make_ready
from harness.base.records import EVENT, NONE, Channel, Commands, Events, empty_commands
from harness.evidence.as_said import are_unsaid
from harness.evidence.journal import Journal
from harness.load.messages import Tally
from harness.load.tally_kernel import answered, sent, table

ROOM = 1 << 20
"""Commands that may be under way at once; of older ones no answer is timed."""


class Tallied(Journal):
    """A journal that counts what goes into it. What it told is taken by another thread than writes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._waiting = table(ROOM)
        self._lock = threading.Lock()
        self._response, self._service = Histogram(), Histogram()
        self._told_response, self._told_service = Histogram(), Histogram()
        self._told = self._late_ns = self._unsaid = 0
        make_ready()
        sent(self._waiting, empty_commands(0))
        self._time(np.zeros(0, EVENT))

    def commands(self, records: Commands) -> None:
        """Write, and remember when each was due and sent."""
        super().commands(records)
        sent(self._waiting, records)
        due_ns = records["due_ns"]
        if len(records) and due_ns[0] != NONE:
            self._late_ns = max(self._late_ns, int((records["sent_ns"] - due_ns).max()))

    def events(self, records: Events) -> None:
        """Write, and time the first answers."""
        super().events(records)
        unsaid = records["command"][are_unsaid(records)]
        self._waiting.waiting["number"][unsaid % ROOM] = 0
        if len(unsaid):
            with self._lock:
                self._unsaid += len(unsaid)
        answers = records[are_answers(records) & (records["channel"] == Channel.ORDER)]
        if len(answers):
            self._time(answers)

    def tally(self) -> Tally:
        """What happened since this was asked for last."""
        with self._lock:
            response, service = self._response, self._service
            self._response, self._service = Histogram(), Histogram()
            late_ns, self._late_ns = self._late_ns, 0
            unsaid, self._unsaid = self._unsaid, 0
            sent = self.sent
            since, self._told = sent - self._told, sent
            self._told_response.merge(response)
            self._told_service.merge(service)
        return Tally(
            sent=since, unsaid=unsaid, late_ns=late_ns, response=response.distribution(), service=service.distribution()
        )

    def in_all(self) -> tuple[Distribution, Distribution]:
        """Response and service times of all that was told of."""
        return self._told_response.distribution(), self._told_service.distribution()

    def _time(self, answers: Events) -> None:
        response_ns, service_ns = np.empty(len(answers), np.int64), np.empty(len(answers), np.int64)
        paced, count = answered(self._waiting, answers, response_ns, service_ns, NONE)
        with self._lock:
            self._service.record(service_ns[:count])
            self._response.record(response_ns[:paced])
