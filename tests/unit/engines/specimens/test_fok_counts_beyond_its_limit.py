"""A FOK is let in for quantity that it cannot reach, and what it lacks rests."""

from engines.specimens.fok_counts_beyond_its_limit import FokCountsBeyondItsLimit
from tests.fakes.plain_session import INSTRUMENTS, says


def test_the_whole_side_counts():
    engine = FokCountsBeyondItsLimit(INSTRUMENTS)
    says(engine, "S 100x2 #1 a2; S 101x3 #2 a2")
    assert says(engine, "B 100x6 #3 fok").endswith("canceled 6 of #3 (fok not fillable), 0 left")
    assert says(engine, "B 100x5 #4 fok").endswith("trade #4 with #1 at 100 x 2, 3 left; rested #4 at 100, 3 left")
