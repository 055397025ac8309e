"""Instruments as OUCH names them, and their prices: exact or refused before anything is sent.

A price on the wire has four decimals. A tick must be a whole number of those, since nothing is ever rounded, and a lot is one share.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Instrument
from harness.base.errors import SetupError
from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.wire.ouch import word

PRICE_UNIT_1E9 = 100_000
"""One unit of the last decimal of a price on the wire, times 1e9."""
SHARE_1E9 = 1_000_000_000
PRICE_MAX = 1_999_999_900
"""The highest limit price, $199,999.99; what lies above it stands for a market order in a cross."""
SYMBOL_CHARACTERS, FIRM_CHARACTERS = 8, 4
BLANK_SYMBOL, BLANK_FIRM = word("", SYMBOL_CHARACTERS), word("", FIRM_CHARACTERS)


class Symbols(NamedTuple):
    """Instruments as kernels look them up: by id and by symbol, each sorted."""

    ids: npt.NDArray[np.uint64]
    symbols: npt.NDArray[np.uint64]
    """The symbol of each id."""
    units: Int64Array
    """How many units of the wire's price one tick of each id is."""
    sorted_symbols: npt.NDArray[np.uint64]
    places: Int64Array
    """Where in `ids` each of the sorted symbols stands."""


def symbols_of(instruments: Sequence[Instrument]) -> Symbols:
    """The instruments as OUCH names them.

    Raises:
        SetupError: a symbol that OUCH cannot write or that two have, a tick or a lot that it cannot tell exactly.
    """
    listed = sorted(instruments, key=lambda each: each.id)
    words = np.array([_symbol(each) for each in listed], np.uint64)
    order = np.argsort(words)
    for first, second in pairwise(order):
        if words[first] == words[second]:
            raise SetupError(f"instruments {listed[first].id} and {listed[second].id} are both {listed[first].symbol}")
    return Symbols(
        np.array([each.id for each in listed], np.uint64), words, np.array([units_of(each) for each in listed], np.int64),
        words[order], order.astype(np.int64),
    )  # fmt: skip


def units_of(instrument: Instrument) -> int:
    """How many units of the wire's last decimal one tick is.

    Raises:
        SetupError: it is no whole number of them.
    """
    units, rest = divmod(instrument.tick_1e9, PRICE_UNIT_1E9)
    if rest or units < 1:
        raise SetupError(
            f"a tick of {instrument.symbol} is {instrument.tick_1e9} (times 1e9); OUCH has four decimals, multiples of {PRICE_UNIT_1E9}"
        )
    return units


def _symbol(instrument: Instrument) -> int:
    symbol = instrument.symbol
    if not (0 < len(symbol) <= SYMBOL_CHARACTERS and symbol.isascii() and symbol.isprintable()) or " " in symbol:
        raise SetupError(f"the symbol {symbol!r} is no 1 to {SYMBOL_CHARACTERS} characters of ASCII, as OUCH has them")
    if instrument.lot_1e9 != SHARE_1E9:
        raise SetupError(
            f"a lot of {symbol} is {instrument.lot_1e9} (times 1e9); OUCH counts single shares: {SHARE_1E9}"
        )
    return word(symbol, SYMBOL_CHARACTERS)


def _place_of(keys: npt.NDArray[np.uint64], key: Any) -> Any:
    """Where a key stands among sorted ones; -1: nowhere."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < len(keys) and keys[low] == key else -1


place_of = compiled(_place_of, inner=True)
