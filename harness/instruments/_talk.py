"""One command at a time: each is answered, and the answer held against the model's or left to a judge, before the next one is sent.

So what is wrong has one cause, and it is known at once. What is found here is for finding only: the checks judge what the journal holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from harness.base.bits import joined
from harness.base.clock import Clock
from harness.base.records import EVENT, Command, CommandKind, Commands, Events, commands_of, event_rows
from harness.base.words import say_command, say_event
from harness.evidence.conversation import NO_EVENTS, Conversation
from harness.evidence.journal import Journal
from harness.evidence.one_order import unsaid
from harness.instruments import Judge
from harness.instruments._seen import Book, Seen
from harness.oracle.agreement import Agreement, Row, mass_cancel_sorted, row_of
from harness.oracle.model import Model
from harness.port import WAIT_NS, Engine, Sessions, hear_out


class _Judged(NamedTuple):
    """What stands in for the model."""

    by: Judge
    book: Seen


class Talk:
    """What was asked of an engine that was empty, and what it had to answer."""

    def __init__(
        self, engine: Engine, clock: Clock, answer_timeout_ns: int, out: Journal | None = None, judge: Judge | None = None
    ) -> None:  # fmt: skip
        self._engine = engine
        self._clock = clock
        # What an engine that answers at once has not said by then, it will not say.
        self._timeout_ns = 0 if engine.capabilities.answers_at_once else answer_timeout_ns
        self._out = out
        self._sessions = Sessions(engine, clock, answer_timeout_ns)
        self._talk = Conversation(engine.capabilities)
        self._leaves_unsaid = engine.capabilities.may_leave_unsaid()
        self._unsaid = False
        """Whether the adapter answered the last command itself, since its wire cannot say it."""
        self._agreement = Agreement(engine.capabilities)
        self._model = Model(engine.instruments, engine.conventions, engine.capabilities)
        self._judged = _Judged(judge, Seen(engine)) if judge else None
        self.book: Book = self._judged.book if self._judged else self._model
        self.asked: list[Command] = []
        self.heard = 0
        """How many events answered them."""

    def ask(self, command: Command) -> str:
        """Send it; in words what of the answer or of the book behind it is wrong, or nothing."""
        now_ns = self._clock.now_ns()
        numbered = command._replace(number=len(self.asked) + 1, due_ns=now_ns, sent_ns=now_ns)
        self.asked.append(numbered)
        return self._leave_to(self._judged, numbered) if self._judged else self._compare(numbered)

    def leave(self, session: int) -> None:
        """Close this session; it is another one when its next command comes."""
        self._sessions.leave(session)

    def close(self) -> None:
        """Write the engine's book down, as the state behind the last command."""
        if self._out is not None:
            self._tail()
        snapshot = self._engine.snapshot()
        if self._out is not None and snapshot is not None and self.asked:
            self._out.state(len(self.asked), snapshot.engine_seq, snapshot.rows)
        self._sessions.close()

    def _compare(self, command: Command) -> str:
        """Held against the model."""
        self._send(commands_of([command]))
        early = self._answer(lambda _: self._talk.has_all()) if self._leaves_unsaid else NO_EVENTS
        if self._unsaid:
            # The engine never heard of it, nor must the model.
            return ""
        wanted = self._model.apply(command)
        told = joined([early, self._answer(lambda events: len(early) + events >= len(wanted))], EVENT)
        rows: tuple[list[Row], ...] = tuple(
            [row_of(event) for event in events] for events in (wanted, event_rows(told))
        )
        if command.kind == CommandKind.MASS_CANCEL:
            rows = tuple(map(mass_cancel_sorted, rows))
        if self._agreement.first_difference(*rows) is not None:
            said = (", ".join(map(say_event, events)) or "nothing" for events in (wanted, event_rows(told)))
            return "{}: wanted {}; came {}".format(say_command(command), *said)
        return self._book()

    def _leave_to(self, judged: _Judged, command: Command) -> str:
        """Left to a judge who knows more than the model."""
        sent = commands_of([command])
        self._send(sent)
        told = joined([self._answer(lambda _: self._talk.has_all()), self._tail()], EVENT)
        judged.book.follow(sent, told)
        return judged.by.add(sent, told)

    def _send(self, command: Commands) -> None:
        self._unsaid = False
        if self._out is not None:
            self._out.commands(command)
        self._talk.say(command)
        self._sessions.send(command, lambda: self._clock.wait_until(self._clock.now_ns() + WAIT_NS))

    def _answer(self, is_whole: Callable[[int], bool]) -> Events:
        """What comes until so many events are a whole answer, or the time for it is over; and what has come beyond."""
        told = [self._poll(0)]
        give_up_ns = self._clock.now_ns() + self._timeout_ns
        while not is_whole(sum(map(len, told))) and self._clock.now_ns() < give_up_ns:
            told.append(self._poll(WAIT_NS))
            if not len(told[-1]):
                self._clock.wait_until(self._clock.now_ns() + WAIT_NS)
        told.append(self._poll(0))
        self.heard += sum(map(len, told))
        return np.concatenate(told)

    def _tail(self) -> Events:
        """What still comes where the first event of an answer came."""
        told: list[Events] = []

        def receive(wait_ns: int) -> bool:
            told.append(self._poll(wait_ns))
            return len(told[-1]) > 0

        hear_out(self._engine, self._clock, receive)
        return joined(told, EVENT)

    def _poll(self, wait_ns: int) -> Events:
        events = self._engine.poll(wait_ns)
        events["received_ns"] = self._clock.now_ns()
        self._unsaid = self._unsaid or (self._leaves_unsaid and len(unsaid(events)) > 0)
        if self._out is not None and len(events):
            self._out.events(events)
        return self._talk.hear(events)

    def _book(self) -> str:
        """What is wrong with the engine's book, where it can be asked."""
        snapshot = self._engine.snapshot() if self._engine.capabilities.book else None
        if snapshot is None or np.array_equal(snapshot.rows, self._model.book()):
            return ""
        return f"{say_command(self.asked[-1])}: the answer is right, the book behind it is not"
