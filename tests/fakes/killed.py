"""A durable engine in a process of its own, which is killed while it works: what it had told, and what is left of it.

The process is forked from this one, whose kernels are compiled, and tells on a pipe after each group what may be answered.
"""

from __future__ import annotations

import os
import resource
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from engines.service.disk import RealDisk
from engines.service.errors import StorageError
from harness.base.clock import MonotonicClock
from harness.base.records import Commands
from tests.fakes.durable_service import engine

SIZES = {"room": 256, "trail_bytes": 30_000, "snapshot_every": 300}
LINE = 8


def works_until_killed(folder: Path, commands: Commands, told_before: int, **settings: Any) -> int:
    """Have it work until it has told so many groups, then kill it; up to which command it told."""
    pid, pipe = _started(folder, commands, None, settings)
    told = [_line(pipe) for _ in range(told_before)]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    # What it told before the signal came counts too.
    while line := _line(pipe):
        told.append(line)
    os.close(pipe)
    return max(told, default=0)


def works_until_full(folder: Path, commands: Commands, file_bytes: int, **settings: Any) -> tuple[int, int]:
    """Have it work with no file larger than that; up to which command it told, and 1 if it ended with an error of storage."""
    pid, pipe = _started(folder, commands, file_bytes, settings)
    told = 0
    while line := _line(pipe):
        told = line
    os.close(pipe)
    return told, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _line(pipe: int) -> int:
    """The next number that was told; 0 where nothing more comes."""
    return int.from_bytes(os.read(pipe, LINE), "little")


def _started(folder: Path, commands: Commands, file_bytes: int | None, settings: dict[str, Any]) -> tuple[int, int]:
    pipe, told = os.pipe()
    pid = os.fork()
    if pid:
        os.close(told)
        return pid, pipe
    code = 2
    try:
        if file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        _work(folder, commands, told, settings)
        code = 0
    except StorageError:
        code = 1
    finally:
        # Whatever happened: no more of this test run in the child.
        os._exit(code)


def _work(folder: Path, commands: Commands, told: int, settings: dict[str, Any]) -> None:
    with ThreadPoolExecutor(1) as executor:
        made = engine(folder, disk=RealDisk(), executor=executor, clock=MonotonicClock(), **(SIZES | settings))
        group = 1
        while made.sequence < len(commands):
            made.submit(commands[made.sequence : made.sequence + group])
            os.write(told, made.synced.to_bytes(LINE, "little"))
            group = group % 23 + 1
