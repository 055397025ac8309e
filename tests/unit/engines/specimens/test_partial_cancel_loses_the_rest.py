"""A cancel tells what is left, and nothing is; a stop keeps its rest."""

from engines.specimens.partial_cancel_loses_the_rest import PartialCancelLosesTheRest
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_what_is_left_is_gone():
    engine = PartialCancelLosesTheRest(INSTRUMENTS)
    says(engine, "B 100x5 #1; B 100x5 #2; B x5 #3 @105")
    assert says(engine, "cancel #1 x2") == "canceled 2 of #1 (user), 3 left"
    says(engine, "cancel #3 x2")
    assert book(engine) == "B100 #2x5; B@105 #3x3"
