"""Seeded commands that meet every rule of the page: each type, term and risk limit, right and wrong, on few prices and ids.

The orders lie within a few ticks, so that stops trigger one another; the ids are few, so that cancels and replaces hit what rests,
what waits and what is gone.
"""

from __future__ import annotations

import random
from itertools import product
from typing import get_args

from harness.base.capabilities import (
    Conventions,
    Instrument,
    KeepsPlace,
    ReplaceQuantity,
    RiskLimits,
    SelfTradeMode,
    StopEvaluation,
    StopOrder,
    StopTrigger,
)
from harness.base.records import NONE, Command
from tests.fakes.history import (
    BUY,
    DAY,
    FOK,
    GTC,
    IOC,
    MARKET,
    POST_ONLY,
    SELL,
    cancel,
    mass_cancel,
    new,
    numbered,
    stop,
)  # fmt: skip
from tests.fakes.history import replace as replaced

FREE = tuple(Instrument(id=number, symbol=f"FREE{number}", price_max=200, qty_max=30) for number in (1, 2))
LIMITED = (
    Instrument(
        id=1, symbol="HELD", price_max=200, qty_max=30, price_step=2,
        risk=RiskLimits(order_qty_max=12, order_value_max=1_050, collar_ticks=6, reference_price=100, accounts=(0, 1, 2)),
    ),
    Instrument(id=2, symbol="LATE", price_min=-50, price_max=200, qty_max=30, risk=RiskLimits(collar_ticks=5)),
)  # fmt: skip
"""Every limit on the first; on the second no reference price before the first trade."""

EVERY_CONVENTION = [
    Conventions(
        self_trade=mode, replace_keeps_place=place, replace_quantity=quantity, stop_trigger=trigger, stop_order=order,
        stop_evaluation=evaluation,
    )
    for mode, place, quantity, trigger, order, evaluation in product(
        *map(get_args, (SelfTradeMode, KeepsPlace, ReplaceQuantity, StopTrigger, StopOrder, StopEvaluation))
    )
]  # fmt: skip


def every_term(count: int, seed: int) -> list[Command]:
    """`count` numbered commands over instruments 1 and 2 and accounts 0 to 3."""
    chance = random.Random(seed)
    return numbered([_command(chance) for _ in range(count)])


def _command(chance: random.Random) -> Command:
    draw = chance.random()
    order = chance.randint(1, 60)
    home = {"account": order % 4, "instrument": 1 + (order % 5 == 0)}
    if chance.random() < 0.05:
        home = {"account": chance.randint(0, 3), "instrument": chance.randint(1, 3)}
    if draw < 0.75:
        return _new(chance, order, home)
    if draw < 0.87:
        return cancel(order, chance.choice((NONE, NONE, 1, 4, 0)), **home)
    if draw < 0.99:
        return replaced(
            order, chance.choice((order, order, order % 60 + 1)), _price(chance), chance.randint(0, 13), **home
        )
    return mass_cancel(**{name: chance.choice((0, value)) for name, value in home.items()})


def _new(chance: random.Random, order: int, home: dict[str, int]) -> Command:
    side, qty, draw = chance.choice((BUY, SELL)), chance.randint(1, 13), chance.random()
    tif = chance.choices((DAY, GTC, IOC, FOK), (70, 10, 12, 8))[0]
    if draw < 0.6:
        more = {"min_qty": chance.randint(0, qty + 1)} if chance.random() < 0.15 else {}
        flags = POST_ONLY if chance.random() < 0.08 else 0
        return new(order, side, _price(chance), qty, tif, flags=flags, **home, **more)
    if draw < 0.7:
        return new(order, side, chance.choice((NONE, 100)), qty, tif, type=MARKET, **home)
    if draw < 0.73:
        # What is wrong with most of these is for the rules to say.
        more = {"min_qty": chance.choice((NONE, 1)), "flags": chance.choice((0, POST_ONLY))}
        return stop(order, side, chance.choice((NONE, 0, 99)), qty, chance.choice((NONE, 0, 99)), **home, **more)
    return stop(order, side, _price(chance), qty, chance.choice((NONE, _price(chance))), tif=tif, **home)


def _price(chance: random.Random) -> int:
    return chance.randint(92, 108) if chance.random() < 0.97 else chance.choice((0, 80, 120, 201, -7))
