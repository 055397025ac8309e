"""Of two stops the one that waited further away comes first; a later moment still comes later."""

from engines.specimens.stops_last_first import StopsLastFirst
from tests.fakes.plain_session import INSTRUMENTS, says


def test_stops_of_one_moment_are_turned_round():
    engine = StopsLastFirst(INSTRUMENTS)
    says(engine, "B 90x1 #1 @99; B 90x1 #2 @100; B 90x1 #3 @102")
    said = says(engine, "S 101x1 #8 a8; B 101x1 #9 a9")
    assert said.endswith(
        "triggered #2 at 100, 1 left; rested #2 at 90, 1 left; triggered #1 at 99, 1 left; rested #1 at 90, 1 left"
    )
