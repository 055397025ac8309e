"""Stops trigger when their condition holds, all of them, and in the order that the engine declares.

The prices that they look at are those of the engine's own events: the last trade, or the quotes of what rests. What they set off is
looked at whenever an order is done with (and after each trade, by convention), and stands due from then on: until all that is due
has triggered, nothing else may happen on the instrument. A stop that triggers and was not due came too early, one that came before
the first of the due ones came out of order, and what is still due when the engine goes on was missed.
"""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from dataclasses import dataclass, field

from harness.base.findings import Facts, FindingLog
from harness.base.reasons import Reason
from harness.base.records import EventKind, Side
from harness.base.words import side_name
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._asked import Asked
from harness.checks._kinds import CANCELED, REFUSED, REPLACED, RESTED, STARTED, TRADE, TRIGGERED
from harness.checks._quotes import Quotes
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.orders import Order
from harness.oracle.stops import Stops

_DONE = int(EventKind.DONE)
_AS_A_WHOLE = (Reason.MASS_CANCEL, Reason.KILLED)
"""A mass cancel and a kill are done with as a whole, at their end."""
_FIELDS = ("kind", "instrument", "side", "order", "new_order", "maker", "price", "qty", "remaining", "reason")


@dataclass(slots=True)
class _Place:
    """What happens on one instrument."""

    instrument: int
    command: int = 0
    """Whose events these are."""
    matched: int = 0
    """The order that is being matched; 0 between two orders."""
    last: int | None = None
    """The price of the last trade."""
    due: deque[Order] = field(default_factory=deque)
    """The stops that must trigger now, the next one first."""


class StopTrigger:
    """The waiting stops of the engine's own events, and which of them are due."""

    def __init__(self, run: RunInfo) -> None:
        self._cut_short = run.cut_short
        self._offered = {"stop", "stop_limit"} & {*run.capabilities.types}
        self._by_quote = run.conventions.stop_trigger == "quote"
        self._by_fill = run.conventions.stop_evaluation == "fill"
        self._quotes = Quotes(keeps_place=run.conventions.replace_keeps_place == "quantity_down")
        self._places = {instrument.id: _Place(instrument.id) for instrument in run.instruments}
        self._stops = Stops(self._places, run.conventions.stop_order)
        self._live: dict[int, Order] = {}
        """The stops that wait or are due, by id."""
        self._asked = Asked()
        self._log = FindingLog("stop_trigger")
        self._seen = self._together = self._in_turn = 0

    def add(self, segment: Segment) -> None:
        if not self._offered:
            return
        numbers = self._asked.add(segment)
        for number, row in zip(numbers, rows(segment.events, *_FIELDS), strict=True):
            kind, instrument, side, order, new_order, maker, price, qty, remaining, reason = row
            self._quotes.follow(
                kind, order, new_order=new_order, maker=maker, where=(instrument, side), price=price, qty=qty,
                remaining=remaining,
            )  # fmt: skip
            if kind == _DONE:
                self._mass_canceled(number, instrument)
            elif place := self._places.get(instrument):
                self._turn_to(place, number, kind)
                if kind in STARTED:
                    self._started(place, number, kind, new_order if kind == REPLACED else order)
                elif kind == TRADE:
                    self._traded(place, order, price, remaining)
                elif kind == CANCELED:
                    self._canceled(place, order, remaining, reason)
                elif kind == RESTED:
                    self._done_with(place)
                elif kind in REFUSED:
                    self._asked.take(number)

    def facts(self) -> Facts:
        log = deepcopy(self._log)
        if not self._cut_short:
            for place in self._places.values():
                _tell_missed(log, place)
        return Facts(
            seen=self._seen, findings=log.findings(), marks={"together": self._together, "in_turn": self._in_turn},
            unknown="" if self._offered else "the engine offers no stops",
        )  # fmt: skip

    def _turn_to(self, place: _Place, number: int, kind: int) -> None:
        """An event comes: what was due before, and does not trigger first, was missed."""
        another = bool(number) and number != place.command
        if place.due and (another or (kind != TRIGGERED and not place.matched)):
            _tell_missed(self._log, place)
            for stop in place.due:
                self._live.pop(stop.id, None)
            place.due.clear()
        if another:
            place.command, place.matched = number, 0

    def _started(self, place: _Place, number: int, kind: int, order: int) -> None:
        """An order is being matched from here on, or waits."""
        if kind == TRIGGERED:
            self._triggered(place, number, order)
            return
        ask = self._asked.take(number)
        if kind == REPLACED:
            place.matched = 0 if self._quotes.rests(order) else order
        elif ask is None or not ask.waits or ask.instrument != place.instrument:
            place.matched = order
        else:
            if before := self._live.get(order):
                self._forget(before)
            self._live[order] = stop = Order(
                order, ask.account, ask.instrument, ask.side, ask.price, ask.qty, ask.tif, post_only=False,
                stop=ask.stop,
            )  # fmt: skip
            self._stops.wait(stop)
            self._done_with(place)

    def _traded(self, place: _Place, order: int, price: int, remaining: int) -> None:
        place.last = price
        place.matched = order if remaining else 0
        if self._by_fill or not remaining:
            self._look(place)

    def _canceled(self, place: _Place, order: int, remaining: int, reason: int) -> None:
        if remaining <= 0:
            if stop := self._live.get(order):
                self._forget(stop)
            if place.matched == order:
                place.matched = 0
        if not place.matched and reason not in _AS_A_WHOLE:
            self._look(place)

    def _mass_canceled(self, number: int, instrument: int) -> None:
        for place in self._places.values():
            if instrument in (0, place.instrument):
                self._turn_to(place, number, _DONE)
                self._look(place)

    def _done_with(self, place: _Place) -> None:
        """The order that was being matched is done with."""
        place.matched = 0
        self._look(place)

    def _look(self, place: _Place) -> None:
        """What the prices set off now stands due behind what was due before."""
        taken = self._stops.set_off(place.instrument, *self._prices(place))
        self._together += len(taken) > 1
        place.due += taken

    def _prices(self, place: _Place) -> tuple[int | None, int | None]:
        """What buy stops look at, and what sell stops do."""
        if self._by_quote:
            return self._quotes.best(place.instrument, Side.SELL), self._quotes.best(place.instrument, Side.BUY)
        return place.last, place.last

    def _triggered(self, place: _Place, number: int, order: int) -> None:
        self._seen += 1
        if place.matched:
            # The order before was lost; that is for `lifecycle` to tell.
            self._done_with(place)
        stop = self._live.get(order)
        if stop is not None:
            if stop.waits:
                self._tell_early(number, stop, place)
            else:
                self._in_turn += len(place.due) > 1
                self._judge_order(number, stop)
            self._forget(stop)
        place.matched = order

    def _forget(self, stop: Order) -> None:
        """The stop neither waits nor is due any more."""
        del self._live[stop.id]
        if stop.waits:
            self._stops.leave(stop)
        else:
            self._places[stop.instrument].due.remove(stop)

    def _judge_order(self, number: int, stop: Order) -> None:
        first = self._places[stop.instrument].due[0]
        if first is not stop:
            self._log.add(
                "order", "stops triggered in another order than the engine declares", command=number,
                orders=(stop.id, first.id), expected=f"{_say(first)} triggers first",
                got=f"{_say(stop)} triggered before it",
            )  # fmt: skip

    def _tell_early(self, number: int, stop: Order, place: _Place) -> None:
        for_buys, for_sells = self._prices(place)
        price, quote, through = for_buys, "best ask", "at or above"
        if stop.side == Side.SELL:
            price, quote, through = for_sells, "best bid", "at or below"
        what = quote if self._by_quote else "last trade"
        self._log.add(
            "early", "a stop triggered before its price was reached", command=number, orders=(stop.id,),
            expected=f"{_say(stop)} waits for a {what} {through} it",
            got=f"it triggered, and the {what} was {'none' if price is None else price}",
        )  # fmt: skip


def _tell_missed(log: FindingLog, place: _Place) -> None:
    for stop in place.due:
        log.add(
            "missed", "a stop did not trigger although its price was reached", command=place.command,
            orders=(stop.id,), expected=f"{_say(stop)} triggers within command {place.command:,}", got="it did not",
        )  # fmt: skip


def _say(stop: Order) -> str:
    return f"order {stop.id} ({side_name(stop.side)} stop {stop.stop})"


CHECK = CheckPlug(
    about="A stop triggers when its price is reached, not before, and in the declared order.",
    start=StopTrigger,
    needs=("one_order", "maker", "side", "price", "qty", "remaining", "reason"),
    marks=("together",),
    least=100,
)
