"""Of two orders after a cancel the first gets the second's quantity; a third one is apart."""

from engines.specimens.slot_released_twice import SlotReleasedTwice
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_two_orders_share_a_slot():
    engine = SlotReleasedTwice(INSTRUMENTS)
    says(engine, "B 100x5 #1; B 100x4 #2; cancel #2 x1; cancel #1; B 99x2 #3; B 98x7 #4; B 97x3 #5")
    assert book(engine) == "B97 #5x3; B98 #4x7; B99 #3x7; B100 #2x3"
