"""How a drive's commands get to the engine and into its history: handed over when they are due, or ahead to an adapter that sends them then.

A history has each command before what answers it, and in the order of their numbers. What goes out ahead of the driver's eyes is written down
once it is known when it went.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from harness.base.answers import unsaid
from harness.base.bits import joined
from harness.base.clock import Clock
from harness.base.records import EVENT, NONE, Channel, Commands, Events, Int64Array
from harness.evidence.as_said import are_unsaid
from harness.port import Dispatch

MOST_AT_ONCE = 256
"""Commands that are handed over in one call at the most: more would hide when each was answered."""
MOST_LATE = 1024
"""The same of one that is behind its pace: what is late anyway is caught up with, since each call costs as much as some hundred commands."""
MOST_AHEAD = 4096
"""The same where others look after when they go out."""
LATE_NS = 1_000_000
AHEAD_NS = 40_000_000
"""How long before it is due a command may be handed over, to an adapter that sends it when it is due."""
LOW_NS = 20_000_000
"""It is time for more when the next is due within this: a few larger handfuls cost less than many small ones."""
LOOK_S = 0.000_05
NOT_YET_NS = 2**62
NO_EVENTS, NO_NUMBERS = np.zeros(0, EVENT), np.zeros(0, np.uint64)
Take = Callable[[Commands], None]


class Handing(Protocol):
    """A way for a drive's commands."""

    low_ns: int
    """How long before it is due a command is handed over."""

    def upto_ns(self, due_ns: int) -> tuple[int, int]:
        """Until when what is due may be handed over now, the next being due then, and how many commands at the most."""
        ...

    def hand(self, chunk: Commands) -> None:
        """Hand them over; `due_ns` of each says when it is due."""
        ...

    def is_waiting(self) -> bool:
        """Whether something that was handed over is not due yet."""
        ...

    def heard(self, events: Events) -> Events:
        """Those events whose commands are written down by now, which are the ones to be written next."""
        ...

    def close(self) -> Events:
        """Write down what is left of those that went out; what is to be told of those that never did."""
        ...


class AtOnce:
    """Commands go out when they are handed over."""

    low_ns = 0

    def __init__(self, clock: Clock, send: Take, write: Take) -> None:
        self._clock, self._send, self._write = clock, send, write

    def upto_ns(self, due_ns: int) -> tuple[int, int]:
        """What is due by now."""
        now_ns = self._clock.now_ns()
        return now_ns, MOST_LATE if now_ns - due_ns > LATE_NS else MOST_AT_ONCE

    def hand(self, chunk: Commands) -> None:
        """Write them down, then send them; those of no pace are due as they go out."""
        chunk["sent_ns"] = now_ns = self._clock.now_ns()
        if chunk["due_ns"][0] == NONE:
            chunk["due_ns"] = now_ns
        self._write(chunk)
        self._send(chunk)

    def is_waiting(self) -> bool:
        """Nothing is."""
        return False

    def heard(self, events: Events) -> Events:
        """All."""
        return events

    def close(self) -> Events:
        """Nothing is left."""
        return NO_EVENTS


@dataclass(slots=True)
class Handful:
    """Commands that were handed over together, as far as they are not written down."""

    commands: Commands
    begun_ns: int
    """When handing them over began: none of them went out before."""
    from_ns: Int64Array
    """When each could go out at the soonest: when it was due, or had been handed over."""


class Waiting(NamedTuple):
    """Commands of one handful of which it is not known whether they went out."""

    numbers: npt.NDArray[np.uint64]
    begun_ns: int
    """When handing them over began."""


class Ahead:
    """Commands are handed over ahead, and go out by themselves."""

    low_ns = LOW_NS

    def __init__(self, clock: Clock, dispatch: Dispatch, send: Take, write: Take) -> None:
        self._clock, self._dispatch, self._send, self._write = clock, dispatch, send, write
        self._open: deque[Handful] = deque()
        self._last_ns = NONE
        """When the last that was handed over is due."""
        self._written = 0
        """The number of the last command that is written down."""
        self._early: list[Events] = []
        """Events of commands that are not written down: what an adapter cannot say it tells when it is handed over."""
        self._waiting: list[Waiting] = []
        """What was written down and had not gone out by then, as far as was known."""

    def upto_ns(self, due_ns: int) -> tuple[int, int]:
        """What is due soon, once the next of it is."""
        now_ns = self._clock.now_ns()
        return now_ns + (AHEAD_NS if due_ns - now_ns <= LOW_NS else 0), MOST_AHEAD

    def hand(self, chunk: Commands) -> None:
        """Hand them over; while the engine takes no more, what went out is written down all the same."""
        begun_ns, self._last_ns = self._clock.now_ns(), int(chunk["due_ns"][-1])
        handful = Handful(chunk, begun_ns, np.maximum(chunk["due_ns"], begun_ns))
        self._open.append(handful)
        self._send(chunk)
        handful.from_ns = np.maximum(handful.commands["due_ns"], self._clock.now_ns())

    def is_waiting(self) -> bool:
        """Whether something is not due yet."""
        return self._clock.now_ns() <= self._last_ns

    def heard(self, events: Events) -> Events:
        """Write down what went out before these came; without the events of what did not."""
        self._write_down()
        if self._early:
            events = joined((*self._early, events), EVENT)
            self._early.clear()
        if self._waiting and len(said := events["command"][are_unsaid(events)]):
            self._waiting = [Waiting(one.numbers[~np.isin(one.numbers, said)], one.begun_ns) for one in self._waiting]
        # On a drop copy the numbers are the engine's own.
        is_early = (events["command"] > np.uint64(self._written)) & (events["channel"] != Channel.DROP_COPY)
        if not is_early.any():
            return events
        self._early.append(events[is_early])
        told: Events = events[~is_early]
        return told

    def close(self) -> Events:
        """Nothing goes out from here on. What waited in the adapter until now was never sent, and the engine owes no answer to it."""
        self._dispatch.close()
        self._write_down(is_over=True)
        told = self.heard(NO_EVENTS)
        self._look_after_waiting(NOT_YET_NS)
        never = unsaid(np.concatenate([NO_NUMBERS, *(one.numbers for one in self._waiting)]))
        never["received_ns"] = self._clock.now_ns()
        ended: Events = joined((told, never), EVENT)
        return ended

    def _write_down(self, *, is_over: bool = False) -> None:
        """Write all up to the last of which it is known when it went, and each before it."""
        while self._open:
            handful = self._open[0]
            passed_ns = self._dispatch.passed_ns()
            sent_ns = self._dispatch.sent_ns(handful.commands["number"])
            went = sent_ns >= handful.begun_ns
            # What had its turn and did not go out waits in the adapter, for the engine: it is not the driver that is late.
            known = np.flatnonzero(went | (handful.from_ns <= passed_ns))
            if not len(known):
                return
            upto = int(known[-1]) + 1
            if not is_over and (upto > len(known) or (upto < len(went) and self._has_gone_on())):
                # One before it has its turn within this very round.
                time.sleep(LOOK_S)
                continue
            chunk, handful.commands = handful.commands[:upto], handful.commands[upto:]
            chunk["sent_ns"] = np.where(went, sent_ns, handful.from_ns)[:upto]
            # Until its round is over a packet may prove to be one that its socket did not take.
            is_sure = (went & (sent_ns <= passed_ns))[:upto]
            if not is_sure.all():
                self._look_after_waiting(passed_ns)
                self._waiting.append(Waiting(chunk["number"][~is_sure], handful.begun_ns))
            handful.from_ns = handful.from_ns[upto:]
            self._written = int(chunk["number"][-1])
            self._write(chunk)
            if len(handful.commands):
                return
            self._open.popleft()

    def _has_gone_on(self) -> bool:
        """Whether something of a later handful went out."""
        later = list(self._open)[1:]
        return any((self._dispatch.sent_ns(one.commands["number"]) >= one.begun_ns).any() for one in later)

    def _look_after_waiting(self, passed_ns: int) -> None:
        """Forget those that went out since, in rounds that were over by then; looked at before their times are written over."""
        left = []
        for numbers, begun_ns in self._waiting:
            sent_ns = self._dispatch.sent_ns(numbers)
            still = numbers[(sent_ns < begun_ns) | (sent_ns > passed_ns)]
            if len(still):
                left.append(Waiting(still, begun_ns))
        self._waiting = left
