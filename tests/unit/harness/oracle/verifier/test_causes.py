"""Every reason for which a command must be refused, and that nothing else is one."""

from __future__ import annotations

import pytest

from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind, OrderType
from tests.fakes.every_term import FREE, LIMITED
from tests.fakes.history import BUY, FOK, IOC, POST_ONLY, SELL, cancel, new, numbered, replace, stop
from tests.fakes.verified import answers, follow

REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
LIVE = [
    new(1, SELL, 105, 5, account=2), new(2, BUY, 95, 5), stop(3, BUY, 150, 5), new(4, BUY, 94, 3, flags=POST_ONLY),
    new(5, SELL, 105, 5, instrument=2),
]  # fmt: skip
"""What stands when the command in question comes."""

REFUSED = {
    "UNSUPPORTED": [
        new(9, BUY, 95, 1, type=7), new(9, BUY, 95, 1, tif=5), new(9, BUY, 95, 1, flags=2), new(9, BUY, 95, 1, stop=5),
        new(9, BUY, 95, 1, display=1), replace(3, 3, 95, 1),
    ],
    "UNKNOWN_INSTRUMENT": [new(9, BUY, 95, 1, instrument=9), new(9, BUY, 95, 1, instrument=0)],
    "INVALID_ORDER_ID": [new(0, BUY, 95, 1), replace(2, 0, 95, 1)],
    "INVALID_SIDE": [new(9, 2, 95, 1), new(9, 255, 95, 1)],
    "INVALID_QUANTITY": [
        new(9, BUY, 95, 0), new(9, BUY, 95, 31), new(9, BUY, 95, NONE), cancel(2, 0), cancel(2, -1), replace(2, 2, 95, 31),
        new(9, BUY, 95, 5, min_qty=0), new(9, BUY, 95, 5, min_qty=6),
    ],
    "INVALID_PRICE": [
        new(9, BUY, 0, 1), new(9, BUY, 201, 1), new(9, BUY, NONE, 1), replace(2, 2, 201, 1), replace(2, 2, NONE, 1),
        stop(9, BUY, 0, 1), stop(9, BUY, 201, 1), stop(9, BUY, 100, 1, 201), new(9, BUY, 95, 1, type=int(OrderType.STOP)),
    ],
    "INVALID_TERMS": [
        new(9, BUY, 95, 1, IOC, flags=POST_ONLY), new(9, BUY, 95, 1, FOK, flags=POST_ONLY),
        new(9, BUY, NONE, 1, flags=POST_ONLY, type=int(OrderType.MARKET)), new(9, BUY, 95, 5, FOK, min_qty=2),
        new(9, BUY, 95, 5, flags=POST_ONLY, min_qty=2), stop(9, BUY, 120, 5, min_qty=2), stop(9, BUY, 120, 5, flags=POST_ONLY),
    ],
    "DUPLICATE_ORDER_ID": [new(1, BUY, 95, 1), new(5, BUY, 95, 1), new(3, BUY, 95, 1), replace(2, 1, 95, 1)],
    "UNKNOWN_ORDER": [cancel(9), cancel(5), replace(9, 9, 95, 1), cancel(2, instrument=9)],
    "NOT_OWNER": [cancel(1), cancel(2, account=2), cancel(3, account=2), replace(1, 1, 105, 1)],
    "POST_ONLY_WOULD_TRADE": [new(9, BUY, 105, 1, flags=POST_ONLY), new(9, SELL, 95, 1, flags=POST_ONLY), replace(4, 4, 105, 1)],
}  # fmt: skip

TAKEN = [
    new(9, BUY, 200, 30), new(9, BUY, 1, 1), new(9, SELL, 96, 1, flags=POST_ONLY), new(9, BUY, 104, 1, flags=POST_ONLY),
    new(9, BUY, 95, 1, FOK), new(9, BUY, NONE, 1, type=int(OrderType.MARKET)), stop(9, BUY, 200, 1), stop(9, SELL, 1, 1, 200),
    new(9, BUY, 95, 5, min_qty=5), cancel(2, 99), cancel(3, 1), cancel(4), replace(2, 2, 95, 5), replace(4, 4, 104, 30),
    new(2**64 - 1, BUY, 95, 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "command"), [(name, command) for name, each in REFUSED.items() for command in each], ids=str
)
def test_what_must_be_refused(reason, command):
    asked = numbered([*LIVE, command])
    events = answers(asked)
    verifier, _ = follow(asked, events)
    assert (events[-1].kind in REFUSALS, verifier.breaches) == (True, []), "a refusal is legal"
    taken = {EventKind.REJECTED: EventKind.ACCEPTED, EventKind.CANCEL_REJECTED: EventKind.CANCELED}
    wrong = events[-1]._replace(kind=taken.get(events[-1].kind, EventKind.REPLACED), reason=0)
    (breach,) = follow(asked, [*events[:-1], wrong])[0].breaches
    assert (breach.code.name, breach.wanted.reason) == ("TAKEN_DESPITE_CAUSE", Reason[reason])


@pytest.mark.parametrize("command", TAKEN, ids=str)
def test_what_must_be_taken(command):
    asked = numbered([*LIVE, command])
    events = answers(asked)
    assert follow(asked, events)[0].breaches == []
    kind = {1: EventKind.REJECTED, 2: EventKind.CANCEL_REJECTED, 3: EventKind.REPLACE_REJECTED}[command.kind]
    first = next(place for place, event in enumerate(events) if event.command == len(asked))
    (breach,) = follow(asked, [*events[:first], events[first]._replace(kind=kind, reason=104)])[0].breaches
    assert breach.code.name == "REFUSED_WITHOUT_CAUSE"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (new(9, BUY, 97, 1), "INVALID_PRICE"),
        (new(9, BUY, 96, 1, account=3), "UNKNOWN_ACCOUNT"),
        (new(9, BUY, 96, 1, account=2**32 - 1), "UNKNOWN_ACCOUNT"),
        (new(9, BUY, 96, 13), "RISK_ORDER_QUANTITY"),
    ],
)
def test_the_limits_of_an_instrument(command, reason):
    asked = numbered([command])
    events = answers(asked, instruments=LIMITED)
    assert Reason(events[0].reason).name == reason
    assert follow(asked, events, instruments=LIMITED)[0].breaches == []
    wrong = [events[0]._replace(kind=EventKind.ACCEPTED)]
    assert follow(asked, wrong, instruments=LIMITED)[0].breaches[0].wanted.reason == Reason[reason]
    assert answers(asked)[0].kind == EventKind.ACCEPTED, "an instrument without limits takes it"
    assert follow(asked, answers(asked), instruments=FREE)[0].breaches == []


def test_a_total_that_is_traded_already_is_no_quantity():
    asked = numbered([new(1, SELL, 100, 5), new(2, BUY, 100, 3, account=2), replace(1, 1, 100, 3)])
    total = Conventions(replace_quantity="total")
    assert follow(asked, answers(asked, total), total)[0].breaches == []
    assert follow(asked, answers(asked), total)[0].breaches[0].code.name == "TAKEN_DESPITE_CAUSE"
