"""Holds an adapter to the port: whatever a stranger's file does wrong is the engine's failure, by name, and never gonogo's crash.

What it cannot hold: an adapter runs in gonogo's own process, so a call that never returns keeps gonogo waiting, and `os._exit`
ends both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from harness.base.bits import BOOK_ROW
from harness.base.capabilities import CONTROLS, STAGE_CONTROLS, Capabilities, Conventions, Instrument
from harness.base.controls import NO_CONTROLS, Controls
from harness.base.ending import Ended
from harness.base.errors import EngineDiedError, EngineError, EngineStartError, MisspokeError, SetupError
from harness.base.records import EVENT, CommandKind, Commands, Event, Events, Flag, Int64Array, OrderType, TimeInForce
from harness.engine_file import EngineFile
from harness.operations import Offered, Offers
from harness.port import Dispatch, Door, Engine, Processes, Session, Snapshot, Spoken
from harness.target.tree import children, kept

Answer = TypeVar("Answer")
WORDS: dict[str, tuple[str, ...]] = {
    "commands": tuple(kind.name.lower() for kind in CommandKind),
    "types": tuple(kind.name.lower() for kind in OrderType if kind),
    "tifs": tuple(tif.name.lower() for tif in TimeInForce if tif),
    "flags": tuple(str(flag.name).lower() for flag in Flag),
    "terms": ("min_qty",),
    "controls": (*CONTROLS, *STAGE_CONTROLS),
    "carries": Event._fields,
    "untold": ("canceled_qty",),
    "book": ("snapshot", "best", "depth"),
    "channels": ("order", "drop_copy"),
}
"""What each list of the capabilities may hold."""
UNTOLD = "its adapter does not tell which they are, and started none"
"""Why nobody knows an engine's processes."""


class Guarded:
    """An engine through its adapter, with every call and every answer looked at."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name: str = _declared(engine, "name", str)
        self.version: str = _declared(engine, "version", str)
        self.capabilities: Capabilities = _spelled(_declared(engine, "capabilities", Capabilities))
        self.conventions: Conventions = _declared(engine, "conventions", Conventions)
        self.instruments: tuple[Instrument, ...] = _declared(engine, "instruments", tuple)
        # An engine without controls of its own need not say so.
        self.controls: Controls = (
            _declared(engine, "controls", Controls) if hasattr(engine, "controls") else NO_CONTROLS
        )

        # Nor one that has nothing to say of its end.
        self.says_how_it_ended: bool = bool(getattr(engine, "says_how_it_ended", False))

        # Most engines are one process's alone.
        self.has_sender: bool = bool(getattr(engine, "has_sender", False))
        self.dispatches: bool = bool(getattr(engine, "dispatches", False))
        self.joinable: bool = bool(getattr(engine, "joinable", False))
        self._started: tuple[int, ...] = ()
        """What an adapter started that does not tell which processes are its engine's."""
        self._comes_up = False
        """Whether it is being started just now: what is there of it is not yet what it will be, a shell before the program that it starts."""

    def log_to(self, path: Path) -> None:
        # An engine without a process of its own has no log.
        if (log_to := getattr(self._engine, "log_to", None)) is not None:
            _ask("log_to", lambda: log_to(path))

    def start(self) -> None:
        try:
            self._seen_to_start("start", self._engine.start)
        except EngineStartError:
            raise
        except EngineError as error:
            raise EngineStartError(str(error)) from error

    def session(self, account: int) -> Session:
        return GuardedSession(_ask("session", lambda: self._engine.session(account)))

    def sender(self) -> Session:
        return GuardedSession(_ask("sender", self._engine.sender))

    def dispatch(self, origin_ns: int) -> Dispatch:
        return GuardedDispatch(_ask("dispatch", lambda: self._engine.dispatch(origin_ns)))

    def poll(self, wait_ns: int) -> Events:
        events = _ask("poll", lambda: self._engine.poll(wait_ns))
        if not isinstance(events, np.ndarray) or events.dtype.names != EVENT.names:
            raise MisspokeError(f"poll gave {_shown(events)}; wanted an array of harness.base.records.EVENT")
        return events

    def stop(self, *, graceful: bool) -> None:
        _ask("stop", lambda: self._engine.stop(graceful=graceful))

    def ended(self) -> Ended | None:
        found = _ask("ended", self._engine.ended) if self.says_how_it_ended else None
        if found is not None and not isinstance(found, Ended):
            raise MisspokeError(f"ended gave {_shown(found)}; wanted None or a harness.base.ending.Ended")
        return found

    def reset(self) -> None:
        self._seen_to_start("reset", self._engine.reset)

    def snapshot(self) -> Snapshot | None:
        found = _ask("snapshot", self._engine.snapshot)
        if found is None:
            return None
        if not isinstance(found, tuple) or len(found) != 2 or getattr(found[1], "dtype", None) != BOOK_ROW:
            raise MisspokeError(f"snapshot gave {_shown(found)}; wanted None or Snapshot(engine_seq, rows of BOOK_ROW)")
        return Snapshot(*found)

    def counters(self) -> dict[str, int]:
        return _ask("counters", self._engine.counters)

    def doors(self) -> tuple[Door, ...]:
        # Most adapters speak no wire that there is a battery for.
        doors = getattr(self._engine, "doors", None)
        return () if doors is None else _ask("doors", doors)

    def processes(self) -> Processes:
        if self._comes_up:
            return Processes("own")
        if (processes := getattr(self._engine, "processes", None)) is not None:
            found = _ask("processes", processes)
            if not isinstance(found, Processes):
                raise MisspokeError(f"processes gave {_shown(found)}; wanted a harness.port.Processes")
            return found
        if self._started:
            return Processes("own", tuple(pid for one in self._started for pid in kept(one)))
        if self.capabilities.answers_at_once:
            return Processes("inside", (os.getpid(),))
        return Processes("unknown", why=UNTOLD)

    def _seen_to_start(self, what: str, call: Callable[[], object]) -> None:
        """Start the engine, or empty it, and see which processes come of that where the adapter does not tell."""
        told = hasattr(self._engine, "processes")
        before = () if told else children(os.getpid())
        self._comes_up = True
        try:
            _ask(what, call)
        finally:
            self._comes_up = False
        if not told:
            now = children(os.getpid())
            self._started = tuple(pid for pid in now if pid in self._started or pid not in before)

    def joining(self, accounts: tuple[int, ...]) -> EngineFile:
        return _ask("joining", lambda: self._engine.joining(accounts))

    def spoken(self) -> tuple[Spoken, ...]:
        return _ask("spoken", self._engine.spoken)

    def renamed(self, events: Events, spoken: tuple[Spoken, ...]) -> Events:
        return _ask("renamed", lambda: self._engine.renamed(events, spoken))

    def operations(self) -> Offers:
        # Nor can most be timed operation by operation.
        found = _ask("operations", getattr(self._engine, "operations", dict))
        if not isinstance(found, Mapping) or not all(isinstance(one, Offered) for one in found.values()):
            raise MisspokeError(f"operations gave {_shown(found)}; wanted harness.operations.Offered by name")
        return found


class GuardedSession:
    """A session with every call and every answer looked at."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def send(self, commands: Commands) -> int:
        taken = _ask("send", lambda: self._session.send(commands))
        if not isinstance(taken, int | np.integer) or not 0 <= taken <= len(commands):
            raise MisspokeError(
                f"send gave {_shown(taken)}; wanted how many of the {len(commands)} commands were taken"
            )
        return int(taken)

    def close(self) -> None:
        _ask("close", self._session.close)


class GuardedDispatch:
    """What sends when commands are due, with every call and every answer looked at."""

    def __init__(self, dispatch: Dispatch) -> None:
        if missing := [name for name in ("passed_ns", "sent_ns", "close") if not hasattr(dispatch, name)]:
            raise MisspokeError(f"dispatch gave {_shown(dispatch)}, which has no {', '.join(missing)}")
        self._dispatch = dispatch

    def passed_ns(self) -> int:
        passed = _ask("dispatch.passed_ns", self._dispatch.passed_ns)
        if not isinstance(passed, int | np.integer):
            raise MisspokeError(f"dispatch.passed_ns gave {_shown(passed)}; wanted a time in ns")
        return int(passed)

    def sent_ns(self, numbers: npt.NDArray[np.uint64]) -> Int64Array:
        sent = _ask("dispatch.sent_ns", lambda: self._dispatch.sent_ns(numbers))
        if not isinstance(sent, np.ndarray) or sent.dtype != np.int64 or sent.shape != numbers.shape:
            raise MisspokeError(f"dispatch.sent_ns gave {_shown(sent)}; wanted {len(numbers)} times in ns, as int64")
        return sent

    def close(self) -> None:
        _ask("dispatch.close", self._dispatch.close)


def _ask(what: str, call: Callable[[], Answer]) -> Answer:
    try:
        return call()
    except EngineError:
        raise
    except (Exception, SystemExit) as error:
        # SystemExit too: an engine that asks to end must not end gonogo with an exit code that reads as a verdict.
        raise EngineDiedError(f"{what} raised {type(error).__name__}: {error}") from error


def _declared(engine: Engine, name: str, kind: type[Any]) -> Any:
    value = getattr(engine, name, None)
    if not isinstance(value, kind):
        raise SetupError(
            f"the adapter {type(engine).__name__} has {name} = {_shown(value)}; wanted a {kind.__name__} (see harness/port.py)"
        )
    return value


def _spelled(capabilities: Capabilities) -> Capabilities:
    """The capabilities, if every word in them is one that there is."""
    for name, known in WORDS.items():
        strange = [word for word in getattr(capabilities, name) if word not in known]
        if strange:
            raise SetupError(
                f"the adapter's capabilities.{name} has {', '.join(map(repr, strange))}; there are: {', '.join(known)}"
            )
    return capabilities


def _shown(value: object) -> str:
    words = repr(value)
    return words if len(words) < 80 else f"{words[:77]}..."
