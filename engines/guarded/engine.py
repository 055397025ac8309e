"""The guarded engine: commands in, events out, with the controls between them and the matching.

Here stands what happens to a command and when. What is held back stands in `controls`, what counts in `sums`, what shuts out by itself in
`breakers`, what operators ask in `operators`; they are base classes rather than parts, as in the plain engine, so that a specimen can
break one rule by overriding one method.
"""

from __future__ import annotations

from engines.guarded.operators import Operators
from engines.plain.risk import FINE
from harness.base.bits import BookRows
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, Commands, EventKind, Events, command_rows

_OPERATORS = (
    CommandKind.KILL_ACCOUNT, CommandKind.ENABLE, CommandKind.HALT, CommandKind.RESUME, CommandKind.LIMIT, CommandKind.TICK,
)  # fmt: skip


class GuardedEngine(Operators):
    """A plain engine behind the controls that it is given."""

    def submit(self, commands: Commands) -> Events:
        """Stamp the commands and carry them out in order; the events that answer them, in the order they happened."""
        for command in command_rows(commands):
            self.stamp_ns = self.stamp()
            self.tell.answer(command)
            self.end_pauses()
            self.carry_out(command)
            told = self.tell.stamped(self.stamp_ns)
            for event in told:
                self.follow(event, command)
            self.look_at_trades(told)
            self.tell.stamped(self.stamp_ns)
        return self.tell.take()

    def snapshot(self) -> BookRows:
        """The book of the engine behind the stage."""
        return self.engine.snapshot()

    def carry_out(self, command: Command) -> None:
        """Hold the command back, or hand it on."""
        if command.kind in _OPERATORS:
            self.on_operator(command)
            return
        reason = self.refusal(command)
        self.count_message(command, reason)
        if not reason:
            self.forward(command)
        elif command.kind == CommandKind.NEW:
            self.tell.refused(command, EventKind.REJECTED, reason)
        else:
            self.tell.refused(command, EventKind.REPLACE_REJECTED, reason)

    def refusal(self, command: Command) -> Reason:
        """Cancels and mass cancels are never held back."""
        match command.kind:
            case CommandKind.NEW:
                return self.refusal_of_new(command)
            case CommandKind.REPLACE:
                return self.refusal_of_replace(command)
        return FINE

    def forward(self, command: Command) -> None:
        """Have the matching engine carry it out, with all that it triggers."""
        if command.kind == CommandKind.NEW:
            self.remember_content(command)
        self.engine.carry_out(command)
        if self.engine.stops_entered:
            self.engine.carry_out_triggered(self.engine.instruments_of(command))
