"""The checks before the book, one reason a line; what must be right for any number of instruments is tried with more than two."""

import pytest

from engines.reference.engine import ReferenceEngine
from engines.reference.layout import Capacities
from harness.base.capabilities import Conventions, Instrument
from tests.fakes.reference_session import engine, refusal, says

MANY = tuple(Instrument(id=number, symbol=f"I{number}") for number in range(1, 6))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("replace #1 #0 5x1", "invalid order id"),
        ("replace #1 #2 5x1", "duplicate order id"),
        ("replace #9 #3 5x1", "unknown order"),
        ("replace #1 #3 5x0", "invalid quantity"),
        ("replace #1 #3 5x101", "invalid quantity"),
        ("replace #1 #3 1099511627777x1", "invalid price"),
        ("replace #1 #3 -1099511627777x1", "invalid price"),
        ("replace #1 #3 1099511627776x100", ""),
        ("replace #1 #1 5x1", ""),
    ],
)
def test_a_replace_is_refused_by_its_first_mistake(line, reason):
    assert refusal(engine(), f"B 4x9 #1; B 3x9 #2; {line}") == reason


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("side", ["B", "S"])
def test_an_order_of_any_instrument_and_side_can_be_replaced_and_canceled(number, side):
    reference = ReferenceEngine(MANY, Conventions(), Capacities(100, 100))
    told = says(reference, f"{side} 50x5 #1 i{number}; replace #1 #2 50x3 i{number}; cancel #2 i{number}")
    assert told.endswith("replaced #1 by #2 at 50, 3 left; canceled 3 of #2 (user), 0 left")
    assert reference.counters()["live_orders"] == 0
