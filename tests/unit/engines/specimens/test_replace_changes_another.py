"""The first of the queue gets the quantity of the order that is replaced; a refused replace changes none."""

from engines.specimens.replace_changes_another import ReplaceChangesAnother
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_the_front_of_the_queue_changes_too():
    engine = ReplaceChangesAnother(INSTRUMENTS)
    says(engine, "B 100x5 #1; B 100x4 #2; replace #2 #2 100x101")
    assert book(engine) == "B100 #1x5; B100 #2x4"
    assert says(engine, "replace #2 #2 100x3") == "replaced #2 at 100, 3 left"
    assert book(engine) == "B100 #1x3; B100 #2x3"
