"""What the pools add to the rules: pools that are exhausted refuse and leave no trace, and nothing is written past an end."""

from harness.base.reasons import Reason
from harness.base.records import EventKind
from tests.fakes.reference_session import book, engine, rows, says


def refused(reference, line):
    """The reason of the one event that answers, while book and counters stay as they were."""
    before = book(reference), {**reference.counters(), "events": 0, "id_lookups": 0, "id_further_probes": 0}
    (event,) = rows(reference, line)
    after = book(reference), {**reference.counters(), "events": 0, "id_lookups": 0, "id_further_probes": 0}
    assert event.kind in (EventKind.REJECTED, EventKind.REPLACE_REJECTED)
    assert before == after
    return Reason(event.reason)


def test_no_slot_is_left():
    reference = engine(orders=2)
    says(reference, "B 5x1 #1; B 5x1 #2")
    assert refused(reference, "B 5x1 #3") is Reason.EXHAUSTED
    assert refused(reference, "S 5x1 #3") is Reason.EXHAUSTED, "it might have had to rest"
    assert "trade" in says(reference, "S 5x1 #3 ioc")
    assert "rested" in says(reference, "B 5x1 #4")


def test_no_page_is_left():
    reference = engine(pages=2)
    says(reference, "B 5x1 #1; S 6x1 #2")
    assert refused(reference, "B -100x1 #3") is Reason.EXHAUSTED
    assert refused(reference, "B 3x1 #3 i2") is Reason.EXHAUSTED
    assert refused(reference, "replace #1 #1 -100x1") is Reason.EXHAUSTED
    assert "rested" in says(reference, "B 4x1 #3")
    assert "trade" in says(reference, "S -100x1 #4 ioc")
    assert "rested" in says(reference, "cancel #2; S 300x1 #5")


def test_a_full_engine_gives_the_same_reasons_as_another():
    reference = engine(orders=1)
    says(reference, "B 5x1 #1")
    assert refused(reference, "B 5x1 #1") is Reason.DUPLICATE_ORDER_ID
    assert refused(reference, "B 5x0 #2") is Reason.INVALID_QUANTITY
    assert refused(reference, "S 5x1 #2 post") is Reason.POST_ONLY_WOULD_TRADE


def test_a_replace_needs_no_further_slot():
    reference = engine(orders=1)
    says(reference, "B 5x3 #1")
    assert says(reference, "replace #1 #2 6x3") == "replaced #1 by #2 at 6, 3 left; rested #2 at 6, 3 left"
    assert says(reference, "replace #2 #3 6x1") == "replaced #2 by #3 at 6, 1 left"
    assert book(reference) == "B6 #3x1"
