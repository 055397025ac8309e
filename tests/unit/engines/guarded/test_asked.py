"""What a command would add, and which commands could add nothing."""

import pytest

from harness.base.capabilities import Conventions
from harness.base.records import NONE, OrderType, Side
from tests.fakes.guarded_session import account, open_to
from tests.fakes.lines import command


@pytest.mark.parametrize(
    ("line", "limit", "qty", "value"),
    [
        ("B 100x4 #9", 100, 4, 400),
        ("S -100x4 #9", -100, 4, 400),
        ("B x4 #9 market", NONE, 4, 0),
        ("B x4 #9 market i2", NONE, 4, 200),
        ("B x4 #9 @90", NONE, 4, 360),
        ("B 100x4 #9 @90", 100, 4, 400),
    ],
)
def test_a_new_order(line, limit, qty, value):
    asked = open_to(account()).engine.asked_by_new(command(line))
    assert (asked.limit, asked.qty, asked.added_qty, asked.added_value) == (limit, qty, qty, value)


@pytest.mark.parametrize(
    ("line", "qty", "value"),
    [
        ("replace #1 #1 100x5", 1, 100),
        ("replace #1 #7 90x2", -2, -220),
        ("replace #1 #1 100x4", 0, 0),
    ],
)
def test_a_replace_adds_what_is_more_than_its_target_holds(line, qty, value):
    stage = open_to(account())
    stage.says("B 100x6 #1; S 100x2 #2 a8")
    asked = stage.engine.asked_by_replace(command(line))
    assert (asked.side, asked.added_qty, asked.added_value) == (Side.BUY, qty, value)


@pytest.mark.parametrize(
    "changed",
    [
        {"instrument": 3},
        {"side": Side.NONE},
        {"side": 2},
        {"type": OrderType.NONE},
        {"type": 9},
        {"qty": NONE},
        {"qty": 0},
        {"qty": 101},
        {"price": NONE},
        {"price": 1_001},
        {"price": -1_001},
        {"type": OrderType.STOP_LIMIT},
        {"type": OrderType.STOP, "stop": 1_001},
    ],
)
def test_what_could_not_become_an_order_asks_for_nothing(changed):
    engine = open_to(account()).engine
    new = command("B 100x4 #9")
    assert engine.asked_by_new(new) is not None
    assert engine.asked_by_new(new._replace(**changed)) is None


@pytest.mark.parametrize("bound", [{"qty": 1}, {"qty": 100}, {"price": -1_000}, {"price": 1_000}])
def test_at_the_bounds_it_could(bound):
    assert open_to(account()).engine.asked_by_new(command("B 100x4 #9")._replace(**bound)) is not None


@pytest.mark.parametrize(
    "line",
    [
        "replace #3 #3 100x1",
        "replace #1 #1 100x1 i2",
        "replace #1 #1 100x1 a8",
        "replace #2 #2 100x1",
        "replace #1 #1 100x0",
        "replace #1 #1 100x101",
        "replace #1 #1 1001x1",
    ],
)
def test_a_replace_of_nothing_that_could_be_replaced(line):
    stage = open_to(account())
    stage.says("B 100x6 #1; B x2 #2 @200")
    assert stage.engine.asked_by_replace(command(line)) is None


@pytest.mark.parametrize(("total", "added"), [(3, None), (4, -2), (5, -1)])
def test_a_total_asks_for_what_is_more_than_was_traded(total, added):
    stage = open_to(account())
    stage.engine.engine.conventions = Conventions(replace_quantity="total")
    stage.says("B 100x6 #1; S 100x3 #2 a8")
    asked = stage.engine.asked_by_replace(command(f"replace #1 #1 100x{total}"))
    assert (asked and asked.added_qty) == added
