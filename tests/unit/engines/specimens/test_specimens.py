"""Each specimen's defect in its smallest form, beside what the healthy engine says."""

from engines.plain.engine import PlainEngine
from engines.specimens.cancel_loses_neighbour import CancelLosesNeighbour
from engines.specimens.fifo_lost_on_cancel import FifoLostOnCancel
from engines.specimens.ioc_rests import IocRests
from engines.specimens.taker_price import TakerPrice
from engines.specimens.unstable_order import UnstableOrder
from tests.fakes.plain_session import INSTRUMENTS, book, says

QUEUE = "B 100x1 #1; B 100x2 #2; B 100x3 #3; B 100x4 #4; B 100x5 #5"


def test_taker_price():
    engine = TakerPrice(INSTRUMENTS)
    says(engine, "S 100x5 #1; S 100x5 #2")
    assert says(engine, "B 105x5 #3 a2") == "accepted #3, 105 x 5; trade #3 with #1 at 105 x 5, 0 left"
    assert says(engine, "B x5 #4 a2 market").endswith("trade #4 with #2 at 100 x 5, 0 left")


def test_fifo_lost_on_cancel():
    engine, healthy = FifoLostOnCancel(INSTRUMENTS), PlainEngine(INSTRUMENTS)
    for one in (engine, healthy):
        says(one, QUEUE)
        assert says(one, "cancel #2") == "canceled 2 of #2 (user), 0 left"
    assert book(healthy) == "B100 #1x1; B100 #3x3; B100 #4x4; B100 #5x5"
    assert book(engine) == "B100 #1x1; B100 #5x5; B100 #3x3; B100 #4x4"
    says(engine, "cancel #1; cancel #4")
    assert book(engine) == "B100 #5x5; B100 #3x3"


def test_ioc_rests():
    engine = IocRests(INSTRUMENTS)
    assert says(engine, "B 100x5 #1 ioc").endswith("rested #1 at 100, 5 left")
    assert says(engine, "S x9 #2 market ioc a2").endswith("canceled 4 of #2 (market remainder), 0 left")
    assert says(engine, "S 100x1 #3 fok a2").endswith("canceled 1 of #3 (fok not fillable), 0 left")


def test_cancel_loses_neighbour():
    engine = CancelLosesNeighbour(INSTRUMENTS)
    says(engine, QUEUE)
    assert says(engine, "cancel #2") == "canceled 2 of #2 (user), 0 left"
    assert book(engine) == "B100 #1x1; B100 #4x4; B100 #5x5"
    assert says(engine, "cancel #3") == "cancel rejected #3 (unknown order)"
    says(engine, "cancel #1 x9 a2; cancel #4 x1; cancel #5")
    assert book(engine) == "B100 #1x1; B100 #4x3"


def test_unstable_order():
    """Sixteen orders have so many permutations that two salts never give the same one."""
    lines = "; ".join(f"B 100x1 #{number}" for number in range(1, 17))
    first, second = UnstableOrder(INSTRUMENTS), UnstableOrder(INSTRUMENTS)
    said = []
    for engine in (first, second):
        says(engine, lines)
        said.append(says(engine, "mass_cancel"))
    assert said[0] != said[1]
    assert sorted(said[0].split("; ")) == sorted(said[1].split("; "))
