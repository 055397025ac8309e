"""A Python object of the user's, `module:attribute`, in a process of its own, so that a crash, a hang or an exit is its result and no other's.

A call hands over a batch and returns once the object has answered all of it, so its time is its own lateness. What it offers it says itself
when it is made: it is made once before the first scenario to be asked. One that cannot be imported or made is an engine that does not start.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from engines.adapters._at_once import AtOnce
from engines.adapters._python_hosted import HostedObject
from engines.adapters._python_memory import COMMANDS_MOST
from engines.adapters._python_object import About, Setup
from harness.base.errors import EngineDiedError, EngineError, EngineStartError, SetupError
from harness.base.records import Commands
from harness.port import EngineSetup, Processes, Snapshot

_ASKED: dict[tuple[str, Setup], About | EngineStartError] = {}
"""What each object said of itself, or why it could not: a run of ten scenarios does not make it twenty times."""


class PythonObject(AtOnce):
    """One object seen through the port."""

    def __init__(self, setup: EngineSetup) -> None:
        file = setup.file
        if file is None or file.python is None:
            raise SetupError("the adapter python needs module:attribute, or an engine.toml with [python]: give one to --engine (docs/adapters.md)")  # fmt: skip
        super().__init__()
        self.instruments = tuple(file.instrument) or setup.instruments
        asked = Setup(self.instruments, setup.conventions or file.conventions)
        self._hosted = HostedObject(file, file.python, asked)
        key = (repr(file), asked)
        if key not in _ASKED:
            _ASKED[key] = self._asked()
        self._said = said = _ASKED[key]
        told = said if isinstance(said, About) else About()
        self.name = file.name
        self.version = told.version or file.version or "unknown"
        # It cannot say otherwise: all its answers are there when it has been called.
        self.capabilities = msgspec.structs.replace(file.capabilities or told.capabilities, answers_at_once=True)
        self.conventions = file.conventions or told.conventions

    def _asked(self) -> About | EngineStartError:
        try:
            return self._hosted.start()
        except EngineStartError as error:
            # Without its traceback, which would hold the object's memory as long as gonogo runs.
            return EngineStartError(str(error))
        finally:
            self._hosted.end(graceful=False)

    def log_to(self, path: Path) -> None:
        """Where it prints to from its next start on."""
        self._hosted.program.log_to(path)

    def processes(self) -> Processes:
        """Those of the host, and of what it forked."""
        return self._hosted.program.processes()

    def start(self) -> None:
        """Make it in a new host; what it says of itself must be what it said before."""
        self.stop(graceful=False)
        if isinstance(self._said, EngineStartError):
            raise EngineStartError(str(self._said)) from self._said
        self._begin()

    def _begin(self) -> None:
        self._events.clear()
        self._gone = "the engine did not start"
        if self._hosted.start() != self._said:
            self.stop(graceful=False)
            raise EngineStartError("the engine says other things of itself than when it was asked before")
        self._gone = ""

    def take(self, commands: Commands) -> int:
        """Have it carry out as many commands as one call may hold; how many these are."""
        self._living()
        commands = commands[:COMMANDS_MOST]
        if len(commands):
            done = self._hosted.carry_out(commands)
            self._events.append(done.events)
            self._gone = done.failure
        return len(commands)

    def snapshot(self) -> Snapshot | None:
        """The book as the object tells it, where it can."""
        self._living()
        if "snapshot" not in self.capabilities.book:
            return None
        try:
            return self._hosted.book()
        except EngineDiedError as error:
            self._gone = str(error)
            raise

    def counters(self) -> dict[str, int]:
        """What the object counts, where it does."""
        self._living()
        try:
            return self._hosted.counters()
        except EngineDiedError as error:
            self._gone = str(error)
            raise

    def reset(self) -> None:
        """A new object in a new process; a host whose object was not its end stays."""
        if self.capabilities.reset == "none":
            raise EngineError("the engine offers no reset")
        self._begin()

    def stop(self, *, graceful: bool) -> None:
        """End it, and all that it started."""
        self._hosted.end(graceful=graceful)
        self._events.clear()
        self._gone = "the engine was stopped"


ENGINE = PythonObject
