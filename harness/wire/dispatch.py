"""Packets that go out when they are due, by a thread of their own; whoever puts them in does so some milliseconds ahead.

A round of sending and hearing takes Python a quarter of a millisecond and more, so that of packets which are due each 100 us most would be late.
"""

from __future__ import annotations

import ctypes
import os
import platform
import threading
import time
from contextlib import suppress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.atomics import load_acquire, store_release
from harness.base.records import Int64Array
from harness.wire.dispatch_kernel import (
    BYTES,
    LINES,
    PACKET,
    PACKETS,
    PASSED,
    ROUNDS,
    STAMPS,
    STOP,
    Lines,
    dispatch,
)
from harness.wire.soup_kernel import Bytes

PR_SET_TIMERSLACK = 29
SLACK_NS = 1_000
"""How much later than asked the system may end a sleep, to end several at once; 50,000 where nobody says so."""
HAS_ORDER = platform.machine() in ("x86_64", "AMD64", "i686")
"""Whether what one thread stores another sees in that order, also where Python stores it."""
NOBODY = -1
"""The number of a packet whose time nobody asks for."""
LOOK_S = 0.000_05


class Packets(NamedTuple):
    """Packets of one connection, one behind the other."""

    raw: Bytes
    ends: Int64Array
    due_ns: Int64Array
    """When each is due, by the run's clock."""
    numbers: Int64Array
    """Whose time it is that each goes out at; `NOBODY` is none."""


class Dispatcher:
    """Some connections, and the thread that sends on them until it is closed. Its times are the run's."""

    def __init__(self, most: int, origin_ns: int) -> None:
        """`most`: connections; `origin_ns`: when the run began, by the monotonic clock."""
        self.origin_ns = origin_ns
        self._bytes = np.zeros((most, BYTES), np.uint8)
        scratch = np.zeros(2, np.int64)
        self.lines = Lines(
            words=np.zeros(8, np.int64),
            packets=np.zeros((most, PACKETS), PACKET),
            heads=np.zeros(most, np.int64),
            tails=np.zeros(most, np.int64),
            gone=np.zeros(most, np.int64),
            descriptors=np.full(most, -1, np.int64),
            stuck=np.zeros(most, np.int64),
            starts=np.array([row.ctypes.data for row in self._bytes], np.int64),
            sent_ns=np.zeros(STAMPS, np.int64),
            time=scratch,
            address=scratch.ctypes.data,
        )
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def line(self) -> Line:
        """The queue of the next connection, which sends nowhere yet."""
        number = int(self.lines.words[LINES])
        made = Line(self, number, self._bytes[number])
        store_release(self.lines.words, LINES, number + 1)
        return made

    def passed_ns(self) -> int:
        """Up to when everything that was due, and was put in before then, had its turn.

        Raises:
            RuntimeError: the thread is gone.
        """
        if not (self._thread.is_alive() or self.is_closed):
            raise RuntimeError("the thread that sends has ended")
        return int(load_acquire(self.lines.words, PASSED)) - self.origin_ns

    def sent_ns(self, numbers: npt.NDArray[np.uint64]) -> Int64Array:
        """When the packets of these numbers went out. Of one that did not, some time before it is due."""
        stamps: Int64Array = self.lines.sent_ns[numbers % STAMPS]
        return stamps - self.origin_ns

    def wait_for_rounds(self) -> None:
        """Until nothing is under way that began before."""
        upto = self.lines.words[ROUNDS] + 2
        while self._thread.is_alive() and self.lines.words[ROUNDS] < upto:
            time.sleep(LOOK_S)
        self.passed_ns()

    def went(self, numbers: Int64Array) -> None:
        """The packets of these numbers were sent by somebody else, just now."""
        self.lines.sent_ns[numbers[numbers >= 0] % STAMPS] = time.perf_counter_ns()

    @property
    def is_closed(self) -> bool:
        """Whether it sends no more."""
        return bool(self.lines.words[STOP])

    def close(self) -> None:
        """End the thread; what is not due yet is left."""
        store_release(self.lines.words, STOP, 1)
        self._thread.join()

    def _run(self) -> None:
        ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0)
        if len(os.sched_getaffinity(0)) > 1:
            with suppress(OSError):
                # Before all others, where that is allowed. It sleeps between two rounds that send, so it takes no core for itself; but of one
                # core it would leave too little.
                os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        dispatch(self.lines)


class Line:
    """One connection's queue."""

    def __init__(self, dispatcher: Dispatcher, number: int, room: Bytes) -> None:
        self._dispatcher, self._lines, self._number, self._bytes = dispatcher, dispatcher.lines, number, room
        self._end = 0
        """How many bytes were put in."""

    def has_room(self, packets: Packets) -> bool:
        """Whether there is room for these behind all that waits."""
        lines, number = self._lines, self._number
        waiting = int(lines.heads[number] - load_acquire(lines.tails, number))
        fits = self._end - int(lines.gone[number]) + len(packets.raw) <= BYTES
        return fits and waiting + len(packets.ends) <= PACKETS

    @property
    def is_empty(self) -> bool:
        """Whether all is gone."""
        return bool(load_acquire(self._lines.tails, self._number) == self._lines.heads[self._number])

    def put(self, packets: Packets) -> None:
        """Have these sent behind all before; there is room."""
        raw, ends, due_ns, numbers = packets
        lines, number = self._lines, self._number
        begin, head = self._end % BYTES, int(lines.heads[number])
        first = min(BYTES - begin, len(raw))
        self._bytes[begin : begin + first] = raw[:first]
        self._bytes[: len(raw) - first] = raw[first:]
        rows, places = lines.packets[number], (head + np.arange(len(ends))) % PACKETS
        rows["due_ns"][places] = due_ns + self._dispatcher.origin_ns
        rows["end"][places] = ends + self._end
        rows["number"][places] = numbers
        self._end += len(raw)
        store_release(lines.heads, number, head + len(ends))

    def let_go(self) -> None:
        """Send nothing more, and forget what did not go out."""
        lines, number = self._lines, self._number
        store_release(lines.descriptors, number, -1)
        self._dispatcher.wait_for_rounds()
        lines.tails[number], lines.gone[number], lines.stuck[number] = lines.heads[number], self._end, 0

    def went(self, numbers: Int64Array) -> None:
        """The packets of these numbers were sent by somebody else, just now."""
        self._dispatcher.went(numbers)

    def begun(self) -> bytes:
        """The rest of a packet of which the socket took a part; asked once the thread is gone."""
        lines, number = self._lines, self._number
        rows, tail, gone = lines.packets[number], int(lines.tails[number]), int(lines.gone[number])
        before = int(rows["end"][(tail - 1) % PACKETS]) if tail else 0
        if tail == lines.heads[number] or gone == before:
            return b""
        places = np.arange(gone, int(rows["end"][tail % PACKETS])) % BYTES
        return self._bytes[places].tobytes()

    @property
    def is_closed(self) -> bool:
        """Whether nobody sends what is put in."""
        return self._dispatcher.is_closed

    def send_to(self, descriptor: int) -> None:
        """The socket that it sends on from now on."""
        store_release(self._lines.descriptors, self._number, descriptor)


def make_ready() -> None:
    """Have the kernel loaded, or compiled, before anything is due."""
    made = Dispatcher(1, 0)
    made.wait_for_rounds()
    made.close()
