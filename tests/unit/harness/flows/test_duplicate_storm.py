"""The duplicate storm: what is sent again is refused each time, and some of it would trade if it were not."""

from collections import Counter

from harness.base.reasons import Reason
from harness.base.records import CommandKind, Side
from harness.flows.duplicate_storm import FLOW
from tests.fakes.staged import played

CONTENT = ("order", "price", "qty", "side", "account", "type", "tif", "instrument")


def content(command):
    return tuple(getattr(command, name) for name in CONTENT)


def refused_orders(done):
    return [answer for answer in done.answers if answer.command.kind == CommandKind.NEW and answer.is_refused()]


def test_most_of_a_storm_is_duplicates_and_nothing_else_is_refused():
    done = played(FLOW())
    storm = done.of("storm")
    assert sum(answer.is_refused() for answer in storm) > 0.8 * len(storm)
    assert not any(answer.is_refused() for answer in done.of("trade"))
    assert set(done.refusals()) == {Reason.DUPLICATE_ORDER_ID, Reason.UNKNOWN_ORDER}


def test_live_orders_come_again_field_by_field_and_over_and_over():
    done = played(FLOW(), 2)
    seen: dict[int, tuple[int, ...]] = {}
    same = Counter[int]()
    for answer in done.answers:
        command = answer.command
        if command.kind == CommandKind.NEW and answer.is_refused():
            same[command.order] += content(command) == seen[command.order]
        elif command.kind == CommandKind.NEW:
            seen[command.order] = content(command)
        elif command.kind == CommandKind.REPLACE:
            order, _, _, *rest = seen[command.order]
            seen[command.order] = (order, command.price, command.qty, *rest)
    assert sum(same.values()) > 0.75 * len(refused_orders(done))
    assert max(same.values()) > 10


def test_an_id_that_is_live_comes_on_orders_that_would_trade():
    would = 0
    for answer in refused_orders(played(FLOW())):
        command = answer.command
        reached = command.price >= answer.ask if command.side == Side.BUY else command.price <= answer.bid
        would += reached
    assert would > 500


def test_an_order_that_was_canceled_is_canceled_again():
    done = played(FLOW())
    twice = [answer for answer in done.answers if answer.command.kind == CommandKind.CANCEL and answer.is_refused()]
    assert len(twice) > 100
