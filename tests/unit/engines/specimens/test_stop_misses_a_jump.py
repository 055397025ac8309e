"""A trade at the stop price sets it off, one beyond it does not."""

from engines.specimens.stop_misses_a_jump import StopMissesAJump
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_price_that_jumps_over_a_stop_leaves_it_waiting():
    engine = StopMissesAJump(INSTRUMENTS)
    says(engine, "B 90x1 #1 @101")
    assert "triggered" not in says(engine, "S 102x1 #8 a8; B 102x1 #9 a9")
    assert says(engine, "S 101x1 #8 a8; B 101x1 #9 a9").endswith("triggered #1 at 101, 1 left; rested #1 at 90, 1 left")
