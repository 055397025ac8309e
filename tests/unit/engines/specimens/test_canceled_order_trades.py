"""A canceled order is gone for its owner and not for the book; a cancel of a part is right."""

from engines.specimens.canceled_order_trades import CanceledOrderTrades
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_canceled_order_trades():
    engine = CanceledOrderTrades(INSTRUMENTS)
    says(engine, "B 100x5 #1")
    assert says(engine, "cancel #1 x2; cancel #1; cancel #1") == (
        "canceled 2 of #1 (user), 3 left; canceled 3 of #1 (user), 0 left; cancel rejected #1 (unknown order)"
    )
    assert says(engine, "S 100x5 #2 a2").endswith("trade #2 with #1 at 100 x 3, 2 left; rested #2 at 100, 2 left")
