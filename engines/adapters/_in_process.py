"""An engine inside gonogo's own process: no wire, so nothing of gonogo's own stands between a rule and its check.

It forwards whole arrays and holds no state of the market. An exception inside the engine is the engine's death, not gonogo's:
the adapter then says so at every call until it is reset, once it has handed on what the engine said before.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any, ClassVar, Protocol, TypeVar

from engines.adapters._at_once import AtOnce
from harness.base.bits import BookRows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.controls import Controls
from harness.base.errors import EngineDiedError, EngineStartError
from harness.base.records import Commands, Events
from harness.operations import Calling, Offers, of_orders
from harness.port import EngineSetup, Processes, Snapshot

Answer = TypeVar("Answer")


class Hosted(Protocol):
    """What the engines that are hosted here have in common."""

    def submit(self, commands: Commands) -> Events: ...

    def snapshot(self) -> BookRows: ...


class InProcess(AtOnce):
    """A bundled engine, or another one of its make, seen through the port. A subclass says which."""

    name: str
    # The engine is shipped with gonogo and has no releases of its own.
    version = version("gonogo")
    capabilities: Capabilities
    own_conventions: ClassVar[Conventions]

    def __init__(self, setup: EngineSetup) -> None:
        super().__init__()
        self.instruments = setup.instruments
        self.conventions = self.own_conventions if setup.conventions is None else setup.conventions
        self._build: Callable[..., Any] = self.build if setup.build is None else setup.build
        self._engine: Any = None

    @staticmethod
    def build(instruments: tuple[Instrument, ...], conventions: Conventions) -> Hosted:
        """The engine itself."""
        raise NotImplementedError

    def made(self, build: Callable[..., Any]) -> Any:
        """The engine, from what it or a specimen is built by; one that takes more than these two overrides it."""
        return build(self.instruments, self.conventions)

    @staticmethod
    def counted(engine: Any) -> dict[str, int]:
        """What the engine counts; `events` is the number of its last event."""
        raise NotImplementedError

    def start(self) -> None:
        """Build the engine; one that cannot be built is one that did not start."""
        self._events.clear()
        try:
            self._engine, self._gone = self.made(self._build), ""
        except Exception as error:
            self._bury(f"the engine could not be built: {_told(error)}")
            raise EngineStartError(self._gone) from error

    def take(self, commands: Commands) -> int:
        """Have the engine carry out the commands of one session; it always takes all."""
        self._events.append(self._ask(lambda engine: engine.submit(commands), f"commands {_span(commands)}"))
        return len(commands)

    def snapshot(self) -> Snapshot:
        """The book after all that was sent."""
        return self._ask(lambda engine: Snapshot(self.counted(engine)["events"], engine.snapshot()), "a snapshot")

    def counters(self) -> dict[str, int]:
        """What the engine counts, by name."""
        return self._ask(self.counted, "its counters")

    def processes(self) -> Processes:
        """Gonogo's own, which the engine is a part of."""
        return Processes("inside", (os.getpid(),))

    def reset(self) -> None:
        """A new engine in place of the old one, dead or alive."""
        self.start()

    def stop(self, *, graceful: bool) -> None:
        """Let go of the engine; in one process there is no other way to end it."""
        del graceful
        self._events.clear()
        self._bury("the engine was stopped")

    def operations(self) -> Offers:
        """Those of a book of orders, each on an engine of its own like this one."""
        return of_orders(self._another, self.capabilities)

    @staticmethod
    def calling(engine: Any) -> Calling:
        """The engine as it is timed, without what the port needs."""
        return lambda commands: partial(engine.submit, commands)

    def _another(self, instruments: tuple[Instrument, ...], controls: Controls) -> Calling:
        another = type(self)(EngineSetup(instruments, self.conventions, self._build, controls))
        return self.calling(another.made(self._build))

    def _ask(self, question: Callable[[Any], Answer], about: str) -> Answer:
        """The engine's answer, or its death."""
        self._living()
        try:
            return question(self._engine)
        except Exception as error:
            self._bury(f"the engine died at {about}: {_told(error)}")
            raise EngineDiedError(self._gone) from error

    def _bury(self, why: str) -> None:
        self._engine = None
        self._gone = why


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _span(commands: Commands) -> str:
    numbers = commands["number"]
    return f"{numbers[0]} to {numbers[-1]}" if len(numbers) else "(none)"
