"""A buy stop above the last trade goes off, one below it does not."""

from engines.specimens.stop_triggers_on_the_wrong_side import StopTriggersOnTheWrongSide
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_stop_goes_off_at_once():
    engine = StopTriggersOnTheWrongSide(INSTRUMENTS)
    says(engine, "B 90x1 #9 @105; cancel #9; S 100x1 #5 a2; B 100x1 #6 a3")
    assert says(engine, "B 90x1 #1 @99") == "accepted #1, 90 x 1"
    assert says(engine, "B 90x1 #2 @101").endswith("triggered #2 at 101, 1 left; rested #2 at 90, 1 left")
    assert says(engine, "S 110x1 #3 @99").endswith("triggered #3 at 99, 1 left; rested #3 at 110, 1 left")
