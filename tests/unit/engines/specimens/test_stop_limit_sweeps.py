"""A stop limit that triggers trades at any price."""

from engines.specimens.stop_limit_sweeps import StopLimitSweeps
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_stop_limit_trades_beyond_its_limit():
    engine = StopLimitSweeps(INSTRUMENTS)
    says(engine, "S 101x1 #8 a8; S 103x1 #7 a8; B 101x2 #1 @101")
    said = says(engine, "B 101x1 #9 a9")
    assert said.endswith(
        "triggered #1 at 101, 2 left; trade #1 with #7 at 103 x 1, 1 left; canceled 1 of #1 (market remainder), 0 left"
    )
