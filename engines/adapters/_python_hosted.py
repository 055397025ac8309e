"""A user's Python object in its host's process, seen from gonogo: batches of commands out, events back, every wait bounded."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from engines.adapters._hosted import Hosted
from engines.adapters._python_memory import (
    COMMANDS_AT,
    COUNT,
    DONE,
    EVENTS_AT,
    HEAD,
    MEMORY_BYTES,
    SEQ,
    WHY,
    WHY_AT,
    WORD_BYTES,
    Asked,
    Task,
    rows_bytes,
)
from engines.adapters._python_object import About, Setup
from harness.base.bits import BOOK_ROW, copied
from harness.base.errors import EngineDiedError, EngineStartError
from harness.base.records import COMMAND, EVENT, Commands, Events
from harness.engine_file import EngineFile, Python
from harness.port import Snapshot

HOST = "engines.adapters._python_host"


class Done(NamedTuple):
    """What came of a batch."""

    events: Events
    failure: str
    """Why there is not all of it, in words; empty where there is."""


class HostedObject(Hosted):
    """One object, made anew in another process at each start."""

    def __init__(self, file: EngineFile, python: Python, setup: Setup) -> None:
        super().__init__(MEMORY_BYTES)
        self._start_s, self._answer_s = python.timeout_s, file.answer_timeout_s
        self._words = self.shared[: HEAD * WORD_BYTES].view(np.uint64)
        self._commands = self.shared[COMMANDS_AT:EVENTS_AT].view(COMMAND)
        self._told = self.shared[EVENTS_AT:WHY_AT]
        task: Task = {
            "object": python.object, "path": [str(place) for place in python.path], "memory": self.memory,
            "setup": msgspec.json.encode(setup).decode(), "memory_bytes": python.memory_mib << 20,
        }  # fmt: skip
        self.be(HOST, task, file, python.path[0], python.env)

    def start(self) -> About:
        """Make the object, in a host that is there or in a new one; what it says of itself.

        Raises:
            EngineStartError: it cannot be, or not in time.
        """
        self._words[:] = 0
        if self.program.process is None:
            self.program.start()
        else:
            self.say(Asked.BEGIN, 0)
        if why := self._failure(self._start_s, "ready", "it was not ready"):
            raise EngineStartError(self.fail(f"the engine cannot be begun: {why}"))
        return msgspec.json.decode(self._text(), type=About)

    def carry_out(self, commands: Commands) -> Done:
        """Have it carry out at most COMMANDS_MOST; returns once all is told, or what came before it failed."""
        self._commands[: len(commands)] = commands
        self._words[:] = 0
        self.say(Asked.CARRY_OUT, len(commands))
        why = self._failure(self._answer_s, "done", "it was not done")
        at = int(self._words[DONE])
        number = commands["number"][min(at, len(commands) - 1)]
        count = int(self._words[COUNT])
        events = copied(self._told[: count * EVENT.itemsize].view(EVENT))
        return Done(events, f"the engine failed at command {number}: {why}" if why else "")

    def book(self) -> Snapshot:
        """Its book.

        Raises:
            EngineDiedError: it does not tell it, or not in time.
        """
        self._ask(Asked.BOOK, "the request for its book")
        rows = self._told[: rows_bytes(int(self._words[COUNT]))].view(BOOK_ROW).copy()
        return Snapshot(int(self._words[SEQ]), rows)

    def counters(self) -> dict[str, int]:
        """What it counts.

        Raises:
            EngineDiedError: it does not tell, or not in time.
        """
        self._ask(Asked.COUNTERS, "the request for its counters")
        return msgspec.json.decode(self._text(), type=dict[str, int])

    def _ask(self, what: Asked, about: str) -> None:
        self._words[:] = 0
        self.say(what, 0)
        if why := self._failure(self._answer_s, "done", "it did not answer"):
            raise EngineDiedError(f"the engine failed at {about}: {why}")

    def _failure(self, wait_s: float, wanted: str, late: str) -> str:
        """Why it did not say what is wanted; what raised leaves its host as it was, for the next object, and all else ends that too."""
        said = self.heard(wait_s)
        if said == wanted:
            return ""
        if said == "failed":
            return self.shared[WHY_AT : WHY_AT + int(self._words[WHY])].tobytes().decode(errors="replace")
        return self.fail(said.partition(" ")[2] if said else f"{late} within {wait_s:g} s")

    def _text(self) -> bytes:
        return self._told[: int(self._words[COUNT])].tobytes()
