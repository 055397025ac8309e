"""What happened within the last so many nanoseconds, by what it was: the one memory that rates, repeats and breakers need."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Window(Generic[Key]):
    """Amounts by key that are forgotten once their stamp is a window old; stamps never go back."""

    def __init__(self, window_ns: int) -> None:
        self._window_ns = window_ns
        self._added: deque[tuple[int, Key, int]] = deque()
        self._amounts: Counter[Key] = Counter()

    def add(self, stamp_ns: int, key: Key, amount: int = 1) -> None:
        """Remember so much of the key."""
        self._forget(stamp_ns)
        self._added.append((stamp_ns, key, amount))
        self._amounts[key] += amount

    def amount(self, stamp_ns: int, key: Key) -> int:
        """How much of the key stands in the window that ends at the stamp."""
        self._forget(stamp_ns)
        return self._amounts[key]

    def keys(self, stamp_ns: int) -> Collection[Key]:
        """All that stands in the window that ends at the stamp."""
        self._forget(stamp_ns)
        return self._amounts.keys()

    def clear(self) -> None:
        """Begin anew."""
        self._added.clear()
        self._amounts.clear()

    def _forget(self, stamp_ns: int) -> None:
        while self._added and self._added[0][0] <= stamp_ns - self._window_ns:
            _, key, amount = self._added.popleft()
            self._amounts[key] -= amount
            if not self._amounts[key]:
                del self._amounts[key]
