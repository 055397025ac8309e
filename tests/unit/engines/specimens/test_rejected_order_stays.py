"""A post-only order is refused and trades; one refused for its price does not stay."""

from engines.specimens.rejected_order_stays import RejectedOrderStays
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_a_refused_order_trades():
    engine = RejectedOrderStays(INSTRUMENTS)
    says(engine, "S 100x2 #1 a2; B 0x1 #2")
    assert says(engine, "B 101x1 #3 post") == "rejected #3 (post only would trade)"
    assert book(engine) == "B101 #3x1; S100 #1x2"
    assert says(engine, "S 101x1 #4 a2").endswith("trade #4 with #3 at 101 x 1, 0 left")
