"""The id of a refused order is refused, that of a canceled one is not."""

from engines.specimens.rejected_id_burned import RejectedIdBurned
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_refused_id_does_not_come_back():
    engine = RejectedIdBurned(INSTRUMENTS)
    assert says(engine, "B 0x1 #1; B 100x1 #1") == "rejected #1 (invalid price); rejected #1 (duplicate order id)"
    assert says(engine, "B 100x1 #2; cancel #2; B 100x1 #2").endswith("rested #2 at 100, 1 left")
