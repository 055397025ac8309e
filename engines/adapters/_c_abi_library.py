"""A shared library of the C ABI in its host's processes, seen from gonogo: batches of messages out, reports back, every wait bounded.

Both sides share memory, which has no name on disk: the host opens it by this process's descriptor.
"""

from __future__ import annotations

import json
import mmap
import os
import select
import sys
import time
import weakref
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from engines.adapters._c_abi_memory import AT, COUNT, FULL, HEAD, WORD_BYTES, Task
from engines.adapters._process import Process
from engines.adapters._program import Program
from harness.base.errors import EngineStartError
from harness.engine_file import EngineFile, Library, Start
from harness.wire.c_abi import MESSAGE, REPORT, Records

HOST = "engines.adapters._c_abi_host"
MESSAGES_MOST = 2**12
"""In one call."""
REPORTS_MOST = 2**20
"""To one call; memory is taken only as far as it is used."""
REPORTS_AT = HEAD * WORD_BYTES + MESSAGES_MOST * MESSAGE.itemsize
MEMORY_BYTES = REPORTS_AT + REPORTS_MOST * REPORT.itemsize
ENDED_S = 1.0
"""How long a library that broke off may take to end its process, so that it can be told how."""
READ_BYTES = 2**12


class Done(NamedTuple):
    """What came of a batch."""

    reports: Records
    """In memory that the next batch writes over."""
    failure: str
    """Why there is not all of it, in words; empty where there is."""


class HostedLibrary:
    """One library, and as many engines of it as there are instruments, by their places; each start has new ones."""

    def __init__(self, file: EngineFile, library: Library) -> None:
        self._start_s, self._answer_s = library.timeout_s, file.answer_timeout_s
        descriptor = os.memfd_create("gonogo-c-abi")
        weakref.finalize(self, os.close, descriptor)
        os.ftruncate(descriptor, MEMORY_BYTES)
        shared = np.frombuffer(mmap.mmap(descriptor, MEMORY_BYTES), np.uint8)
        self._words = shared[: HEAD * WORD_BYTES].view(np.uint64)
        self._messages = shared[HEAD * WORD_BYTES : REPORTS_AT].view(MESSAGE)
        self._reports = shared[REPORTS_AT:].view(REPORT)
        task: Task = {
            "library": str(library.path), "memory": f"/proc/{os.getpid()}/fd/{descriptor}", "messages_most": MESSAGES_MOST,
            "reports_most": REPORTS_MOST, "library_bytes": library.memory_mib << 20,
        }  # fmt: skip
        # Isolated, so that nothing of the user's shadows what the host imports.
        command = [sys.executable, "-I", "-m", HOST, json.dumps(task)]
        start = Start(command=command, cwd=library.path.parent, env=library.env, timeout_s=library.timeout_s)
        self.program = Program(file.model_copy(update={"start": start}), speaks=True)
        self._begun: set[int] = set()
        """The places whose engines have done something."""

    def start(self) -> None:
        """Begin the first engine, in a host that is there or in a new one.

        Raises:
            EngineStartError: it cannot be, or not in time.
        """
        if self.program.process is None:
            self.program.start()
        else:
            self._say(0, 0)
        said = self._heard(self._start_s)
        word, _, rest = (said or f"ended it was not ready within {self._start_s:g} s").partition(" ")
        if word != "ready":
            why = "" if word == "failed" else "the library cannot be begun: "
            raise EngineStartError(self.fail(f"{why}{rest}"))
        self._begun = {0}

    def carry_out(self, place: int, messages: Records) -> Done:
        """Have the engine of this place carry out the messages; returns once all reports are there, or those that came before it failed."""
        self._messages[: len(messages)] = messages
        self._words[[COUNT, FULL, AT]] = 0
        self._say(place, len(messages))
        # The first time, it is loaded and begun too.
        wait_s = self._answer_s + (0 if place in self._begun else self._start_s)
        self._begun.add(place)
        said = self._heard(wait_s)
        failure = ""
        if self._words[FULL]:
            failure = f"it told more than {REPORTS_MOST} reports to {self._at_work(messages)}"
        elif not said:
            failure = f"it was not done within {wait_s:g} s with {self._at_work(messages)}"
        elif said != "done":
            failure = f"{said.partition(' ')[2]} while it carried out {self._at_work(messages)}"
        return Done(
            self._reports[: int(self._words[COUNT])], self.fail(f"the engine failed: {failure}") if failure else ""
        )

    def end(self, *, graceful: bool) -> None:
        """End all of it; safe to call twice."""
        self.program.end(graceful=graceful)

    def fail(self, why: str) -> str:
        """End what is left of it; why it failed, and the last of its log."""
        return self.program.fail(why)

    def _at_work(self, messages: Records) -> str:
        """What it carried out when it failed, as far as that can be known."""
        numbers = messages["sequence"]
        at = int(self._words[AT])
        if at < len(messages):
            return f"command {numbers[at]}"
        told = int(self._words[COUNT])
        last = f"; the last that it reported on is {self._reports['sequence'][told - 1]}" if told else ""
        return f"commands {numbers[0]} to {numbers[-1]}, handed over in one call{last}"

    def _process(self) -> Process:
        if self.program.process is None:
            raise EngineStartError("the engine was not started")
        return self.program.process

    def _say(self, place: int, count: int) -> None:
        # Of a host that is gone it is told by its silence.
        with suppress(BrokenPipeError):
            os.write(self._process().stdin, place.to_bytes(WORD_BYTES, "little") + count.to_bytes(WORD_BYTES, "little"))

    def _heard(self, wait_s: float) -> str:
        """The line that the host says next; empty where it says none in time."""
        process, said = self._process(), b""
        give_up = time.monotonic() + wait_s
        while not said.endswith(b"\n"):
            if not select.select([process.stdout], [], [], max(give_up - time.monotonic(), 0.0))[0]:
                return ""
            more = os.read(process.stdout, READ_BYTES)
            if not more:
                return f"ended {process.how_it_ended(ENDED_S) or 'it closed its output'}"
            said += more
        return said.decode(errors="replace").rstrip("\n")
