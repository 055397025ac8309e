"""When an instrument must halt by itself, and when such a halt is over."""

from __future__ import annotations

from collections.abc import Iterator

from harness.base.controls import LimitCode
from harness.oracle.exposure.holders import Holders, Traded


class Breakers:
    """The trades of each instrument within its window, and the pauses that go on."""

    def __init__(self, holders: Holders) -> None:
        self._instruments = holders.instruments
        self.pauses: dict[int, int] = {}
        """Instrument -> when its halt by a breaker ends."""

    def traded(self, instrument: int, price: int, lots: int, stamp_ns: int) -> None:
        """A trade, which counts while there is a limit that it counts towards."""
        if traded := self._instruments.get(instrument):
            traded.count(LimitCode.BREAKER_TICKS, price, stamp_ns)
            traded.count(LimitCode.VOLUME_MAX, None, stamp_ns, lots)

    def why_halt(self, instrument: int, stamp_ns: int) -> Iterator[str]:
        """What the trades of an instrument have against going on, with the numbers; nothing where it must go on."""
        traded = self._instruments[instrument]
        ticks, most = traded.limit(LimitCode.BREAKER_TICKS), traded.limit(LimitCode.VOLUME_MAX)
        prices = [price for price in traded.window(LimitCode.BREAKER_TICKS).keys(stamp_ns) if isinstance(price, int)]
        lots = traded.window(LimitCode.VOLUME_MAX).total(None, stamp_ns)
        if ticks and prices and max(prices) - min(prices) > ticks:
            apart = max(prices) - min(prices)
            yield f"its trades lie {apart:,} ticks apart, from {min(prices):,} to {max(prices):,}; at most {ticks:,}"
        if most and lots > most:
            yield f"{lots:,} lots traded within its window; at most {most:,}"

    def halted(self, instrument: int, stamp_ns: int) -> None:
        """By a breaker."""
        self.pauses[instrument] = stamp_ns + self._instruments[instrument].declared.pause_ns

    def halted_by_operator(self, instrument: int) -> None:
        """A pause is over then: such a halt has no end of its own."""
        self.pauses.pop(instrument, None)

    def resumed(self, instrument: int) -> None:
        """By whomever; the windows begin anew."""
        self.pauses.pop(instrument, None)
        traded: Traded | None = self._instruments.get(instrument)
        if traded:
            traded.window(LimitCode.BREAKER_TICKS).forget()
            traded.window(LimitCode.VOLUME_MAX).forget()

    def due(self, stamp_ns: int) -> list[int]:
        """The instruments whose pause is over at this stamp, those declared first first."""
        return [number for number in self._instruments if self.pauses.get(number, stamp_ns + 1) <= stamp_ns]
