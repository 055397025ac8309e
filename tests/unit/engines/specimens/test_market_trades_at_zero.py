"""A market order trades at price 0, a limit order at the right one."""

from engines.specimens.market_trades_at_zero import MarketTradesAtZero
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_market_order_has_no_price_to_tell():
    engine = MarketTradesAtZero(INSTRUMENTS)
    says(engine, "S 100x2 #1 a2; S 100x2 #2 a2")
    assert says(engine, "B x2 #3 market").endswith("trade #3 with #1 at 0 x 2, 0 left")
    assert says(engine, "B 101x2 #4").endswith("trade #4 with #2 at 100 x 2, 0 left")
