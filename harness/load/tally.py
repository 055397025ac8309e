"""What a sender says while it sends: how many commands went out, and how long their first answers took, as histograms that can be added up.

It counts what comes on the senders' own sessions, as their clients would. The verdict does not rest on it: checks judge the history.
"""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from harness.base.answers import are_answers
from harness.base.findings import Distribution
from harness.base.histogram import Histogram, make_ready
from harness.base.records import NONE, Channel, CommandKind, Commands, EventKind, Events
from harness.evidence.as_said import are_unsaid
from harness.evidence.journal import Journal
from harness.load.messages import Tally

ROOM = 1 << 20
"""Commands that may be under way at once; of older ones no answer is timed."""
WAITING = np.dtype([("number", "<u8"), ("due_ns", "<i8"), ("sent_ns", "<i8")])


class Tallied(Journal):
    """A journal that counts what goes into it. What it told is taken by another thread than writes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._waiting = np.zeros(ROOM, WAITING)
        """Commands without an answer, each at its number modulo the room."""
        self._cancels: dict[int, int] = {}
        """The order that a cancel names -> the number of the first such cancel: on some wires what is said of the order names no command."""
        self._lock = threading.Lock()
        self._response, self._service = Histogram(), Histogram()
        self._told_response, self._told_service = Histogram(), Histogram()
        self._told = self._late_ns = 0
        make_ready()

    def commands(self, records: Commands) -> None:
        """Write, and remember when each was due and sent."""
        super().commands(records)
        places = records["number"] % ROOM
        for name in WAITING.names or ():
            self._waiting[name][places] = records[name]
        cancels = records[records["kind"] == CommandKind.CANCEL]
        for order, number in zip(cancels["target"].tolist(), cancels["number"].tolist(), strict=True):
            if not self._is_waiting(self._cancels.get(order, 0)):
                self._cancels[order] = number
        due_ns = records["due_ns"]
        if len(records) and due_ns[0] != NONE:
            self._late_ns = max(self._late_ns, int((records["sent_ns"] - due_ns).max()))

    def events(self, records: Events) -> None:
        """Write, and time the first answers."""
        super().events(records)
        unsaid = records["command"][are_unsaid(records)]
        self._waiting["number"][unsaid % ROOM] = 0
        answers = records[are_answers(records) & (records["channel"] == Channel.ORDER)]
        if len(answers):
            self._time(answers)

    def tally(self) -> Tally:
        """What happened since this was asked for last."""
        with self._lock:
            response, service = self._response, self._service
            self._response, self._service = Histogram(), Histogram()
            late_ns, self._late_ns = self._late_ns, 0
            sent = self.sent
            since, self._told = sent - self._told, sent
            self._told_response.merge(response)
            self._told_service.merge(service)
        return Tally(sent=since, late_ns=late_ns, response=response.distribution(), service=service.distribution())

    def in_all(self) -> tuple[Distribution, Distribution]:
        """Response and service times of all that was told of."""
        return self._told_response.distribution(), self._told_service.distribution()

    def _is_waiting(self, number: int) -> bool:
        return number != 0 and int(self._waiting["number"][number % ROOM]) == number

    def _time(self, answers: Events) -> None:
        numbers = answers["command"].copy()
        rows = np.flatnonzero((answers["kind"] == EventKind.CANCELED) | (answers["kind"] == EventKind.CANCEL_REJECTED))
        if len(rows):
            meant = np.array([self._cancels.pop(order, 0) for order in answers["order"][rows].tolist()], np.uint64)
            numbers[rows] = np.where(numbers[rows] == 0, meant, numbers[rows])
        waited = self._waiting[numbers % ROOM]
        first = np.flatnonzero((waited["number"] == numbers) & (numbers != 0))
        # One of each command, though an engine may say it twice at once.
        first = first[np.unique(numbers[first], return_index=True)[1]]
        self._waiting["number"][numbers[first] % ROOM] = 0
        came_ns, waited = answers["received_ns"][first], waited[first]
        paced = waited["due_ns"] != NONE
        with self._lock:
            self._service.record(came_ns - waited["sent_ns"])
            self._response.record((came_ns - waited["due_ns"])[paced])
