"""An order lives once: accepted, matched, then filled, canceled or resting, and nothing happens to it outside of that.

Between `accepted` (or `replaced` with the loss of its place) and its end or its rest an order is being matched. A
command that leaves an order there, with quantity open and in no queue, has lost it. That is judged when the next
command speaks on the same instrument, or at the end of the history. What an order has left is taken from the engine's
own word where it gives it: whether the sum is right is for `conservation` to say.
"""

from __future__ import annotations

from collections import OrderedDict
from copy import deepcopy
from dataclasses import dataclass

from harness.base.findings import Facts, FindingLog
from harness.base.records import CommandKind, Flag, OrderType, TimeInForce
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._asked import Ask, Asked
from harness.checks._kinds import ACCEPTED, CANCELED, REFUSED, REPLACED, RESTED, STARTED, TRADE
from harness.evidence.fold import RunInfo, Segment

REMEMBERED = 100_000
"""Ended orders whose end can still be told in a message; the verdict does not rest on them."""
_POST_ONLY, _FOK = int(Flag.POST_ONLY), int(TimeInForce.FOK)


@dataclass(slots=True)
class _Order:
    id: int
    terms: Ask
    open: int
    command: int
    """The command that matches it, or matched it last."""
    resting: bool = False
    traded: bool = False


class Lifecycle:
    """The live orders by id, and on each instrument the one that is being matched."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._keeps_place = run.conventions.replace_keeps_place == "quantity_down"
        self._log = FindingLog("lifecycle")
        self._asked = Asked()
        self._live: dict[int, _Order] = {}
        self._matched: dict[int, _Order] = {}
        self._ended: OrderedDict[int, tuple[str, int]] = OrderedDict()
        """Order id -> how it ended, and by which command."""
        self._seen = 0

    def add(self, segment: Segment) -> None:
        numbers = self._asked.add(segment)
        told = rows(segment.events, "kind", "instrument", "order", "new_order", "maker", "qty", "remaining")
        for number, (kind, instrument, order, new_order, maker, qty, remaining) in zip(numbers, told, strict=True):
            matched = self._matched.get(instrument)
            if matched and number != matched.command and (number or kind in STARTED):
                _tell_lost(self._log, matched)
                self._end(matched, "was lost", matched.command)
            if kind == TRADE:
                self._taker(number, order, remaining)
                self._maker(number, maker, qty)
            elif kind == ACCEPTED:
                self._accepted(number, order, qty)
            elif kind == RESTED:
                self._rested(number, order)
            elif kind == CANCELED:
                self._canceled(number, order, remaining)
            elif kind == REPLACED:
                self._replaced(number, order, new_order, remaining)
            elif kind in REFUSED:
                self._refused(number, order)
        self._seen += len(numbers)

    def facts(self) -> Facts:
        log = deepcopy(self._log)
        if not self._run.cut_short:
            for order in self._matched.values():
                _tell_lost(log, order)
        return Facts(seen=self._seen, findings=log.findings())

    def _accepted(self, number: int, order: int, qty: int) -> None:
        ask = self._asked.take(number)
        if order in self._live:
            self._duplicate(number, order)
        if ask:
            self._start(order, ask, qty, number)

    def _replaced(self, number: int, order: int, new_order: int, remaining: int) -> None:
        ask = self._asked.take(number)
        live = self._live_one(number, order, "replaced", "was replaced")
        if not live or not ask:
            return
        del self._live[order]
        self._remember(order, "was replaced", number)
        if new_order in self._live:
            self._duplicate(number, new_order)
        if live.resting and self._keeps_place and ask.price == live.terms.price and remaining < live.open:
            live.id, live.terms, live.open = new_order, live.terms.replaced_by(ask), remaining
            self._live[new_order] = live
        else:
            self._start(new_order, live.terms.replaced_by(ask), remaining, number)

    def _start(self, order: int, terms: Ask, qty: int, number: int) -> None:
        """From here on the order is being matched."""
        self._live[order] = _Order(order, terms, qty, number)
        self._matched[terms.instrument] = self._live[order]

    def _taker(self, number: int, order: int, remaining: int) -> None:
        taker = self._live_one(number, order, "traded", "traded")
        if not taker:
            return
        if taker.resting:
            self._log.add(
                "resting_taker", "a resting order traded as if it had just come in", command=number, orders=(order,),
                expected=f"order {order} waits in its queue, where it rested", got="it traded as the taker",
            )  # fmt: skip
        elif taker.terms.flags & _POST_ONLY:
            self._log.add(
                "post_only", "a post-only order took liquidity", command=number, orders=(order,),
                expected=f"order {order}, post-only, is refused or rests without a trade", got="it traded as the taker",
            )  # fmt: skip
        taker.traded = True
        self._set_open(number, taker, remaining, "was filled")

    def _maker(self, number: int, order: int, qty: int) -> None:
        maker = self._live_one(number, order, "traded", "traded from the book")
        if not maker:
            return
        if not maker.resting:
            self._log.add(
                "maker_not_resting", "an order traded from the book that had not rested", command=number,
                orders=(order,), expected=f"order {order} rests before others trade with it",
                got="it traded as the maker",
            )  # fmt: skip
        self._set_open(number, maker, maker.open - qty, "was filled")

    def _rested(self, number: int, order: int) -> None:
        live = self._live_one(number, order, "rested", "rested")
        if not live:
            return
        if live.resting:
            self._log.add(
                "rested_twice", "an order rested that was resting", command=number, orders=(order,),
                expected=f"order {order} keeps its one place", got="it joined the queue again",
            )  # fmt: skip
        if not live.terms.may_rest:
            self._log.add(
                "may_not_rest", "the rest of an immediate order joined the book", command=number, orders=(order,),
                expected=f"what is left of order {order}, {_life(live.terms)}, is canceled", got="it rested",
            )  # fmt: skip
        self._judge_fill_or_kill(number, live)
        live.resting = True
        self._settle(live)

    def _canceled(self, number: int, order: int, remaining: int) -> None:
        live = self._live_one(number, order, "canceled", "was canceled")
        if not live:
            return
        self._judge_fill_or_kill(number, live)
        self._set_open(number, live, remaining, "was canceled")

    def _judge_fill_or_kill(self, number: int, live: _Order) -> None:
        """Something is left of the order: then a fill-or-kill order must not have traded at all."""
        if live.traded and live.terms.tif == _FOK:
            self._log.add(
                "fok_in_part", "a fill-or-kill order traded in part", command=number, orders=(live.id,),
                expected=f"order {live.id} fills whole or not at all", got=f"it traded, and {live.open} of it was left",
            )  # fmt: skip

    def _refused(self, number: int, order: int) -> None:
        ask = self._asked.take(number)
        if ask and ask.kind == CommandKind.NEW and order not in self._live:
            self._remember(order, "was rejected", number)

    def _live_one(self, number: int, order: int, kind: str, did: str) -> _Order | None:
        """The live order; where there is none, what was told of it is a violation."""
        live = self._live.get(order)
        if live is None:
            how, by = self._ended.get(order, ("was never accepted", 0))
            before = f"{how} by command {by}" if by else how
            self._log.add(
                f"{kind}_not_live", "something happened to an order that was not live", command=number, orders=(order,),
                expected=f"nothing of order {order}, which {before}", got=f"it {did}",
            )  # fmt: skip
        return live

    def _duplicate(self, number: int, order: int) -> None:
        since = self._live[order].terms.number
        self._log.add(
            "duplicate_id", "a live order's id was given to another order", command=number, orders=(order,),
            expected=f"id {order} refused while the order of command {since} is live", got="it was accepted",
        )  # fmt: skip

    def _set_open(self, number: int, live: _Order, open_qty: int, end: str) -> None:
        live.open = open_qty
        if open_qty <= 0:
            self._end(live, end, number)

    def _end(self, live: _Order, how: str, number: int) -> None:
        """The order is no longer live."""
        if self._live.get(live.id) is live:
            del self._live[live.id]
        self._settle(live)
        self._remember(live.id, how, number)

    def _settle(self, live: _Order) -> None:
        """The order is no longer being matched."""
        if self._matched.get(live.terms.instrument) is live:
            del self._matched[live.terms.instrument]

    def _remember(self, order: int, how: str, number: int) -> None:
        self._ended[order] = how, number
        if len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)


def _tell_lost(log: FindingLog, order: _Order) -> None:
    log.add(
        "lost", "what was left of an order vanished", command=order.command, orders=(order.id,),
        expected=f"the {order.open} left of order {order.id} rested or canceled",
        got="neither, by the end of its command",
    )  # fmt: skip


def _life(terms: Ask) -> str:
    """How long an immediate order may live, in words."""
    return "a market order" if terms.type == OrderType.MARKET else TimeInForce(terms.tif).name


CHECK = CheckPlug(
    about="Nothing happens to an order before it is accepted or after it has ended, and none is lost.",
    start=Lifecycle,
    needs=("one_order", "maker", "qty", "remaining"),
    least=1_000,
)
