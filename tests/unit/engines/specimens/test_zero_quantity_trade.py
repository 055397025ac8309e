"""A filled order trades nothing with the next one, where that one was in reach."""

from engines.specimens.zero_quantity_trade import ZeroQuantityTrade
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_filled_order_trades_once_more():
    engine = ZeroQuantityTrade(INSTRUMENTS)
    says(engine, "S 100x2 #1 a2; S 101x3 #2 a2")
    assert says(engine, "B 101x2 #3").endswith("100 x 2, 0 left; trade #3 with #2 at 101 x 0, 0 left")
    says(engine, "S 100x2 #4 a2")
    assert says(engine, "B 100x2 #5").endswith("trade #5 with #4 at 100 x 2, 0 left")
