"""Refused and gone orders fill the array too, and the one after the last kills."""

import pytest

from engines.specimens.dies_after_a_million_orders import DiesAfterAMillionOrders
from harness.base.records import commands_of
from tests.fakes.lines import commands
from tests.fakes.plain_session import INSTRUMENTS


def test_the_array_ends():
    class OfThree(DiesAfterAMillionOrders):
        places = 3

    engine = OfThree(INSTRUMENTS)
    engine.submit(commands_of(commands("B 100x1 #1; cancel #1; B 100x1 #1; B 0x1 #2")))
    with pytest.raises(IndexError, match="order 4 of an array of 3"):
        engine.submit(commands_of(commands("B 100x1 #4")))
    assert DiesAfterAMillionOrders.places == 1_000_000
