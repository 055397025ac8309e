"""An order with a minimum trades what there is, and rests."""

from engines.specimens.minimum_ignored import MinimumIgnored
from tests.fakes.plain_session import INSTRUMENTS, says


def test_less_than_the_minimum_trades():
    engine = MinimumIgnored(INSTRUMENTS)
    assert says(engine, "S 100x2 #1 a2; B 100x5 #2 min3").endswith("x 2, 3 left; rested #2 at 100, 3 left")
