"""`accepted` tells 0 remaining, the other events what is left."""

from engines.specimens.accepted_with_nothing_left import AcceptedWithNothingLeft
from harness.base.records import EventKind
from tests.fakes.plain_session import INSTRUMENTS, rows


def test_an_accepted_order_looks_done():
    engine = AcceptedWithNothingLeft(INSTRUMENTS)
    assert [(event.kind, event.remaining) for event in rows(engine, "B 100x5 #1")] == [
        (EventKind.ACCEPTED, 0), (EventKind.RESTED, 5),
    ]  # fmt: skip
