"""What every rule of the stage may look at: the engine behind it, the controls as they stand, the stamp at hand, who is shut out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engines.guarded.holders import ACCOUNT, FIRM, Holder, OpenOrder, Scope, account_of, firm_of, watched
from engines.guarded.offered import CONVENTIONS
from engines.guarded.teller import StampedTeller
from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions, Instrument
from harness.base.clock import MonotonicClock
from harness.base.controls import Controls, FirmControls, InstrumentControls

NOTHING = Controls()


class StageState:
    """The data of the stage, without a rule."""

    def __init__(
        self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS, controls: Controls = NOTHING,
        now_ns: Callable[[], int] | None = None,
    ) -> None:  # fmt: skip
        """`now_ns` is looked at once a command."""
        self.engine = PlainEngine(instruments, conventions)
        self.tell = self.engine.tell = StampedTeller()
        self.stamp_ns = 0
        """The stamp of the command at hand."""
        self.accounts = {one.account: account_of(one) for one in controls.accounts}
        """Those that are declared."""
        self.firm_of = {one.account: one.firm for one in controls.accounts}
        unlimited = {number: FirmControls(firm=number) for number in self.firm_of.values()}
        declared = unlimited | {one.firm: one for one in controls.firms}
        self.firms = {number: firm_of(one) for number, one in declared.items()}
        named = {one.instrument: one for one in controls.instruments}
        self.watched = {
            number: watched(named.get(number, InstrumentControls(instrument=number)))
            for number in self.engine.instruments
        }
        """The instruments, in the order in which they are declared."""
        self.killed: set[Scope] = set()
        self.disabled: set[int] = set()
        """The accounts that were disabled by what they did."""
        self.halted: dict[int, int | None] = {}
        """The halted instruments and when each halt ends; None: when an operator says so."""
        self.orders: dict[int, OpenOrder] = {}
        """What is open, by its id."""
        self.last_trade: dict[int, int] = {}
        """The price of each instrument's last trade, as the events told it."""
        self._now_ns = MonotonicClock().now_ns if now_ns is None else now_ns

    def stamp(self) -> int:
        """The time of a command, which is looked at once and never goes back."""
        return max(self._now_ns(), self.stamp_ns)

    def holders(self, account: int) -> tuple[Holder, ...]:
        """For whom counts what the account does: for itself, then for its firm; an account that is not declared counts nowhere."""
        if account not in self.accounts:
            return ()
        return self.accounts[account], self.firms[self.firm_of[account]]

    def scopes(self, account: int) -> tuple[Scope, ...]:
        """By whose kill the account is shut out."""
        own = (Scope(ACCOUNT, account),)
        return (*own, Scope(FIRM, self.firm_of[account])) if account in self.firm_of else own
