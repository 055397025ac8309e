"""Sends a tape as it is, and then to an empty engine again as each relation changes it: what must be alike needs no model to be held.

The first run is in the journal, so that every check judges it like any other history. The others leave digests of their answers, changed
back. The whole tape is kept in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from harness.base.bits import copied
from harness.base.clock import Clock
from harness.base.errors import EngineError
from harness.base.records import COMMAND, EVENT, Commands, Events
from harness.evidence.conversation import Conversation
from harness.evidence.journal import Journal
from harness.evidence.run import Status
from harness.flows import numbered
from harness.instruments import Context, Outcome, Progress
from harness.port import WAIT_NS, Engine, Sessions, hear_out, receive_or_wait
from harness.relations import Tape, related

MOST_AT_ONCE = 4096
"""Commands handed over in one call, where a relation does not say how many."""


class _EndedError(Exception):
    """No further command is to be sent."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Relate:
    """How long the tape is."""

    commands: int = 5_000
    """The most commands to send; the flow may end before."""
    duration_ns: int = 0
    """Begin no further run after this; 0: no such bound."""
    answer_timeout_ns: int = 5_000_000_000
    """How long answers are waited for, over the whole of a run."""

    def settings(self) -> dict[str, int]:
        """Its settings as evidence."""
        return {name: getattr(self, name) for name in self.__slots__}

    def lasting(self, duration_ns: int) -> Relate:
        """The same tape, since it is kept in memory, with as many relations as there is time for."""
        return replace(self, duration_ns=duration_ns)

    def run(self, engine: Engine, out: Journal, context: Context) -> Outcome:
        """Drive the engine, started and empty, and write what happens."""
        runs = _Runs(self, engine, context)
        status: Status = "finished"
        failure = ""
        try:
            tape = Tape(runs.first(out), engine.instruments)
            for name, relation in context.relations.items():
                runs.at = f" (while the tape was sent as the relation {name} changes it)"
                # Only once all of it has come: of a run that was cut short nothing stays.
                for mark in list(related({name: relation}, tape, context.seed, runs.again)):
                    out.repeat(mark)
        except EngineError as error:
            status, failure = "engine failed", f"{error}{runs.at}"
        except _EndedError as ended:
            status = ended.status
        return Outcome(status=status, failure=failure, duration_ns=runs.elapsed_ns(), emptied=bool(context.relations))


class _Runs:
    """The runs of a tape, each through an engine that is empty."""

    def __init__(self, relate: Relate, engine: Engine, context: Context) -> None:
        self._relate = relate
        self._engine = engine
        self._context = context
        self._clock = context.clock
        self._start_ns = context.clock.now_ns()
        self._sent = 0
        self.at = ""
        """What is being done, for the words of a failure."""

    def elapsed_ns(self) -> int:
        """Since the first run began."""
        return self._clock.now_ns() - self._start_ns

    def first(self, out: Journal) -> Commands:
        """The tape as it is, with the journal."""
        drawn = numbered(self._context.flow.batches(self._context.seed), self._relate.commands)
        tape = np.concatenate([np.zeros(0, COMMAND), *drawn], dtype=COMMAND)
        self._pass(tape, MOST_AT_ONCE, out)
        snapshot = self._engine.snapshot()
        if snapshot is not None and len(tape):
            out.state(len(tape), snapshot.engine_seq, snapshot.rows)
        for probe in self._context.probes:
            out.sample(self._clock.now_ns(), probe.columns, probe.read())
        return tape

    def again(self, commands: Commands, at_once: int) -> Events:
        """Commands that a relation changed, on an engine that is emptied before; all that it says."""
        if self._relate.duration_ns and self.elapsed_ns() > self._relate.duration_ns:
            raise _EndedError("finished")
        self._engine.reset()
        return self._pass(commands, at_once or MOST_AT_ONCE, None)

    def _pass(self, tape: Commands, at_once: int, out: Journal | None) -> Events:
        """Send the commands, so many a call; each call is answered before the next one, or the time for all answers is over."""
        planned = self._relate.commands * (1 + len(self._context.relations))
        self._context.progress(Progress(self._sent, planned, self.elapsed_ns()))
        commands = copied(tape)
        commands["number"] = np.arange(1, len(commands) + 1, dtype=np.uint64)
        talk = _Talk(self._engine, self._clock, self._relate.answer_timeout_ns, out)
        for at in range(0, len(commands), at_once):
            if self._context.stopped():
                raise _EndedError("interrupted")
            if out is not None and out.full:
                raise _EndedError("bound reached")
            talk.send(commands[at : at + at_once])
        talk.close()
        self._sent += len(commands)
        return np.concatenate([np.zeros(0, EVENT), *talk.told], dtype=EVENT)


class _Talk:
    """Commands with numbers from 1, and what the engine said to them; with a journal that holds both."""

    def __init__(self, engine: Engine, clock: Clock, timeout_ns: int, out: Journal | None) -> None:
        self._engine = engine
        self._clock = clock
        self._out = out
        self._sessions = Sessions(engine, clock, timeout_ns)
        self._talk = Conversation(engine.capabilities)
        # What an engine that answers at once has not said by then, it will not say.
        self._patience_ns = 0 if engine.capabilities.answers_at_once else timeout_ns
        self.told: list[Events] = []

    def send(self, commands: Commands) -> None:
        """Hand them over, and wait for what answers them."""
        commands["sent_ns"] = commands["due_ns"] = self._clock.now_ns()
        if self._out is not None:
            self._out.commands(commands)
        self._talk.say(commands)
        try:
            self._sessions.send(commands, lambda: self._receive(WAIT_NS))
        finally:
            # What an engine said before it died has come all the same.
            self._receive(0)
        self._wait()

    def close(self) -> None:
        hear_out(self._engine, self._clock, self._receive)
        self._sessions.close()

    def _wait(self) -> None:
        """Until all is answered; what an engine owes for ever costs its time only once."""
        begun_ns = self._clock.now_ns()
        while not self._talk.has_all() and self._clock.now_ns() - begun_ns < self._patience_ns:
            receive_or_wait(self._clock, self._receive)
        if not self._talk.has_all():
            self._patience_ns = 0

    def _receive(self, wait_ns: int) -> bool:
        events = self._engine.poll(wait_ns)
        if not len(events):
            return False
        events["received_ns"] = self._clock.now_ns()
        # The adapter may use its memory again.
        self.told.append(copied(self._talk.hear(events)))
        if self._out is not None:
            self._out.events(events)
        return True


INSTRUMENT = Relate
