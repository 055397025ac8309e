"""A cancel of two lots takes five."""

from engines.specimens.partial_cancel_takes_all import PartialCancelTakesAll
from tests.fakes.plain_session import INSTRUMENTS, says


def test_the_quantity_of_a_cancel_is_not_read():
    engine = PartialCancelTakesAll(INSTRUMENTS)
    says(engine, "B 100x5 #1; B x5 #2 @105")
    assert says(engine, "cancel #1 x2") == "canceled 5 of #1 (user), 0 left"
    assert says(engine, "cancel #2 x2") == "canceled 5 of #2 (user), 0 left"
