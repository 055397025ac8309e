"""Stops and minimum quantity, rule by rule as `docs/matching-rules.md` numbers them, and what must hold whatever is sent."""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.asked import asked_of
from engines.reference.layout import WAITING
from harness.base.bits import digest
from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import EVENT, NONE, Command, EventKind, OrderType, Side, commands_of, event_rows
from tests.fakes.lines import command
from tests.fakes.reference_session import engine, rows, says

LAST, QUOTE = "last_trade", "quote"


def triggered(reference, text):
    """The orders that trigger, in order."""
    return [event.order for event in rows(reference, text) if event.kind == EventKind.TRIGGERED]


def trade_at(price, number):
    """Two lines that make one trade and leave nothing."""
    return f"S {price}x1 #{number} a8; B {price}x1 #{number + 1} a9"


def test_a_stop_waits_and_becomes_a_market_order():
    reference = engine()
    rows(reference, "S 105x3 #1; S 106x9 #2")
    assert says(reference, "B x5 #3 @105") == "accepted #3, x 5"
    assert reference.snapshot().tolist()[-1] == (1, 3 - 1, 105, 0, 3, 5)
    assert says(reference, "B 105x1 #4") == (
        "accepted #4, 105 x 1; trade #4 with #1 at 105 x 1, 0 left; triggered #3 at 105, 5 left; "
        "trade #3 with #1 at 105 x 2, 3 left; trade #3 with #2 at 106 x 3, 0 left"
    )
    assert reference.counters()["live_orders"] == 1


def test_what_triggered_tells_its_stop_price_and_the_number_of_its_cause():
    reference = engine()
    rows(reference, "S 105x1 #1; B 104x5 #2 @105 a7")
    cause = commands_of([command("B 105x1 #3")._replace(number=77, session=4)])
    events = [event for event in event_rows(reference.submit(cause)) if event.order == 2]
    assert [(event.command, event.session, event.account) for event in events] == [(77, 4, 7)] * 2
    assert [(EventKind(event.kind).name, event.price, event.qty, event.remaining) for event in events] == [
        ("TRIGGERED", 105, 5, 5),
        ("RESTED", 104, NONE, 5),
    ]


@pytest.mark.parametrize(
    ("stop", "last", "triggers"),
    [("B x1 #9 @105", 104, False), ("B x1 #9 @105", 105, True), ("B x1 #9 @105", 106, True),
     ("S x1 #9 @95", 96, False), ("S x1 #9 @95", 95, True), ("S x1 #9 @95", 94, True)],
)  # fmt: skip
def test_the_last_trade_triggers_at_or_through_the_stop_price_on_entry_and_later(stop, last, triggers):
    before, after = engine(), engine()
    rows(before, trade_at(last, 1))
    assert triggered(before, stop) == [9] * triggers
    assert triggered(after, stop) == [], "before the first trade nothing triggers"
    assert triggered(after, trade_at(last, 1)) == [9] * triggers
    assert after.state.counts[WAITING] == 1 - triggers


def test_a_trade_of_another_instrument_triggers_nothing():
    reference = engine()
    assert triggered(reference, f"B x1 #9 @105; {trade_at(105, 1).replace('a', 'i2 a')}") == []


@pytest.mark.parametrize(
    ("book", "stop", "triggers"),
    [("S 104x1 #1", "B x1 #9 @105", False), ("S 105x1 #1", "B x1 #9 @105", True), ("B 96x1 #1", "S x1 #9 @95", False),
     ("B 95x1 #1", "S x1 #9 @95", True), ("B 200x1 #1", "B x1 #9 @105", False)],
)  # fmt: skip
def test_the_quote_triggers_by_the_side_that_the_stop_would_trade_with(book, stop, triggers):
    assert triggered(engine(stop_trigger=QUOTE), f"{book}; {stop}") == [9] * triggers
    assert triggered(engine(stop_trigger=QUOTE), f"{stop}; {book}") == [9] * triggers


@pytest.mark.parametrize("away", ["cancel #1", "replace #1 #1 120x1", "mass_cancel a5 i0"])
def test_a_quote_that_goes_away_triggers_too(away):
    reference = engine(stop_trigger=QUOTE)
    assert triggered(reference, "S 100x1 #1 a5; S 120x1 #2; B 110x1 #9 @115") == []
    assert triggered(reference, away.replace("#1 1", "#1 a5 1") if "replace" in away else f"{away} a5") == [9]


@pytest.mark.parametrize(
    ("order", "wanted"), [("price_time", [13, 12, 11, 14, 16, 15]), ("time", [11, 12, 13, 14, 15, 16])]
)
def test_the_order_of_what_triggers_at_one_moment(order, wanted):
    """One trade at 100, of which buy stops up to 100 and sell stops from 100 on trigger."""
    reference = engine(stop_order=order)
    rows(reference, "B x1 #11 @100; B x1 #12 @99; B x1 #13 @98; B x1 #14 @100; S x1 #15 @100; S x1 #16 @101")
    assert triggered(reference, trade_at(100, 1)) == wanted


def test_a_cascade_looks_again_when_a_triggered_order_is_done_with():
    """Stop 11 trades up to 110, where stop 12 triggers, which stands behind stop 13 of the first moment."""
    reference = engine()
    rows(reference, "S 100x1 #1; S 110x1 #2; S 111x1 #3; S 112x1 #4")
    rows(reference, "B x1 #11 @100; B x1 #12 @110; B x1 #13 @100")
    events = rows(reference, "B 100x1 #5")
    assert [event.order for event in events if event.kind == EventKind.TRIGGERED] == [11, 13, 12]
    assert [event.price for event in events if event.kind == EventKind.TRADE] == [100, 110, 111, 112]


@pytest.mark.parametrize(("evaluation", "wanted"), [("command", []), ("fill", [9])])
def test_a_trade_in_the_middle_of_a_sweep_counts_where_each_fill_is_looked_at(evaluation, wanted):
    """A sell sweep trades at 100, where the buy stop triggers, and ends at 90, where it would not."""
    reference = engine(stop_evaluation=evaluation)
    assert triggered(reference, "B 100x1 #1; B 90x1 #2; B x1 #9 @95; S 90x2 #3") == wanted


def test_time_in_force_applies_when_it_triggers():
    reference = engine()
    rows(reference, "B 100x5 #11 @100 ioc; B 100x5 #12 @100 fok; B x5 #13 @100")
    told = [(event.order, Reason(event.reason).name) for event in rows(reference, trade_at(100, 1)) if event.reason]
    assert told == [(11, "IOC_REMAINDER"), (12, "FOK_NOT_FILLABLE"), (13, "MARKET_REMAINDER")]
    assert reference.counters()["live_orders"] == 0


def test_self_trade_prevention_applies_when_it_triggers():
    reference = engine(self_trade="cancel_newest")
    rows(reference, "S 101x5 #1 a3; B x2 #9 @100 a3")
    assert says(reference, trade_at(100, 5)).endswith(
        "triggered #9 at 100, 2 left; canceled 2 of #9 (self trade), 0 left"
    )


def test_a_waiting_stop_is_canceled_in_part_and_keeps_its_place_or_whole():
    reference = engine()
    rows(reference, "B x5 #11 @100; B x5 #12 @100")
    assert says(reference, "cancel #11 x2") == "canceled 2 of #11 (user), 3 left"
    assert reference.snapshot().tolist() == [(1, 2, 100, 0, 11, 3), (1, 2, 100, 1, 12, 5)]
    assert says(reference, "cancel #12; mass_cancel a1 buy") == (
        "canceled 5 of #12 (user), 0 left; canceled 3 of #11 (mass cancel), 0 left; done, 1 order"
    )
    assert reference.state.counts[WAITING] == 0
    assert triggered(reference, trade_at(100, 1)) == []


def test_a_waiting_stop_has_its_side_in_a_mass_cancel_and_in_the_snapshot():
    reference = engine()
    rows(reference, "B x5 #11 @100; S 8x5 #12 @90; S x5 #13 @90")
    assert reference.snapshot().tolist() == [(1, 2, 100, 0, 11, 5), (1, 3, 90, 0, 12, 5), (1, 3, 90, 1, 13, 5)]
    canceled = [(event.order, event.side, event.price) for event in rows(reference, "mass_cancel sell")]
    assert canceled == [(12, Side.SELL, 8), (13, Side.SELL, NONE), (0, Side.SELL, NONE)]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("B x5 #9 @1; replace #9 #9 100x4", Reason.UNSUPPORTED),
        ("B x5 #9 @2000000000000", Reason.INVALID_PRICE),
        ("B 2000000000000x5 #9 @5", Reason.INVALID_PRICE),
        ("B 100x5 #9 @5 post", Reason.INVALID_TERMS),
        ("B 100x5 #9 @5 min2", Reason.INVALID_TERMS),
        ("B 100x5 #9 post min2", Reason.INVALID_TERMS),
        ("B 100x5 #9 fok min2", Reason.INVALID_TERMS),
        ("B 100x5 #9 min0", Reason.INVALID_QUANTITY),
        ("B 100x5 #9 min6", Reason.INVALID_QUANTITY),
        ("B x5 #9 @5; B x5 #9 @5", Reason.DUPLICATE_ORDER_ID),
    ],
)
def test_what_is_refused(lines, reason):
    assert rows(engine(), lines)[-1].reason == reason


@pytest.mark.parametrize(("kind", "reason"), [(OrderType.LIMIT, "UNSUPPORTED"), (OrderType.STOP, "INVALID_PRICE")])
def test_a_stop_price_belongs_to_stops_and_to_each_of_them(kind, reason):
    stop = 5 if kind == OrderType.LIMIT else NONE
    (event,) = event_rows(engine().submit(commands_of([command("B 100x5 #9")._replace(type=kind, stop=stop)])))
    assert Reason(event.reason).name == reason


def test_pools_that_are_exhausted_refuse_a_stop():
    assert rows(engine(orders=1), "B 5x1 #1; S x1 #2 @3")[-1].reason == Reason.EXHAUSTED
    assert rows(engine(pages=1), "B 5x1 #1; S x1 #2 @3")[-1].reason == Reason.EXHAUSTED


def test_a_triggered_order_that_finds_no_page_to_rest_in_is_canceled():
    """The page of the stops is still held by another one, and sellers hold the other two."""
    reference = engine(pages=3)
    rows(reference, "S 100x5 #1; S 300x1 #2; B 5x9 #9 @100; B x1 #10 @101")
    last = rows(reference, "B 100x1 #3 ioc")[-1]
    assert (last.order, EventKind(last.kind).name, last.qty, last.remaining) == (9, "CANCELED", 9, 0)
    assert Reason(last.reason) is Reason.EXHAUSTED
    assert reference.state.counts[WAITING] == 1


@pytest.mark.parametrize(
    ("book", "order", "reached"),
    [
        ("S 100x2 #1 a2; S 101x3 #2 a2", "B 101x9 #9 min5", True),
        ("S 100x2 #1 a2; S 102x3 #2 a2", "B 101x9 #9 min5", False),
        ("S 100x2 #1 a2; S 102x3 #2 a2", "B x9 #9 market min5", True),
        ("S 100x2 #1 a2; S 100x9 #2", "B 101x9 #9 ioc min3", False),
        ("S 100x2 #1 a2", "B 101x9 #9 min2", True),
        ("", "B 101x9 #9 min1", False),
    ],
)
def test_a_minimum_quantity(book, order, reached):
    reference = engine(self_trade="cancel_newest")
    events = rows(reference, f"{book}; {order}" if book else order)
    mine = [event for event in events if event.order == 9]
    if reached:
        assert mine[1].kind == EventKind.TRADE
    else:
        assert [(event.kind, event.remaining) for event in mine[1:]] == [(EventKind.CANCELED, 0)]
        assert Reason(mine[1].reason) is Reason.MIN_QTY_NOT_REACHED


ABSENT = dict.fromkeys(("display", "expiry_ns", "due_ns", "sent_ns"), NONE)
mixed = st.builds(
    Command,
    number=st.just(1), order=st.integers(1, 15), target=st.integers(1, 15), price=st.integers(61, 67), stop=st.integers(61, 67),
    qty=st.integers(1, 6), min_qty=st.sampled_from([NONE] * 9 + [2]), **{name: st.just(NONE) for name in ABSENT},
    instrument=st.sampled_from([1, 1, 1, 2]), account=st.integers(0, 2), session=st.just(1),
    kind=st.sampled_from([1] * 14 + [2] * 3 + [3] * 3 + [4]), type=st.sampled_from([1, 1, 1, 2, 3, 3, 4, 4]),
    tif=st.sampled_from([1] * 6 + [2, 3]), side=st.integers(0, 1), flags=st.just(0),
)  # fmt: skip
ALL = [
    Conventions(self_trade=mode, stop_trigger=trigger, stop_order=order, stop_evaluation=evaluation)
    for mode, trigger, order, evaluation in product(
        ("none", "cancel_oldest", "decrement"), (LAST, QUOTE), ("price_time", "time"), ("command", "fill")
    )
]


def fitted(row, number):
    """A limit or market order has no stop price."""
    return row._replace(number=number, stop=row.stop if row.type >= OrderType.STOP else NONE)


@settings(deadline=None, max_examples=200)
@given(st.lists(mixed, min_size=10, max_size=60), st.sampled_from(ALL), st.sampled_from([4, 5, 64]))
def test_no_stop_waits_that_should_not_and_a_full_buffer_changes_nothing(lines, conventions, size):
    commands = commands_of([fitted(row, number) for number, row in enumerate(lines, 1)])
    reference, other, last = (
        engine(**msgspec.structs.asdict(conventions)),
        engine(**msgspec.structs.asdict(conventions)),
        {},
    )
    told = []
    for at in range(len(commands)):
        told.append(reference.submit(commands[at : at + 1]))
        for event in event_rows(told[-1]):
            if event.kind == EventKind.TRADE:
                last[event.instrument] = event.price
        book = reference.snapshot()
        assert reference.state.counts[WAITING] == np.count_nonzero(book["side"] >= 2)
        for instrument, side, price in book[book["side"] >= 2][["instrument", "side", "price"]].tolist():
            here = book[book["instrument"] == instrument]
            opposite = here["price"][here["side"] == 3 - side]
            if conventions.stop_trigger == LAST:
                seen = last.get(instrument)
            else:
                seen = None if not len(opposite) else int(opposite.min() if side == 2 else opposite.max())
            assert seen is None or (seen < price if side == 2 else seen > price)
    parts, row = [], 0
    while row < len(commands):
        buffer = np.zeros((size, 14), np.uint64)
        row, count = other.step(asked_of(commands), row, buffer)
        parts.append(buffer[:count])
    assert digest(np.concatenate(parts).reshape(-1).view(EVENT)) == digest(np.concatenate(told, dtype=EVENT))
