"""What a check is given and what it gives: a fold over the segments of one scenario's history.

`needs` names what the evidence must hold for the check to speak. Of the engine: event fields that its wire carries (`maker`,
`engine_seq`, ...), `book` for snapshots, `one_order` for a known order of all commands. Of the scenario: `pace` for commands
that were due at set times, `repeats` for a flow that was run more than once, `relations` for one that was run changed by some, `cases`
for hand-made cases, `flood` for a flow in which one account floods the engine, `controls` for an engine that holds accounts, firms or
instruments to controls, `durable` for one that keeps what it told beyond its end, `channels` for events that came on several streams:
such a check is given them all as they came, every other one stream that `one_order` made of them. What the engine lacks makes the check
unknown, by name; where the scenario lacks it, the check does not apply. `times` says that the check reads when commands were due or
sent: commands that are drawn again from the seed do not tell. Of several streams it is given the answers on each command's own session
(`own_sessions`), with the drop copy's beside.

Where a history is bounded, folds work while the run goes on. They hold the `RunInfo` that they were started with, and what is
known only at the end of a run (`started`, `failure`, `interrupted`, `ending`, what the machine did) they ask of it in `facts`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import msgspec
import numpy as np

from harness.base.bits import BOOK_ROW, BookRows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.controls import NO_CONTROLS, Controls
from harness.base.ending import Ending, Fills
from harness.base.findings import Facts
from harness.base.notes import FlowNotes
from harness.base.records import Commands, Events
from harness.base.shortfall import Shortfall
from harness.evidence.run import HostRecord, HostUse


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that a check measures and that a policy may limit."""

    name: str
    unit: str
    """ns, 1/s, B/h, share (a part of 1, told in percent) or 1 (a count)."""
    about: str


class Segment(NamedTuple):
    """A stretch of history: commands as sent, and the events that came in the same stretch.

    An event never stands in an earlier segment than the command it answers.
    """

    commands: Commands
    events: Events


class StateMark(msgspec.Struct, frozen=True, kw_only=True):
    """The engine's book as it showed it after the command `number`, at a quiet point."""

    number: int
    engine_seq: int
    digest: str


class RepeatMark(msgspec.Struct, frozen=True, kw_only=True):
    """The digest of the timeless events that answered commands first..first+count-1 in a further run of the same flow."""

    relation: str = ""
    """What changed the commands of that run, with the events changed back; empty where they were the same."""
    why: str = ""
    """Why this relation could not change them: then nothing was run."""
    repeat: int
    first: int
    count: int
    digest: str


class RunInfo(msgspec.Struct, kw_only=True):
    """All that a fold may know of the run beside its history; what is not given, a whole run as fast as possible left. Not frozen, for `end` alone."""

    scenario: str
    source: str = ""
    """What names the scenario on the command line, where that is not its name."""
    engine: str
    started: bool = True
    """Whether the engine was built, started and took a session."""
    failure: str = ""
    """What the engine failed with, in words; empty if it did not."""
    capabilities: Capabilities
    conventions: Conventions
    instruments: tuple[Instrument, ...]
    controls: Controls = NO_CONTROLS
    notes: FlowNotes
    rate_per_s: float = 0.0
    """What the pacing asked for; 0 where commands went out as fast as the engine took them."""
    warm_up_ns: int = 0
    """How long after the first due time commands are left out of what checks of `times` are given."""
    others_cpu: float = 0.0
    """The share of all cores' time that other processes used meanwhile."""
    idle_cpu: float = 1.0
    """The share of all cores' time that nobody used meanwhile."""
    machine: HostRecord | None = None
    host: HostUse | None = None
    """What the machine is and what it did meanwhile; None where that was not recorded."""
    profiled_by: tuple[str, ...] = ()
    """The programs that took samples of the engine meanwhile, which takes time of the machine."""
    states: tuple[StateMark, ...] = ()
    repeats: tuple[RepeatMark, ...] = ()
    book: Callable[[int], BookRows] = lambda _: np.zeros(0, BOOK_ROW)
    """The engine's book rows behind a state mark, by its number."""
    ending: Ending | None = None
    """How the engine ended when it was told to; None where nothing says."""
    kept: Callable[[], Fills | None] = lambda: None
    """The fills that the engine kept, where it tells them."""
    short: Shortfall | None = None
    """What of the time asked for was not driven since the commands came to their end before."""
    dropped: int | None = 0
    """How many commands were due and never sent, since the drive ended before its time; None where that is not known."""
    interrupted: bool = False
    """Whether the run ended before the last answers had come, as where the user ended it."""

    def end(self, known: RunInfo) -> None:
        """Take over how the run ended, for the folds that were started before."""
        self.started, self.failure, self.interrupted = known.started, known.failure, known.interrupted
        self.ending, self.kept = known.ending, known.kept
        self.short, self.dropped = known.short, known.dropped
        self.others_cpu, self.idle_cpu, self.host = known.others_cpu, known.idle_cpu, known.host

    @property
    def cut_short(self) -> bool:
        """Whether the last commands may be without their answers although the engine would have given them."""
        return self.interrupted or bool(self.failure)


class Fold(Protocol):
    """The state of one check over one scenario."""

    def add(self, segment: Segment) -> None: ...

    def facts(self) -> Facts:
        """What was found out so far; may be called more than once."""
        ...


class Check(Protocol):
    """An invariant or a measure: one file in `harness/checks`, public name `CHECK`."""

    about: str
    """One line: what it holds the engine to."""
    needs: tuple[str, ...]
    marks: tuple[str, ...]
    """What the run must have provoked for a pass to mean something."""
    least: int
    """The least number of observations, over all scenarios of a run, under which it is unknown."""
    metrics: tuple[Metric, ...]

    def start(self, run: RunInfo) -> Fold: ...


SCENARIO_NEEDS = ("pace", "repeats", "relations", "cases", "flood", "controls", "channels", "durable")
TIMES, CHANNELS = "times", "channels"
KNOWN_LATE = ("repeats", "relations", "cases", "book")
"""Needs of checks that compare with what is known only once the run is over: these cannot fold beside it."""


def applies(needs: tuple[str, ...], run: RunInfo) -> bool:
    """Whether the scenario gives what the check needs of it."""
    offers = {
        "pace": run.rate_per_s > 0, "cases": bool(run.notes.cases), "controls": run.controls != NO_CONTROLS,
        "repeats": any(not mark.relation for mark in run.repeats), "relations": any(mark.relation for mark in run.repeats),
        CHANNELS: len(run.capabilities.channels) > 1, "durable": run.capabilities.durable, "flood": run.notes.floods > 0,
    }  # fmt: skip
    return all(offers.get(need, True) for need in needs)


def engine_lacks(needs: tuple[str, ...], run: RunInfo) -> tuple[str, ...]:
    """What the check needs and the engine does not offer, in words."""
    offers = {
        "book": bool(run.capabilities.book),
        "one_order": run.capabilities.order_of_sessions != "unknown",
        **dict.fromkeys((*SCENARIO_NEEDS, TIMES), True),
        **dict.fromkeys(run.capabilities.carries, True),
    }
    return tuple(need for need in needs if not offers.get(need, False))
