"""The specimen numbers matches by the incoming order."""

from engines.specimens.match_number_twice import SPECIMEN
from harness.base.capabilities import Conventions
from tests.fakes.plain_session import INSTRUMENTS, rows


def test_the_trades_of_a_sweep_share_a_number_and_the_next_one_goes_on():
    engine = SPECIMEN.build(INSTRUMENTS, Conventions())
    events = rows(engine, "S 100x5 #1; S 100x5 #2; S 100x5 #3; B 100x10 #4 a2; B 100x5 #5 a2")
    assert [event.match for event in events if event.match] == [1, 1, 2]
