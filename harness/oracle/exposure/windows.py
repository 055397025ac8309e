"""What happened within the last so many nanoseconds of the service's own stamps.

A window of W ns at the time t holds what has a stamp above t - W.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, KeysView
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Recent(Generic[Key]):
    """How much of each key stands in the window. Stamps never go back."""

    def __init__(self, window_ns: int) -> None:
        self._window_ns = window_ns
        self._happened: deque[tuple[int, Key, int]] = deque()
        """Stamp, key and amount, oldest first."""
        self._totals: defaultdict[Key, int] = defaultdict(int)

    def add(self, key: Key, stamp_ns: int, amount: int = 1) -> None:
        """So much of the key happened."""
        self._happened.append((stamp_ns, key, amount))
        self._totals[key] += amount

    def total(self, key: Key, stamp_ns: int) -> int:
        """How much of the key stands in the window that ends at the stamp."""
        self._drop_old(stamp_ns)
        return self._totals.get(key, 0)

    def keys(self, stamp_ns: int) -> KeysView[Key]:
        """All that stands in the window that ends at the stamp."""
        self._drop_old(stamp_ns)
        return self._totals.keys()

    def forget(self) -> None:
        """Begin anew."""
        self._happened.clear()
        self._totals.clear()

    def _drop_old(self, stamp_ns: int) -> None:
        gone_at_ns = stamp_ns - self._window_ns
        while self._happened and self._happened[0][0] <= gone_at_ns:
            _, key, amount = self._happened.popleft()
            self._totals[key] -= amount
            if not self._totals[key]:
                del self._totals[key]
