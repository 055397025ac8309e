"""What shuts out by itself: breakers that halt an instrument for a while, and the account that repeats itself."""

from __future__ import annotations

from collections.abc import Iterable

from engines.guarded.controls import ControlChecks
from engines.guarded.holders import Watched
from harness.base.controls import LimitCode
from harness.base.records import Event, EventKind


class Breakers(ControlChecks):
    """What is looked at before each command, and at its end, when its cascade is over."""

    def end_pauses(self) -> None:
        """The first input whose stamp is at the end of a pause or beyond it ends it."""
        for number in self.watched:
            end_ns = self.halted.get(number)
            if end_ns is not None and end_ns <= self.stamp_ns:
                self.tell.by_breaker(EventKind.RESUMED, number)
                self.resume(number)

    def look_at_trades(self, events: Iterable[Event]) -> None:
        """What the trades of one command lead to."""
        trades = [event for event in events if event.kind == EventKind.TRADE]
        for trade in trades:
            self.disable_repeater(trade)
        traded = {trade.instrument for trade in trades}
        for number, instrument in self.watched.items():
            if number in traded and number not in self.halted and self.must_halt(instrument):
                self.halted[number] = self.end_of_pause(instrument)
                self.tell.by_breaker(EventKind.HALTED, number)

    def disable_repeater(self, trade: Event) -> None:
        """Repeated execution: the taker's account is shut out once it took so often on one side of one instrument."""
        holder = self.accounts.get(trade.account)
        if holder is None:
            return
        most = holder.limits[LimitCode.REPEATS]
        if 0 < most <= holder.repeats.amount(self.stamp_ns, (trade.instrument, trade.side)):
            self.disabled.add(trade.account)

    def must_halt(self, instrument: Watched) -> bool:
        return self.has_moved_too_far(instrument) or self.has_traded_too_much(instrument)

    def has_moved_too_far(self, instrument: Watched) -> bool:
        prices = instrument.prices.keys(self.stamp_ns)
        return bool(prices) and self.is_above(max(prices) - min(prices), instrument.limits[LimitCode.BREAKER_TICKS])

    def has_traded_too_much(self, instrument: Watched) -> bool:
        lots = instrument.volume.amount(self.stamp_ns, instrument.declared.instrument)
        return self.is_above(lots, instrument.limits[LimitCode.VOLUME_MAX])

    def end_of_pause(self, instrument: Watched) -> int | None:
        """When a breaker's halt ends."""
        return self.stamp_ns + instrument.declared.pause_ns

    def resume(self, number: int) -> None:
        """Orders come in again, and the breakers begin anew."""
        self.halted.pop(number, None)
        self.watched[number].prices.clear()
        self.watched[number].volume.clear()
