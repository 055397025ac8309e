"""The simple cycles of a tape: what, done again and again, reaches a fault that counts, made of the tape's own commands.

A counter counts orders, cancels, trades, replaces, events, or what is live. Each cycle moves one of these and little else: an order, an
order and its cancel, two that match, a replace to and fro, a stop that triggers as it comes, and orders by the heap that one mass cancel
takes away, which give more events a command than anything else. Terms, prices and quantities are those of commands that the tape holds,
so that the engine knows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from harness.base.bits import copied, joined
from harness.base.records import (
    COMMAND,
    NONE,
    CommandKind,
    Commands,
    Int64Array,
    OrderType,
    Side,
    TimeInForce,
    empty_commands,
)
from harness.shrink.nearness import Chosen
from harness.shrink.sorts import numbered
from harness.shrink.tries import Sight

HEAP = 255
"""Orders that one mass cancel takes away: so many that it costs little, so few that a count is met closely."""
SAMPLE = 8_192
"""What a cycle is made of is looked for among so many commands, the first ones."""
RESTS = (TimeInForce.DAY, TimeInForce.GTC)
NOTHING = empty_commands(0)


class Cycle(NamedTuple):
    """What is sent again and again."""

    turn: Commands
    ids: int
    """By how many the order ids of a turn are above those of the turn before."""
    before: Commands = NOTHING
    """What is sent once, in front."""

    def repeated(self, count: int) -> Commands:
        """So many commands of it; where they end within a turn, that turn stays unfinished."""
        turns = max(-(-(count - len(self.before)) // len(self.turn)), 0)
        # As bytes: numpy moves records field by field, and there may be a million of them.
        repeated = np.tile(copied(self.turn).view(np.uint8), turns).view(COMMAND)
        tape = joined((self.before, repeated), COMMAND)
        body = tape[len(self.before) :]
        later = np.repeat(np.arange(turns, dtype=np.uint64) * np.uint64(self.ids), len(self.turn))
        for field in ("order", "target"):
            body[field] += np.where(body[field] > 0, later, np.uint64(0))
        return tape[:count]


def cycles(tape: Commands, sight: Sight) -> Iterator[Cycle]:
    """The cycles that can be made of this tape, the simple ones first."""
    some = tape[:SAMPLE].astype(COMMAND)
    useful = some[~numbered(some, sight.idle)]
    orders = _of_one_instrument(useful[useful["kind"] == CommandKind.NEW], tape, sight)
    for one in _of_each_type(orders):
        yield Cycle(_named(one, 1), 1)
    limit = _commonest(_resting(orders, OrderType.LIMIT))
    if not len(limit):
        return
    whole = useful[(useful["kind"] == CommandKind.CANCEL) & (useful["qty"] == NONE)][:1]
    if len(whole):
        yield Cycle(joined((_named(limit, 1), _about(whole, limit, 1, 1)), COMMAND), 1)
    crossed = joined((_named(limit, 1), _against(limit, orders)), COMMAND)
    yield Cycle(crossed, 2)
    yield from _replaced(limit, useful)
    heaps = [Cycle(_named(limit, 1), 1)]
    stop = _commonest(_resting(orders, OrderType.STOP_LIMIT))
    if len(stop):
        heaps.append(Cycle(_triggered(stop, limit), 1, crossed))
        yield heaps[-1]
    sweep = useful[useful["kind"] == CommandKind.MASS_CANCEL][:1]
    yield from (_swept(heap, sweep) for heap in heaps if len(sweep))


def _of_one_instrument(orders: Commands, tape: Commands, sight: Sight) -> Commands:
    """Those of the finding's instrument: there may be a counter for each."""
    same = orders["instrument"] == tape["instrument"][sight.number - 1]
    return orders[same] if same.any() else orders


def _of_each_type(orders: Commands) -> Iterator[Commands]:
    """The commonest order of each type, the common types first."""
    types, counts = np.unique(orders["type"], return_counts=True)
    for kind in types[np.argsort(-counts, kind="stable")]:
        yield _commonest(orders[orders["type"] == kind])


def _commonest(orders: Commands) -> Commands:
    """The first order whose terms are the most frequent, or none of none."""
    terms = _terms(orders)
    _, first, counts = np.unique(terms, return_index=True, return_counts=True)
    return orders[first[np.argsort(-counts, kind="stable")[:1]]]


def _terms(orders: Commands) -> Int64Array:
    """One number for time in force, flags, and whether there is a minimum."""
    tif, flags = orders["tif"].astype(np.int64), orders["flags"].astype(np.int64)
    terms: Int64Array = tif << 9 | flags << 1 | (orders["min_qty"] != NONE)
    return terms


def _resting(orders: Commands, kind: OrderType) -> Commands:
    stays: Chosen = (orders["type"] == kind) & np.isin(orders["tif"], RESTS) & (orders["flags"] == 0)
    return orders[stays]


def _named(command: Commands, order: int) -> Commands:
    """The command under another id."""
    copy = copied(command)
    copy["order"] = order
    return copy


def _about(command: Commands, limit: Commands, order: int, target: int) -> Commands:
    """The command about this order, from the one who sent it."""
    copy = copied(command)
    copy["order"], copy["target"] = order, target
    for field in ("instrument", "account", "session"):
        copy[field] = limit[field]
    return copy


def _against(limit: Commands, orders: Commands) -> Commands:
    """What takes the limit order away, of somebody else: one of its own account may not trade with it."""
    other = _named(limit, 2)
    other["side"] = Side.SELL if limit["side"][0] == Side.BUY else Side.BUY
    others = orders["account"][(orders["instrument"] == limit["instrument"]) & (orders["account"] != limit["account"])]
    if len(others):
        other["account"] = others[0]
    return other


def _replaced(limit: Commands, useful: Commands) -> Iterator[Cycle]:
    """One order, replaced to another price and back, under a new id each time where the tape gives new ids."""
    replaces = useful[useful["kind"] == CommandKind.REPLACE]
    alike = useful["kind"] == CommandKind.NEW
    for field in ("instrument", "side", "type"):
        alike &= useful[field] == limit[field]
    prices = useful["price"][alike & (useful["price"] != limit["price"])]
    if len(replaces) and len(prices):
        step = int(replaces["order"][0] != replaces["target"][0])
        to = _about(replaces[:1], limit, 1 + step, 1)
        fro = _about(replaces[:1], limit, 1 + 2 * step, 1 + step)
        to["qty"] = fro["qty"] = limit["qty"]
        to["price"], fro["price"] = prices[0], limit["price"]
        yield Cycle(joined((to, fro), COMMAND), 2 * step, _named(limit, 1))


def _triggered(stop: Commands, limit: Commands) -> Commands:
    """A stop that triggers as it comes, once there was a trade at the limit order's price, and then rests there."""
    copy = _about(stop, limit, 3, 0)
    copy["side"], copy["qty"] = limit["side"], limit["qty"]
    copy["price"] = copy["stop"] = limit["price"]
    return copy


def _swept(heap: Cycle, sweep: Commands) -> Cycle:
    """A heap of these orders, and the mass cancel that takes it away; what it did not narrow down it does not."""
    mass = copied(sweep)
    for field in ("instrument", "account"):
        mass[field] = np.where(sweep[field] > 0, heap.turn[field], 0)
    mass["side"] = np.where(sweep["side"] == Side.NONE, Side.NONE, heap.turn["side"])
    piled = Cycle(heap.turn, heap.ids).repeated(HEAP)
    return Cycle(joined((piled, mass), COMMAND), HEAP * heap.ids, heap.before)
