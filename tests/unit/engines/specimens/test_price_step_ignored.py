"""A price between two steps is taken, one out of bounds is not."""

from engines.specimens.price_step_ignored import PriceStepIgnored
from harness.base.capabilities import Instrument
from tests.fakes.plain_session import says


def test_a_price_between_two_steps_is_taken():
    engine = PriceStepIgnored([Instrument(id=1, symbol="HALVES", price_step=2, price_max=200)])
    assert says(engine, "B 101x1 #1").startswith("accepted #1")
    assert says(engine, "B 0x1 #2; B 201x1 #3") == "rejected #2 (invalid price); rejected #3 (invalid price)"
