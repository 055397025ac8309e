"""Seeded commands that meet every control of a stage, with their stamps: few accounts, ids and prices, low limits and short windows.

The orders say the same again and again, come in bursts, trade at prices that break breakers, and operators kill, halt and set limits in
between, now and then wrongly.
"""

from __future__ import annotations

import random
from typing import Any

from harness.base.capabilities import Instrument, RiskLimits
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.base.records import NONE, Command, CommandKind
from tests.fakes.history import (
    BUY,
    DAY,
    FOK,
    IOC,
    MARKET,
    SELL,
    cancel,
    mass_cancel,
    new,
    numbered,
    replace,
    stop,
)  # fmt: skip

INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_min=-50, price_max=200, qty_max=40, risk=RiskLimits(reference_price=100)),
    Instrument(id=7, symbol="SEVEN", price_max=200, qty_max=40),
)
NOTHING = Controls()
_NUMBERS = (1, 2, 3, 0, 4_000_000_000)
_ACCOUNTS = (*_NUMBERS * 6, 5)


def drawn_controls(seed: int) -> Controls:
    """Low limits, each there or not; of every eighth seed no account is declared, so that any may trade and nothing is counted of it."""
    chance = random.Random(-seed)

    def limit(*most: int) -> int:
        return chance.choice((0, 0, *most, *most))

    def rate(*most: int) -> Rate:
        return Rate(most=limit(*most), window_ns=chance.choice((1, 10, 40, 90, 600)))

    accounts = tuple(
        AccountControls(
            account=number,
            firm=chance.choice((1, 2, 9)),
            long_max=limit(20, 45),
            short_max=limit(15, 40),
            exposure_max=limit(2_500, 12_000, 90_000),
            loss_max=limit(60, 200),
            messages=rate(3, 12, 40),
            duplicates=rate(1, 2),
            repeats=rate(2, 5, 20),
            restricted=chance.choice(((), (), (), (), (7,), (1,))),
        )
        for number in _NUMBERS
    )
    firms = tuple(
        FirmControls(
            firm=number, long_max=limit(60, 100), short_max=limit(50, 90), exposure_max=limit(9_000, 200_000), messages=rate(9, 18, 70)
        )
        for number in (1, 2, 5)
    )  # fmt: skip
    instruments = tuple(
        InstrumentControls(
            instrument=number, qty_step=chance.choice((1, 1, 2)), static_price=chance.choice((NONE, 100)), static_ticks=limit(6),
            restricted=chance.random() < 0.03, breaker_ticks=limit(5, 8), volume_max=limit(30, 60),
            breaker_window_ns=chance.choice((1, 8, 40)), pause_ns=chance.choice((0, 9, 30)),
        )
        for number in (1, 7)
    )  # fmt: skip
    return Controls(accounts=accounts if seed % 8 else (), firms=firms, instruments=instruments)


def risky(count: int, seed: int) -> list[Command]:
    """`count` numbered commands with stamps."""
    chance = random.Random(seed)
    now_ns, rows, owners = 0, [], {}
    for _ in range(count):
        now_ns += chance.choices((0, 1, 3, 9, 40), (30, 40, 20, 9, 1))[0]
        again = chance.random() < 0.15 and rows
        row = chance.choice(rows[-8:])._replace(order=chance.randint(1, 40)) if again else _command(chance, owners)
        if row.kind == CommandKind.NEW:
            owners[row.order] = {"account": row.account, "instrument": row.instrument}
        rows.append(row._replace(sent_ns=now_ns))
    return numbered(rows)


def _command(chance: random.Random, owners: dict[int, dict[str, int]]) -> Command:
    draw = chance.random()
    order = chance.randint(1, 40)
    home = {
        "account": chance.choice(_ACCOUNTS),
        "instrument": 8 if chance.random() < 0.01 else chance.choice((1, 1, 7)),
    }
    if draw < 0.06:
        return _of_operator(chance)
    if draw < 0.66:
        return _new(chance, order, home)
    if chance.random() < 0.97:
        home = owners.get(order, home)
    if draw < 0.82:
        return replace(order, chance.choice((order, order, order % 40 + 1)), _price(chance), _qty(chance), **home)
    if draw < 0.995:
        return cancel(order, chance.choice((NONE, NONE, 1, 4, 0)), **home)
    return mass_cancel(**{name: chance.choice((0, value)) for name, value in home.items()})


def _new(chance: random.Random, order: int, home: dict[str, int]) -> Command:
    side, qty, draw = chance.choice((BUY, SELL)), _qty(chance), chance.random()
    tif = chance.choices((DAY, IOC, FOK), (80, 12, 8))[0]
    if draw < 0.75:
        return new(order, side, _price(chance), qty, tif, **home)
    if draw < 0.83:
        return new(order, side, chance.choice((NONE, 100)), qty, type=MARKET, **home)
    if draw < 0.96:
        return stop(order, side, _price(chance), qty, chance.choice((NONE, _price(chance))), tif=tif, **home)
    odd: dict[str, Any] = chance.choice(
        (
            {"side": 2},
            {"type": 9},
            {"qty": NONE},
            {"qty": -2},
            {"price": NONE},
            {"qty": 41},
            {"price": 201},
            {"order": 0},
        )
    )
    return new(order, side, 100, qty, **home)._replace(**odd)


def _of_operator(chance: random.Random) -> Command:
    kind = chance.choice(
        (CommandKind.KILL_ACCOUNT, *[CommandKind.ENABLE] * 12, CommandKind.HALT, *[CommandKind.RESUME] * 6, *[CommandKind.LIMIT] * 3, CommandKind.TICK)
    )  # fmt: skip
    scopes: tuple[dict[str, int], ...] = (
        *({"account": account} for account in (1, 2, 3, 4_000_000_000, 5)),
        *({"target": firm} for firm in (1, 2, 5, 9)),
        *({"instrument": instrument} for instrument in (1, 7, 8)),
    )
    scope = {"account": 0, "target": 0, "instrument": 0} | chance.choice(scopes)
    if kind in (CommandKind.HALT, CommandKind.RESUME):
        scope = {"account": 0, "target": 0, "instrument": chance.choice((1, 7, 7, 8))}
    if chance.random() < 0.05:
        scope |= {"instrument": 1, "account": 1}
    code = int(chance.choice(list(LimitCode)))
    high = {LimitCode.EXPOSURE_MAX: (4_000, 15_000), LimitCode.LOSS_MAX: (90, 900)}
    limit = (0, *high.get(LimitCode(code), (5, 30)))
    return cancel(0)._replace(
        kind=int(kind), order=chance.choice((77, 77, 77, 77, 77, 77, 0)), session=chance.choice((0, 0, 0, 0, 0, 0, 3)),
        type=code, qty=chance.choice((*limit, *limit, -1)), **scope,
    )  # fmt: skip


def _price(chance: random.Random) -> int:
    return chance.randint(93, 107) if chance.random() < 0.96 else chance.choice((-20, 0, 80, 120))


def _qty(chance: random.Random) -> int:
    return chance.choice((2, 2, 4, 5, 6, 10, 12))
