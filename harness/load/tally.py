"""What a sender says while it sends: how many commands went out, and how long their first answers took, as histograms that can be added up.

It counts what comes on the senders' own sessions, as their clients would. The verdict does not rest on it: checks judge the history, and find the
same there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
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
        self._cancels: OrderedDict[int, deque[int]] = OrderedDict()
        """The order that cancels name -> their numbers: on some wires what is said of the order names no command. Some are never answered."""
        self._lock = threading.Lock()
        self._response, self._service = Histogram(), Histogram()
        self._told_response, self._told_service = Histogram(), Histogram()
        self._told = self._late_ns = self._unsaid = 0
        make_ready()

    def commands(self, records: Commands) -> None:
        """Write, and remember when each was due and sent."""
        super().commands(records)
        places = records["number"] % ROOM
        for name in WAITING.names or ():
            self._waiting[name][places] = records[name]
        cancels = records[records["kind"] == CommandKind.CANCEL]
        for order, number in zip(cancels["target"].tolist(), cancels["number"].tolist(), strict=True):
            self._cancels.setdefault(order, deque()).append(number)
        self._forget()
        due_ns = records["due_ns"]
        if len(records) and due_ns[0] != NONE:
            self._late_ns = max(self._late_ns, int((records["sent_ns"] - due_ns).max()))

    def events(self, records: Events) -> None:
        """Write, and time the first answers."""
        super().events(records)
        unsaid = records["command"][are_unsaid(records)]
        self._waiting["number"][unsaid % ROOM] = 0
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

    def _is_waiting(self, number: int) -> bool:
        return int(self._waiting["number"][number % ROOM]) == number

    def _forget(self) -> None:
        """Drop the cancels of the oldest orders, as far as none of them waits for an answer any more."""
        while self._cancels:
            order, numbers = next(iter(self._cancels.items()))
            while numbers and not self._is_waiting(numbers[0]):
                numbers.popleft()
            if numbers:
                return
            del self._cancels[order]

    def _canceled(self, order: int) -> int:
        """The oldest cancel of this order that waits; 0: none does."""
        numbers = self._cancels.get(order)
        while numbers:
            number = numbers.popleft()
            if not numbers:
                del self._cancels[order]
            if self._is_waiting(number):
                return number
        return 0

    def _time(self, answers: Events) -> None:
        numbers = answers["command"].copy()
        kinds = answers["kind"]
        rows = np.flatnonzero((numbers == 0) & ((kinds == EventKind.CANCELED) | (kinds == EventKind.CANCEL_REJECTED)))
        if len(rows):
            numbers[rows] = list(map(self._canceled, answers["order"][rows].tolist()))
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
