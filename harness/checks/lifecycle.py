"""An order lives once: accepted, matched, then filled, canceled or resting, and nothing happens to it outside of that.

Between `accepted` (or `replaced` with the loss of its place) and its end or its rest an order is being matched. A
command that leaves an order there, with quantity open and in no queue, has lost it. That is judged when the next
command speaks on the same instrument, when a stop triggers there, or at the end of the history. A stop waits between
`accepted` and `triggered`, and is matched from there on; whether it was right to trigger is for `stop_trigger` to say.
What an order has left is taken from the engine's own word where it gives it: whether the sum is right is for
`conservation` to say.
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
from harness.checks._kinds import ACCEPTED, CANCELED, REFUSED, REPLACED, RESTED, STARTED, TRADE, TRIGGERED
from harness.evidence.fold import RunInfo, Segment

REMEMBERED = 100_000
"""Ended orders whose end can still be told in a message; the verdict does not rest on them."""
_POST_ONLY, _FOK = int(Flag.POST_ONLY), int(TimeInForce.FOK)
_UNPRICED = (OrderType.MARKET, OrderType.STOP)


@dataclass(slots=True)
class _Order:
    id: int
    terms: Ask
    open: int
    command: int
    """The command that matches it, or matched it last."""
    waiting: bool = False
    """Whether it is a stop that has not triggered."""
    resting: bool = False
    took: int = 0
    """What it traded as the taker."""


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
            self._judge_lost(number, instrument, kind)
            if kind == TRADE:
                self._taker(number, order, qty, remaining)
                self._maker(number, maker, qty)
            elif kind == ACCEPTED:
                self._accepted(number, order, qty)
            elif kind == RESTED:
                self._rested(number, order)
            elif kind == CANCELED:
                self._canceled(number, order, remaining)
            elif kind == REPLACED:
                self._replaced(number, order, new_order, remaining)
            elif kind == TRIGGERED:
                self._triggered(number, order)
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
        if ask and ask.waits:
            self._live[order] = _Order(order, ask, qty, number, waiting=True)
        elif ask:
            self._start(_Order(order, ask, qty, number))

    def _replaced(self, number: int, order: int, new_order: int, remaining: int) -> None:
        ask = self._asked.take(number)
        live = self._live_one(number, order, "replaced", "was replaced")
        if not live or not ask:
            return
        del self._live[order]
        self._remember(order, "was replaced", number)
        if new_order in self._live:
            self._duplicate(number, new_order)
        kept = live.resting and self._keeps_place and ask.price == live.terms.price and remaining < live.open
        if kept or live.waiting:
            self._judge_waiting(number, live, "was replaced")
            live.id, live.terms, live.open = new_order, live.terms.replaced_by(ask), remaining
            self._live[new_order] = live
        else:
            self._start(_Order(new_order, live.terms.replaced_by(ask), remaining, number))

    def _triggered(self, number: int, order: int) -> None:
        stop = self._live_one(number, order, "triggered", "triggered")
        if not stop:
            return
        if stop.waiting:
            stop.waiting, stop.command = False, number
            self._start(stop)
        else:
            self._log.add(
                "no_stop", "an order triggered that was no waiting stop", command=number, orders=(order,),
                expected=f"only stops trigger, and once; order {order} {'rests' if stop.resting else 'does not wait'}",
                got="it triggered",
            )  # fmt: skip

    def _start(self, order: _Order) -> None:
        """From here on the order is being matched."""
        self._live[order.id] = order
        self._matched[order.terms.instrument] = order

    def _taker(self, number: int, order: int, qty: int, remaining: int) -> None:
        taker = self._live_one(number, order, "traded", "traded")
        if not taker:
            return
        self._judge_waiting(number, taker, "traded")
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
        taker.took += qty
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
        self._judge_waiting(number, live, "rested")
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
        self._judge_least(number, live, rests=True)
        live.waiting, live.resting = False, True
        self._settle(live)

    def _canceled(self, number: int, order: int, remaining: int) -> None:
        live = self._live_one(number, order, "canceled", "was canceled")
        if not live:
            return
        if not live.resting:
            self._judge_least(number, live, rests=False)
        self._set_open(number, live, remaining, "was canceled")

    def _judge_least(self, number: int, live: _Order, *, rests: bool) -> None:
        """Something is left of an order that came in: what must trade at once did, or nothing did and it goes."""
        if live.took and live.terms.tif == _FOK:
            self._log.add(
                "fok_in_part", "a fill-or-kill order traded in part", command=number, orders=(live.id,),
                expected=f"order {live.id} fills whole or not at all", got=f"it traded, and {live.open} of it was left",
            )  # fmt: skip
        if live.took < live.terms.min_qty and (live.took or rests):
            self._log.add(
                "min_qty", "an order did not trade its minimum and was not canceled whole", command=number,
                orders=(live.id,), expected=f"order {live.id} trades {live.terms.min_qty} at once or goes untraded",
                got=f"it traded {live.took}, and what was left {'rested' if rests else 'was canceled'}",
            )  # fmt: skip

    def _judge_waiting(self, number: int, live: _Order, did: str) -> None:
        """Nothing but cancels happens to a stop before it triggers."""
        if live.waiting:
            self._log.add(
                "not_triggered", "something happened to a stop that had not triggered", command=number,
                orders=(live.id,), expected=f"order {live.id} waits for its stop price {live.terms.stop}", got=f"it {did}",
            )  # fmt: skip

    def _judge_lost(self, number: int, instrument: int, kind: int) -> None:
        """Whoever was being matched is done with when another command speaks, or a stop triggers."""
        matched = self._matched.get(instrument)
        if matched and (kind == TRIGGERED or (number != matched.command and (number or kind in STARTED))):
            _tell_lost(self._log, matched)
            self._end(matched, "was lost", matched.command)

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
    return "a market order" if terms.type in _UNPRICED else TimeInForce(terms.tif).name


CHECK = CheckPlug(
    about="Nothing happens to an order before it is accepted or after it has ended, and none is lost.",
    start=Lifecycle,
    needs=("one_order", "maker", "qty", "remaining"),
    least=1_000,
)
