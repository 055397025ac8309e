"""Tries a tape of commands on an engine, in memory, and asks checks what they see: what shrinks, explores and measures stands on this.

A tape is tried on an empty engine each time. What a run would leave on disk is kept here, so a tape of some commands costs about a
millisecond on an engine of this process; checks are fed as they are by a judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np

from harness.base.bits import BOOK_ROW, BookRows, copied, digest, joined
from harness.base.capabilities import Conventions, Instrument
from harness.base.clock import MonotonicClock
from harness.base.controls import NO_CONTROLS, Controls
from harness.base.ending import Ended, Ending
from harness.base.errors import EngineDiedError, EngineError
from harness.base.findings import Facts, Finding
from harness.base.notes import FlowNotes
from harness.base.records import EVENT, Commands, Events
from harness.base.seeds import Seed
from harness.compose import folding, plugs
from harness.compose.plugs import EngineChoice
from harness.evidence.conversation import Conversation
from harness.evidence.fold import RepeatMark, RunInfo, Segment, StateMark
from harness.evidence.one_order import unsaid
from harness.evidence.repeats import repeat_marks
from harness.port import WAIT_NS, Engine, Sessions, hear_out, receive_or_wait
from harness.relations import Tape, related

ANSWER_TIMEOUT_NS = 2_000_000_000
BATCH = 4096
"""Commands that are sent before their answers are waited for, at most."""
RELATED_SEED = Seed(1)
"""By what relations draw how they change a tape: the same tape is changed in the same way each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a tape."""

    commands: Commands
    """As sent, numbered from 1."""
    events: Events
    """All that the engine said, in one order."""
    facts: dict[str, Facts]
    """What each check that applies found out."""
    failure: str
    """What the engine failed with, in words; empty if it did not."""
    notes: FlowNotes
    """What the flow told of itself."""
    unsaid: frozenset[int]
    """The numbers of the commands that the engine's wire cannot say: it never heard of them."""

    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every check."""
        return tuple(finding for facts in self.facts.values() for finding in facts.findings)


@dataclass(slots=True)
class _Left:
    """What one pass left."""

    events: Events
    """As they came, on every channel."""
    ordered: Events
    """In one order, each with its command."""
    states: list[StateMark] = field(default_factory=list)
    books: dict[int, BookRows] = field(default_factory=dict)
    sent: int = 0
    """How many commands the engine was given; those of its last batch where it failed."""
    failure: str = ""
    ended: Ended | None = None
    """How the engine ended after it, where it says so."""


class _Heard(NamedTuple):
    """What the engine said in one pass: as it came, and in one order."""

    told: list[Events]
    ordered: list[Events]
    talk: Conversation


class Trial:
    """An engine that tapes are tried on, one after another; leaving the context stops it."""

    def __init__(
        self, choice: EngineChoice, instruments: tuple[Instrument, ...], conventions: Conventions | None = None,
        controls: Controls = NO_CONTROLS,
    ) -> None:  # fmt: skip
        self.engine: Engine = choice.engine(instruments, conventions, controls)
        self._name = choice.name
        self._clock = MonotonicClock()
        self._started = self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._started:
            self.engine.stop(graceful=False)

    def run(
        self, tape: Commands, checks: Iterable[str], *, runs: int = 1, relations: Iterable[str] = (), snapshot_every: int = 0,
        notes: FlowNotes | None = None,
    ) -> Tried:  # fmt: skip
        """Drive the tape and ask the checks.

        `runs` is how often it is driven: what compares runs needs two. Where there are `relations`, it is driven once as it is, and so
        often as each of them changes it. The book is asked after every `snapshot_every` commands, and at the end. The tape stays the
        caller's.
        """
        commands = copied(tape)
        commands["number"] = np.arange(1, len(commands) + 1, dtype=np.uint64)
        told = notes or FlowNotes(least_accepted=0)
        chosen = {name: relation for name, relation in plugs.relations().items() if name in relations}
        # What is compared command by command, with another run or with what a person wrote down, must go in one order.
        apart = self.engine.capabilities.accounts_apart and not (chosen or runs > 1 or told.cases)
        left = self._pass(commands, snapshot_every, apart=apart)
        if self.engine.says_how_it_ended and not left.failure:
            left.ended = self._end()
        repeats: list[RepeatMark] = []
        for again in range(2, 1 if chosen else runs + 1):
            if not left.failure:
                repeats += repeat_marks(self._pass(commands, 0).ordered, len(commands), again)
        if chosen and not left.failure:
            try:
                whole = Tape(commands, self.engine.instruments)
                # In calls as long as those of the run that they are held against.
                changed = partial(self._changed, usual=min(snapshot_every or BATCH, BATCH))
                for mark in related(chosen, whole, RELATED_SEED, changed, runs):
                    repeats.append(mark)
            except EngineError as error:
                left.failure = str(error)
        info = self._info(left, tuple(repeats), told)
        segments = [Segment(commands[: left.sent], left.events)]
        facts: dict[str, Facts] = {}
        for name, plug in folding.applying(tuple(checks), info).items():
            live = folding.start(name, plug, info)
            folding.feed([live], segments, info)
            facts[name] = folding.facts(live, info)
        never = unsaid(left.events).tolist() if info.capabilities.may_leave_unsaid() else ()
        return Tried(
            commands=commands, events=left.ordered, facts=facts, failure=left.failure, notes=told, unsaid=frozenset(never)
        )  # fmt: skip

    def _changed(self, part: Commands, at_once: int, usual: int) -> Events:
        """What the engine says to a part of a tape that a relation changed; `usual` is how many commands a call has else.

        Raises:
            EngineDiedError: it failed.
        """
        commands = copied(part)
        commands["number"] = np.arange(1, len(commands) + 1, dtype=np.uint64)
        left = self._pass(commands, 0, at_once or usual)
        if left.failure:
            raise EngineDiedError(left.failure)
        return left.ordered

    def _pass(self, commands: Commands, snapshot_every: int, at_once: int = 0, *, apart: bool = False) -> _Left:
        heard = _Heard([], [], Conversation(self.engine.capabilities))
        left = _Left(np.zeros(0, EVENT), np.zeros(0, EVENT))
        try:
            self._empty()
            sessions = Sessions(self.engine, self._clock, ANSWER_TIMEOUT_NS, apart=apart)
            while left.sent < len(commands):
                at, next_look = left.sent, len(commands)
                if snapshot_every:
                    next_look = min(next_look, at - at % snapshot_every + snapshot_every)
                left.sent = min(at + (at_once or BATCH), next_look)
                heard.talk.say(commands[at : left.sent])
                self._send(commands[at : left.sent], sessions, heard)
                if left.sent == next_look:
                    self._look(left.sent, left)
            hear_out(self.engine, self._clock, lambda wait_ns: self._take(heard, wait_ns))
            sessions.close()
        except EngineError as error:
            left.failure = str(error)
        left.events, left.ordered = joined(heard.told, EVENT), joined(heard.ordered, EVENT)
        return left

    def _empty(self) -> None:
        """An engine without an order, dead or alive before."""
        if self._started and not self._ended:
            self.engine.reset()
        else:
            self.engine.start()
            self._started, self._ended = True, False

    def _end(self) -> Ended | None:
        """Let the engine end as at the end of a run; it is started anew when it is needed again."""
        try:
            self.engine.stop(graceful=True)
            return self.engine.ended()
        except EngineError as error:
            return Ended(Ending(wrong=str(error)))
        finally:
            self._ended = True

    def _send(self, commands: Commands, sessions: Sessions, heard: _Heard) -> None:
        """Send each session's commands in order, and wait until each is answered or the time for it is over."""
        commands["sent_ns"] = commands["due_ns"] = self._clock.now_ns()
        try:
            sessions.send(commands, lambda: self._take(heard, WAIT_NS))
        finally:
            # What an engine said before it died has come all the same.
            self._take(heard, 0)
        # What an engine that answers at once has not said by now, it will not say.
        give_up_ns = self._clock.now_ns() + (0 if self.engine.capabilities.answers_at_once else ANSWER_TIMEOUT_NS)
        while not heard.talk.has_all() and self._clock.now_ns() < give_up_ns:
            receive_or_wait(self._clock, lambda wait_ns: self._take(heard, wait_ns))

    def _take(self, heard: _Heard, wait_ns: int) -> bool:
        events = self.engine.poll(wait_ns)
        if not len(events):
            return False
        events["received_ns"] = self._clock.now_ns()
        # The adapter may use its memory again.
        heard.told.append(copied(events))
        heard.ordered.append(heard.talk.hear(heard.told[-1]))
        return True

    def _look(self, number: int, left: _Left) -> None:
        """Ask for the book."""
        snapshot = self.engine.snapshot()
        if snapshot is not None:
            left.states.append(StateMark(number=number, engine_seq=snapshot.engine_seq, digest=digest(snapshot.rows)))
            left.books[number] = snapshot.rows.copy()

    def _info(self, left: _Left, repeats: tuple[RepeatMark, ...], notes: FlowNotes) -> RunInfo:
        engine = self.engine
        none = np.zeros(0, BOOK_ROW)
        return RunInfo(
            scenario="", engine=self._name, started=self._started, failure=left.failure, capabilities=engine.capabilities,
            conventions=engine.conventions, instruments=engine.instruments, controls=engine.controls, notes=notes,
            states=tuple(left.states), repeats=repeats, book=lambda number: left.books.get(number, none),
            ending=left.ended and left.ended.ending, kept=lambda: left.ended and left.ended.fills,
        )  # fmt: skip
