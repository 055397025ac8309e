"""After 200 canceled orders none is taken; fills and cancels of a part leak nothing."""

from engines.specimens.slots_leak_on_cancel import SlotsLeakOnCancel
from tests.fakes.plain_session import INSTRUMENTS, says


def test_cancels_use_up_the_slots():
    engine = SlotsLeakOnCancel(INSTRUMENTS)
    says(engine, "; ".join("B 100x2 #1; cancel #1 x1; S 100x1 #2 a2; B 100x1 #3; cancel #3" for _ in range(199)))
    assert says(engine, "B 100x1 #1; cancel #1").endswith("canceled 1 of #1 (user), 0 left")
    assert says(engine, "B 100x1 #1") == "rejected #1 (exhausted)"
