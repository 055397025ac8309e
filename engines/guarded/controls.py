"""The controls before the matching engine: what is held back, and with which reason.

One method a control of `docs/risk-rules.md`. Each answers `FINE` where it has nothing against the command, so that a chain of `or` reads in
the order of that page and gives the first reason that applies. A control looks at the account first, then at its firm.
"""

from __future__ import annotations

from engines.guarded.asked import Asked, Asks
from engines.guarded.holders import INSTRUMENT, Content, Holder, Scope
from engines.plain.risk import FINE
from harness.base.controls import LimitCode
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Side

_MESSAGES = (CommandKind.NEW, CommandKind.REPLACE, CommandKind.CANCEL, CommandKind.MASS_CANCEL)


class ControlChecks(Asks):
    """Gives each new order and each replace its reason to be held back, or FINE."""

    def refusal_of_new(self, new: Command) -> Reason:
        asked = self.asked_by_new(new)
        return (
            self.refusal_of_sender(new)
            or (FINE if asked is None else self.refusal_of_content(asked, new))
            or self.check_loss(new.account)
        )

    def refusal_of_replace(self, replace: Command) -> Reason:
        asked = self.asked_by_replace(replace)
        return (
            self.refusal_of_sender(replace)
            or (FINE if asked is None else self.refusal_of_content(asked))
            or self.check_loss(replace.account)
        )

    def refusal_of_sender(self, command: Command) -> Reason:
        """What holds whatever the order is like."""
        return (
            self.check_enabled(command)
            or self.check_trading(command.instrument)
            or self.check_declared(command.account)
            or self.check_restricted(command)
            or self.check_rate(command)
        )

    def refusal_of_content(self, asked: Asked, new: Command | None = None) -> Reason:
        """What holds the order for what it is like; only a new one can be a duplicate."""
        return (
            self.check_lot(asked)
            or self.check_static_collar(asked)
            or (FINE if new is None else self.check_duplicates(new))
            or self.check_position(asked)
            or self.check_exposure(asked)
        )

    def check_enabled(self, command: Command) -> Reason:
        """A kill of the account, its firm or the instrument, or what the account did, until somebody takes it back."""
        shut = {*self.scopes(command.account), Scope(INSTRUMENT, command.instrument)} & self.killed
        return Reason.RISK_DISABLED if shut or command.account in self.disabled else FINE

    def check_trading(self, instrument: int) -> Reason:
        return Reason.HALTED if instrument in self.halted else FINE

    def check_declared(self, account: int) -> Reason:
        """Where accounts are declared, all others are strangers."""
        return Reason.UNKNOWN_ACCOUNT if self.accounts and account not in self.accounts else FINE

    def check_restricted(self, command: Command) -> Reason:
        instrument = self.watched.get(command.instrument)
        for_all = instrument is not None and instrument.declared.restricted
        holders = self.holders(command.account)
        for_account = any(command.instrument in holder.restricted for holder in holders)
        return Reason.RISK_RESTRICTED if for_all or for_account else FINE

    def check_rate(self, command: Command) -> Reason:
        """At the limit the window is full."""
        for holder in self.holders(command.account):
            most = holder.limits[LimitCode.MESSAGES]
            if 0 < most <= holder.messages.amount(self.stamp_ns, self.sender_of(command)):
                return Reason.RISK_RATE
        return FINE

    def check_lot(self, asked: Asked) -> Reason:
        step = self.watched[asked.instrument].declared.qty_step
        return Reason.INVALID_QUANTITY if asked.qty % step else FINE

    def check_static_collar(self, asked: Asked) -> Reason:
        instrument = self.watched[asked.instrument]
        static = instrument.declared.static_price
        if NONE in {static, asked.limit}:
            return FINE
        too_far = self.is_above(abs(asked.limit - static), instrument.limits[LimitCode.STATIC_TICKS])
        return Reason.RISK_PRICE_COLLAR if too_far else FINE

    def check_duplicates(self, new: Command) -> Reason:
        """At the limit the window is full, as with the rate."""
        account = self.accounts.get(new.account)
        if account is None:
            return FINE
        most = account.limits[LimitCode.DUPLICATES]
        full = 0 < most <= account.duplicates.amount(self.stamp_ns, content_of(new))
        return Reason.RISK_DUPLICATE if full else FINE

    def check_position(self, asked: Asked) -> Reason:
        code = LimitCode.LONG_MAX if asked.side == Side.BUY else LimitCode.SHORT_MAX
        for holder in self.holders(asked.account):
            if self.is_above(self.position_if_all_trade(holder, asked), holder.limits[code]):
                return Reason.RISK_POSITION
        return FINE

    def check_exposure(self, asked: Asked) -> Reason:
        for holder in self.holders(asked.account):
            if self.is_above(self.exposure_with(holder, asked), holder.limits[LimitCode.EXPOSURE_MAX]):
                return Reason.RISK_EXPOSURE
        return FINE

    def check_loss(self, account: int) -> Reason:
        """A loss is at its limit where the others may still be."""
        holder = self.accounts.get(account)
        if holder is None:
            return FINE
        most = holder.limits[LimitCode.LOSS_MAX]
        return Reason.RISK_LOSS if 0 < most <= self.loss(holder) else FINE

    def is_above(self, total: int, limit: int) -> bool:
        """Whether what would stand is beyond a limit that there is."""
        return 0 < limit < total

    def position_if_all_trade(self, holder: Holder, asked: Asked) -> int:
        """The position on the order's side, if all open orders of that side and this one trade."""
        holding = holder.holding(asked.instrument)
        return holding.position_toward(asked.side) + holding.open_lots(asked.side) + asked.added_qty

    def exposure_with(self, holder: Holder, asked: Asked) -> int:
        """The value of all that is open, of this, and of all that was traded."""
        return holder.open_value + asked.added_value + holder.traded_value

    def loss(self, holder: Holder) -> int:
        """What it paid for what it has, less what that is worth at the last trades."""
        worth = sum(held.position * self.last_trade.get(instrument, 0) for instrument, held in holder.holdings.items())
        return holder.paid - worth

    def sender_of(self, command: Command) -> int:
        """By whom the messages of an account are counted: by all its sessions together."""
        del command
        return 0

    def count_message(self, command: Command, refused: Reason) -> None:
        """All that an account sends counts, whatever becomes of it, but for what the rate itself held back."""
        if command.kind not in _MESSAGES or refused == Reason.RISK_RATE:
            return
        for holder in self.holders(command.account):
            if holder.limits[LimitCode.MESSAGES]:
                holder.messages.add(self.stamp_ns, self.sender_of(command))

    def remember_content(self, new: Command) -> None:
        """What all controls let through counts, whatever the book makes of it."""
        account = self.accounts.get(new.account)
        if account is not None and account.limits[LimitCode.DUPLICATES]:
            account.duplicates.add(self.stamp_ns, content_of(new))


def content_of(new: Command) -> Content:
    """What two orders of an account must have in common to be the same; ids do not matter."""
    return Content(new.instrument, new.side, new.type, new.price, new.stop, new.qty)
