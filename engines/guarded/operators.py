"""What operators may ask: to kill and enable, to halt and resume, to set a limit, and to let time be looked at.

One method a command of `docs/risk-rules.md`.
"""

from __future__ import annotations

from engines.guarded.breakers import Breakers
from engines.guarded.holders import ACCOUNT, FIRM, INSTRUMENT, Holder, Scope, Watched
from engines.plain.book import Order
from engines.plain.risk import FINE
from harness.base.controls import LIMITS_OF, LimitCode
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, EventKind

OPERATORS_SESSION = 0
"""Where operators' commands come from; trading sessions have other numbers."""
_OF_ONE_INSTRUMENT = (CommandKind.HALT, CommandKind.RESUME)


class Operators(Breakers):
    """Carries out what operators ask."""

    def on_operator(self, command: Command) -> None:
        if reason := self.refusal_of_operator(command):
            self.tell.refused(command, EventKind.REJECTED, reason)
            return
        match command.kind:
            case CommandKind.KILL_ACCOUNT:
                self.on_kill(command)
            case CommandKind.ENABLE:
                self.on_enable(command)
            case CommandKind.HALT:
                self.on_halt(command)
            case CommandKind.RESUME:
                self.on_resume(command)
            case CommandKind.LIMIT:
                self.on_limit(command)
            case CommandKind.TICK:
                self.tell.done(command, 0)

    def on_kill(self, kill: Command) -> None:
        """Take all live orders of the scope, and let nothing new of it in."""
        self.killed.add(scope_of(kill))
        orders = self.taken_by_kill(kill)
        for order in orders:
            self.engine.cancel_live(order, order.open_qty, Reason.KILLED)
        self.tell.done(kill, len(orders))
        self.cascade()

    def on_enable(self, enable: Command) -> None:
        """Take back a kill of exactly this scope, and what the account did; its repeats are counted anew."""
        scope = scope_of(enable)
        self.killed.discard(scope)
        if scope.kind == ACCOUNT:
            self.disabled.discard(scope.number)
            if scope.number in self.accounts:
                self.accounts[scope.number].repeats.clear()
        self.tell.done(enable, 0)

    def on_halt(self, halt: Command) -> None:
        """An operator's halt has no end of its own, also where it takes over a breaker's."""
        self.halted[halt.instrument] = None
        self.tell.by_operator(EventKind.HALTED, halt)

    def on_resume(self, resume: Command) -> None:
        self.resume(resume.instrument)
        self.tell.by_operator(EventKind.RESUMED, resume)

    def on_limit(self, limit: Command) -> None:
        self.set_limit(limit)
        self.tell.done(limit, 0)

    def set_limit(self, limit: Command) -> None:
        """It holds from the next command on; a limit that is taken away forgets what stood in its window."""
        held, code = self.held_to(scope_of(limit)), LimitCode(limit.type)
        held.limits[code] = limit.qty
        if not limit.qty:
            held.forget(code)

    def taken_by_kill(self, kill: Command) -> list[Order]:
        """The live orders of the scope, waiting stops too."""
        scope = scope_of(kill)
        return [
            order
            for order in self.engine.live.values()
            if scope in self.scopes(order.account) or scope == Scope(INSTRUMENT, order.instrument)
        ]

    def cascade(self) -> None:
        """What is canceled may move a quote, and so trigger stops of others."""
        if self.engine.stops_entered:
            self.engine.carry_out_triggered(self.engine.instruments)

    def refusal_of_operator(self, command: Command) -> Reason:
        if command.session != OPERATORS_SESSION:
            return Reason.UNSUPPORTED
        if command.kind == CommandKind.TICK:
            return FINE
        if not command.order:
            return Reason.INVALID_ORDER_ID
        if command.kind in _OF_ONE_INSTRUMENT:
            return self.check_known(Scope(INSTRUMENT, command.instrument))
        if len(scopes_named(command)) != 1:
            return Reason.INVALID_TERMS
        return self.check_known(scope_of(command)) or (
            self.check_limit(command) if command.kind == CommandKind.LIMIT else FINE
        )

    def check_known(self, scope: Scope) -> Reason:
        """Where accounts are declared, all others are strangers; a firm has accounts."""
        match scope.kind:
            case "instrument":
                return FINE if scope.number in self.watched else Reason.UNKNOWN_INSTRUMENT
            case "firm":
                return FINE if scope.number in self.firm_of.values() else Reason.UNKNOWN_ACCOUNT
            case _:
                return self.check_declared(scope.number)

    def check_limit(self, limit: Command) -> Reason:
        """Only those that are declared have limits, each scope its own."""
        scope = scope_of(limit)
        if scope.kind == ACCOUNT and scope.number not in self.accounts:
            return Reason.UNKNOWN_ACCOUNT
        if limit.type not in LIMITS_OF[scope.kind]:
            return Reason.UNSUPPORTED
        return Reason.INVALID_QUANTITY if limit.qty < 0 else FINE

    def held_to(self, scope: Scope) -> Holder | Watched:
        """What has the limits of a known scope."""
        if scope.kind == INSTRUMENT:
            return self.watched[scope.number]
        return self.accounts[scope.number] if scope.kind == ACCOUNT else self.firms[scope.number]


def scopes_named(command: Command) -> list[Scope]:
    """All that the command names."""
    named = ((ACCOUNT, command.account), (FIRM, command.target), (INSTRUMENT, command.instrument))
    return [Scope(kind, number) for kind, number in named if number]


def scope_of(command: Command) -> Scope:
    """The one scope of a command that names one."""
    (scope,) = scopes_named(command)
    return scope
