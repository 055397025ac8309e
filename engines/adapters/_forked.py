"""One engine in a process forked from its host, so that whatever it does ends that process and no other.

The host has all that an engine needs but the engine itself, so that a new one is there in milliseconds, with nothing of the one before.
"""

from __future__ import annotations

import os
import resource
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from ctypes import CDLL
from typing import NoReturn

SAID_BYTES = 2**12
"""The most that an engine's process says at once."""
_PR_SET_CHILD_SUBREAPER = 36


class Forked:
    """The process of one engine, seen from its host."""

    def __init__(self, be_engine: Callable[[int, int], NoReturn], theirs: tuple[int, ...]) -> None:
        """`be_engine` runs in it, with where to read and where to write; `theirs` are descriptors of the host's that it must not have."""
        reading, self._to = os.pipe()
        self._from, writing = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            for descriptor in (*theirs, self._to, self._from):
                os.close(descriptor)
            be_engine(reading, writing)
        os.close(reading)
        os.close(writing)
        self._end = os.pidfd_open(self._pid)
        self.how = self._heard()
        """What it said when it had begun, or how it ended."""

    def ask(self, what: bytes) -> str:
        """What it says to that, or how it ended."""
        with suppress(BrokenPipeError):
            os.write(self._to, what)
        return self._heard()

    def _heard(self) -> str:
        # What it forked may hold its pipe, so its own end is looked for too.
        ready = select.select([self._from, self._end], [], [])[0]
        said = os.read(self._from, SAID_BYTES) if self._from in ready else b""
        return said.decode(errors="replace") if said else self._ended()

    def _ended(self) -> str:
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return f"ended it ended with exit code {code}" if code >= 0 else f"ended it was killed by {_signal(-code)}"

    def close(self) -> None:
        """Let go of it; its process is another's to end."""
        for descriptor in (self._to, self._from, self._end):
            os.close(descriptor)


def own_streams() -> tuple[int, int]:
    """Where the host reads and writes; an engine finds an empty input instead, and what it prints goes to the log."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    # What an engine leaves behind when it ends becomes the host's own.
    CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return reading, writing


def bounded(more: int) -> None:
    """An engine that eats memory gets no more of it, and is not the machine's end."""
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - pathlib would double the start-up time
        has = int(told.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + more, has + more))


def end_children() -> None:
    """End all that this process has started, and whatever that left behind."""
    while left := _children():
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            os.waitpid(pid, 0)


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as told:  # noqa: PTH123 - as above
        return [int(word) for word in told.read().split()]


def _signal(number: int) -> str:
    return signal.Signals(number).name if number in signal.valid_signals() else f"signal {number}"
