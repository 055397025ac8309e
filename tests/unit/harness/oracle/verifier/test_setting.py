"""What an engine declares, as the kernels read it."""

from __future__ import annotations

import pytest

from harness.base.capabilities import CONTROLS, Capabilities, Conventions, Instrument, RiskLimits
from harness.base.records import CommandKind, OrderType, TimeInForce
from harness.oracle.verifier.layout import ANYBODY, HIGHEST, Mode, Rules, Want
from harness.oracle.verifier.setting import books_of
from tests.fakes.every_term import LIMITED
from tests.fakes.history import ALL


def rules(**more):
    return books_of((), Conventions(**more), ALL).rules


def test_what_is_offered_is_a_set_of_bits():
    found = books_of(
        (),
        Conventions(),
        Capabilities(commands=("new", "new", "dance"), types=("stop",), tifs=("ioc", "fok"), carries=("maker",)),
    ).rules
    assert found[Rules.KINDS] == 1 << CommandKind.NEW
    assert found[Rules.TYPES] == 1 << OrderType.STOP
    assert found[Rules.TIFS] == 1 << TimeInForce.IOC | 1 << TimeInForce.FOK
    assert (found[Rules.FLAGS], found[Rules.MIN_QTY]) == (0, 0)
    assert found[Rules.CARRIED] == 1 << Want.KIND | 1 << Want.ORDER | 1 << Want.INSTRUMENT | 1 << Want.MAKER
    assert (rules()[Rules.FLAGS], rules()[Rules.MIN_QTY]) == (1, 1)


@pytest.mark.parametrize("mode", Mode)
def test_the_modes_of_prevention(mode):
    assert rules(self_trade=mode.name.lower())[Rules.SELF_TRADE] == mode


@pytest.mark.parametrize(
    ("rule", "off", "on"),
    [
        (Rules.KEEPS_PLACE, {"replace_keeps_place": "never"}, {}),
        (Rules.TOTAL, {}, {"replace_quantity": "total"}),
        (Rules.QUOTE, {}, {"stop_trigger": "quote"}),
        (Rules.BY_TIME, {}, {"stop_order": "time"}),
        (Rules.EACH_FILL, {}, {"stop_evaluation": "fill"}),
    ],
)
def test_each_convention(rule, off, on):
    assert (rules(**off)[rule], rules(**on)[rule]) == (0, 1)


def test_an_instrument_with_its_limits():
    books = books_of(LIMITED, Conventions(), ALL)
    row = books.instruments[0]
    assert [row[name] for name in ("id", "price_step", "order_qty_max", "collar", "value_high", "value_low")] == [
        1,
        2,
        12,
        6,
        0,
        1050,
    ]
    assert books.accounts[row["accounts_from"] : row["accounts_to"]].tolist() == [0, 1, 2]
    assert books.instruments[1]["accounts_from"] == ANYBODY


def test_a_limit_that_the_engine_leaves_to_others_is_none():
    row = books_of(LIMITED, Conventions(), Capabilities(controls=("collar_ticks",))).instruments[0]
    assert [row[name] for name in ("price_step", "order_qty_max", "valued", "accounts_from", "collar")] == [
        1,
        0,
        0,
        ANYBODY,
        6,
    ]


def test_bounds_beyond_a_word_hold_nothing_back():
    wide = Instrument(
        id=1, symbol="WIDE", price_min=-(2**80), price_max=2**80, qty_max=2**80,
        risk=RiskLimits(accounts=(2**40,), order_value_max=2**200),
    )  # fmt: skip
    row = books_of((wide,), Conventions(), Capabilities(controls=CONTROLS)).instruments[0]
    assert (row["price_min"], row["price_max"], row["qty_max"]) == (-HIGHEST, HIGHEST, HIGHEST)
    assert row["value_high"] == 2**63, "no product of two words is as large"
    assert row["accounts_from"] == row["accounts_to"] != ANYBODY, "nobody may trade it"
