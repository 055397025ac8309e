"""One line a command and an event, and no more than was said."""

from __future__ import annotations

import pytest

from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, OrderType
from harness.base.words import book_side_name, say_command, say_event, say_events, side_name
from tests.fakes.history import BUY, IOC, POST_ONLY, SELL, cancel, market, mass_cancel, new, replace, stop

COMMANDS = [
    (new(7, BUY, 100, 5, IOC), "new buy 100 x 5 ioc #7 (account 1, instrument 1)"),
    (new(7, SELL, 100, 5, flags=POST_ONLY), "new sell 100 x 5 post-only #7 (account 1, instrument 1)"),
    (market(7, SELL, 5, account=2), "new sell market x 5 #7 (account 2, instrument 1)"),
    (new(7, 9, 100, 5, 77, type=OrderType.STOP), "new Side 9 stop x 5 TimeInForce 77 #7 (account 1, instrument 1)"),
    (stop(7, BUY, 105, 5), "new buy stop 105 x 5 #7 (account 1, instrument 1)"),
    (stop(7, SELL, 95, 5, 94, tif=IOC), "new sell stop 95 limit 94 x 5 ioc #7 (account 1, instrument 1)"),
    (new(7, BUY, 100, 5, min_qty=3), "new buy 100 x 5 min 3 #7 (account 1, instrument 1)"),
    (new(7, BUY, 100, 5, stop=95), "new buy 100 stop 95 x 5 #7 (account 1, instrument 1)"),
    (market(7, BUY, NONE, stop=95), "new buy market stop 95 #7 (account 1, instrument 1)"),
    (cancel(7), "cancel #7 (account 1, instrument 1)"),
    (cancel(7, 3), "cancel 3 of #7 (account 1, instrument 1)"),
    (replace(7, 8, 101, 4), "replace #7 by #8: 101 x 4 (account 1, instrument 1)"),
    (replace(7, 7, 101, 4), "replace #7: 101 x 4 (account 1, instrument 1)"),
    (mass_cancel(), "mass cancel of all orders"),
    (mass_cancel(account=3, side=SELL), "mass cancel of all sell orders (account 3)"),
    (Command(*[0] * 19)._replace(kind=CommandKind.KILL_ACCOUNT, account=3), "kill account (account 3)"),
]
EVENTS = [
    (Event(kind=EventKind.ACCEPTED, order=9, price=100, qty=5), "accepted #9, 100 x 5"),
    (Event(kind=EventKind.ACCEPTED, order=9, qty=5), "accepted #9, x 5"),
    (Event(kind=EventKind.ACCEPTED, order=9), "accepted #9"),
    (Event(kind=EventKind.REJECTED, order=9, reason=Reason.INVALID_PRICE), "rejected #9 (invalid price)"),
    (Event(kind=EventKind.RESTED, order=9, price=100, remaining=3), "rested #9 at 100, 3 left"),
    (Event(kind=EventKind.RESTED, order=9), "rested #9"),
    (Event(kind=EventKind.TRIGGERED, order=9, price=105, qty=5, remaining=5), "triggered #9 at 105, 5 left"),
    (
        Event(kind=EventKind.TRADE, order=9, maker=4, price=100, qty=5, remaining=3),
        "trade #9 with #4 at 100 x 5, 3 left",
    ),
    (Event(kind=EventKind.TRADE, order=9, price=100, qty=5), "trade #9 at 100 x 5"),
    (Event(kind=EventKind.TRADE, order=9, qty=5), "trade #9 x 5"),
    (
        Event(kind=EventKind.CANCELED, order=9, qty=5, remaining=0, reason=Reason.SELF_TRADE),
        "canceled 5 of #9 (self trade), 0 left",
    ),
    (Event(kind=EventKind.CANCELED, order=9), "canceled #9"),
    (Event(kind=EventKind.CANCEL_REJECTED, order=9, reason=999), "cancel rejected #9 (reason 999 (not in the table))"),
    (Event(kind=EventKind.REPLACED, order=9, new_order=8, price=7, remaining=2), "replaced #9 by #8 at 7, 2 left"),
    (Event(kind=EventKind.REPLACED, order=9, new_order=9, price=7), "replaced #9 at 7"),
    (Event(kind=EventKind.DONE, qty=3), "done, 3 orders"),
    (Event(kind=EventKind.DONE), "done"),
    (Event(kind=77, order=9), "EventKind 77 #9"),
]


@pytest.mark.parametrize(("command", "words"), COMMANDS, ids=[words for _, words in COMMANDS])
def test_commands(command, words):
    assert say_command(command) == words


@pytest.mark.parametrize(("event", "words"), EVENTS, ids=[words for _, words in EVENTS])
def test_events(event, words):
    assert say_event(event) == words


def test_several_events_stand_one_under_the_other():
    assert say_events([Event(kind=EventKind.DONE), Event(kind=EventKind.DONE, qty=1)]) == "done\ndone, 1 order"
    assert say_events([]) == "nothing"


def test_sides():
    assert [side_name(side) for side in (0, 1, 255)] == ["buy", "sell", "none"]
    assert [book_side_name(side) for side in (0, 1, 2, 3)] == ["buy", "sell", "buy stop", "sell stop"]
