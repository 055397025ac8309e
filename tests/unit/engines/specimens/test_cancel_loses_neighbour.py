"""A cancel takes the next order along; a refused or a partial one does not."""

from engines.specimens.cancel_loses_neighbour import CancelLosesNeighbour
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_the_order_behind_is_lost():
    engine = CancelLosesNeighbour(INSTRUMENTS)
    says(engine, "B 100x1 #1; B 100x2 #2; B 100x3 #3; B 100x4 #4; B 100x5 #5")
    assert says(engine, "cancel #2") == "canceled 2 of #2 (user), 0 left"
    assert book(engine) == "B100 #1x1; B100 #4x4; B100 #5x5"
    assert says(engine, "cancel #3") == "cancel rejected #3 (unknown order)"
    says(engine, "cancel #1 x9 a2; cancel #4 x1; cancel #5")
    assert book(engine) == "B100 #1x1; B100 #4x3"
