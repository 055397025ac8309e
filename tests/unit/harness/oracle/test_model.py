"""Every rule of the page, on the model: what the last command of each row must lead to, in words."""

from __future__ import annotations

from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from harness.base.capabilities import Capabilities, Conventions
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, Side
from harness.base.words import say_event
from harness.oracle.model import Model
from harness.oracle.refusals import beyond
from tests.fakes.history import (
    ALL,
    BUY,
    FOK,
    GTC,
    INSTRUMENTS,
    IOC,
    MARKET,
    POST_ONLY,
    SELL,
    STOP_LIMIT,
    cancel,
    market,
    mass_cancel,
    new,
    numbered,
    replace,
    stop,
)
from tests.fakes.random_flow import random_flow

LADDER = [new(1, SELL, 100, 5), new(2, SELL, 101, 5), new(3, SELL, 100, 5, account=2)]
"""Two orders at 100, the first of account 1, and one behind them at 101."""

MATCHING = {
    "a limit order rests": (LADDER, new(9, BUY, 99, 4), ["accepted #9, 99 x 4", "rested #9 at 99, 4 left"]),
    "price, then time, at the maker's price": (
        LADDER, new(9, BUY, 101, 12, account=3),
        ["accepted #9, 101 x 12", "trade #9 with #1 at 100 x 5, 7 left", "trade #9 with #3 at 100 x 5, 2 left",
         "trade #9 with #2 at 101 x 2, 0 left"],
    ),
    "a limit order does not trade through its limit": (
        LADDER, new(9, BUY, 100, 12, GTC, account=3),
        ["accepted #9, 100 x 12", "trade #9 with #1 at 100 x 5, 7 left", "trade #9 with #3 at 100 x 5, 2 left",
         "rested #9 at 100, 2 left"],
    ),
    "a maker traded in part keeps its place": (
        [*LADDER, new(8, BUY, 100, 2, account=3)], new(9, BUY, 100, 4, account=3),
        ["accepted #9, 100 x 4", "trade #9 with #1 at 100 x 3, 1 left", "trade #9 with #3 at 100 x 1, 0 left"],
    ),
    "an interior cancel leaves the others in order": (
        [*LADDER, new(4, SELL, 100, 5), cancel(3, account=2)], new(9, BUY, 100, 6, account=3),
        ["accepted #9, 100 x 6", "trade #9 with #1 at 100 x 5, 1 left", "trade #9 with #4 at 100 x 1, 0 left"],
    ),
    "an IOC's remainder goes": (
        LADDER, new(9, BUY, 100, 12, IOC, account=3),
        ["accepted #9, 100 x 12", "trade #9 with #1 at 100 x 5, 7 left", "trade #9 with #3 at 100 x 5, 2 left",
         "canceled 2 of #9 (ioc remainder), 0 left"],
    ),
    "a market order trades while there is any": (
        LADDER, market(9, BUY, 20, account=3),
        ["accepted #9, x 20", "trade #9 with #1 at 100 x 5, 15 left", "trade #9 with #3 at 100 x 5, 10 left",
         "trade #9 with #2 at 101 x 5, 5 left", "canceled 5 of #9 (market remainder), 0 left"],
    ),
    "a market order into an empty book": (
        [], market(9, BUY, 20, tif=IOC), ["accepted #9, x 20", "canceled 20 of #9 (market remainder), 0 left"],
    ),
    "a market order ignores its price": (
        LADDER, new(9, BUY, 1, 5, account=3, type=MARKET), ["accepted #9, x 5", "trade #9 with #1 at 100 x 5, 0 left"],
    ),
    "FOK fills whole": (
        LADDER, new(9, BUY, 100, 10, FOK, account=3),
        ["accepted #9, 100 x 10", "trade #9 with #1 at 100 x 5, 5 left", "trade #9 with #3 at 100 x 5, 0 left"],
    ),
    "FOK or not at all": (
        LADDER, new(9, BUY, 100, 11, FOK, account=3),
        ["accepted #9, 100 x 11", "canceled 11 of #9 (fok not fillable), 0 left"],
    ),
    "a market FOK": (
        LADDER, market(9, BUY, 16, account=3, tif=FOK), ["accepted #9, x 16", "canceled 16 of #9 (fok not fillable), 0 left"],
    ),
    "instruments do not touch": (
        LADDER, new(9, BUY, 100, 5, account=3, instrument=2), ["accepted #9, 100 x 5", "rested #9 at 100, 5 left"],
    ),
    "a partial cancel keeps the place": (
        [*LADDER, cancel(1, 2)], new(9, BUY, 100, 4, account=3),
        ["accepted #9, 100 x 4", "trade #9 with #1 at 100 x 3, 1 left", "trade #9 with #3 at 100 x 1, 0 left"],
    ),
    "a cancel of more than is open takes all": (LADDER, cancel(1, 9), ["canceled 5 of #1 (user), 0 left"]),
    "a cancel without a quantity takes all": (LADDER, cancel(1), ["canceled 5 of #1 (user), 0 left"]),
    "an id is free again after": ([*LADDER, cancel(1)], new(1, BUY, 9, 4), ["accepted #1, 9 x 4", "rested #1 at 9, 4 left"]),
    "a mass cancel by account": (
        LADDER, mass_cancel(account=1),
        ["canceled 5 of #1 (mass cancel), 0 left", "canceled 5 of #2 (mass cancel), 0 left", "done, 2 orders"],
    ),
    "a mass cancel by side": (LADDER, mass_cancel(side=BUY), ["done, 0 orders"]),
    "a mass cancel by instrument": (
        [*LADDER, new(4, SELL, 7, 5, instrument=2)], mass_cancel(instrument=2),
        ["canceled 5 of #4 (mass cancel), 0 left", "done, 1 order"],
    ),
    "a mass cancel is never rejected": ([], mass_cancel(instrument=77), ["done, 0 orders"]),
    "a post-only order that does not trade rests": (
        LADDER, new(9, BUY, 99, 4, flags=POST_ONLY), ["accepted #9, 99 x 4", "rested #9 at 99, 4 left"],
    ),
}  # fmt: skip

REFUSED = {
    "unsupported kind": (Command(*[0] * 19)._replace(kind=CommandKind.HALT), "unsupported"),
    "unsupported type": (new(9, BUY, 9, 4, type=5), "unsupported"),
    "unsupported time in force": (new(9, BUY, 9, 4, 0), "unsupported"),
    "unsupported flag": (new(9, BUY, 9, 4, flags=2), "unsupported"),
    "stop price of a limit order": (new(9, BUY, 9, 4, stop=5), "unsupported"),
    "stop price of a market order": (market(9, BUY, 4, stop=5), "unsupported"),
    "display quantity": (new(9, BUY, 9, 4, display=1), "unsupported"),
    "unknown instrument": (new(9, BUY, 9, 4, instrument=3), "unknown instrument"),
    "order id 0": (new(0, BUY, 9, 4), "invalid order id"),
    "no side": (new(9, Side.NONE, 9, 4), "invalid side"),
    "quantity too small": (new(9, BUY, 9, 0), "invalid quantity"),
    "quantity too large": (new(9, BUY, 9, 1_001), "invalid quantity"),
    "quantity absent": (new(9, BUY, 9, NONE), "invalid quantity"),
    "price too low": (new(9, BUY, 0, 4), "invalid price"),
    "price too high": (new(9, BUY, 10_001, 4), "invalid price"),
    "price absent": (new(9, BUY, NONE, 4), "invalid price"),
    "post-only IOC": (new(9, BUY, 9, 4, IOC, flags=POST_ONLY), "invalid terms"),
    "post-only FOK": (new(9, BUY, 9, 4, FOK, flags=POST_ONLY), "invalid terms"),
    "post-only market": (market(9, BUY, 4, flags=POST_ONLY), "invalid terms"),
    "post-only stop": (stop(9, BUY, 9, 4, flags=POST_ONLY), "invalid terms"),
    "post-only stop limit": (stop(9, BUY, 9, 4, 9, flags=POST_ONLY), "invalid terms"),
    "stop price absent": (stop(9, BUY, NONE, 4), "invalid price"),
    "stop price too low": (stop(9, BUY, 0, 4), "invalid price"),
    "stop price too high": (stop(9, BUY, 10_001, 4, 9), "invalid price"),
    "stop limit without a limit": (stop(9, BUY, 9, 4, type=STOP_LIMIT), "invalid price"),
    "minimum quantity of none": (new(9, BUY, 9, 4, min_qty=0), "invalid quantity"),
    "minimum quantity above the quantity": (new(9, BUY, 9, 4, min_qty=5), "invalid quantity"),
    "minimum quantity of a stop": (stop(9, BUY, 9, 4, min_qty=4), "invalid terms"),
    "minimum quantity of a FOK": (new(9, BUY, 9, 4, FOK, min_qty=4), "invalid terms"),
    "minimum quantity of a post-only order": (new(9, BUY, 9, 4, min_qty=4, flags=POST_ONLY), "invalid terms"),
    "a stop's live id": (stop(1, BUY, 9, 4), "duplicate order id"),
    "live id": (new(1, BUY, 9, 4, account=3, instrument=2), "duplicate order id"),
    "post-only at the best price": (new(9, BUY, 100, 4, flags=POST_ONLY), "post only would trade"),
    "the first reason counts": (new(0, Side.NONE, 0, 0, instrument=3), "unknown instrument"),
    "cancel of nothing": (cancel(9), "unknown order"),
    "cancel on another instrument": (cancel(1, instrument=2), "unknown order"),
    "another's cancel": (cancel(3), "not owner"),
    "cancel of no quantity": (cancel(1, 0), "invalid quantity"),
    "replace of nothing": (replace(9, 9, 99, 4), "unknown order"),
    "another's replace": (replace(3, 3, 99, 4), "not owner"),
    "replace by id 0": (replace(1, 0, 99, 4), "invalid order id"),
    "replace by a live id": (replace(1, 3, 99, 4), "duplicate order id"),
    "replace to no quantity": (replace(1, 1, 99, 0), "invalid quantity"),
    "replace to no price": (replace(1, 1, NONE, 4), "invalid price"),
    "replace of a waiting stop": (replace(5, 5, 99, 4), "unsupported"),
    "another's replace of a waiting stop": (replace(5, 5, 99, 4, account=2), "not owner"),
    "another's cancel of a waiting stop": (cancel(5, account=2), "not owner"),
    "replace of a post-only order": (replace(4, 4, 100, 4), "post only would trade"),
}

OWN = [new(1, SELL, 100, 5, account=2), new(2, SELL, 100, 5), new(3, SELL, 100, 5, account=2)]
"""The incoming order's own order 2 stands between two others."""
MET = ["accepted #9, 100 x 12", "trade #9 with #1 at 100 x 5, 7 left"]
SELF_TRADES = {
    "none": [*MET, "trade #9 with #2 at 100 x 5, 2 left", "trade #9 with #3 at 100 x 2, 0 left"],
    "cancel_newest": [*MET, "canceled 7 of #9 (self trade), 0 left"],
    "cancel_oldest": [
        *MET, "canceled 5 of #2 (self trade), 0 left", "trade #9 with #3 at 100 x 5, 2 left", "rested #9 at 100, 2 left",
    ],
    "cancel_both": [*MET, "canceled 5 of #2 (self trade), 0 left", "canceled 7 of #9 (self trade), 0 left"],
    "decrement": [
        *MET, "canceled 5 of #2 (self trade), 0 left", "canceled 5 of #9 (self trade), 2 left",
        "trade #9 with #3 at 100 x 2, 0 left",
    ],
}  # fmt: skip
FOK_KILLED = ["accepted #9, 100 x 10", "canceled 10 of #9 (fok not fillable), 0 left"]
FOK_OVER_OWN = {
    "none": ["accepted #9, 100 x 10", "trade #9 with #1 at 100 x 5, 5 left", "trade #9 with #2 at 100 x 5, 0 left"],
    "cancel_newest": FOK_KILLED,
    "cancel_oldest": [
        "accepted #9, 100 x 10", "trade #9 with #1 at 100 x 5, 5 left", "canceled 5 of #2 (self trade), 0 left",
        "trade #9 with #3 at 100 x 5, 0 left",
    ],
    "cancel_both": FOK_KILLED,
    "decrement": FOK_KILLED,
}  # fmt: skip

TRADED = [*LADDER, new(8, BUY, 100, 2, account=3)]
"""Order 1 has traded 2 of its 5."""
REPLACES = {
    "down keeps the place": ({}, LADDER, replace(1, 7, 100, 3), ["replaced #1 by #7 at 100, 3 left"], 7),
    "up loses it": ({}, LADDER, replace(1, 1, 100, 6), ["replaced #1 at 100, 6 left", "rested #1 at 100, 6 left"], 3),
    "no change loses it": ({}, LADDER, replace(1, 1, 100, 5), ["replaced #1 at 100, 5 left", "rested #1 at 100, 5 left"], 3),
    "another price loses it": (
        {}, LADDER, replace(1, 1, 101, 3), ["replaced #1 at 101, 3 left", "rested #1 at 101, 3 left"], 3,
    ),
    "never keeps it": (
        {"replace_keeps_place": "never"}, LADDER, replace(1, 1, 100, 3),
        ["replaced #1 at 100, 3 left", "rested #1 at 100, 3 left"], 3,
    ),
    "it trades at its new price": (
        {}, [*LADDER, new(4, BUY, 90, 2, account=4)], replace(1, 7, 90, 5),
        ["replaced #1 by #7 at 90, 5 left", "trade #7 with #4 at 90 x 2, 3 left", "rested #7 at 90, 3 left"], 7,
    ),
    "a total counts what was traded": (
        {"replace_quantity": "total"}, TRADED, replace(1, 1, 100, 4), ["replaced #1 at 100, 2 left"], 1,
    ),
    "a total of what was traded is refused": (
        {"replace_quantity": "total"}, TRADED, replace(1, 1, 100, 2), ["replace rejected #1 (invalid quantity)"], 1,
    ),
    "a later replace does not forget what was traded": (
        {"replace_quantity": "total"}, [*TRADED, replace(1, 7, 99, 5)], replace(7, 7, 99, 4),
        ["replaced #7 at 99, 2 left"], 7,
    ),
}  # fmt: skip


def answer(before: list[Command], command: Command, **conventions: str) -> tuple[list[str], Model]:
    """What the last command leads to, in words, and the model behind it."""
    model = Model(INSTRUMENTS, Conventions(**conventions), ALL)
    *_, last = [model.apply(row) for row in numbered([*before, command])]
    return [say_event(event) for event in last], model


@pytest.mark.parametrize(("before", "command", "events"), MATCHING.values(), ids=MATCHING)
def test_matching(before, command, events):
    assert answer(before, command)[0] == events


@pytest.mark.parametrize(("command", "reason"), REFUSED.values(), ids=REFUSED)
def test_refusals_change_nothing(command, reason):
    before = [*LADDER, new(4, BUY, 90, 4, flags=POST_ONLY), stop(5, BUY, 200, 4)]
    events, model = answer(before, command, self_trade="cancel_both")
    assert len(events) == 1
    assert events[0].endswith(f"({reason})")
    assert model.book().tolist() == answer(before[:-1], before[-1], self_trade="cancel_both")[1].book().tolist()


def test_what_is_not_offered_is_refused():
    model = Model(INSTRUMENTS, Conventions(), Capabilities(commands=("new",)))
    news = [
        new(1, BUY, 9, 4, GTC),
        market(1, BUY, 4),
        stop(1, BUY, 9, 4),
        stop(1, BUY, 9, 4, 9),
        new(1, BUY, 9, 4, min_qty=1),
    ]
    rows = numbered([*news, mass_cancel(), cancel(1), replace(1, 1, 9, 4)])
    told = [say_event(model.apply(row)[0]) for row in rows]
    assert told == ["rejected #1 (unsupported)"] * 5 + ["rejected (unsupported)"] * 3


def test_it_says_what_it_has_no_rules_for():
    assert beyond(ALL) == ()
    offered = Capabilities(commands=("new", "phase"), types=("limit", "stop", "peg"), terms=("min_qty", "display"))
    assert beyond(offered) == ("phase", "peg", "display")


@pytest.mark.parametrize("mode", SELF_TRADES)
def test_self_trade_prevention(mode):
    assert answer(OWN, new(9, BUY, 100, 12), self_trade=mode)[0] == SELF_TRADES[mode]


@pytest.mark.parametrize("mode", FOK_OVER_OWN)
def test_fok_counts_what_it_may_trade_with(mode):
    assert answer(OWN, new(9, BUY, 100, 10, FOK), self_trade=mode)[0] == FOK_OVER_OWN[mode]


def test_account_0_trades_with_itself():
    before = [row._replace(account=0) for row in OWN]
    assert answer(before, new(9, BUY, 100, 12, account=0), self_trade="cancel_both")[0] == [
        *MET,
        "trade #9 with #2 at 100 x 5, 2 left",
        "trade #9 with #3 at 100 x 2, 0 left",
    ]


@pytest.mark.parametrize(("conventions", "before", "command", "events", "front"), REPLACES.values(), ids=REPLACES)
def test_replaces(conventions, before, command, events, front):
    told, model = answer(before, command, **conventions)
    assert told == events
    price = next(row["price"] for row in model.book() if row["order"] == front)
    queue = [int(row["order"]) for row in model.book() if row["price"] == price]
    assert queue[0] == front


def test_numbers_count_from_1_without_gaps():
    model = Model(INSTRUMENTS, Conventions())
    events = [event for row in random_flow(500) for event in model.apply(row)]
    assert [event.engine_seq for event in events] == list(range(1, len(events) + 1))
    assert [event.match for event in events if event.match] == list(range(1, sum(e.match > 0 for e in events) + 1))


MODES = st.builds(
    Conventions,
    self_trade=st.sampled_from(["none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"]),
    replace_keeps_place=st.sampled_from(["quantity_down", "never"]),
    replace_quantity=st.sampled_from(["open", "total"]),
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), MODES, st.sampled_from([2, 6, 30]))
def test_the_book_is_never_crossed_and_nothing_is_lost(seed, conventions, prices):
    flow = random_flow(150, seed, prices)
    model = Model(INSTRUMENTS, conventions)
    opened: Counter[int] = Counter()
    for command in flow:
        _settle(opened, model.apply(command))
        for instrument in (1, 2):
            bid, offer = model.best(instrument, BUY), model.best(instrument, SELL)
            assert bid is None or offer is None or bid < offer
    book = {int(row["order"]): int(row["remaining"]) for row in model.book()}
    assert book == {order: left for order, left in opened.items() if left}


def _settle(opened: Counter[int], events: list[Event]) -> None:
    """Keep what is open of each order by the events alone, and see that each event tells the same."""
    for event in events:
        order = event.new_order or event.order
        if event.kind == EventKind.ACCEPTED:
            assert opened[order] == 0
            opened[order] = event.qty
        elif event.kind == EventKind.TRADE:
            assert 0 < event.qty <= min(opened[order], opened[event.maker])
            opened[order] -= event.qty
            opened[event.maker] -= event.qty
        elif event.kind == EventKind.CANCELED:
            assert 0 < event.qty <= opened[order]
            opened[order] -= event.qty
        elif event.kind == EventKind.REPLACED:
            del opened[event.order]
            opened[order] = event.remaining
        if event.kind != EventKind.DONE and event.remaining != NONE:
            assert event.remaining == opened[order]
