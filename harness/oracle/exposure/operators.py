"""What people may ask of a service, what they are refused for, and who is shut out by what was asked and what was done.

A kill counts once it was answered by `done`, a halt once `halted` was told. That an account is disabled for repeating itself is told by no
event: it follows from the trades.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.base.controls import LIMITS_OF, LimitCode
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, Event, EventKind
from harness.oracle.exposure.holders import Account, Firm, Holders, Limits

SESSION = 0
"""Whose commands are operators'; trading sessions have other numbers."""
KINDS = frozenset({
    int(CommandKind.KILL_ACCOUNT), int(CommandKind.ENABLE), int(CommandKind.HALT), int(CommandKind.RESUME),
    int(CommandKind.LIMIT), int(CommandKind.TICK),
})  # fmt: skip
_OF_AN_INSTRUMENT = (CommandKind.HALT, CommandKind.RESUME)


class Scope(NamedTuple):
    """Whom a command is about."""

    kind: str
    """account, firm or instrument."""
    number: int

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


def scopes(command: Command) -> tuple[Scope, ...]:
    """All that a command names."""
    named = (("account", command.account), ("firm", command.target), ("instrument", command.instrument))
    return tuple(Scope(kind, number) for kind, number in named if number)


class Operators:
    """Who is killed, disabled or halted, and the limits as they were changed."""

    def __init__(self, holders: Holders) -> None:
        self._holders = holders
        self.killed: set[Scope] = set()
        self.disabled: set[int] = set()
        """Accounts that were disabled by what they did."""
        self.halted: set[int] = set()

    def refusals(self, command: Command) -> Iterator[Reason]:
        """Why what an operator asks must be refused."""
        if command.session != SESSION:
            yield Reason.UNSUPPORTED
        if command.kind == CommandKind.TICK:
            return
        if not command.order:
            yield Reason.INVALID_ORDER_ID
        if command.kind in _OF_AN_INSTRUMENT:
            yield from self._unknown(Scope("instrument", command.instrument))
        elif len(scopes(command)) != 1:
            yield Reason.INVALID_TERMS
        else:
            yield from self._unknown(scopes(command)[0])
            if command.kind == CommandKind.LIMIT:
                yield from self._of_limit(command, scopes(command)[0])

    def follow(self, command: Command, event: Event) -> None:
        """Take in one event; only `done`, `halted` and `resumed` change anything here."""
        if event.kind == EventKind.HALTED:
            self.halted.add(event.instrument)
        elif event.kind == EventKind.RESUMED:
            self.halted.discard(event.instrument)
        elif event.kind == EventKind.DONE and len(scopes(command)) == 1:
            scope = scopes(command)[0]
            if command.kind == CommandKind.KILL_ACCOUNT:
                self.killed.add(scope)
            elif command.kind == CommandKind.ENABLE:
                self._enable(scope)
            elif command.kind == CommandKind.LIMIT:
                self._change(command, scope)

    def shut_out(self, command: Command) -> Iterator[tuple[str, str]]:
        """The controls by which the sender of a command is shut out, each in words."""
        account = self._holders.accounts.get(command.account)
        own = [Scope("account", command.account), Scope("instrument", command.instrument)]
        own += [Scope("firm", account.firm.number)] if account else []
        yield from (("kill", f"{scope} was killed") for scope in own if scope in self.killed)
        if command.account in self.disabled:
            yield "repeats", f"account {command.account} was disabled for repeated execution"

    def _enable(self, scope: Scope) -> None:
        self.killed.discard(scope)
        if scope.kind == "account":
            self.disabled.discard(scope.number)
            if account := self._holders.accounts.get(scope.number):
                account.window(LimitCode.REPEATS).forget()

    def _change(self, command: Command, scope: Scope) -> None:
        held = self._held(scope)
        if held and command.type in LIMITS_OF[scope.kind]:
            held.change(LimitCode(command.type), command.qty)

    def _held(self, scope: Scope) -> Limits | None:
        holders = self._holders
        if scope.kind == "instrument":
            return holders.instruments.get(scope.number)
        of: dict[int, Account] | dict[int, Firm] = holders.accounts if scope.kind == "account" else holders.firms
        return of.get(scope.number)

    def _unknown(self, scope: Scope) -> Iterator[Reason]:
        """Where no account is declared, any may be named."""
        holders = self._holders
        if scope.kind == "instrument":
            known, reason = scope.number in holders.instruments, Reason.UNKNOWN_INSTRUMENT
        elif scope.kind == "firm":
            known, reason = scope.number in holders.firms, Reason.UNKNOWN_ACCOUNT
        else:
            known, reason = not holders.accounts or scope.number in holders.accounts, Reason.UNKNOWN_ACCOUNT
        if not known:
            yield reason

    def _of_limit(self, command: Command, scope: Scope) -> Iterator[Reason]:
        if scope.kind == "account" and scope.number not in self._holders.accounts:
            yield Reason.UNKNOWN_ACCOUNT
        if command.type not in LIMITS_OF[scope.kind]:
            yield Reason.UNSUPPORTED
        if command.qty < 0:
            yield Reason.INVALID_QUANTITY
