"""Quantity is conserved: what was accepted of an order is what was traded, what was canceled and what is still open.

The sum is kept for each order by arithmetic alone, and held against what the engine tells at every event. After a
difference the engine's own figure is taken over, so that one slip is counted once and the next one is still seen.

Where the engine showed its book, what its events leave open must stand in it: so many orders and lots on each side of each
instrument, at whatever price and place. An order that goes without a word is seen there alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from harness.base.bits import WAITING
from harness.base.findings import Facts, FindingLog
from harness.base.records import NONE
from harness.base.words import side_name
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._asked import Asked
from harness.checks._kinds import ACCEPTED, CANCELED, REFUSED, REPLACED, RESTED, TRADE, TRIGGERED
from harness.evidence.fold import RunInfo, Segment, StateMark

NEVER = 2**64
MOST_NAMED = 8
"""Orders named in one finding about a book."""

Home: TypeAlias = tuple[int, int]
"""An instrument and a side as a book shows it."""


@dataclass(slots=True)
class _Order:
    open: int
    home: Home | None
    """None where it was never asked for: no book is held to it."""
    traded: int = 0
    """Since it first entered, under whatever id."""


@dataclass(slots=True)
class _Totals:
    """Lots over the whole run; both sides of a trade count."""

    accepted: int = 0
    replaced: int = 0
    """By how much replaces changed what was open."""
    traded: int = 0
    canceled: int = 0


class _Half(NamedTuple):
    """One side of one instrument: how many orders, and of how many lots together."""

    orders: int = 0
    lots: int = 0


class Conservation:
    """The open quantity of the live orders, by order id."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._marks = deque(sorted(run.states, key=lambda mark: mark.number))
        self._off: dict[Home, _Half] = {}
        """By how much the last book differed from what was open: a difference that stays is counted once."""
        self._sent = 0
        self._total_counts_trades = run.conventions.replace_quantity == "total"
        self._log = FindingLog("conservation")
        self._asked = Asked()
        self._orders: dict[int, _Order] = {}
        self._totals = _Totals()
        self._seen = 0

    def add(self, segment: Segment) -> None:
        numbers = self._asked.add(segment)
        sent = self._sent = max(self._sent, int(segment.commands["number"].max(initial=0)))
        shown = self._next_mark()
        told = rows(segment.events, "kind", "order", "new_order", "maker", "qty", "remaining")
        for number, (kind, order, new_order, maker, qty, remaining) in zip(numbers, told, strict=True):
            if shown < number <= sent:
                self._hold_books(number)
                shown = self._next_mark()
            if kind == TRADE:
                self._trade(number, order, maker, qty, remaining)
            elif kind == ACCEPTED:
                self._accepted(number, order, qty, remaining)
            elif kind == RESTED:
                self._left(number, order, self._open(order), remaining, "rested")
            elif kind == CANCELED:
                self._canceled(number, order, qty, remaining)
            elif kind == REPLACED:
                self._replaced(number, order, new_order, remaining)
            elif kind in REFUSED:
                self._asked.take(number)
            elif kind == TRIGGERED:
                self._triggered(number, order, remaining)
        self._seen += len(numbers)

    def facts(self) -> Facts:
        if not self._run.cut_short:
            # Else the answers to the last commands may be missing, and a book after them says nothing.
            self._hold_books(self._sent + 1)
        totals = self._totals
        still_open = sum(order.open for order in self._orders.values())
        told = {
            "lots accepted": f"{totals.accepted:,}",
            "lots changed by replaces": f"{totals.replaced:+,}",
            "lots traded, both sides": f"{totals.traded:,}",
            "lots canceled": f"{totals.canceled:,}",
            "lots open at the end": f"{still_open:,}",
        }
        if self._run.states:
            told["books compared"] = f"{len(self._run.states) - len(self._marks):,}"
        return Facts(seen=self._seen, findings=self._log.findings(), told=told)

    def _open(self, order: int) -> int:
        live = self._orders.get(order)
        return live.open if live else 0

    def _accepted(self, number: int, order: int, qty: int, remaining: int) -> None:
        ask = self._asked.take(number)
        if ask and qty != ask.qty:
            self._log.add(
                "accepted", "an order was accepted with another quantity than was asked for", command=number,
                orders=(order,), expected=f"order {order} accepted with {ask.qty}", got=f"it was accepted with {qty}",
            )  # fmt: skip
        known = self._orders.get(order)
        waits = WAITING if ask and ask.waits else 0
        home = (ask.instrument, ask.side + waits) if ask else known.home if known else None
        self._orders[order] = _Order(qty, home)
        self._totals.accepted += qty
        self._left(number, order, qty, remaining, "was accepted")

    def _trade(self, number: int, order: int, maker: int, qty: int, remaining: int) -> None:
        if self._is_quantity(number, order, qty, "traded"):
            self._totals.traded += 2 * qty
            for side, left in ((order, remaining), (maker, NONE)):
                if live := self._orders.get(side):
                    live.traded += qty
                self._less(number, side, qty, left, "traded")

    def _canceled(self, number: int, order: int, qty: int, remaining: int) -> None:
        if self._is_quantity(number, order, qty, "lost"):
            self._totals.canceled += qty
            self._less(number, order, qty, remaining, "lost")

    def _is_quantity(self, number: int, order: int, qty: int, verb: str) -> bool:
        if qty <= 0:
            self._log.add(
                "quantity", "a trade or a cancellation had no positive quantity", command=number, orders=(order,),
                expected="a quantity of 1 or more", got=f"order {order} {verb} {qty}",
            )  # fmt: skip
        return qty > 0

    def _less(self, number: int, order: int, qty: int, remaining: int, verb: str) -> None:
        """The order loses `qty`; what it has left is held against what is told of it."""
        left = self._open(order) - qty
        if left < 0:
            self._log.add(
                "more_than_open", "more of an order was traded or canceled than it had open", command=number,
                orders=(order,), expected=f"at most the {left + qty} that order {order} had open",
                got=f"it {verb} {qty}",
            )  # fmt: skip
            self._set(order, max(remaining, 0))
        else:
            self._left(number, order, left, remaining, f"{verb} {qty}")

    def _left(self, number: int, order: int, left: int, remaining: int, did: str) -> None:
        """Hold what the order has left by arithmetic against what the engine tells of it."""
        if remaining not in (NONE, left):
            self._log.add(
                "remaining", "the remaining quantity told of an order is not what is left of it", command=number,
                orders=(order,), expected=f"order {order} has {left} left",
                got=f"it {did} and was told to have {remaining}",
            )  # fmt: skip
            left = max(remaining, 0)
        self._set(order, left)

    def _set(self, order: int, left: int) -> None:
        """Keep what is left; an order with nothing left is forgotten, and then has 0 open."""
        if not left:
            self._orders.pop(order, None)
        elif live := self._orders.get(order):
            live.open = left
        else:
            self._orders[order] = _Order(left, None)

    def _replaced(self, number: int, order: int, new_order: int, remaining: int) -> None:
        ask = self._asked.take(number)
        old = self._orders.pop(order, None)
        if not ask or not old:
            return
        wanted = ask.qty - old.traded if self._total_counts_trades else ask.qty
        if remaining != wanted:
            self._log.add(
                "replaced", "a replace gave an order another open quantity than it asked for", command=number,
                orders=(order, new_order), expected=f"order {new_order} has {wanted} open",
                got=f"it was told to have {remaining}",
            )  # fmt: skip
        self._totals.replaced += remaining - old.open
        self._orders[new_order] = _Order(remaining, old.home, old.traded)

    def _triggered(self, number: int, order: int, remaining: int) -> None:
        """A stop leaves the waiting ones, with all that it has open."""
        self._left(number, order, self._open(order), remaining, "triggered")
        live = self._orders.get(order)
        if live and live.home and live.home[1] >= WAITING:
            live.home = (live.home[0], live.home[1] - WAITING)

    def _next_mark(self) -> int:
        """The command after which the next book was shown."""
        return self._marks[0].number if self._marks else NEVER

    def _hold_books(self, number: int) -> None:
        """Look at the books shown before this command: all events of the commands up to them are in."""
        while self._next_mark() < number:
            self._hold_book(self._marks.popleft())

    def _hold_book(self, mark: StateMark) -> None:
        rows = self._run.book(mark.number).tolist()
        by_events = _halves((live.home, live.open) for live in self._orders.values() if live.home)
        in_book = _halves(((instrument, side), remaining) for instrument, side, _, _, _, remaining in rows)
        off: dict[Home, _Half] = {}
        for home in sorted({*by_events, *in_book}):
            wanted, got = by_events.get(home, _Half()), in_book.get(home, _Half())
            if wanted != got:
                off[home] = _Half(got.orders - wanted.orders, got.lots - wanted.lots)
                if off[home] != self._off.get(home):
                    self._tell_book(mark, home, wanted, got, {row[4:] for row in rows if row[:2] == home})
        self._off = off

    def _tell_book(self, mark: StateMark, home: Home, wanted: _Half, got: _Half, shown: set[tuple[int, int]]) -> None:
        """Tell the difference; `shown` holds the orders of the book with what remains of each."""
        live = {(order, one.open) for order, one in self._orders.items() if one.home == home}
        orders = sorted({order for order, _ in live ^ shown if order})
        is_open = "none is" if not wanted.orders else f"{_of(wanted)} {'is' if wanted.orders == 1 else 'are'}"
        self._log.add(
            "book", f"the engine's book of instrument {home[0]} holds {_say(home, got)}, by its own events {is_open} open",
            command=mark.number, orders=tuple(orders[:MOST_NAMED]),
            expected=f"after command {mark.number:,}, on instrument {home[0]}: {_say(home, wanted)}",
            got=_say(home, got),
        )  # fmt: skip


def _halves(open_orders: Iterable[tuple[Home, int]]) -> dict[Home, _Half]:
    """What is open on each side of each instrument."""
    counts: dict[Home, list[int]] = {}
    for home, lots in open_orders:
        count = counts.setdefault(home, [0, 0])
        count[0] += 1
        count[1] += lots
    return {home: _Half(*count) for home, count in counts.items()}


def _say(home: Home, half: _Half) -> str:
    """Such as "3 buy orders of 15 lots"."""
    waits = home[1] in (WAITING, WAITING + 1)
    word = f"waiting {side_name(home[1] - WAITING)} stop" if waits else f"{side_name(home[1])} order"
    if not half.orders:
        return f"no {word}"
    return f"{half.orders:,} {word}{'' if half.orders == 1 else 's'} of {_lots(half)}"


def _of(half: _Half) -> str:
    return f"{half.orders:,} of {_lots(half)}"


def _lots(half: _Half) -> str:
    return f"{half.lots:,} {'lot' if half.lots == 1 else 'lots'}"


CHECK = CheckPlug(
    about="Accepted quantity is traded, canceled or open, for every order at every event, and what is open stands in the book.",
    start=Conservation,
    needs=("one_order", "maker", "qty", "remaining"),
    least=1_000,
)
