"""A shared library of the C ABI in its host's processes, seen from gonogo: batches of messages out, reports back, every wait bounded."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engines.adapters._c_abi_memory import AT, COUNT, FULL, HEAD, WORD_BYTES, Task
from engines.adapters._hosted import Hosted
from harness.base.errors import EngineStartError
from harness.engine_file import EngineFile, Library
from harness.wire.c_abi import MESSAGE, REPORT, Records

HOST = "engines.adapters._c_abi_host"
MESSAGES_MOST = 2**12
"""In one call."""
REPORTS_MOST = 2**20
"""To one call; memory is taken only as far as it is used."""
REPORTS_AT = HEAD * WORD_BYTES + MESSAGES_MOST * MESSAGE.itemsize
MEMORY_BYTES = REPORTS_AT + REPORTS_MOST * REPORT.itemsize


class Done(NamedTuple):
    """What came of a batch."""

    reports: Records
    """In memory that the next batch writes over."""
    failure: str
    """Why there is not all of it, in words; empty where there is."""


class HostedLibrary(Hosted):
    """One library, and as many engines of it as there are instruments, by their places; each start has new ones."""

    def __init__(self, file: EngineFile, library: Library) -> None:
        self._start_s, self._answer_s = library.timeout_s, file.answer_timeout_s
        super().__init__(MEMORY_BYTES)
        shared = self.shared
        self._words = shared[: HEAD * WORD_BYTES].view(np.uint64)
        self._messages = shared[HEAD * WORD_BYTES : REPORTS_AT].view(MESSAGE)
        self._reports = shared[REPORTS_AT:].view(REPORT)
        task: Task = {
            "library": str(library.path), "memory": self.memory, "messages_most": MESSAGES_MOST,
            "reports_most": REPORTS_MOST, "library_bytes": library.memory_mib << 20,
        }  # fmt: skip
        self.be(HOST, task, file, library.path.parent, library.env)
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
            self.say(0, 0)
        said = self.heard(self._start_s)
        word, _, rest = (said or f"ended it was not ready within {self._start_s:g} s").partition(" ")
        if word != "ready":
            why = "" if word == "failed" else "the library cannot be begun: "
            raise EngineStartError(self.fail(f"{why}{rest}"))
        self._begun = {0}

    def carry_out(self, place: int, messages: Records) -> Done:
        """Have the engine of this place carry out the messages; returns once all reports are there, or those that came before it failed."""
        self._messages[: len(messages)] = messages
        self._words[[COUNT, FULL, AT]] = 0
        self.say(place, len(messages))
        # The first time, it is loaded and begun too.
        wait_s = self._answer_s + (0 if place in self._begun else self._start_s)
        self._begun.add(place)
        said = self.heard(wait_s)
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

    def _at_work(self, messages: Records) -> str:
        """What it carried out when it failed, as far as that can be known."""
        numbers = messages["sequence"]
        at = int(self._words[AT])
        if at < len(messages):
            return f"command {numbers[at]}"
        told = int(self._words[COUNT])
        last = f"; the last that it reported on is {self._reports['sequence'][told - 1]}" if told else ""
        return f"commands {numbers[0]} to {numbers[-1]}, handed over in one call{last}"
