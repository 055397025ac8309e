"""Two orders live under one id, and a cancel finds the second."""

from engines.specimens.duplicate_id_accepted import DuplicateIdAccepted
from tests.fakes.plain_session import INSTRUMENTS, says


def test_an_id_is_taken_twice():
    engine = DuplicateIdAccepted(INSTRUMENTS)
    says(engine, "B 100x5 #1")
    assert says(engine, "B 99x4 #1").endswith("rested #1 at 99, 4 left")
    assert says(engine, "cancel #1") == "canceled 4 of #1 (user), 0 left"
    assert says(engine, "S 100x5 #2 a2").endswith("trade #2 with #1 at 100 x 5, 0 left")
