"""The port: what an adapter must give so that gonogo can drive an engine.

Synchronous and batch-shaped. Every wait is bounded. An engine that does not start, hangs or dies raises an `EngineError`,
which is a result of the run and never a crash of gonogo.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from harness.base.bits import BookRows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.clock import Clock
from harness.base.controls import Controls
from harness.base.ending import Ended
from harness.base.errors import EngineDiedError
from harness.base.records import Commands, Events, Int64Array
from harness.engine_file import EngineFile, Login
from harness.operations import Offers

QUIET_NS = 500_000_000
"""For how long nothing comes once all channels have told everything."""
WAIT_NS = 1_000_000
"""The longest wait for one poll, and before whoever drives looks again whether the user asked to end."""
HEARD_OUT_NS = 10 * QUIET_NS
"""How long what comes is taken in all, where silence does not come."""


class Snapshot(NamedTuple):
    """The engine's book as the engine itself holds it."""

    engine_seq: int
    """The last event sequence that the snapshot holds; 0 where the engine does not say (then compared at quiet points only)."""
    rows: BookRows


class Door(NamedTuple):
    """One login of an engine that is up, for who speaks its wire by himself, as a battery does: where, whose, and what is traded there."""

    protocol: Literal["ouch", "fix"]
    address: tuple[str, int]
    login: Login
    instruments: tuple[Instrument, ...]
    """As they are named and counted on the wire."""


class Processes(NamedTuple):
    """Which processes of this machine are the engine's by now, without what they started and without what gonogo put between."""

    whose: Literal["own", "found", "inside", "unknown"]
    """Started by gonogo, found where the engine listens, gonogo's own since the engine works inside it, or not known."""
    pids: tuple[int, ...] = ()
    """None while none is up."""
    why: str = ""
    """Why they are not known, in words."""


class Spoken(NamedTuple):
    """Under which order ids commands went out on one session: an engine names orders by the numbers of its wire."""

    number: int
    """Of the session."""
    account: int
    orders: npt.NDArray[np.uint64]
    """The order id by number on the wire, 0 where none was given; longer than was asked for, if need be."""


class Dispatch(Protocol):
    """Commands that an adapter sends when they are due, by a thread of its own; until it is closed. Its times are the run's."""

    def passed_ns(self) -> int:
        """Up to when whatever was due, and was taken before then, had its turn."""
        ...

    def sent_ns(self, numbers: npt.NDArray[np.uint64]) -> Int64Array:
        """When each of these commands went out; of one that did not, something before it is due."""
        ...

    def close(self) -> None:
        """Commands are sent at once again; what is not due yet is left."""
        ...


class EngineSetup(NamedTuple):
    """What an adapter is told before it is built: each file of `engines/adapters` binds `ENGINE` to a callable that takes one."""

    instruments: tuple[Instrument, ...]
    conventions: Conventions | None = None
    """None: the engine's own."""
    build: Callable[..., Any] | None = None
    """Another engine of the same make, such as a specimen; None: the real one."""
    controls: Controls = Controls()
    """What an engine with controls of its own holds accounts, firms and instruments to; the others leave it aside."""
    file: EngineFile | None = None
    """The engine.toml of an engine that has one."""


class Session(Protocol):
    """One connection of one account."""

    def send(self, commands: Commands) -> int:
        """Send the commands in order; return how many the engine took (fewer means: try the rest again)."""
        ...

    def close(self) -> None: ...


class Engine(Protocol):
    """An engine under test, seen through its adapter."""

    name: str
    version: str
    capabilities: Capabilities
    conventions: Conventions
    instruments: tuple[Instrument, ...]
    controls: Controls
    """What it holds accounts, firms and instruments to beside; an adapter without it has none."""

    says_how_it_ended: bool
    """Whether `ended` tells anything; an adapter without it says nothing of its end."""

    def log_to(self, path: Path) -> None:
        """Where what it prints goes from its next start on; an adapter without it has nothing that prints."""
        ...

    def start(self) -> None:
        """Bring it up, or raise EngineStartError."""
        ...

    def session(self, account: int) -> Session: ...

    has_sender: bool
    """Whether it has one sender for all accounts; an adapter without it is asked for a session each."""

    def sender(self) -> Session:
        """Sends for all accounts and keeps the order of each, but none between them."""
        ...

    dispatches: bool
    """Whether its sender can send commands when they are due; an adapter without it sends them at once."""

    def dispatch(self, origin_ns: int) -> Dispatch:
        """From now on the sender takes commands ahead, and each goes out when it is due; the run began then by the monotonic clock."""
        ...

    def poll(self, wait_ns: int) -> Events:
        """Events of all sessions since the last poll; waits at most `wait_ns` for the first. Receive times are the caller's."""
        ...

    def stop(self, *, graceful: bool) -> None:
        """End it; safe to call twice. Nothing of it is left running; what it keeps is left until a stop that is not graceful."""
        ...

    def ended(self) -> Ended | None:
        """How it ended and what it keeps, asked once it was stopped gracefully and before it is started anew; None: that is not known."""
        ...

    def reset(self) -> None:
        """An empty engine again, by call or by restart."""
        ...

    def snapshot(self) -> Snapshot | None:
        """The book, or None where it cannot be asked; all events up to it can be polled once it is there."""
        ...

    def counters(self) -> dict[str, int]:
        """What the engine counts, by name; empty where it counts nothing."""
        ...

    def doors(self) -> tuple[Door, ...]:
        """The logins that trade, asked once it is started; an adapter without it speaks no wire that there is a battery for."""
        ...

    def processes(self) -> Processes:
        """Which are the engine's, asked again and again while it is up, also by another thread; of an adapter without it they are guessed."""
        ...

    joinable: bool
    """Whether other processes can trade with it too; an adapter without it is one process's alone."""

    def joining(self, accounts: tuple[int, ...]) -> EngineFile:
        """By what another process trades for these accounts while it runs, and this one only hears."""
        ...

    def spoken(self) -> tuple[Spoken, ...]:
        """What went out by this process, asked before it is stopped; an adapter that nobody joins by needs none."""
        ...

    def renamed(self, events: Events, spoken: tuple[Spoken, ...]) -> Events:
        """What others heard, or this one heard while they traded, with the sessions, accounts and order ids that they sent under."""
        ...

    def operations(self) -> Offers:
        """What can be timed of it without a wire, each on an engine of its own; an adapter without it offers nothing."""
        ...


class Sessions:
    """The sessions of one engine, by their numbers in the commands; each is opened when its first command comes.

    Whoever drives an engine hands its commands over here. An engine may take none for `timeout_ns` before it counts as dead. `apart`
    opens one for each account too, as its own client would, or one that keeps them apart: then nothing keeps an order between accounts.
    """

    def __init__(self, engine: Engine, clock: Clock, timeout_ns: int, *, apart: bool = False) -> None:
        self._engine = engine
        self._apart = apart
        self._by_account = apart and not engine.has_sender
        self._clock = clock
        self._timeout_ns = timeout_ns
        self._open: dict[tuple[int, int], Session] = {}
        """By the commands' session, and their account where accounts are apart."""

    def send(self, commands: Commands, meanwhile: Callable[[], object]) -> None:
        """Hand the commands to their sessions in order until all are taken; `meanwhile` is called while the engine takes no more.

        Raises:
            EngineDiedError: it took none for too long.
        """
        if self._apart:
            commands = commands[np.lexsort((commands["account"], commands["session"]))]
        homes = commands["session"].astype(np.int64) << 32
        homes += commands["account"] * np.uint32(self._by_account)
        cuts = np.flatnonzero(np.diff(homes)) + 1
        for part in np.split(commands, cuts):
            self._hand_over(part, meanwhile)

    def leave(self, number: int) -> None:
        """Close the session of this number; its next command opens it anew."""
        for home in [home for home in self._open if home[0] == number]:
            self._open.pop(home).close()

    def close(self) -> None:
        """Close them all."""
        for session in self._open.values():
            session.close()

    def _hand_over(self, part: Commands, meanwhile: Callable[[], object]) -> None:
        account = int(part["account"][0])
        home = int(part["session"][0]), account if self._by_account else 0
        if home not in self._open:
            mixes = self._apart and not self._by_account
            self._open[home] = self._engine.sender() if mixes else self._engine.session(account)
        taken = 0
        give_up_ns = self._clock.now_ns() + self._timeout_ns
        while (taken := taken + (count := self._open[home].send(part[taken:]))) < len(part):
            if count:
                give_up_ns = self._clock.now_ns() + self._timeout_ns
            elif self._clock.now_ns() > give_up_ns:
                raise EngineDiedError(f"the engine took no command for {self._timeout_ns / 1e9:g} s")
            meanwhile()


def hear_out(engine: Engine, clock: Clock, receive: Callable[[int], bool]) -> None:
    """Take what still comes where every command is answered: what is behind the first event of the last answer, and other channels.

    An engine of one channel that answers at once has told all. One whose book can be asked tells what came before it first; of any other
    nothing says that this was all, but that nothing more comes; one that goes on for ever is left. `receive` waits at most so long, and says
    whether anything came.
    """
    offered = engine.capabilities
    if len(offered.channels) == 1 and offered.answers_at_once:
        return
    if len(offered.channels) == 1 and "snapshot" in offered.book:
        engine.snapshot()
        while receive(0):
            pass
        return
    begun_ns = quiet_ns = clock.now_ns()
    while clock.now_ns() - quiet_ns < QUIET_NS and clock.now_ns() - begun_ns < HEARD_OUT_NS:
        if receive_or_wait(clock, receive):
            quiet_ns = clock.now_ns()


def receive_or_wait(clock: Clock, receive: Callable[[int], bool]) -> bool:
    """Receive once; whether anything came. A poll need not wait, so where nothing came a moment is let pass."""
    if receive(WAIT_NS):
        return True
    clock.wait_until(clock.now_ns() + WAIT_NS)
    return False
