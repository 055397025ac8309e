"""The newest order stays, and the count is that of those that went."""

from engines.specimens.mass_cancel_misses_one import MassCancelMissesOne
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_the_last_order_stays():
    engine = MassCancelMissesOne(INSTRUMENTS)
    says(engine, "B 100x1 #1; B 100x1 #2")
    assert says(engine, "mass_cancel") == "canceled 1 of #1 (mass cancel), 0 left; done, 1 order"
    assert says(engine, "mass_cancel") == "done, 0 orders"
    assert book(engine) == "B100 #2x1"
