"""A cancel for nothing is told as done; another account's is refused."""

from engines.specimens.stale_cancel_acknowledged import StaleCancelAcknowledged
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_cancel_is_always_done():
    engine = StaleCancelAcknowledged(INSTRUMENTS)
    assert says(engine, "cancel #7") == "canceled 0 of #7 (user)"
    assert says(engine, "B 100x5 #1; cancel #1 a2").endswith("cancel rejected #1 (not owner)")
