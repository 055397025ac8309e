"""The risk limits, rule by rule: at the limit an order passes, one beyond it is refused."""

import pytest

from harness.base.records import NONE, OrderType, commands_of, event_rows
from tests.fakes.lines import command
from tests.fakes.plain_session import book, held_back, refusal, says

QUANTITY, VALUE, COLLAR = "risk order quantity", "risk order value", "risk price collar"


@pytest.mark.parametrize(
    ("limits", "line", "reason"),
    [
        ({"order_qty_max": 10}, "B 100x10 #9", ""),
        ({"order_qty_max": 10}, "B 100x11 #9", QUANTITY),
        ({"order_qty_max": 10}, "S x11 #9 market", QUANTITY),
        ({"order_qty_max": 10}, "S x11 #9 @5", QUANTITY),
        ({"order_value_max": 1_000}, "B 100x10 #9", ""),
        ({"order_value_max": 1_000}, "B 91x11 #9", VALUE),
        ({"order_value_max": 1_000}, "S -91x11 #9", VALUE),
        ({"order_value_max": 1_000}, "S -90x11 #9", ""),
        ({"order_value_max": 1_000}, "S 0x5000 #9", ""),
        ({"order_value_max": 1_000}, "S 91x11 #9 @1", VALUE),
        ({"order_value_max": 1_000}, "S 1x11 #9 @91", ""),
        ({"order_value_max": 1_000}, "S x11 #9 @91", VALUE),
        ({"order_value_max": 1_000}, "S x11 #9 @90", ""),
        ({"order_value_max": 1_000}, "S x5000 #9 market", ""),
        ({"order_value_max": 1_000, "reference_price": 90}, "S x11 #9 market", ""),
        ({"order_value_max": 1_000, "reference_price": 91}, "S x11 #9 market", VALUE),
        ({"order_value_max": 1_000, "reference_price": -91}, "S x11 #9 market", VALUE),
        ({"order_value_max": 1_000, "reference_price": 0}, "S x11 #9 market", ""),
        ({"order_value_max": 2**62}, f"B {2**61}x2 #9", ""),
        ({"order_value_max": 2**62}, f"B {2**61}x3 #9", VALUE),
        ({"order_value_max": 2**62}, f"B {2**33}x{2**31} #9", VALUE),
        ({"order_value_max": 2**62}, f"B {-(2**62)}x{2**62} #9", VALUE),
        ({"collar_ticks": 5}, "B 9999x1 #9", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "B 105x1 #9", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "B 106x1 #9", COLLAR),
        ({"collar_ticks": 5, "reference_price": 100}, "B 95x1 #9", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "B 94x1 #9", COLLAR),
        ({"collar_ticks": 5, "reference_price": 0}, "S -6x1 #9 ioc", COLLAR),
        ({"collar_ticks": 5, "reference_price": 100}, "B x1 #9 market", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "B x1 #9 @200", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "B 200x1 #9 @200", ""),
        ({"reference_price": 100}, "B 9999x9999 #9", ""),
    ],
)
def test_a_new_order(limits, line, reason):
    assert refusal(held_back(**limits), line) == reason


def test_a_market_order_that_says_a_price_is_judged_by_the_reference_price():
    plain = held_back(order_value_max=1_000, reference_price=1)
    (event, *_) = event_rows(plain.submit(commands_of([command("S 5000x9 #9")._replace(type=OrderType.MARKET)])))
    assert event.price == NONE
    assert not event.reason


@pytest.mark.parametrize(
    ("limits", "line", "reason"),
    [
        ({"order_qty_max": 10}, "replace #1 #1 100x10", ""),
        ({"order_qty_max": 10}, "replace #1 #1 100x11", QUANTITY),
        ({"order_value_max": 1_000}, "replace #1 #1 100x10", ""),
        ({"order_value_max": 1_000}, "replace #1 #1 91x11", VALUE),
        ({"collar_ticks": 5, "reference_price": 100}, "replace #1 #1 105x9", ""),
        ({"collar_ticks": 5, "reference_price": 100}, "replace #1 #1 106x9", COLLAR),
        ({"collar_ticks": 5, "reference_price": 100}, "replace #1 #9 94x1", COLLAR),
    ],
)
def test_a_replace(limits, line, reason):
    plain = held_back(**limits)
    says(plain, "B 100x9 #1")
    before = book(plain)
    assert refusal(plain, line) == reason
    assert (book(plain) == before) == bool(reason)


def test_a_replace_is_judged_by_the_quantity_of_the_command_also_where_that_is_a_total():
    plain = held_back(order_qty_max=10)
    plain.conventions = type(plain.conventions)(replace_quantity="total")
    says(plain, "B 100x10 #1; S 100x9 #2")
    assert refusal(plain, "replace #1 #1 100x11") == QUANTITY
    assert refusal(plain, "replace #1 #1 100x10") == ""


def test_the_reference_price_is_the_last_trade():
    plain = held_back(collar_ticks=5, reference_price=100)
    says(plain, "S 104x1 #1; B 104x1 #2")
    assert refusal(plain, "B 109x1 #3") == ""
    assert refusal(plain, "B 98x1 #4") == COLLAR


def test_a_reference_price_is_no_trade_and_triggers_no_stop():
    plain = held_back(collar_ticks=5, reference_price=100)
    assert "triggered" not in says(plain, "B x1 #1 @90; B x1 #2 @100; S x1 #3 @110")


def test_the_reasons_come_in_their_order_after_the_id_and_before_post_only():
    plain = held_back(order_qty_max=9, order_value_max=1_000, collar_ticks=5, reference_price=100)
    says(plain, "S 99x1 #1")
    steps = {
        "B 200x10 #1 post": "duplicate order id",
        "B 200x10 #2 post": QUANTITY,
        "B 200x9 #2 post": VALUE,
        "B 200x1 #2 post": COLLAR,
        "B 100x1 #2 post": "post only would trade",
    }
    for line, reason in steps.items():
        assert refusal(plain, line) == reason, line


def test_cancels_and_triggered_orders_are_never_held_back():
    plain = held_back(order_qty_max=9, order_value_max=1_000, collar_ticks=5, reference_price=100)
    says(plain, "S 104x1 #1; S 500x1 #2 @1; S 105x1 #3; B 200x5 #4 @104; B 104x1 #5")
    assert book(plain) == "B200 #4x4; S@1 #2x1"
    assert says(plain, "cancel #4 x1; cancel #2; mass_cancel").count("canceled") == 3


def test_a_stop_limit_that_triggered_and_rests_is_a_limit_order_when_replaced():
    plain = held_back(collar_ticks=5)
    says(plain, "B 200x5 #1 @104; S 104x1 #2; B 104x1 #3")
    assert book(plain) == "B200 #1x5"
    assert refusal(plain, "replace #1 #1 200x4") == COLLAR
    assert refusal(plain, "replace #1 #1 109x4") == ""
