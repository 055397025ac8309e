"""What is left of an IOC is told as canceled, and stands in the book."""

from engines.specimens.canceled_ioc_trades import CanceledIocTrades
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_a_canceled_remainder_trades():
    engine = CanceledIocTrades(INSTRUMENTS)
    assert says(engine, "B 100x5 #1 ioc").endswith("canceled 5 of #1 (ioc remainder), 0 left")
    assert says(engine, "S 100x5 #2 a2").endswith("trade #2 with #1 at 100 x 5, 0 left")
    says(engine, "B x1 #3 market ioc; B 99x1 #4 fok")
    assert book(engine) == ""
