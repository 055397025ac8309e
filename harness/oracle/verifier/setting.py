"""The tables as they stand before the first event: what the engine declares, and empty books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum, IntFlag
from typing import get_args

import numpy as np

from harness.base.capabilities import Capabilities, Conventions, Instrument, SelfTradeMode, enforced
from harness.base.records import NONE, CommandKind, Flag, Int64Array, OrderType, TimeInForce
from harness.oracle.verifier import layout
from harness.oracle.verifier.layout import ANYBODY, HIGHEST, LOW, Books, Now, Records, Rules, Want

ORDERS = 2**10
"""The fewest rows of orders."""
ROOM = 8
"""The least room of a heap."""

_ALWAYS = (Want.KIND, Want.ORDER, Want.INSTRUMENT)
"""What every wire carries."""


def books_of(instruments: Iterable[Instrument], conventions: Conventions, capabilities: Capabilities) -> Books:
    """Empty books, in which there is no room for anything yet."""
    listed = tuple(enforced(instrument, capabilities.controls) for instrument in instruments)
    accounts, rows = _instruments(listed)
    sides = 2 * len(listed)
    now = np.zeros(len(Now), np.int64)
    now[[Now.NUMBER, Now.ROW]] = -1
    return Books(
        orders=np.zeros(1, layout.ORDER), ids=np.zeros(2, np.int64), levels=np.zeros(1, layout.LEVEL),
        prices=np.zeros(2, np.int64), sides=np.zeros(sides, layout.SIDE), heaps=np.zeros(2 * sides, layout.HEAP),
        arena=np.zeros(0, layout.ENTRY), scratch=np.zeros(0, layout.ENTRY), groups=np.zeros(2, layout.GROUP),
        queue=np.zeros(0, layout.ENTRY), instruments=rows, listing=np.zeros(2 ** (2 * len(rows) + 1).bit_length(), np.int64), accounts=accounts,
        taker=np.zeros(1, layout.TAKER), rules=_rules(conventions, capabilities), want=np.zeros(len(Want), np.int64),
        now=now,
    )  # fmt: skip


def _rules(conventions: Conventions, capabilities: Capabilities) -> Int64Array:
    rules = np.zeros(len(Rules), np.int64)
    rules[Rules.KINDS] = _bits(CommandKind, capabilities.commands)
    rules[Rules.TYPES] = _bits(OrderType, capabilities.types)
    rules[Rules.TIFS] = _bits(TimeInForce, capabilities.tifs)
    rules[Rules.FLAGS] = sum(Flag[name.upper()] for name in capabilities.flags if name.upper() in Flag.__members__)
    rules[Rules.MIN_QTY] = "min_qty" in capabilities.terms
    rules[Rules.CARRIED] = _bits(Want, capabilities.carries) | sum(1 << field for field in _ALWAYS)
    rules[Rules.SELF_TRADE] = get_args(SelfTradeMode).index(conventions.self_trade)
    rules[Rules.KEEPS_PLACE] = conventions.replace_keeps_place == "quantity_down"
    rules[Rules.TOTAL] = conventions.replace_quantity == "total"
    rules[Rules.QUOTE] = conventions.stop_trigger == "quote"
    rules[Rules.BY_TIME] = conventions.stop_order == "time"
    rules[Rules.EACH_FILL] = conventions.stop_evaluation == "fill"
    rules[Rules.CANCELED_QTY] = "canceled_qty" not in capabilities.untold
    return rules


def _bits(enum: type[IntEnum | IntFlag], names: Iterable[str]) -> int:
    """The codes of the names as a set of bits; a name that no rule knows has none."""
    return sum(1 << int(enum[name.upper()]) for name in {*names} if name.upper() in enum.__members__)


def _instruments(listed: Sequence[Instrument]) -> tuple[Int64Array, Records]:
    """The accounts of all instruments one behind the other, and a row an instrument."""
    accounts: list[int] = []
    rows = np.zeros(len(listed), layout.INSTRUMENT)
    for row, instrument in zip(rows, listed, strict=True):
        risk = instrument.risk
        row["id"] = instrument.id
        for field in ("price_min", "price_max", "price_step", "qty_min", "qty_max"):
            row[field] = _bounded(getattr(instrument, field))
        row["order_qty_max"], row["collar"] = _bounded(risk.order_qty_max), min(risk.collar_ticks, 2**64 - 1)
        row["reference"], row["last"] = risk.reference_price, NONE
        value = min(risk.order_value_max, 2**127)
        row["valued"], row["value_high"], row["value_low"] = value > 0, value >> 64, value & (2**64 - 1)
        row["accounts_from"] = len(accounts) if risk.accounts else ANYBODY
        accounts += sorted({account for account in risk.accounts if 0 <= account <= LOW})
        row["accounts_to"] = len(accounts)
    return np.array(accounts, np.int64), rows


def _bounded(bound: int) -> int:
    """A bound that lies beyond every value of a field holds nothing back, and neither does the outermost value."""
    return max(min(bound, HIGHEST), -HIGHEST)
