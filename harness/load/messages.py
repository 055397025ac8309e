"""What master and workers tell each other over Locust's own connection, each as one message with a name."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec

from harness.base.capabilities import Capabilities, Conventions
from harness.base.findings import Distribution
from harness.evidence.run import Status

NOTHING = Distribution(buckets=(), low=0, high=0)
T = TypeVar("T")


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """Worker to master: it is there, and would send."""

    gonogo: str
    """Its version."""
    machine: str
    """What its machine is called."""
    address: str
    """Its own, on the way to the master."""


class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """Master to worker: whether it is one of those that send."""

    why_not: str = ""
    later: bool = False
    """Whether a next load may take it; else it can never be one of them."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Master to worker: what all of them do together."""

    gonogo: str
    """The version, which must be the worker's too."""
    scenario: str
    """A bundled one's name, or the path of its file; for another machine, the name of that file."""
    scenario_digest: str = ""
    """For another machine: of a scenario's own file, which must lie there too."""
    data_digest: str = ""
    """The same of the recorded file that it reads."""
    name: str = ""
    """What the run calls the scenario; empty: as its file is called."""
    seed: int
    """Of the run."""
    rate_per_s: float | None = None
    speed: float | None = None
    peak_per_s: float = 0.0
    """The stated peak, where the scenario goes by one."""
    asked_ns: int = 0
    """How long the user asked to drive; 0: what the scenario says."""
    data: str = ""
    """Where recorded data lies."""
    commands: int
    """The most of the whole."""
    duration_ns: int
    """None is sent that is due after this; 0: no such bound."""
    answer_timeout_ns: int
    capabilities: Capabilities
    conventions: Conventions
    """Of the engine; the flow is fitted to them."""


class Seats(msgspec.Struct, frozen=True, kw_only=True):
    """Master to worker: whom its users send for."""

    accounts: tuple[int, ...]
    others: tuple[int, ...]
    """Those that other workers send for."""
    takes_rest: bool
    """Whether it sends for whoever is neither of these nor of those."""
    engine: str = ""
    """The engine.toml by which it joins the engine for its accounts, as JSON."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Worker to master: it has drawn what is due first."""

    drawn: str
    """A digest of the first commands of the whole and their due times: all workers must draw the same."""


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """Master to worker: when the first command is due."""

    unix_ns: int


class Ping(msgspec.Struct, frozen=True, kw_only=True):
    """Master to worker: what time is it there?"""

    number: int
    clock: Literal["day", "steady"]
    """The time of day, or the steady clock by which it goes on."""


class Pong(msgspec.Struct, frozen=True, kw_only=True):
    """Worker to master: when it was asked, and when it said so, by the clock that was asked for."""

    number: int
    received_ns: int
    said_ns: int


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Worker to master, each second: what happened since the last time."""

    sent: int = 0
    unsaid: int = 0
    """How many were never sent after all, since the wire cannot say them."""
    late_ns: int = 0
    """The most that a command was sent behind its due time."""
    response: Distribution = NOTHING
    service: Distribution = NOTHING


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a worker left."""

    name: str
    """From the folder of its part."""
    size_bytes: int
    blake2b: str


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """Worker to master: how its part ended."""

    status: Status
    failure: str = ""
    """What the engine failed with, or why the worker could not send."""
    sent: int = 0
    received: int = 0
    elapsed_ns: int = 0
    drawn_out: int = 0
    """How many commands the whole had, where it came to its end; 0: it would have gone on."""
    last: Tally = Tally()
    """What happened since the last report."""
    response: Distribution = NOTHING
    """From when a command was due to its first answer on its own session."""
    service: Distribution = NOTHING
    """The same from when it was sent."""
    left: tuple[Leaf, ...] = ()
    """What it left on another machine, to be asked for."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Master to worker: send a piece of what is left."""

    file: int
    """Its place in `left`."""
    offset_bytes: int


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """Worker to master: that piece."""

    file: int
    offset_bytes: int
    body: bytes


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """Master to worker: it may end."""

    why: str = ""
    """Why the load was broken off; empty if it was not."""


def plain(message: msgspec.Struct) -> Any:
    """The message as Locust's connection carries it."""
    return msgspec.to_builtins(message, builtin_types=(bytes,))


def read(data: Any, kind: type[T]) -> T:
    """A message that came.

    Raises:
        ValidationError: it is none of this kind.
    """
    return msgspec.convert(data, kind, builtin_types=(bytes,))
