"""Which code names a difference between the event that came and the one that had to."""

from __future__ import annotations

import pytest

from harness.base.reasons import Reason
from harness.base.records import Event, EventKind
from harness.oracle.verifier.codes import TITLES, Code, code_of
from tests.fakes.history import ALL

CARRIED = frozenset((*ALL.carries, "order"))
TRADE = Event(kind=EventKind.TRADE, order=1, maker=2, price=3, qty=4, remaining=5, account=6, side=0, instrument=7)


@pytest.mark.parametrize(
    ("wanted", "came", "first", "code"),
    [
        (EventKind.ACCEPTED, EventKind.REJECTED, True, Code.REFUSED_WITHOUT_CAUSE),
        (EventKind.CANCELED, EventKind.CANCEL_REJECTED, True, Code.REFUSED_WITHOUT_CAUSE),
        (EventKind.REPLACE_REJECTED, EventKind.REPLACED, True, Code.TAKEN_DESPITE_CAUSE),
        (EventKind.REJECTED, EventKind.TRADE, True, Code.TAKEN_DESPITE_CAUSE),
        (EventKind.REJECTED, EventKind.CANCEL_REJECTED, True, Code.WRONG_KIND),
        (EventKind.TRADE, EventKind.RESTED, False, Code.STOPPED_EARLY),
        (EventKind.TRADE, EventKind.TRIGGERED, False, Code.TRIGGERED_WRONGLY),
        (EventKind.TRIGGERED, EventKind.TRADE, False, Code.NOT_TRIGGERED),
        (EventKind.RESTED, EventKind.TRADE, False, Code.TRADED_TOO_FAR),
        (EventKind.RESTED, EventKind.CANCELED, False, Code.WRONG_KIND),
    ],
)
def test_another_kind(wanted, came, first, code):
    assert code_of(Event(kind=wanted), Event(kind=came), first=first, carried=CARRIED) is code


def test_a_trade_with_oneself():
    wanted = Event(kind=EventKind.CANCELED, reason=Reason.SELF_TRADE)
    assert code_of(wanted, TRADE, first=False, carried=CARRIED) is Code.SELF_TRADE


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("order", 9, Code.WRONG_ORDER), ("maker", 9, Code.WRONG_MAKER), ("price", 9, Code.WRONG_PRICE), ("qty", 3, Code.WRONG_QTY),
        ("qty", 5, Code.OVERFILL), ("remaining", 9, Code.WRONG_REMAINING), ("account", 9, Code.WRONG_FIELD), ("side", 1, Code.WRONG_FIELD),
    ],
)  # fmt: skip
def test_another_field(field, value, code):
    assert code_of(TRADE, TRADE._replace(**{field: value}), first=False, carried=CARRIED) is code


def test_a_field_that_is_open_or_not_carried_is_not_named():
    came = TRADE._replace(maker=9, remaining=9)
    assert code_of(TRADE._replace(maker=0), came, first=False, carried=CARRIED) is Code.WRONG_REMAINING
    assert code_of(TRADE, came, first=False, carried=CARRIED - {"maker"}) is Code.WRONG_REMAINING


def test_every_code_of_a_breach_has_its_title():
    assert {code for code in Code if code not in TITLES} == {Code.LEGAL, Code.NOT_JUDGED, Code.NAMELESS}
