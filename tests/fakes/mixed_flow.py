"""A seeded flow of every kind of command over a small book, for tests that need ordinary traffic and no more.

It knows nothing of the engine's answers, so some of its cancels and replaces come too late, as in life.
"""

from __future__ import annotations

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.records import (
    CommandKind,
    Commands,
    Flag,
    OrderType,
    Side,
    TimeInForce,
    empty_commands,
)

INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_max=200, qty_max=50),
    Instrument(id=2, symbol="TWO", price_max=200, qty_max=50),
)
SHARES = {CommandKind.NEW: 0.6, CommandKind.CANCEL: 0.25, CommandKind.REPLACE: 0.149, CommandKind.MASS_CANCEL: 0.001}
TIFS = {TimeInForce.DAY: 0.75, TimeInForce.GTC: 0.1, TimeInForce.IOC: 0.1, TimeInForce.FOK: 0.05}


def mixed_flow(seed: int, count: int) -> Commands:
    """`count` commands numbered from 1; order ids are the numbers of the commands that brought them."""
    random = np.random.default_rng(seed)
    flow = empty_commands(count)
    number = np.arange(1, count + 1, dtype=np.uint64)
    flow["number"] = number
    flow["kind"] = random.choice(list(SHARES), count, p=list(SHARES.values()))
    flow["instrument"] = 1 + (number % 3 == 0)
    flow["account"] = flow["session"] = 1 + number % 4
    flow["order"] = number
    flow["qty"] = random.integers(1, 21, count)

    new = flow["kind"] == CommandKind.NEW
    side = random.integers(0, 2, count)
    flow["side"][new] = side[new]
    flow["price"] = np.clip(np.rint(random.normal(100 - 3 * (1 - 2 * side), 4)), 1, 200)
    flow["type"][new] = random.choice([OrderType.LIMIT, OrderType.MARKET], new.sum(), p=[0.9, 0.1])
    flow["tif"][new] = random.choice(list(TIFS), new.sum(), p=list(TIFS.values()))
    flow["flags"][new & (flow["tif"] == TimeInForce.DAY) & (random.random(count) < 0.1)] = Flag.POST_ONLY

    # Whole multiples of 12 commands back came an order of the same account on the same instrument.
    acts_on = np.isin(flow["kind"], (CommandKind.CANCEL, CommandKind.REPLACE))
    back = 12 * random.integers(1, 10, count, dtype=np.uint64)
    flow["target"] = np.where(acts_on & (number > back), number - back, 0)
    whole = (flow["kind"] == CommandKind.CANCEL) & (random.random(count) < 0.8)
    flow["qty"][whole] = empty_commands(1)["qty"]
    mass = flow["kind"] == CommandKind.MASS_CANCEL
    flow["order"][mass] = 0
    flow["side"][mass] = Side.NONE
    return flow
