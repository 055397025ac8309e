"""Follows a service and says before each command all that its controls have against it: the way into `harness/oracle/exposure`."""

from __future__ import annotations

from collections.abc import Iterable

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.controls import Controls, LimitCode
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Event, EventKind
from harness.oracle.exposure.admission import Admission, Broken, content
from harness.oracle.exposure.holders import Holders
from harness.oracle.exposure.operators import KINDS, Operators
from harness.oracle.exposure.orders import OpenOrders

_MESSAGES = (CommandKind.NEW, CommandKind.REPLACE, CommandKind.CANCEL, CommandKind.MASS_CANCEL)
_HELD_BACK = (CommandKind.NEW, CommandKind.REPLACE)
_BREAKERS = (EventKind.HALTED, EventKind.RESUMED)
ALWAYS = ("halt",)
"""What no engine can leave out, since it follows from what it told."""


class Exposure:
    """What stands, as far as the service told."""

    def __init__(
        self,
        instruments: Iterable[Instrument],
        conventions: Conventions,
        capabilities: Capabilities,
        controls: Controls,
    ) -> None:
        self._enforced = frozenset((*capabilities.controls, *ALWAYS))
        self.holders = Holders(instruments, controls)
        self.orders = OpenOrders(self.holders, conventions)
        self.operators = Operators(self.holders)
        self._admission = Admission(self.holders, self.orders, self.operators)
        self.stamp_ns = 0
        """Of the command at hand."""
        self._answered = 0
        """The number of the last command whose own answer was followed."""

    def turn_to(self, event: Event) -> None:
        """The time is that of this event, which nothing was made of yet."""
        if event.engine_ns != NONE:
            self.stamp_ns = event.engine_ns

    def broken(self, command: Command) -> tuple[Broken, ...]:
        """The controls that hold a new order or replace back now, before the event that answers it is followed."""
        if command.kind not in _HELD_BACK:
            return ()
        found = self._admission.broken(command, self.stamp_ns)
        return tuple(one for one in found if one.control in self._enforced)

    def reasons(self, command: Command) -> tuple[Reason, ...]:
        """All reasons by which any command may be refused by controls and operators' rules now."""
        if command.kind in KINDS:
            return tuple(self.operators.refusals(command))
        return tuple(one.reason for one in self.broken(command))

    def follow(self, command: Command, event: Event) -> None:
        """Take in one event that the command led to."""
        if not by_breaker(event) and command.number != self._answered:
            self._answered = command.number
            self._count(command, event)
        if event.kind == EventKind.TRADE:
            self._count_taken(event)
        self.orders.follow(command, event)
        self.operators.follow(command, event)

    def _count(self, command: Command, answer: Event) -> None:
        """A message counts unless its own control refused it; what was let through counts as content, whatever the book makes of it."""
        account = self.holders.accounts.get(command.account)
        limited = account and account.limit(LimitCode.DUPLICATES)
        # Looked at before the message itself counts, or one that fills its window would seem to have been held back by it.
        if account and limited and command.kind == CommandKind.NEW and self._let_through(command, answer):
            account.count(LimitCode.DUPLICATES, content(command), self.stamp_ns)
        if command.kind in _MESSAGES and answer.reason != Reason.RISK_RATE:
            for holder in self.holders.of(command.account):
                holder.count(LimitCode.MESSAGES, None, self.stamp_ns)

    def _let_through(self, new: Command, answer: Event) -> bool:
        """Whether no control held it back: it was accepted, or none has anything against it and the book refused it."""
        return answer.kind == EventKind.ACCEPTED or not self.broken(new)

    def _count_taken(self, trade: Event) -> None:
        """Each trade of a taker counts, by instrument and side; at the limit its account is disabled."""
        taker = self.orders.live.get(trade.order)
        account = self.holders.accounts.get(taker.account) if taker else None
        if taker is None or account is None:
            return
        key = taker.instrument, taker.side
        account.count(LimitCode.REPEATS, key, self.stamp_ns)
        most = account.limit(LimitCode.REPEATS)
        if most and account.window(LimitCode.REPEATS).total(key, self.stamp_ns) >= most:
            self.operators.disabled.add(account.number)


def by_breaker(event: Event) -> bool:
    """Whether a halt or a resumption is a breaker's: it names no person, and answers no command."""
    return event.kind in _BREAKERS and not event.order
