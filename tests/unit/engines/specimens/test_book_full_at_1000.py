"""The 1,001st order is refused, and taken once one is canceled."""

from engines.specimens.book_full_at_1000 import BookFullAt1000
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_thousand_orders_and_no_more():
    engine = BookFullAt1000(INSTRUMENTS)
    says(engine, "; ".join(f"B 100x1 #{number}" for number in range(1, 1_001)))
    assert says(engine, "B 100x1 #1001") == "rejected #1001 (exhausted)"
    assert says(engine, "cancel #1; B 100x1 #1001").endswith("rested #1001 at 100, 1 left")
