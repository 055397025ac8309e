"""A limit order beyond the band gets no answer; before the first trade there is no band."""

from engines.specimens.band_drops_orders import BandDropsOrders
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_far_order_vanishes():
    engine = BandDropsOrders(INSTRUMENTS)
    assert says(engine, "B 80x1 #9").endswith("rested #9 at 80, 1 left")
    says(engine, "S 100x2 #1 a2; B 100x2 #2")
    assert says(engine, "B 91x1 #3; S 109x1 #4") == ""
    assert says(engine, "B 92x1 #5").endswith("rested #5 at 92, 1 left")
    assert says(engine, "B x1 #6 market").startswith("accepted #6")
