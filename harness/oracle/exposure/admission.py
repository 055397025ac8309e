"""Which controls speak against a new order or a replace: all of them, each with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.base.controls import LimitCode
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Side
from harness.oracle.exposure.holders import Holders
from harness.oracle.exposure.operators import Operators
from harness.oracle.exposure.orders import Addition, OpenOrders


class Broken(NamedTuple):
    """One control that holds a command back."""

    control: str
    """As `Capabilities.controls` names it; `halt` for a halt."""
    reason: Reason
    said: str
    """With what stood, what came and the limit."""


class Admission:
    """Looks at what stands just before a command is carried out."""

    def __init__(self, holders: Holders, orders: OpenOrders, operators: Operators) -> None:
        self._holders = holders
        self._orders = orders
        self._operators = operators

    def broken(self, command: Command, stamp_ns: int) -> Iterator[Broken]:
        """All that speaks against it, in the order of the rules."""
        yield from self._of_sender(command, stamp_ns)
        addition = self._orders.addition(command)
        if addition:
            yield from self._of_terms(addition)
            if command.kind == CommandKind.NEW:
                yield from self._of_duplicates(command, stamp_ns)
            yield from self._of_position(addition)
            yield from self._of_exposure(addition)
        yield from self._of_loss(command.account)

    def _of_sender(self, command: Command, stamp_ns: int) -> Iterator[Broken]:
        """What holds whatever the order is like."""
        for control, said in self._operators.shut_out(command):
            yield Broken(control, Reason.RISK_DISABLED, said)
        if command.instrument in self._operators.halted:
            yield Broken("halt", Reason.HALTED, f"instrument {command.instrument} is halted")
        if self._holders.accounts and command.account not in self._holders.accounts:
            yield Broken("accounts", Reason.UNKNOWN_ACCOUNT, f"account {command.account} is not declared")
        yield from self._of_lists(command)
        for holder in self._holders.of(command.account):
            most, stood = holder.limit(LimitCode.MESSAGES), holder.window(LimitCode.MESSAGES).total(None, stamp_ns)
            if most and stood >= most:
                said = f"{holder.name} sent {stood:,} messages within its window; at most {most:,}"
                yield Broken("messages", Reason.RISK_RATE, said)

    def _of_lists(self, command: Command) -> Iterator[Broken]:
        account = self._holders.accounts.get(command.account)
        traded = self._holders.instruments.get(command.instrument)
        if account and command.instrument in account.restricted:
            yield Broken(
                "restricted",
                Reason.RISK_RESTRICTED,
                f"instrument {command.instrument} is on the list of {account.name}",
            )
        if traded and traded.declared.restricted:
            yield Broken("restricted", Reason.RISK_RESTRICTED, f"{traded.name} is restricted for all")

    def _of_terms(self, addition: Addition) -> Iterator[Broken]:
        traded = self._holders.instruments[addition.instrument]
        declared = traded.declared
        if addition.qty % declared.qty_step:
            said = f"{addition.qty:,} lots are no multiple of {declared.qty_step:,}"
            yield Broken("qty_step", Reason.INVALID_QUANTITY, said)
        ticks = traded.limit(LimitCode.STATIC_TICKS)
        if ticks and NONE not in (declared.static_price, addition.limit_price):
            off = abs(addition.limit_price - declared.static_price)
            if off > ticks:
                said = f"{addition.limit_price:,} lies {off:,} ticks from the static price {declared.static_price:,}; at most {ticks:,}"
                yield Broken("static_price", Reason.RISK_PRICE_COLLAR, said)

    def _of_duplicates(self, new: Command, stamp_ns: int) -> Iterator[Broken]:
        account = self._holders.accounts.get(new.account)
        if account:
            most = account.limit(LimitCode.DUPLICATES)
            stood = account.window(LimitCode.DUPLICATES).total(content(new), stamp_ns)
            if most and stood >= most:
                said = f"{account.name} entered {stood:,} of this content within its window; at most {most:,}"
                yield Broken("duplicates", Reason.RISK_DUPLICATE, said)

    def _of_position(self, addition: Addition) -> Iterator[Broken]:
        buys = addition.side == Side.BUY
        code, word = (LimitCode.LONG_MAX, "long") if buys else (LimitCode.SHORT_MAX, "short")
        for holder in self._holders.of(addition.account):
            limit = holder.limit(code)
            stands = holder.sums.reach(addition.instrument, addition.side) - addition.freed_lots
            if limit and stands + addition.lots > limit:
                said = f"{holder.name} could be {word} {stands:,} lots of instrument {addition.instrument}, and {addition.lots:,} come; at most {limit:,}"
                yield Broken("position", Reason.RISK_POSITION, said)

    def _of_exposure(self, addition: Addition) -> Iterator[Broken]:
        for holder in self._holders.of(addition.account):
            limit = holder.limit(LimitCode.EXPOSURE_MAX)
            stands = holder.sums.exposure() - addition.freed_value
            if limit and stands + addition.value > limit:
                said = f"the exposure of {holder.name} is {stands:,}, and {addition.value:,} come; at most {limit:,}"
                yield Broken("exposure", Reason.RISK_EXPOSURE, said)

    def _of_loss(self, number: int) -> Iterator[Broken]:
        account = self._holders.accounts.get(number)
        limit = account.limit(LimitCode.LOSS_MAX) if account else 0
        if account and limit:
            loss = account.sums.loss(self._orders.last_trades)
            if loss >= limit:
                said = f"{account.name} lost {loss:,}; nothing more from {limit:,} on"
                yield Broken("loss", Reason.RISK_LOSS, said)


def content(new: Command) -> tuple[int, int, int, int, int, int]:
    """What makes two new orders of an account the same."""
    return new.instrument, new.side, new.type, new.price, new.stop, new.qty
