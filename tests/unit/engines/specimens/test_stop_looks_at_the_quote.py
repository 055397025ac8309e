"""An offer at the stop price is enough to set it off."""

from engines.specimens.stop_looks_at_the_quote import StopLooksAtTheQuote
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_quote_sets_off_a_stop():
    engine = StopLooksAtTheQuote(INSTRUMENTS)
    says(engine, "B 90x1 #1 @101")
    assert says(engine, "S 101x1 #2 a2").endswith("triggered #1 at 101, 1 left; rested #1 at 90, 1 left")
