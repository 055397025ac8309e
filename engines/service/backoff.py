"""How a thread waits for work: it spins, then yields, then sleeps, and after a while without any it blocks until it is woken.

Work that comes soon is met within nanoseconds; a service with nothing to do uses no processor. Of all threads of a process one at a
time may wait actively: two that spin on two cores would take the very processor from the one that works. Who waits gives the interpreter
away: the work that it waits for may need it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal, TypeAlias

SPINS = (1, 2, 4, 8, 16, 32, 64)
YIELDS = 16
SLEEP_NS = 100_000
PATIENCE_NS = 10_000_000
"""How long there is nothing before a thread blocks."""
BLOCK_NS = 100_000_000
"""How long a thread blocks at most, to see whether it is to end."""

Step: TypeAlias = Literal["spin", "yield", "sleep", "block"]

_turn = threading.Lock()
"""Held by the one thread of this process that waits actively."""


class Backoff:
    """The wait of one thread: `wait` once each time that there was nothing to do, `reset` each time that there was."""

    def __init__(
        self, spin: Callable[[int], None], block: Callable[[int], None], now_ns: Callable[[], int] = time.monotonic_ns,
        turn: threading.Lock = _turn,
    ) -> None:  # fmt: skip
        """`spin` looks so many times whether work came, and `block` waits so long for it."""
        self._spin, self._block = spin, block
        self._now_ns = now_ns
        self._turn = turn
        self._waits = 0
        self._since_ns = 0
        self._is_active = False

    def reset(self) -> None:
        """There is work: the next wait begins anew, and another thread may wait actively."""
        self._waits = 0
        self._pass_on()

    def wait(self) -> Step:
        """Wait, the longer the more often in a row; which way."""
        now_ns = self._now_ns()
        if not self._waits:
            self._since_ns = now_ns
            self._is_active = self._turn.acquire(blocking=False)
        self._waits += 1
        if now_ns - self._since_ns > PATIENCE_NS:
            self._pass_on()
        if not self._is_active:
            self._block(BLOCK_NS)
            return "block"
        if self._waits <= len(SPINS):
            self._spin(SPINS[self._waits - 1])
            return "spin"
        if self._waits <= len(SPINS) + YIELDS:
            # Unlike sched_yield before Python 3.12 it gives the interpreter away too.
            time.sleep(0)
            return "yield"
        time.sleep(SLEEP_NS / 1e9)
        return "sleep"

    def _pass_on(self) -> None:
        if self._is_active:
            self._is_active = False
            self._turn.release()
