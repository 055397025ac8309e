"""A bounded ring of records between two threads, one that puts and one that takes: no lock, no loss, and what does not fit waits.

Positions count records since the beginning and never wrap: what was put, less what was taken, is what lies in it. Each thread writes one
of the two and reads the other's, on cache lines of their own (Lamport, "Proving the Correctness of Multiprocess Programs", 1977).
A taker that has nothing to do may sleep on a descriptor; then, and only then, the putter wakes it.
"""

from __future__ import annotations

import os
import select
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.base.atomics import exchange, load_acquire, store_release
from harness.base.kernels import compiled
from harness.base.records import RECORD_BYTES

Words = npt.NDArray[np.uint64]
Number = Any
RECORD_WORDS = RECORD_BYTES // 8
PUT, TAKEN, ASLEEP = 0, 16, 32
"""Where the shared words lie, 128 bytes apart: processors fetch neighbouring cache lines in pairs."""
SHARED_WORDS = 48


def _put(rows: Words, shared: Number, given: Words) -> Number:
    """Put as many records as fit; how many did."""
    put, room = shared[PUT], rows.shape[0]
    count = min(given.shape[0], room - (put - load_acquire(shared, TAKEN)))
    for number in range(count):
        at = (put + number) & (room - 1)
        for word in range(RECORD_WORDS):
            rows[at, word] = given[number, word]
    store_release(shared, PUT, put + count)
    return count


put_records = compiled(_put)


def _take(rows: Words, shared: Number, out: Words) -> Number:
    """Take as many records as there are and `out` has room for; how many."""
    taken, room = shared[TAKEN], rows.shape[0]
    count = min(out.shape[0], load_acquire(shared, PUT) - taken)
    for number in range(count):
        at = (taken + number) & (room - 1)
        for word in range(RECORD_WORDS):
            out[number, word] = rows[at, word]
    store_release(shared, TAKEN, taken + count)
    return count


take_records = compiled(_take)


def _pending(shared: Number) -> Number:
    """How many records lie in the ring, seen from either side."""
    return load_acquire(shared, PUT) - load_acquire(shared, TAKEN)


pending = compiled(_pending)


def _spin(shared: Number, times: int) -> None:
    """Look so many times whether something has come."""
    for _ in range(times):
        if load_acquire(shared, PUT) != load_acquire(shared, TAKEN):
            return


spin = compiled(_spin)


def _asleep(shared: Number, value: Number) -> Number:
    """Say whether the taker sleeps, before either looks again: both cannot miss what the other did."""
    return exchange(shared, ASLEEP, value)


swap_asleep = compiled(_asleep)


class Ring:
    """A ring of `room` records, a power of two."""

    def __init__(self, room: int) -> None:
        if room < 1 or room & (room - 1):
            raise ValueError(f"a ring of {room} records; wanted a power of two")
        self._rows: Words = np.zeros((room, RECORD_WORDS), np.uint64)
        self._shared = np.zeros(SHARED_WORDS, np.int64)
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.room = room

    def put(self, records: npt.NDArray[np.void]) -> int:
        """Put records of 112 bytes, as many as fit; how many did. Wakes the taker if it sleeps."""
        count = int(put_records(self._rows, self._shared, words_of(records)))
        if count and swap_asleep(self._shared, 0):
            os.eventfd_write(self._bell, 1)
        return count

    def take(self, out: npt.NDArray[np.void]) -> int:
        """Take records into the memory of `out`, as many as there are; how many."""
        return int(take_records(self._rows, self._shared, words_of(out)))

    def pending(self) -> int:
        """How many records wait to be taken."""
        return int(pending(self._shared))

    def spin(self, times: int) -> None:
        """Look so many times whether there is something to take, without the interpreter. For the taker."""
        spin(self._shared, times)

    def counts(self) -> tuple[int, int]:
        """How many records were put and taken since the beginning."""
        return int(self._shared[PUT]), int(self._shared[TAKEN])

    def fileno(self) -> int:
        """The descriptor that becomes readable when something comes for a taker that sleeps."""
        return self._bell

    def fall_asleep(self) -> bool:
        """Ask to be woken; False if there is something to take already. For the taker."""
        swap_asleep(self._shared, 1)
        if self.pending():
            self.wake_up()
            return False
        return True

    def wake_up(self) -> None:
        """Ask no more. For the taker."""
        swap_asleep(self._shared, 0)
        try:
            os.eventfd_read(self._bell)
        except BlockingIOError:
            return

    def nudge(self) -> None:
        """Wake the taker for something else than a record. From any thread."""
        os.eventfd_write(self._bell, 1)

    def block(self, timeout_ns: int) -> None:
        """Sleep until something comes, at most so long. For the taker."""
        if self.fall_asleep():
            select.select([self._bell], [], [], timeout_ns / 1e9)
            self.wake_up()

    def close(self) -> None:
        """Give the descriptor back; the ring is of no use after."""
        os.close(self._bell)


def words_of(records: npt.NDArray[np.void]) -> Words:
    """The records as words, shape (n, 14), over the same memory.

    Raises:
        ValueError: they do not lie one after another, or are none of 112 bytes.
    """
    if records.itemsize != RECORD_BYTES or not records.flags.c_contiguous:
        raise ValueError(f"records of {records.itemsize} bytes: wanted {RECORD_BYTES}, one after another")
    return records.view(np.uint64).reshape(len(records), RECORD_WORDS)
