"""The last order of a queue takes the place of one that leaves the middle."""

from engines.plain.engine import PlainEngine
from engines.specimens.fifo_lost_on_cancel import FifoLostOnCancel
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_the_last_order_overtakes():
    engine, healthy = FifoLostOnCancel(INSTRUMENTS), PlainEngine(INSTRUMENTS)
    for one in (engine, healthy):
        says(one, "B 100x1 #1; B 100x2 #2; B 100x3 #3; B 100x4 #4; B 100x5 #5")
        assert says(one, "cancel #2") == "canceled 2 of #2 (user), 0 left"
    assert book(healthy) == "B100 #1x1; B100 #3x3; B100 #4x4; B100 #5x5"
    assert book(engine) == "B100 #1x1; B100 #5x5; B100 #3x3; B100 #4x4"
    says(engine, "cancel #1; cancel #4")
    assert book(engine) == "B100 #5x5; B100 #3x3"
