"""The controls, one by one: at the limit an order passes, one beyond it is held back; sums stand in `test_controls_of_sums`."""

import pytest

from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, Rate
from tests.fakes.guarded_session import GuardedSession, account, open_to

POSITION, EXPOSURE, LOSS = "risk position", "risk exposure", "risk loss"
RATE, DUPLICATE, RESTRICTED = "risk rate", "risk duplicate", "risk restricted"
QUANTITY, COLLAR, DISABLED = "invalid quantity", "risk price collar", "risk disabled"
STRANGER, HALTED = "unknown account", "halted"


THREE = Rate(most=3, window_ns=100)


@pytest.mark.parametrize(
    "before",
    [
        "B 1x1 #1; B 2x1 #2; B 3x1 #3",
        "B 1x1 #1; replace #1 #1 2x1; cancel #1",
        "B 1x1 #1; cancel #7; mass_cancel a1",
        "B 1x0 #1; B 1x1 #0; replace #7 #7 1x1",
    ],
)
def test_the_rate_counts_every_message_whatever_becomes_of_it(before):
    stage = open_to(account(messages=THREE))
    stage.says(before)
    assert stage.refusal("B 5x1 #9") == RATE
    assert stage.refusal("replace #1 #1 5x1") == RATE
    assert stage.refusal("B 5x1 #9 a8") == ""


def test_two_messages_leave_room_for_a_third_and_cancels_are_never_held_back():
    stage = open_to(account(messages=THREE))
    assert stage.refusal("B 1x1 #1; B 2x1 #2; B 3x1 #3") == ""
    assert stage.refusal("cancel #1") == ""
    assert stage.refusal("B 1x1 #4") == RATE
    assert stage.says("mass_cancel a1").endswith("done, 2 orders")


def test_the_rate_over_time():
    stage = open_to(account(messages=THREE))
    for stamp_ns in (10, 20, 30):
        stage.clock.time_ns = stamp_ns
        assert stage.refusal(f"B 1x1 #{stamp_ns}") == ""
    stage.clock.time_ns = 109
    assert stage.refusal("B 1x1 #40") == RATE
    stage.clock.time_ns = 110
    assert stage.refusal("B 1x1 #41") == "", "what the rate held back did not count"
    assert stage.refusal("B 1x1 #42") == RATE
    stage.clock.time_ns = 120
    stage.says("cancel #7")
    assert stage.refusal("B 1x1 #43") == RATE, "what the cancel took is gone"


def test_the_rate_is_one_over_all_sessions_of_an_account_and_all_accounts_of_a_firm():
    stage = open_to(
        account(messages=THREE), account(2, firm=2), account(3, firm=2), FirmControls(firm=2, messages=THREE)
    )
    for session in (1, 2, 3):
        assert stage.refusal(f"B 1x1 #{session}", session) == ""
    assert stage.refusal("B 1x1 #4", 4) == RATE
    assert stage.refusal("B 1x1 #4 a2; B 1x1 #5 a2; B 1x1 #6 a3") == ""
    assert stage.refusal("B 1x1 #7 a3") == RATE
    assert stage.refusal("B 1x1 #7 a2") == RATE


def test_what_another_control_refused_counts_for_the_rate():
    stage = open_to(account(messages=THREE, long_max=1))
    assert stage.refusal("B 1x2 #1; B 1x2 #2; B 1x2 #3") == POSITION
    assert stage.refusal("B 1x1 #4") == RATE


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("B 100x5 #9", DUPLICATE),
        ("B 100x5 #9 ioc", DUPLICATE),
        ("S 100x5 #9", ""),
        ("B 101x5 #9", ""),
        ("B 100x6 #9", ""),
        ("B 100x5 #9 i2", ""),
        ("B 100x5 #9 @90", ""),
        ("B 100x5 #9 a2", ""),
    ],
)
def test_duplicates(other, reason):
    twice = Rate(most=2, window_ns=100)
    stage = open_to(account(duplicates=twice), account(2, duplicates=twice))
    assert stage.refusal("B 100x5 #1; B 100x5 #2") == ""
    assert stage.refusal(other) == reason


def test_duplicates_over_time():
    stage = open_to(account(duplicates=Rate(most=1, window_ns=100)))
    assert stage.refusal("B 100x5 #1; B 99x5 #2; B 98x5 #3") == ""
    stage.clock.time_ns = 99
    assert stage.refusal("B 100x5 #4") == DUPLICATE
    assert stage.refusal("B 98x5 #4") == DUPLICATE
    stage.clock.time_ns = 100
    assert stage.refusal("B 100x5 #4") == ""
    assert stage.refusal("B 100x5 #5") == DUPLICATE


def test_what_the_book_refused_was_let_through_and_what_a_control_refused_was_not():
    stage = open_to(account(duplicates=Rate(most=1, window_ns=100), exposure_max=1_000))
    assert stage.refusal("S 90x1 #5 a8; B 100x5 #1 post") == "post only would trade"
    assert stage.refusal("B 100x5 #1") == DUPLICATE
    assert stage.refusal("B 101x10 #2") == EXPOSURE
    assert stage.refusal("B 101x10 #2") == EXPOSURE


def test_a_replace_is_no_duplicate():
    stage = open_to(account(duplicates=Rate(most=1, window_ns=100)))
    assert stage.refusal("B 100x5 #1; B 99x5 #2; replace #2 #2 100x5") == ""


@pytest.mark.parametrize(
    ("controls", "line", "reason"),
    [
        ([InstrumentControls(instrument=1, restricted=True)], "B 100x1 #9", RESTRICTED),
        ([InstrumentControls(instrument=1, restricted=True)], "replace #9 #9 100x1", RESTRICTED),
        ([InstrumentControls(instrument=1, restricted=True)], "cancel #9", "unknown order"),
        ([InstrumentControls(instrument=2, restricted=True)], "B 100x1 #9", ""),
        ([account(restricted=(1,))], "B 100x1 #9", RESTRICTED),
        ([account(restricted=(1,))], "B 100x1 #9 a8", ""),
        ([account(restricted=(2, 3))], "B 100x1 #9", ""),
        ([account(restricted=(3,))], "B 100x1 #9 i3", RESTRICTED),
        ([InstrumentControls(instrument=1, qty_step=5)], "B 100x5 #9", ""),
        ([InstrumentControls(instrument=1, qty_step=5)], "B 100x6 #9", QUANTITY),
        ([InstrumentControls(instrument=1, qty_step=5)], "B x4 #9 market", QUANTITY),
        ([InstrumentControls(instrument=1, static_price=100, static_ticks=5)], "B 105x1 #9", ""),
        ([InstrumentControls(instrument=1, static_price=100, static_ticks=5)], "B 106x1 #9", COLLAR),
        ([InstrumentControls(instrument=1, static_price=100, static_ticks=5)], "S 95x1 #9", ""),
        ([InstrumentControls(instrument=1, static_price=100, static_ticks=5)], "S 94x1 #9 ioc", COLLAR),
        ([InstrumentControls(instrument=1, static_price=100, static_ticks=5)], "S 94x1 #9 @100", COLLAR),
        ([InstrumentControls(instrument=1, static_price=100, static_ticks=5)], "S x1 #9 @90", ""),
        ([InstrumentControls(instrument=1, static_price=100, static_ticks=5)], "S x1 #9 market", ""),
        ([InstrumentControls(instrument=1, static_price=0, static_ticks=5)], "S -6x1 #9", COLLAR),
        ([InstrumentControls(instrument=1, static_ticks=5)], "S 500x1 #9", ""),
        ([InstrumentControls(instrument=1, static_price=100)], "S 500x1 #9", ""),
        ([], "B 100x1 #9 a5", STRANGER),
        ([], "B 100x1 #9 a0", STRANGER),
        ([], "replace #9 #9 100x1 a5", STRANGER),
        ([], "cancel #9 a5", "unknown order"),
    ],
)  # fmt: skip
def test_what_holds_whatever_stands(controls, line, reason):
    stage = open_to(account(), *controls)
    assert stage.refusal(line) == reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("replace #1 #1 105x10", ""),
        ("replace #1 #1 106x10", COLLAR),
        ("replace #1 #1 100x7", QUANTITY),
        ("replace #1 #1 100x15 a8", "not owner"),
        ("replace #1 #1 200x7 a8", "not owner"),
        ("replace #1 #0 100x7", QUANTITY),
        ("replace #1 #0 100x15", "invalid order id"),
        ("replace #1 #1 100x0", "invalid quantity"),
    ],
)
def test_a_replace_by_lot_and_static_collar(line, reason):
    stage = open_to(account(), InstrumentControls(instrument=1, qty_step=5, static_price=100, static_ticks=5))
    stage.says("B 100x10 #1")
    assert stage.refusal(line) == reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("B 1x1 #9 i3", "unknown instrument"),
        ("B 1x0 #9", "invalid quantity"),
        ("B 1x101 #9", "invalid quantity"),
        ("B 1001x1 #9", "invalid price"),
        ("B x1 #9", "invalid price"),
        ("B x1 #9 @1001", "invalid price"),
        ("cancel #1", ""),
        ("replace #2 #2 1x100", "unsupported"),
        ("replace #7 #7 1x100", "unknown order"),
        ("replace #1 #1 1001x1", "invalid price"),
    ],
)
def test_what_could_not_become_an_order_is_left_to_the_book(line, reason):
    """Were its content looked at, each would be beyond the limits, or no number at all."""
    stage = open_to(account(long_max=2, exposure_max=300))
    assert stage.refusal("B 100x1 #1; B x1 #2 @200") == ""
    assert stage.refusal(line) == reason


def test_a_total_counts_by_what_would_be_open():
    controls = Controls(accounts=(account(long_max=10), account(8)))
    stage = GuardedSession(controls, replace_quantity="total")
    stage.says("B 100x8 #1; S 100x3 #2 a8")
    assert stage.refusal("replace #1 #1 100x11") == POSITION
    assert stage.refusal("replace #1 #1 100x3") == "invalid quantity"
    assert stage.refusal("replace #1 #1 100x10") == ""


def test_a_refused_order_leaves_no_trace():
    stage = open_to(account(long_max=10))
    stage.says("B 100x9 #1")
    before = stage.book()
    assert stage.refusal("B 101x2 #2") == POSITION
    assert stage.refusal("replace #1 #3 101x11") == POSITION
    assert stage.book() == before
    assert stage.says("cancel #2").endswith("(unknown order)")
    assert stage.refusal("B 100x1 #2") == "", "its id is free, and it counted nowhere"


def test_the_reasons_come_in_the_order_of_the_page():
    stage = open_to(
        account(
            restricted=(1,), messages=Rate(most=1), duplicates=Rate(most=1), long_max=1, exposure_max=1, loss_max=1
        ),
        InstrumentControls(instrument=1, qty_step=2, static_price=1, static_ticks=1),
    )  # fmt: skip
    holder = stage.engine.accounts[1]
    stage.says("B 1x1 #1 i2; S 1x1 #2 a8 i2; S 1x1 #3 a8 i2; B 1x1 #4 a9 i2")
    holder.paid = 1_000
    stage.asks("kill_account", account=1)
    stage.asks("halt", instrument=1)
    line = "B 100x5 #9"
    steps = [
        (DISABLED, lambda: stage.asks("enable", account=1)),
        (HALTED, lambda: stage.asks("resume", instrument=1)),
        (RESTRICTED, lambda: setattr(holder, "restricted", frozenset())),
        (RATE, lambda: stage.asks("limit", account=1, type=5, qty=0)),
        (QUANTITY, lambda: setattr(stage.engine.watched[1], "declared", InstrumentControls(instrument=1, static_price=1))),
        (COLLAR, lambda: stage.asks("limit", instrument=1, type=8, qty=0)),
        (POSITION, lambda: stage.asks("limit", account=1, type=1, qty=0)),
        (EXPOSURE, lambda: stage.asks("limit", account=1, type=3, qty=0)),
        (LOSS, lambda: stage.asks("limit", account=1, type=4, qty=0)),
        ("", lambda: None),
    ]  # fmt: skip
    for reason, take_away in steps:
        assert stage.refusal(line) == reason
        take_away()
    assert stage.refusal(line) == DUPLICATE


def test_where_no_account_is_declared_any_may_trade():
    stage = GuardedSession(Controls(firms=(FirmControls(firm=1, long_max=1),)))
    assert stage.refusal("B 100x50 #1; B 100x50 #2 a0") == ""


def test_an_account_of_a_firm_without_limits_has_its_own():
    stage = GuardedSession(Controls(accounts=(AccountControls(account=1, firm=6, long_max=2),)))
    assert stage.refusal("B 100x3 #1") == POSITION
    assert stage.refusal("B 100x2 #1") == ""
