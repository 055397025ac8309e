"""Processes and all that they started, read from what the kernel lists by thread: psutil would look at every process of the machine."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from functools import cache

import psutil

READ_BYTES = 1 << 16
KEEPER = b"_keeper.py"
"""The last part of the path of the program that stands between gonogo and an engine (`engines/adapters`): it is gonogo's own."""


def family(roots: tuple[int, ...], *, apart: Collection[int] = ()) -> tuple[int, ...]:
    """The roots that are there, and what they started; `apart` are left out, with all of theirs that is reached by them alone."""
    found = dict.fromkeys(pid for pid in roots if pid not in apart and psutil.pid_exists(pid))
    waiting = list(found)
    while waiting:
        new = [pid for pid in children(waiting.pop()) if pid not in found and pid not in apart]
        found |= dict.fromkeys(new)
        waiting += new
    return tuple(found)


def children(pid: int) -> tuple[int, ...]:
    """What a process started and is still there, and the orphans that it adopted; none of one that is gone."""
    if not _is_listed():
        with suppress(psutil.Error):
            return tuple(child.pid for child in psutil.Process(pid).children())
        return ()
    found: list[int] = []
    for thread in threads(pid):
        # A thread may end while its process is looked at.
        with suppress(OSError):
            found += map(int, read(f"/proc/{pid}/task/{thread}/children").split())
    return tuple(found)


def kept(pid: int) -> tuple[int, ...]:
    """What a keeper keeps; of anything else, itself."""
    with suppress(OSError):
        if any(word.endswith(KEEPER) for word in read(f"/proc/{pid}/cmdline").split(b"\0")):
            return children(pid)
    return (pid,)


def threads(pid: int) -> tuple[str, ...]:
    """The numbers of its threads, as the kernel lists them; none of one that is gone."""
    with suppress(OSError):
        return tuple(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 - read each second while an engine is driven: pathlib takes twice as long
    return ()


def read(path: str) -> bytes:
    """A file of /proc in one go.

    Raises:
        OSError: it is not there, or may not be read.
    """
    file = os.open(path, os.O_RDONLY)
    try:
        text = b""
        # What is longer than a page comes in several reads.
        while more := os.read(file, READ_BYTES):
            text += more
        return text
    finally:
        os.close(file)


@cache
def _is_listed() -> bool:
    """Whether this kernel lists children by thread."""
    return os.path.exists(f"/proc/self/task/{os.getpid()}/children")  # noqa: PTH110 - as above
