"""Stops, rule by rule as `docs/matching-rules.md` numbers them."""

import pytest

from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind, Side, commands_of, event_rows
from tests.fakes.lines import command
from tests.fakes.plain_session import book, engine, rows, says, trade_at, triggered

QUOTE = "quote"


def test_a_stop_waits_and_becomes_a_market_order():
    plain = engine()
    rows(plain, "S 105x3 #1; S 106x9 #2")
    assert says(plain, "B x5 #3 @105") == "accepted #3, x 5"
    assert book(plain) == "S105 #1x3; S106 #2x9; B@105 #3x5"
    events = rows(plain, "B 105x1 #4")
    assert [(EventKind(event.kind).name, event.order, event.price, event.remaining) for event in events] == [
        ("ACCEPTED", 4, 105, 1), ("TRADE", 4, 105, 0), ("TRIGGERED", 3, 105, 5), ("TRADE", 3, 105, 3), ("TRADE", 3, 106, 0),
    ]  # fmt: skip
    assert book(plain) == "S106 #2x6"


def test_a_stop_limit_becomes_a_limit_order_and_tells_the_number_of_its_cause():
    plain = engine()
    rows(plain, "S 105x1 #1; B 104x5 #2 @105 a7")
    cause = commands_of([command("B 105x1 #3")._replace(number=77, session=4)])
    events = [event for event in event_rows(plain.submit(cause)) if event.order == 2]
    assert [(event.command, event.session, event.account) for event in events] == [(77, 4, 7)] * 2
    assert [(EventKind(event.kind).name, event.price, event.qty, event.remaining) for event in events] == [
        ("TRIGGERED", 105, 5, 5),
        ("RESTED", 104, NONE, 5),
    ]
    assert says(plain, "S 104x5 #4").endswith("trade #4 with #2 at 104 x 5, 0 left")


@pytest.mark.parametrize(
    ("stop", "last", "triggers"),
    [("B x1 #9 @105", 104, False), ("B x1 #9 @105", 105, True), ("B x1 #9 @105", 106, True),
     ("S x1 #9 @95", 96, False), ("S x1 #9 @95", 95, True), ("S x1 #9 @95", 94, True)],
)  # fmt: skip
def test_rule_1_the_last_trade_triggers_at_or_through_the_stop_price_on_entry_and_later(stop, last, triggers):
    before, after = engine(), engine()
    rows(before, trade_at(last))
    assert triggered(before, stop) == [9] * triggers
    assert triggered(after, stop) == [], "before the first trade nothing triggers"
    assert triggered(after, trade_at(last)) == [9] * triggers


def test_rule_1_a_trade_of_another_instrument_triggers_nothing():
    assert triggered(engine(), "B x10 #9 @45 i2; S 50x1 #1; B 50x1 #2; cancel #7 i2") == []


@pytest.mark.parametrize(
    ("book", "stop", "triggers"),
    [("S 104x1 #1", "B x1 #9 @105", False), ("S 105x1 #1", "B x1 #9 @105", True), ("B 96x1 #1", "S x1 #9 @95", False),
     ("B 95x1 #1", "S x1 #9 @95", True), ("B 200x1 #1", "B x1 #9 @105", False)],
)  # fmt: skip
def test_rule_1_the_quote_triggers_by_the_side_that_the_stop_would_trade_with(book, stop, triggers):
    assert triggered(engine(stop_trigger=QUOTE), f"{book}; {stop}") == [9] * triggers
    assert triggered(engine(stop_trigger=QUOTE), f"{stop}; {book}") == [9] * triggers


@pytest.mark.parametrize("away", ["cancel #1 a5", "replace #1 #1 120x1 a5", "mass_cancel a5", "mass_cancel i1 a5"])
def test_rule_1_a_quote_that_goes_away_triggers_too(away):
    plain = engine(stop_trigger=QUOTE)
    assert triggered(plain, "S 100x1 #1 a5; S 120x1 #2; B 110x1 #9 @115") == []
    assert triggered(plain, away) == [9]


@pytest.mark.parametrize(("evaluation", "wanted"), [("command", []), ("fill", [9])])
def test_rule_2_a_trade_in_the_middle_of_a_sweep_counts_where_each_fill_is_looked_at(evaluation, wanted):
    """A sell sweep trades at 100, where the buy stop triggers, and ends at 90, where it would not."""
    plain = engine(stop_evaluation=evaluation)
    assert triggered(plain, "B 100x1 #1; B 90x1 #2; B x1 #9 @95; S 90x2 #3") == wanted


def test_rule_2_what_triggers_in_the_middle_of_a_sweep_waits_for_its_end():
    plain = engine(stop_evaluation="fill")
    kinds = [event.kind for event in rows(plain, "B 100x1 #1; B 90x1 #2; B x1 #9 @95; S 90x2 #3")[-4:]]
    assert kinds == [EventKind.TRADE, EventKind.TRADE, EventKind.TRIGGERED, EventKind.CANCELED]


@pytest.mark.parametrize(
    ("order", "wanted"), [("price_time", [13, 12, 11, 14, 16, 15]), ("time", [11, 12, 13, 14, 15, 16])]
)
def test_rule_3_the_order_of_what_triggers_at_one_moment(order, wanted):
    """One trade at 100, of which buy stops up to 100 and sell stops from 100 on trigger."""
    plain = engine(stop_order=order)
    rows(plain, "B x1 #11 @100; B x1 #12 @99; B x1 #13 @98; B x1 #14 @100; S x1 #15 @100; S x1 #16 @101")
    assert triggered(plain, trade_at(100)) == wanted


def test_rule_3_what_triggers_later_stands_behind_what_triggered_before_though_it_came_in_first():
    plain = engine(stop_order="time", stop_evaluation="fill")
    rows(plain, "S 100x1 #1; S 101x1 #2; S 110x9 #3; B x1 #11 @101; B x1 #12 @100")
    assert triggered(plain, "B 101x2 #5") == [12, 11]


def test_rule_4_a_cascade_looks_again_when_a_triggered_order_is_done_with():
    """Stop 11 trades at 110, where stop 12 triggers, which stands behind stop 13 of the first moment."""
    plain = engine()
    rows(plain, "S 100x1 #1; S 110x1 #2; S 111x1 #3; S 112x1 #4")
    rows(plain, "B x1 #11 @100; B x1 #12 @110; B x1 #13 @100")
    events = rows(plain, "B 100x1 #5")
    assert [event.order for event in events if event.kind == EventKind.TRIGGERED] == [11, 13, 12]
    assert [event.price for event in events if event.kind == EventKind.TRADE] == [100, 110, 111, 112]


def test_rule_4_time_in_force_applies_when_it_triggers():
    plain = engine()
    rows(plain, "B 100x5 #11 @100 ioc; B 100x5 #12 @100 fok; B x5 #13 @100")
    told = [(event.order, Reason(event.reason).name) for event in rows(plain, trade_at(100)) if event.reason]
    assert told == [(11, "IOC_REMAINDER"), (12, "FOK_NOT_FILLABLE"), (13, "MARKET_REMAINDER")]
    assert plain.live == {}


def test_rule_4_self_trade_prevention_applies_when_it_triggers():
    plain = engine(self_trade="cancel_newest")
    rows(plain, "S 101x5 #1 a3; B x2 #9 @100 a3")
    assert says(plain, trade_at(100)).endswith("canceled 2 of #9 (self trade), 0 left")


def test_rule_4_a_partial_cancel_keeps_the_place():
    plain = engine()
    rows(plain, "B x5 #11 @100; B x5 #12 @100")
    assert says(plain, "cancel #11 x2") == "canceled 2 of #11 (user), 3 left"
    assert book(plain) == "B@100 #11x3; B@100 #12x5"
    assert triggered(plain, trade_at(100)) == [11, 12]


def test_a_waiting_stop_is_canceled_whole_and_by_a_mass_cancel_of_its_side():
    plain = engine()
    rows(plain, "B x5 #11 @100; B x5 #12 @100; S 90x4 #13 @80")
    assert says(plain, "cancel #12; mass_cancel a1 buy") == (
        "canceled 5 of #12 (user), 0 left; canceled 5 of #11 (mass cancel), 0 left; done, 1 order"
    )
    (canceled, done) = rows(plain, "mass_cancel sell")
    assert (canceled.order, canceled.side, canceled.price, done.qty) == (13, Side.SELL, 90, 1)
    assert triggered(plain, trade_at(100)) == []
    assert says(plain, "B x5 #11 @100; B x5 #12 @100").count("accepted") == 2


def test_the_snapshot_has_waiting_stops_behind_both_sides_at_their_stop_prices():
    plain = engine()
    rows(plain, "S 200x5 #10; B x5 #11 @110; S 80x5 #12 @90; S x5 #13 @90; B x5 #14 @105; S x5 #15 @95")
    assert plain.snapshot().tolist() == [
        (1, 1, 200, 0, 10, 5), (1, 2, 105, 0, 14, 5), (1, 2, 110, 0, 11, 5), (1, 3, 90, 0, 12, 5), (1, 3, 90, 1, 13, 5),
        (1, 3, 95, 0, 15, 5),
    ]  # fmt: skip


def test_what_a_triggered_order_traded_counts_for_the_total_of_a_replace():
    plain = engine(replace_quantity="total")
    rows(plain, f"B 105x5 #9 @100; {trade_at(100)}; S 105x2 #1")
    assert says(plain, "replace #9 #9 105x4").startswith("replaced #9 at 105, 2 left")


def test_a_mass_cancel_may_trigger_on_every_instrument_and_time_orders_over_all():
    """By price and time the instruments come one after another, since their prices have nothing in common."""
    lines = (
        "S 30x10 #1 i2 a5; S 100x1 #2 a5; S 50x10 #3 i2; S 200x1 #4; B x10 #11 @40 i2; B x1 #12 @150; B x10 #13 @45 i2"
    )
    by_time, by_price = engine(stop_trigger=QUOTE, stop_order="time"), engine(stop_trigger=QUOTE)
    assert triggered(by_time, f"{lines}; mass_cancel a5") == [11, 12, 13]
    assert triggered(by_price, f"{lines}; mass_cancel a5") == [12, 11, 13]
