"""The socket of the instruments: each drives an engine in its own way and writes evidence; none judges.

A new instrument is one file here: a frozen dataclass of its settings with `run(engine, out, context)`, and the public name
`INSTRUMENT` bound to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from harness.base.clock import Clock
from harness.base.records import Commands, Events
from harness.base.seeds import Seed
from harness.base.shortfall import Shortfall
from harness.evidence.journal import Journal
from harness.evidence.run import Status
from harness.flows import Flow
from harness.load.crew import Crew
from harness.pacing import Pacing
from harness.port import Engine
from harness.probes import Probe
from harness.relations import Relation


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an instrument is: for people who wait."""

    sent: int
    planned: int
    """How many commands it means to send; 0 where it cannot know."""
    elapsed_ns: int


class Judge(Protocol):
    """Says of each command, as it is answered, what is wrong with that."""

    def add(self, command: Commands, events: Events) -> str:
        """Take in one command and what came of it; in words what is wrong by now, or nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an instrument is handed beside the engine and the journal."""

    clock: Clock
    seed: Seed
    flow: Flow
    pacing: Pacing
    probes: tuple[Probe, ...]
    stopped: Callable[[], bool]
    """True once the user asked to end: the instrument then ends at the next batch, with its evidence whole."""
    progress: Callable[[Progress], None]
    tell: Callable[[str], None] = lambda _: None
    """What people who wait must read to go on, or should know of it."""
    relations: Mapping[str, Relation] = field(default_factory=dict)
    """All that there are, by name, for instruments that change a tape."""
    begin: Callable[[], int] | None = None
    """Called once all is ready; gives when to begin, by the clock: a drive that is one of several waits for the others. None: at once."""
    crew: Crew | None = None
    """Who sends for an instrument that does not send itself."""
    judge: Callable[[Engine], Judge] | None = None
    """Who judges each answer of an empty engine where no model foretells it, as of an engine with controls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an instrument ended."""

    status: Status
    failure: str = ""
    """What the engine failed with, in words."""
    duration_ns: int = 0
    short: Shortfall | None = None
    """What of the time asked for was not driven since the commands came to their end before."""
    generator: str = ""
    """Why the commands were not sent as they were to be, by no fault of the engine."""
    cut: bool = False
    """Whether commands were under way when it ended, and their answers were not waited for."""
    emptied: bool = False
    """Whether the engine was emptied since it answered what the journal holds, so that it may keep something else by now."""


class Instrument(Protocol):
    """A way to drive an engine."""

    def settings(self) -> dict[str, int]:
        """Its settings as evidence."""
        ...

    def lasting(self, duration_ns: int) -> Self:
        """The same instrument, bounded by this time instead of by a number of commands."""
        ...

    def run(self, engine: Engine, out: Journal, context: Context) -> Outcome:
        """Drive the engine, started and empty, and write what happens."""
        ...
