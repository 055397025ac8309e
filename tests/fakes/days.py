"""Recorded days for tests: made by hand from lines, and the real ones where their data folder is there."""

import os
from pathlib import Path

import pytest

from harness.base.records import Side
from harness.wire.recording import Action, Told, recorded

DATA = Path(os.environ.get("GONOGO_DATA", Path(__file__).parents[3] / "shared" / "data"))
ESH4 = DATA / "esh4_20231225_mbo.csv.gz"
BITFINEX = DATA / "bitfinex_btcusd_l3.json.gz"
needs_esh4 = pytest.mark.skipif(not ESH4.is_file(), reason=f"no real day at {ESH4}; set GONOGO_DATA to its folder")
needs_bitfinex = pytest.mark.skipif(
    not BITFINEX.is_file(), reason=f"no dump at {BITFINEX}; set GONOGO_DATA to its folder"
)

MBO_HEADER = "ts_event,ts_recv,sequence,action,side,price_1e9,size,order_id,flags,channel_id"
NO_PRICE = 2**63 - 1
LAST = 128
"""The flag of the last record of its event."""
_ACTIONS = dict(zip("ACMTFRE", (Action.ADD, Action.CANCEL, Action.MODIFY, Action.TRADE, Action.FILL, Action.CLEAR, Action.EXECUTE), strict=True))  # fmt: skip
_SIDES = {"B": Side.BUY, "A": Side.SELL, "N": Side.NONE}


def day(text):
    """A recording from lines such as `A B 100 5 #1`; a line that ends in `+` does not end its event."""
    return recorded(Path("day"), "day", [_told(at, *words) for at, words in enumerate(_words(text), 1)])


def mbo_text(text):
    """The same lines as market-by-order CSV."""
    return "\n".join([MBO_HEADER, *(_mbo_line(at, *words) for at, words in enumerate(_words(text), 1)), ""])


def _words(text):
    return [line.split() for line in text.strip().splitlines()]


def _told(at, action, side, price, size, order, *more):
    price_1e9 = None if price == "none" else int(price) * 10**9
    return Told(
        f"line {at}", at, _ACTIONS[action], _SIDES[side], price_1e9, int(size) * 10**9, int(order[1:]), last=not more
    )


def _mbo_line(at, action, side, price, size, order, *more):
    price_1e9 = NO_PRICE if price == "none" else int(price) * 10**9
    return f"{at},{at},{at},{action},{side},{price_1e9},{size},{order[1:]},{0 if more else LAST},0"
