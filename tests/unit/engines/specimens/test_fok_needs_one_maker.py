"""A FOK that two orders would fill together is killed; one that a single order fills is not."""

from engines.specimens.fok_needs_one_maker import FokNeedsOneMaker
from tests.fakes.plain_session import INSTRUMENTS, says


def test_two_makers_do_not_count_together():
    engine = FokNeedsOneMaker(INSTRUMENTS)
    says(engine, "S 100x2 #1 a2; S 100x3 #2 a2")
    assert says(engine, "B 100x5 #3 fok").endswith("canceled 5 of #3 (fok not fillable), 0 left")
    assert says(engine, "B 100x3 #4 fok").endswith("trade #4 with #2 at 100 x 1, 0 left")
