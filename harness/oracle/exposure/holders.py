"""Whom limits hold: accounts, firms and instruments, with their limits as they stand and what was counted for them."""

from __future__ import annotations

from collections.abc import Iterable

from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, LimitCode
from harness.oracle.exposure.sums import Sums
from harness.oracle.exposure.windows import Recent


class Limits:
    """Numbers that an operator may change; 0 where there is no limit."""

    def __init__(self, name: str, limits: dict[LimitCode, int], windows: dict[LimitCode, Recent[object]]) -> None:
        self.name = name
        """Such as "account 3", for people."""
        self._limits = limits
        self._windows = windows

    def limit(self, code: LimitCode) -> int:
        """The limit as it stands."""
        return self._limits.get(code, 0)

    def change(self, code: LimitCode, limit: int) -> None:
        """From the next command on; without a limit its window forgets."""
        self._limits[code] = limit
        if code in self._windows and not limit:
            self._windows[code].forget()

    def window(self, code: LimitCode) -> Recent[object]:
        """What counts towards the limit of a rate."""
        return self._windows[code]

    def count(self, code: LimitCode, key: object, stamp_ns: int, amount: int = 1) -> None:
        """Count towards the limit, while there is one."""
        if self.limit(code):
            self._windows[code].add(key, stamp_ns, amount)


class Account(Limits):
    """An account that is declared."""

    def __init__(self, declared: AccountControls, firm: Firm) -> None:
        rates = {
            LimitCode.MESSAGES: declared.messages, LimitCode.DUPLICATES: declared.duplicates, LimitCode.REPEATS: declared.repeats,
        }  # fmt: skip
        limits = {code: rate.most for code, rate in rates.items()} | {
            LimitCode.LONG_MAX: declared.long_max, LimitCode.SHORT_MAX: declared.short_max,
            LimitCode.EXPOSURE_MAX: declared.exposure_max, LimitCode.LOSS_MAX: declared.loss_max,
        }  # fmt: skip
        windows = {code: Recent[object](rate.window_ns) for code, rate in rates.items()}
        super().__init__(f"account {declared.account}", limits, windows)
        self.number = declared.account
        self.firm = firm
        self.restricted = frozenset(declared.restricted)
        self.sums = Sums()


class Firm(Limits):
    """All accounts of a firm together."""

    def __init__(self, declared: FirmControls) -> None:
        limits = {
            LimitCode.LONG_MAX: declared.long_max, LimitCode.SHORT_MAX: declared.short_max,
            LimitCode.EXPOSURE_MAX: declared.exposure_max, LimitCode.MESSAGES: declared.messages.most,
        }  # fmt: skip
        super().__init__(
            f"firm {declared.firm}", limits, {LimitCode.MESSAGES: Recent[object](declared.messages.window_ns)}
        )
        self.number = declared.firm
        self.sums = Sums()


class Traded(Limits):
    """An instrument, which may be halted."""

    def __init__(self, bounds: Instrument, declared: InstrumentControls) -> None:
        limits = {
            LimitCode.STATIC_TICKS: declared.static_ticks, LimitCode.BREAKER_TICKS: declared.breaker_ticks,
            LimitCode.VOLUME_MAX: declared.volume_max,
        }  # fmt: skip
        windows = {
            code: Recent[object](declared.breaker_window_ns) for code in (LimitCode.BREAKER_TICKS, LimitCode.VOLUME_MAX)
        }
        super().__init__(f"instrument {bounds.id}", limits, windows)
        self.bounds = bounds
        self.declared = declared


class Holders:
    """All whom limits hold, by number."""

    def __init__(self, instruments: Iterable[Instrument], controls: Controls) -> None:
        named = {one.instrument: one for one in controls.instruments}
        self.instruments = {
            bounds.id: Traded(bounds, named.get(bounds.id) or InstrumentControls(instrument=bounds.id))
            for bounds in instruments
        }
        """In the order in which they are declared."""
        limited = {one.firm: one for one in controls.firms}
        numbers = dict.fromkeys(one.firm for one in controls.accounts)
        self.firms = {number: Firm(limited.get(number) or FirmControls(firm=number)) for number in numbers}
        """Those that have an account."""
        self.accounts = {one.account: Account(one, self.firms[one.firm]) for one in controls.accounts}

    def of(self, account: int) -> tuple[Account, Firm] | tuple[()]:
        """For whom counts what the account does: itself, then its firm; nobody where it is not declared."""
        holder = self.accounts.get(account)
        return (holder, holder.firm) if holder else ()
