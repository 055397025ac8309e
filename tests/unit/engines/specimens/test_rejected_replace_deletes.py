"""A refused replace takes its order out of the book, a good one does not."""

from engines.specimens.rejected_replace_deletes import RejectedReplaceDeletes
from tests.fakes.plain_session import INSTRUMENTS, book, says


def test_a_refused_replace_costs_the_order():
    engine = RejectedReplaceDeletes(INSTRUMENTS)
    says(engine, "B 100x2 #1; B 100x2 #2; B x2 #3 @105")
    assert says(engine, "replace #1 #1 0x2; replace #3 #3 100x1; replace #9 #9 100x1") == (
        "replace rejected #1 (invalid price); replace rejected #3 (unsupported); replace rejected #9 (unknown order)"
    )
    says(engine, "replace #2 #4 99x1")
    assert book(engine) == "B99 #4x1; B@105 #3x2"
