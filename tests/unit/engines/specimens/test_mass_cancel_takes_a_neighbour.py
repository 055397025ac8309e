"""Account 2 goes with account 1; a mass cancel of all takes each order once."""

from engines.specimens.mass_cancel_takes_a_neighbour import MassCancelTakesANeighbour
from tests.fakes.plain_session import INSTRUMENTS, says


def test_the_next_account_goes_too():
    engine = MassCancelTakesANeighbour(INSTRUMENTS)
    says(engine, "B 100x1 #1; B 100x1 #2 a2; B 100x1 #3 a3")
    assert says(engine, "mass_cancel a1").endswith("canceled 1 of #2 (mass cancel), 0 left; done, 2 orders")
    assert says(engine, "mass_cancel") == "canceled 1 of #3 (mass cancel), 0 left; done, 1 order"
