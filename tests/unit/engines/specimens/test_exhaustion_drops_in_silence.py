"""The 301st live order gets no answer; one after a cancel does."""

from engines.specimens.exhaustion_drops_in_silence import ExhaustionDropsInSilence
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_new_order_vanishes():
    engine = ExhaustionDropsInSilence(INSTRUMENTS)
    says(engine, "; ".join(f"B 100x1 #{number}" for number in range(1, 301)))
    assert says(engine, "B 100x1 #301") == ""
    assert says(engine, "cancel #1; B 100x1 #301").endswith("rested #301 at 100, 1 left")
