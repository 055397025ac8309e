"""What is refused counts by its reason, and what went wrong is told apart from the rules of the venue at work."""

from engines.service.gateway.figures import ROOM, Figures
from engines.service.gateway.ids import REFUSED
from engines.service.gateway.link import Cause
from harness.base.reasons import Reason
from harness.base.records import Event, EventKind, events_of


def test_refusals_count_by_reason_and_cancels_do_not():
    figures = Figures()
    unsaid = int(REFUSED) | (1 << 32) | 7
    figures.told(
        events_of([
            Event(kind=EventKind.ACCEPTED),
            Event(kind=EventKind.REJECTED, reason=Reason.HALTED),
            Event(kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED, order=unsaid, qty=Reason.INVALID_PRICE),
            Event(kind=EventKind.CANCEL_REJECTED, reason=Reason.UNKNOWN_ORDER),
            Event(kind=EventKind.REPLACE_REJECTED, reason=Reason.HALTED),
            Event(kind=EventKind.CANCELED, reason=Reason.USER),
        ])
    )  # fmt: skip
    assert {name: count for name, count in figures.rejects().items() if count} == {
        "halted": 2, "invalid_price": 1, "unknown_order": 1,
    }  # fmt: skip


def test_errors_are_what_no_rule_asks_for():
    figures = Figures()
    figures.told(
        events_of([Event(kind=EventKind.REJECTED, reason=reason) for reason in (Reason.EXHAUSTED, Reason.HALTED)])
    )
    figures.ended[Cause.WIRE] += 3
    figures.ended[Cause.LEFT] += 4
    figures.ended[Cause.SLOW] += 1
    figures.turned_away += 2
    assert figures.errors() == {"wire": 3, "slow_reader": 1, "turned_away": 2, "system": 1}


def test_every_reason_has_its_place():
    assert max(Reason) < ROOM
