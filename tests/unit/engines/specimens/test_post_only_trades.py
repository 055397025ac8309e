"""A post-only order takes what it meets."""

from engines.specimens.post_only_trades import PostOnlyTrades
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_post_only_order_trades():
    engine = PostOnlyTrades(INSTRUMENTS)
    says(engine, "S 100x2 #1 a2")
    assert says(engine, "B 100x1 #2 post").endswith("trade #2 with #1 at 100 x 1, 0 left")
