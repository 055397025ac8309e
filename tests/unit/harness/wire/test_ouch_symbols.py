"""Symbols and prices: exact, or refused before anything is sent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.capabilities import Instrument
from harness.base.errors import SetupError
from harness.wire.ouch import text_of
from harness.wire.ouch_symbols import place_of, symbols_of, units_of


def instrument(number=1, symbol="TEST", **more):
    return Instrument(id=number, symbol=symbol, **more)


@pytest.mark.parametrize(("tick_1e9", "units"), [(1_000_000_000, 10_000), (10_000_000, 100), (100_000, 1), (250_000_000, 2_500)])  # fmt: skip
def test_a_tick_is_a_whole_number_of_the_last_decimal(tick_1e9, units):
    assert units_of(instrument(tick_1e9=tick_1e9)) == units


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tick_1e9": 50_000}, "a tick of TEST is 50000"),
        ({"tick_1e9": 100_001}, "OUCH has four decimals"),
        ({"tick_1e9": 0}, "a tick of TEST is 0"),
        ({"lot_1e9": 100}, "OUCH counts single shares"),
        ({"symbol": "NINECHARS"}, "the symbol 'NINECHARS' is no 1 to 8 characters"),
        ({"symbol": ""}, "the symbol ''"),
        ({"symbol": "A B"}, "the symbol 'A B'"),
        ({"symbol": "ÄÖ"}, "the symbol 'ÄÖ'"),
    ],
)
def test_what_ouch_cannot_tell_exactly_is_refused(wrong, message):
    with pytest.raises(SetupError, match=message):
        symbols_of([instrument(**wrong)])


def test_two_instruments_with_one_symbol_are_refused():
    with pytest.raises(SetupError, match="instruments 1 and 2 are both TEST"):
        symbols_of([instrument(2), instrument(1)])


@settings(deadline=None)  # the first example compiles the kernel
@given(st.dictionaries(st.integers(1, 2**32 - 1), st.text("ABCDEF", min_size=1, max_size=8), max_size=20))
def test_each_is_found_by_id_and_by_symbol(named):
    named = {number: symbol for symbol, number in {symbol: number for number, symbol in named.items()}.items()}
    symbols = symbols_of([instrument(number, symbol, tick_1e9=100_000 * number) for number, symbol in named.items()])
    for number, symbol in named.items():
        place = place_of(symbols.ids, np.uint64(number))
        assert text_of(int(symbols.symbols[place]), 8) == symbol
        assert symbols.units[place] == number
        assert symbols.places[place_of(symbols.sorted_symbols, symbols.symbols[place])] == place
    for key in (0, 2**32, 2**64 - 1):
        assert place_of(symbols.ids, np.uint64(key)) == -1
