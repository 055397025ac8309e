"""A limit order pays its own price, a market order the right one."""

from engines.specimens.taker_price import TakerPrice
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_trade_is_at_the_takers_price():
    engine = TakerPrice(INSTRUMENTS)
    says(engine, "S 100x5 #1; S 100x5 #2")
    assert says(engine, "B 105x5 #3 a2") == "accepted #3, 105 x 5; trade #3 with #1 at 105 x 5, 0 left"
    assert says(engine, "B x5 #4 a2 market").endswith("trade #4 with #2 at 100 x 5, 0 left")
