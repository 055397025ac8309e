"""The id of a waiting stop is taken again, that of a resting order is not."""

from engines.specimens.id_of_a_stop_unseen import IdOfAStopUnseen
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_a_waiting_id_is_free():
    engine = IdOfAStopUnseen(INSTRUMENTS)
    says(engine, "B x5 #1 @105")
    assert says(engine, "B 99x4 #1").endswith("rested #1 at 99, 4 left")
    assert says(engine, "B 98x1 #1") == "rejected #1 (duplicate order id)"
    assert book(engine) == "B99 #1x4; B@105 #1x5"
