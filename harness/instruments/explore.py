"""Looks for a short sequence of commands that the engine answers otherwise than the model, one command at a time.

The search is off the journal: it tries many sequences, each on an engine that was reset, and shortens one that fails. Then the
shortest that failed, or where none did the one with the longest answer, is sent once more with the journal, so that the checks judge
it like any other history. What failed and does not fail again is the engine's failure by name, so that it is never lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from harness.base.errors import EngineError
from harness.base.records import Command
from harness.evidence.journal import Journal
from harness.instruments import Context, Judge, Outcome, Progress
from harness.instruments._talk import Talk
from harness.port import Engine

NO_BOUND = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Explore:
    """How many sequences to try, of how many commands at most."""

    examples: int = 200
    steps: int = 50
    duration_ns: int = 0
    """Try no further sequence after this; 0: no such bound."""
    answer_timeout_ns: int = 1_000_000_000
    """How long an answer is waited for."""

    def settings(self) -> dict[str, int]:
        """Its settings as evidence."""
        return {name: getattr(self, name) for name in self.__slots__}

    def lasting(self, duration_ns: int) -> Explore:
        """The same search, bounded by this time instead of by a number of sequences."""
        return replace(self, examples=NO_BOUND, duration_ns=duration_ns)

    def run(self, engine: Engine, out: Journal, context: Context) -> Outcome:
        """Search, then write down what came of it."""
        start_ns = context.clock.now_ns()
        searched = self.search(engine, context)
        outcome = Outcome(status="interrupted" if context.stopped() else "finished")
        try:
            self._drive(searched, engine, out, context)
        except EngineError as error:
            outcome = Outcome(status="engine failed", failure=str(error))
        return replace(outcome, duration_ns=context.clock.now_ns() - start_ns)

    def search(self, engine: Engine, context: Context, *, shorten: bool = True) -> Searched:
        """Try sequences on the engine, which was started, until one fails; without the journal.

        `shorten` goes on until what failed is as short as Hypothesis can make it.
        """
        from harness.instruments._machine import search  # noqa: PLC0415 - hypothesis, half a second, only when it searches

        tries = _Tries(self, engine, context)
        seed = int(context.seed.stream("explore").integers(2**63))
        search(
            tries.begin, engine.instruments, engine.capabilities, examples=self.examples, steps=self.steps, seed=seed, shorten=shorten, staff=context.judge is not None,
        )  # fmt: skip
        return tries.searched()

    def _drive(self, searched: Searched, engine: Engine, out: Journal, context: Context) -> None:
        """Send what was kept once more, with the journal.

        Raises:
            EngineError: the engine died, or what was wrong is right now.
        """
        engine.reset()
        talk = Talk(engine, context.clock, self.answer_timeout_ns, out, _judge(context, engine))
        told = ""
        for command in searched.failing or searched.longest:
            told = talk.ask(command)
            if told:
                break
        talk.close()
        if searched.told and not told:
            raise EngineError(
                f"the engine answered otherwise when the same commands were sent again; before: {searched.told}"
            )


class Searched(NamedTuple):
    """What came of a search."""

    sent: int
    """Commands, over all sequences."""
    told: str
    """What the engine did wrong, in words; empty if it did nothing wrong."""
    failing: list[Command]
    """The shortest sequence that failed; none where none did, or where the engine could not even be made empty."""
    longest: list[Command]
    """Of those that did not fail the one with the longest answer."""


class _Tries:
    """The sequences tried, and the best of them."""

    def __init__(self, explore: Explore, engine: Engine, context: Context) -> None:
        self._explore = explore
        self._engine = engine
        self._context = context
        self._start_ns = context.clock.now_ns()
        self._talk: _Watched | None = None
        self._sent = 0
        self._failing: list[Command] = []
        self._longest: list[Command] = []
        self._most_heard = 0
        self._told = ""

    def begin(self) -> Talk:
        """A talk with an engine that is empty.

        Raises:
            EndedError: the user asked to end, or the time is over.
            EngineError: the engine could not be made empty.
        """
        from harness.instruments._machine import EndedError  # noqa: PLC0415 - as above

        self._keep()
        planned = 0 if self._explore.examples == NO_BOUND else self._explore.examples * self._explore.steps
        elapsed_ns = self._context.clock.now_ns() - self._start_ns
        self._context.progress(Progress(self._sent, planned, elapsed_ns))
        late = self._explore.duration_ns and elapsed_ns > self._explore.duration_ns
        if late or self._context.stopped():
            raise EndedError
        try:
            self._engine.reset()
        except EngineError as error:
            self._told = self._told or str(error)
            raise
        judge = _judge(self._context, self._engine)
        self._talk = _Watched(self._engine, self._context.clock, self._explore.answer_timeout_ns, judge=judge)
        return self._talk

    def searched(self) -> Searched:
        """What came of them all."""
        self._keep()
        return Searched(self._sent, self._told, self._failing, self._longest)

    def _keep(self) -> None:
        """Look at what was tried last."""
        if self._talk is None:
            return
        asked, told, heard = self._talk.asked, self._talk.told, self._talk.heard
        self._sent += len(asked)
        if told and (not self._failing or len(asked) <= len(self._failing)):
            self._failing, self._told = asked, told
        if not told and heard > self._most_heard:
            self._longest, self._most_heard = asked, heard
        self._talk = None


class _Watched(Talk):
    """A talk that remembers what was wrong with it, the engine's death too."""

    told = ""

    def ask(self, command: Command) -> str:
        try:
            self.told = super().ask(command)
        except EngineError as error:
            self.told = str(error)
            raise
        return self.told


def _judge(context: Context, engine: Engine) -> Judge | None:
    """A new one, for an engine that is empty."""
    return context.judge(engine) if context.judge else None


INSTRUMENT = Explore
