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
import sys
import traceback
from typing import NoReturn

from engines.adapters._c_abi_engine import Library, NotLoadedError, Queue
from engines.adapters._c_abi_memory import WORD_BYTES, Memory, Task
from engines.adapters._forked import Forked, bounded, end_children, own_streams


def _be_engine(task: Task, memory: Memory, queue: Queue, reading: int, writing: int) -> NoReturn:
    """In the forked process: load the library and do as the host says, to the end."""
    code = 1
    try:
        bounded(task["library_bytes"])
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
        self._children: dict[int, Forked] = {}

    def begin(self, place: int) -> str:
        """Fork the engine of this place; what it says of itself, or how it ended."""
        child = self._children[place] = Forked(
            lambda reading, writing: _be_engine(self._task, self._memory, self._queue, reading, writing), self._theirs
        )
        return child.how

    def carry_out(self, place: int, count: int) -> str:
        """Have it carry out the messages that stand in memory."""
        if place not in self._children and not (how := self.begin(place)).startswith("ready"):
            return how
        return self._children[place].ask(count.to_bytes(WORD_BYTES, "little"))

    def shut_down(self) -> None:
        """Let all end by their own means."""
        for child in self._children.values():
            child.ask(bytes(WORD_BYTES))

    def begin_anew(self) -> str:
        """End all, and whatever they started; then begin the first again."""
        for child in self._children.values():
            child.close()
        self._children.clear()
        end_children()
        return self.begin(0)


def serve(task: Task) -> None:
    """Do as gonogo says, to the end of what it says."""
    reading, writing = own_streams()
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
