"""A seeded random flow that meets every rule, valid and invalid commands mixed: for properties and for speed.

It keeps to few prices, accounts and ids, so that orders meet, share a price, are replaced and reuse ids all the time.
"""

from __future__ import annotations

import random

from harness.base.records import NONE, Command
from tests.fakes.history import (
    BUY,
    DAY,
    FOK,
    GTC,
    IOC,
    POST_ONLY,
    SELL,
    cancel,
    market,
    mass_cancel,
    new,
    numbered,
    replace,
)


def random_flow(count: int, seed: int = 1, prices: int = 16) -> list[Command]:
    """`count` numbered commands over instruments 1 and 2 and accounts 1 to 4, of which a few percent are invalid."""
    chance = random.Random(seed)
    ids = list(range(1, 40))
    rows: list[Command] = []
    fresh = 40
    while len(rows) < count:
        draw = chance.random()
        account = chance.randint(1, 4)
        instrument = 1 if chance.random() < 0.7 else 2
        side = chance.choice((BUY, SELL))
        qty = chance.randint(1, 30)
        if draw < 0.55:
            fresh += 1
            ids[chance.randrange(len(ids))] = order = fresh if chance.random() < 0.97 else chance.choice(ids)
            offset = chance.randint(-2, prices // 2)
            price = 1_000 - offset if side == BUY else 1_000 + offset
            tif = chance.choices((DAY, GTC, IOC, FOK), (70, 10, 12, 8))[0]
            flags = POST_ONLY if tif == DAY and chance.random() < 0.05 else 0
            rows.append(new(order, side, price, qty, tif, account=account, instrument=instrument, flags=flags))
        elif draw < 0.60:
            fresh += 1
            rows.append(market(fresh, side, qty, account=account, instrument=instrument))
        elif draw < 0.98:
            rows.append(_about_a_live_order(chance, ids, rows))
        elif draw < 0.999:
            rows.append(new(fresh, side, 1_000, chance.choice((0, -1, 5_000, NONE)), instrument=chance.choice((1, 9))))
        else:
            rows.append(mass_cancel(account=account, instrument=instrument))
    return numbered(rows)


def _about_a_live_order(chance: random.Random, ids: list[int], rows: list[Command]) -> Command:
    """A cancel or replace of an order sent lately, by its owner but for a few."""
    at = chance.randrange(len(ids))
    owner = next((row for row in reversed(rows[-80:]) if row.order == ids[at]), None)
    account = owner.account if owner and chance.random() < 0.97 else chance.randint(1, 4)
    instrument = owner.instrument if owner else 1
    target = ids[at]
    if chance.random() < 0.6:
        return cancel(target, chance.choice((NONE, NONE, 1, 5, 0)), account=account, instrument=instrument)
    price = (owner.price if owner and owner.price != NONE else 1_000) + chance.choice((0, 0, -1, 1, 3))
    ids[at] = target if chance.random() < 0.5 else target + 1_000_000
    return replace(target, ids[at], price, chance.randint(1, 30), account=account, instrument=instrument)
