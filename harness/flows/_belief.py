"""What an episode believes to be live: a rough book, so that most cancels and replaces name an order that is there.

It knows nothing of self-trade prevention, of minimum quantities, of refusals, nor of what a triggered stop does: what follows the rules
in full is the judge's. Orders are known by their place, the place of the command that sent them, and a place is never used twice.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import NamedTuple

from harness.base.records import NONE, Side


class Sent(NamedTuple):
    """An order as it was sent."""

    order: int
    account: int
    instrument: int
    side: int
    price: int
    """NONE: at any price."""
    qty: int
    stop: int = NONE
    rests: bool = True
    """Whether what is left of it would rest."""


class Belief:
    """The orders that were sent, and what is open of those that may be live."""

    def __init__(self) -> None:
        self.sent: dict[int, Sent] = {}
        self._open: dict[int, int] = {}
        self._places: list[int] = []
        """Those of `_open`, in order."""
        self._last: dict[int, int] = {}

    def __bool__(self) -> bool:
        """Whether anything may be live."""
        return bool(self._places)

    def before(self, place: int) -> int:
        """The live order at this place or the nearest one before it; where there is none, the first."""
        return self._places[max(bisect_right(self._places, place) - 1, 0)]

    def last(self, instrument: int) -> int | None:
        """The price of the last trade, as far as it is known."""
        return self._last.get(instrument)

    def send(self, place: int, sent: Sent) -> None:
        """It trades with what it reaches, then rests or waits."""
        self.sent[place] = sent
        left = sent.qty if sent.stop != NONE else self._traded(sent)
        if left > 0 and sent.rests and not self._reached(sent):
            self._open[place] = left
            insort(self._places, place)

    def lose(self, place: int, qty: int) -> None:
        """So much of it is gone."""
        self._open[place] -= qty
        if self._open[place] <= 0:
            del self._open[place]
            self._places.remove(place)

    def lose_all(self, place: int) -> None:
        """All of it is gone."""
        self.lose(place, self._open[place])

    def mass_cancel(self, account: int, instrument: int, side: int) -> None:
        """What a mass cancel takes; the same words mean any as in a command."""
        for place in tuple(self._places):
            sent = self.sent[place]
            fits = account in {0, sent.account} and instrument in {0, sent.instrument}
            if fits and side in {Side.NONE, sent.side}:
                self.lose_all(place)

    def _traded(self, sent: Sent) -> int:
        """What is left of it behind its trades."""
        left = sent.qty
        sign = 1 if sent.side == Side.BUY else -1
        makers = [place for place in self._places if self._meets(sent, self.sent[place])]
        for place in sorted(makers, key=lambda at: (sign * self.sent[at].price, at)):
            if left <= 0:
                break
            traded = min(left, self._open[place])
            left -= traded
            self.lose(place, traded)
            self._last[sent.instrument] = self.sent[place].price
        for place in tuple(self._places):
            if self._reached(self.sent[place]):
                self.lose_all(place)
        return left

    @staticmethod
    def _meets(taker: Sent, maker: Sent) -> bool:
        if maker.instrument != taker.instrument or maker.side == taker.side or maker.stop != NONE:
            return False
        if taker.price == NONE:
            return True
        return maker.price <= taker.price if taker.side == Side.BUY else maker.price >= taker.price

    def _reached(self, sent: Sent) -> bool:
        """Whether it is a stop that the last trade has reached: it is an order like others then, and probably gone soon."""
        last = self._last.get(sent.instrument)
        if sent.stop == NONE or last is None:
            return False
        return last >= sent.stop if sent.side == Side.BUY else last <= sent.stop
