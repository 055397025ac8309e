"""What is wrong with an answer is told by what it is, whatever the book does; a right one has nothing wrong."""

import pytest

from harness.base.capabilities import Capabilities
from harness.base.reasons import Reason
from harness.base.records import Event, EventKind, Side
from harness.conformance.manners import mistakes
from harness.conformance.talk import Heard
from tests.fakes.lines import commands

OFFERED = Capabilities(carries=("price", "qty", "remaining", "side", "reason", "maker"))
ACCEPTED = Event(command=1, kind=EventKind.ACCEPTED, order=1, price=100, qty=5, remaining=5, side=Side.BUY)
RESTED = ACCEPTED._replace(kind=EventKind.RESTED)
TRADE = Event(command=1, kind=EventKind.TRADE, order=1, maker=7, price=100, qty=5, remaining=0, side=Side.BUY)
CANCELED = ACCEPTED._replace(kind=EventKind.CANCELED, remaining=0, reason=Reason.USER)
REJECTED = Event(command=1, kind=EventKind.REJECTED, order=2, reason=Reason.UNSUPPORTED)
NEW, CANCEL, REPLACE = "B 100x5 #1", "cancel #1", "replace #1 #2 101x5"


def told(line, events):
    (command,) = commands(line)
    return [mistake.what for mistake in mistakes([Heard(command, events)], OFFERED)]


@pytest.mark.parametrize(
    ("line", "events"),
    [
        (NEW, [ACCEPTED, RESTED]),
        (NEW, [ACCEPTED, CANCELED._replace(reason=Reason.IOC_REMAINDER)]),
        (NEW, [REJECTED._replace(order=1)]),
        (REPLACE, [REJECTED]),
    ],
)
def test_nothing_is_wrong_with_a_right_answer(line, events):
    assert told(line, events) == []


@pytest.mark.parametrize(
    ("line", "events", "what"),
    [
        (NEW, [], "a new order is not acknowledged"),
        (NEW, [RESTED], "a new order is not acknowledged"),
        (CANCEL, [], "a command is not answered"),
        (NEW, [CANCELED._replace(kind=EventKind.REPLACED, new_order=1, order=0)], "an answer is of another kind"),
        (NEW, [ACCEPTED, ACCEPTED], "a command is answered twice"),
        (NEW, [ACCEPTED._replace(command=4)], "an event names no command that was sent"),
        (NEW, [ACCEPTED._replace(order=3)], "an answer names another order"),
        (REPLACE, [REJECTED._replace(order=3)], "an answer names another order"),
        (NEW, [ACCEPTED, TRADE], "an event names an order that was never sent"),
        (NEW, [ACCEPTED, TRADE._replace(maker=1)], "a trade names its taker as its maker"),
        (NEW, [ACCEPTED._replace(qty=4)], "an order is accepted with another qty"),
        (NEW, [ACCEPTED._replace(side=Side.SELL)], "an order is accepted with another side"),
        (
            NEW,
            [ACCEPTED, RESTED._replace(price=Event().price)],
            "`rested` is without `price`, which the capabilities say is carried",
        ),
        (NEW, [ACCEPTED, RESTED._replace(kind=99)], "an event is of no kind that there is"),
    ],
)
def test_what_is_wrong_is_told(line, events, what):
    assert what in told(line, events)
