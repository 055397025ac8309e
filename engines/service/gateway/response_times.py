"""How long commands take from their socket to the sockets of those who are told of them: stamps of whole reads, no work for each command.

A read is stamped once, with how many commands had come by then. Commands are answered in the order in which they came, so how many are
answered says which reads are done with, and how long their commands took.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from engines.service.durations import Durations


class _Read(NamedTuple):
    """Commands that came together."""

    last: int
    """The last of them, counted from the first command that ever came."""
    at_ns: int


class ResponseTimes:
    """Of one gateway, on its thread."""

    def __init__(self) -> None:
        self.durations = Durations()
        self._open: deque[_Read] = deque()
        self._came = self._answered = 0

    def came(self, commands: int, now_ns: int) -> None:
        """So many commands came now."""
        if commands:
            self._came += commands
            self._open.append(_Read(self._came, now_ns))

    def answered(self, commands: int, now_ns: int) -> None:
        """Of all that ever came, so many are answered by now."""
        while self._answered < commands and self._open:
            read = self._open[0]
            upto = min(read.last, commands)
            self.durations.add(now_ns - read.at_ns, upto - self._answered)
            self._answered = upto
            if upto == read.last:
                self._open.popleft()
