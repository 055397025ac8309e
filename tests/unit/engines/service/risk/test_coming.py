"""What an order would add, read from the command and, for a replace, from what its target holds."""

import pytest

from engines.reference.asked import asked_of
from engines.reference.machine import U
from engines.service.risk.coming import new_of, replace_of
from harness.base.records import NONE, commands_of
from tests.fakes.guarded_session import account
from tests.fakes.lines import commands
from tests.fakes.risk_session import held_to


def read(kernel, line, before="", index=0):
    stage = held_to(account(), account(2))
    stage.says(before)
    return kernel(stage.engine.guarded.engine.state, asked_of(commands_of(commands(line))), U(0), U(index))


@pytest.mark.parametrize(
    ("line", "limit", "lots", "valued"),
    [
        ("B 100x5 #9", 100, 5, 100),
        ("S -7x5 #9 ioc", -7, 5, -7),
        ("B x5 #9 @90", NONE, 5, 90),
        ("B 95x5 #9 @90", 95, 5, 95),
        ("B x5 #9 market", NONE, 5, 0),
    ],
)
def test_a_new_order(line, limit, lots, valued):
    coming = read(new_of, line)
    assert coming.is_order
    assert (coming.limit, coming.lots, coming.valued, coming.held_lots) == (limit, lots, valued, 0)
    assert coming.side == (line[0] == "S")


def test_a_market_order_is_valued_at_the_last_trade_or_its_reference():
    assert read(new_of, "B x5 #9 market", "B 33x1 #1; S 33x1 #2 a2").valued == 33
    assert read(new_of, "B x5 #9 market i2", index=1).valued == 50


@pytest.mark.parametrize(
    "line",
    [
        "B 100x0 #9",
        "B 100x101 #9",
        "B x5 #9",
        "B 1001x5 #9",
        "B -1001x5 #9",
        "B x5 #9 @1001",
        "B 1001x5 #9 @90",
        "cancel #9",
    ],
)
def test_what_could_be_none(line):
    assert not read(new_of, line).is_order


@pytest.mark.parametrize("odd", [{"type": 0}, {"type": 5}, {"side": 2}, {"side": 255}])
def test_what_has_no_known_type_or_side_could_be_none(odd):
    stage = held_to(account())
    asked = asked_of(commands_of([one._replace(**odd) for one in commands("B 100x5 #9")]))
    assert not new_of(stage.engine.guarded.engine.state, asked, U(0), U(0)).is_order


def test_what_names_no_instrument_could_be_none():
    assert not read(new_of, "B 100x5 #9", index=2**62).is_order


BEFORE = "B 90x8 #1; S 90x3 #2 a2; B x5 #3 @110"


def test_a_replace_counts_instead_of_what_its_target_has_open():
    coming = read(replace_of, "replace #1 #7 80x6", BEFORE)
    assert coming.is_order
    assert (coming.side, coming.limit, coming.qty, coming.lots, coming.valued) == (0, 80, 6, 6, 80)
    assert (coming.held_lots, coming.held_valued) == (5, 90)


@pytest.mark.parametrize(
    "line",
    [
        "replace #9 #9 80x6",
        "replace #1 #1 80x6 a2",
        "replace #1 #1 80x6 i2",
        "replace #3 #3 80x6",
        "replace #1 #1 80x0",
        "replace #1 #1 1001x6",
        "replace #1 #1 x6",
    ],
)
def test_a_replace_of_nothing_or_by_nothing(line):
    assert not read(replace_of, line, BEFORE).is_order
