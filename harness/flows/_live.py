"""The orders that a flow believes to be live, as kernels over one array, for the flows that make up their own orders.

A flow never hears the engine's answers, so this is a belief: what was sent to rest or to wait and was not canceled since, less what
has probably traded or triggered, which is what the mid has passed and what has stood near it for long.

The first rows are no members of the bag: GHOST is an order that was never sent, LAST_STOP the stop that was sent last, LAST_LIMITED
the order that was sent last to rest on the limited instrument.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.flows._draws import Random, below

ID, PRICE, QTY, HOME, SIDE, WAITS, COLUMNS = range(7)
"""HOME is instrument and account in one word, as a command holds them; PRICE is the stop price of an order that waits for it."""
GHOST, LAST_STOP, LAST_LIMITED, FIRST = range(4)
COUNT = 0
"""Of `ends`: the row behind the bag's last."""
LOW = 0xFFFFFFFF
LONG = 100
"""An order near the mid has probably traded once this many further ids were given out."""


def empty_bag(most: int) -> tuple[Int64Array, Int64Array]:
    """The rows of a bag of at most `most` orders, and where it ends."""
    return np.zeros((FIRST + most, COLUMNS), np.int64), np.array([FIRST], np.int64)


def _copy(orders: Int64Array, source: Any, target: Any) -> None:
    for column in range(COLUMNS):
        orders[target, column] = orders[source, column]


copy = compiled(_copy, inline=True)


def _room(orders: Int64Array, ends: Int64Array) -> Any:
    """The row for one order more; a full bag forgets its newest."""
    if ends[COUNT] < len(orders):
        ends[COUNT] += 1
    return ends[COUNT] - 1


room = compiled(_room)


def _pick(ends: Int64Array, random: Random, newest_first: Any) -> Any:
    """The row of some order: the best of 1 + `newest_first` chances, as new ones stand last; GHOST from an empty bag."""
    count = ends[COUNT] - FIRST
    if count == 0:
        return GHOST
    best = below(random, count)
    for _ in range(newest_first):
        best = max(best, below(random, count))
    return FIRST + best


pick = compiled(_pick)


def _remove(orders: Int64Array, ends: Int64Array, at: Any) -> None:
    """The last order takes the row's place."""
    if at >= FIRST:
        ends[COUNT] -= 1
        copy(orders, ends[COUNT], at)


remove = compiled(_remove)


def _forget_account(orders: Int64Array, ends: Int64Array, account: Any) -> None:
    """The account's orders were canceled at once."""
    kept = FIRST
    for at in range(FIRST, ends[COUNT]):
        if orders[at, HOME] >> 32 != account:
            copy(orders, at, kept)
            kept += 1
    ends[COUNT] = kept


forget_account = compiled(_forget_account)


def _forget_traded(orders: Int64Array, ends: Int64Array, mids: Int64Array, near_ticks: Any, newest: Any) -> None:
    """Drop what the mid has passed, and what is near it and was sent long before the order id `newest`."""
    kept = FIRST
    for at in range(FIRST, ends[COUNT]):
        below_mid = orders[at, SIDE] == orders[at, WAITS]
        distance = mids[orders[at, HOME] & LOW] - orders[at, PRICE]
        if not below_mid:
            distance = -distance
        if distance > near_ticks or (distance >= 0 and newest - orders[at, ID] <= LONG):
            copy(orders, at, kept)
            kept += 1
    ends[COUNT] = kept


forget_traded = compiled(_forget_traded)
