"""An order of any value is taken; one of too many lots is not."""

from engines.specimens.order_value_ignored import OrderValueIgnored
from harness.base.capabilities import Instrument, RiskLimits
from tests.fakes.plain_session import says

HELD = Instrument(id=1, symbol="HELD", risk=RiskLimits(order_value_max=100, order_qty_max=9))


def test_the_value_alone_is_ignored():
    engine = OrderValueIgnored([HELD])
    assert says(engine, "B 100x9 #1").startswith("accepted #1")
    assert says(engine, "B 100x10 #2") == "rejected #2 (risk order quantity)"
