"""Holds shared libraries of the C ABI in processes of their own, so that whatever a library does ends its process and no other.

It runs under the keeper, as engines that are programs do. The ABI knows one instrument, so that each has an engine of its own: a process
forked from this one, which has all that it needs but the library. Messages and reports go through shared memory (`_c_abi_memory.py`); over
the standard streams goes only how many, and that they are done. What a library prints goes to the log.

    -> stdin     two words: which engine, and how many messages it is to carry out; none: all begin anew
    <- stdout    a line: `ready HOW` or `failed WHY` of the first engine's begin, then `done`, or `failed` or `ended HOW`
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import traceback
from contextlib import suppress
from ctypes import CDLL
from typing import NoReturn

from engines.adapters._c_abi_engine import Library, NotLoadedError, Queue
from engines.adapters._c_abi_memory import WORD_BYTES, Memory, Task

PR_SET_CHILD_SUBREAPER = 36


class Child:
    """One engine in its process, seen from the host."""

    def __init__(self, task: Task, memory: Memory, queue: Queue, theirs: tuple[int, ...]) -> None:
        reading, self._to = os.pipe()
        self._from, writing = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            for descriptor in (*theirs, self._to, self._from):
                os.close(descriptor)
            _be_engine(task, memory, queue, reading, writing)
        os.close(reading)
        os.close(writing)
        self._end = os.pidfd_open(self._pid)
        self.how = self._heard()

    def carry_out(self, count: int) -> str:
        """`done`, or how it ended."""
        with suppress(BrokenPipeError):
            os.write(self._to, count.to_bytes(WORD_BYTES, "little"))
        return self._heard()

    def _heard(self) -> str:
        # What it forked may hold its pipe, so its own end is looked for too.
        ready = select.select([self._from, self._end], [], [])[0]
        said = os.read(self._from, 2**12) if self._from in ready else b""
        return said.decode(errors="replace") if said else self._ended()

    def _ended(self) -> str:
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return f"ended it ended with exit code {code}" if code >= 0 else f"ended it was killed by {_signal(-code)}"

    def close(self) -> None:
        """Let go of it; its process is another's to end."""
        for descriptor in (self._to, self._from, self._end):
            os.close(descriptor)


def _be_engine(task: Task, memory: Memory, queue: Queue, reading: int, writing: int) -> NoReturn:
    """In the forked process: load the library and do as the host says, to the end."""
    code = 1
    try:
        _bounded(task["library_bytes"])
        me = os.getpid()
        library = Library(task["library"], memory, queue)
        os.write(writing, f"ready {library.how()}".encode())
        while count := int.from_bytes(os.read(reading, WORD_BYTES), "little"):
            library.carry_out(count)
            if os.getpid() != me:
                # The library forked, and its child came back.
                os._exit(0)
            os.write(writing, b"done")
        library.shut_down()
        code = 0
    except NotLoadedError as error:
        os.write(writing, f"failed {error}".replace("\n", " ").encode())
    except BaseException:
        traceback.print_exc()
    finally:
        # Whatever it was, it must not run on as a second host. What a library does when it is unloaded is no part of the ABI.
        os._exit(code)


class Host:
    """The engines by their places, each begun when it is first needed."""

    def __init__(self, task: Task, theirs: tuple[int, ...]) -> None:
        self._task, self._theirs = task, theirs
        self._memory = Memory(task)
        self._queue = Queue(self._memory)
        self._children: dict[int, Child] = {}

    def begin(self, place: int) -> str:
        """Fork the engine of this place; what it says of itself, or how it ended."""
        child = self._children[place] = Child(self._task, self._memory, self._queue, self._theirs)
        return child.how

    def carry_out(self, place: int, count: int) -> str:
        """Have it carry out the messages that stand in memory."""
        if place not in self._children and not (how := self.begin(place)).startswith("ready"):
            return how
        return self._children[place].carry_out(count)

    def shut_down(self) -> None:
        """Let all end by their own means."""
        for child in self._children.values():
            child.carry_out(0)

    def begin_anew(self) -> str:
        """End all, and whatever they started; then begin the first again."""
        for child in self._children.values():
            child.close()
        self._children.clear()
        while left := _children():
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for pid in left:
                os.waitpid(pid, 0)
        return self.begin(0)


def _bounded(more: int) -> None:
    """An engine that eats memory gets no more of it, and is not the machine's end."""
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - pathlib would double the start-up time
        has = int(told.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + more, has + more))


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as told:  # noqa: PTH123 - as above
        return [int(word) for word in told.read().split()]


def _signal(number: int) -> str:
    return signal.Signals(number).name if number in signal.valid_signals() else f"signal {number}"


def serve(task: Task) -> None:
    """Do as gonogo says, to the end of what it says."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    # What an engine leaves behind when it ends becomes this process's own.
    CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    host = Host(task, (reading, writing))
    said = host.begin(0)
    while said:
        os.write(writing, f"{said}\n".encode())
        asked = os.read(reading, 2 * WORD_BYTES)
        place, count = (int.from_bytes(word, "little") for word in (asked[:WORD_BYTES], asked[WORD_BYTES:]))
        said = "" if not asked else host.carry_out(place, count) if count else host.begin_anew()
    host.shut_down()


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
