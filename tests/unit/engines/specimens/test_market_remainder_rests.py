"""What is left of a market order is free for the next one; what is left of an IOC still goes."""

from engines.specimens.market_remainder_rests import MarketRemainderRests
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_sale_stands_at_price_0():
    engine = MarketRemainderRests(INSTRUMENTS)
    assert says(engine, "S x3 #1 a2 market").endswith("rested #1 at 0, 3 left")
    assert says(engine, "B 50x4 #2 ioc").endswith(
        "trade #2 with #1 at 0 x 3, 1 left; canceled 1 of #2 (ioc remainder), 0 left"
    )
