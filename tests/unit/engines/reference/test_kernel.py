"""The loop itself: what it does with kinds that it does not know, and how it counts over batches."""

import pytest

from harness.base.reasons import Reason
from harness.base.records import EventKind
from tests.fakes.reference_session import engine, rows


@pytest.mark.parametrize("kind", ["halt", "resume", "kill_account", "phase"])
def test_kinds_that_are_not_offered(kind):
    (event,) = rows(engine(), kind)
    assert (event.kind, event.reason) == (EventKind.REJECTED, Reason.UNSUPPORTED)


def test_events_and_matches_are_numbered_over_all_batches():
    reference = engine()
    told = [event for line in ("S 5x1 #1", "B 5x1 #2", "S 5x2 #3; B 5x1 #4") for event in rows(reference, line)]
    assert [event.engine_seq for event in told] == list(range(1, 9))
    assert [event.match for event in told if event.match] == [1, 2]
