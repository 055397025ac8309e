"""Commands as requests: each kind, and each thing that OUCH cannot say."""

import pytest

from harness.base.records import NONE, CommandKind, Flag, OrderType, Side, TimeInForce
from harness.wire.ouch import text_of
from harness.wire.ouch_terms import Unsaid
from tests.fakes.ouch_rows import CANCEL, FIRM, MASS, NEW, REPLACE, asked


def said(base, *names, **more):
    request, unsaid = asked(base, **more)
    assert unsaid == Unsaid.NONE
    return tuple(chr(request[name]) if name in LETTERS else int(request[name]) for name in names)


LETTERS = {"type", "side", "time_in_force", "display", "post_only", "cross_type", "inter_market_sweep_eligibility"}


def test_a_new_order():
    assert said(NEW, "type", "user_ref_num", "side", "quantity", "price", "time_in_force") == ("O", 1, "B", 500, 1_891_200, "0")  # fmt: skip
    assert said(NEW, "display", "inter_market_sweep_eligibility", "cross_type", "present") == ("Y", "N", "N", 1)
    assert said(NEW, "side", "time_in_force", side=Side.SELL, tif=TimeInForce.IOC) == ("S", "3")
    request, _ = asked(NEW, instrument=9)
    assert (text_of(int(request["symbol"]), 8), request["price"]) == ("ALPHA", 18_912)


def test_further_terms_are_tags():
    assert said(NEW, "post_only", "present", flags=Flag.POST_ONLY) == ("P", 1 | 1 << 12)
    assert said(NEW, "min_qty", "max_floor", "present", min_qty=50, display=100) == (50, 100, 1 | 1 << 3 | 1 << 5)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"qty": NONE}, 0),
        ({"qty": 200, "total": 500}, 300),
        ({"qty": 500, "total": 500}, 0),
        ({"qty": 900, "total": 500}, 0),
    ],
)
def test_a_cancel_names_the_new_total(fields, wanted):
    assert said(CANCEL, "type", "user_ref_num", "quantity", "present", target=6, **fields) == ("X", 6, wanted, 0)


def test_a_replace():
    assert said(REPLACE, "type", "orig_user_ref_num", "user_ref_num", "quantity", "price", own=3, target=2) == ("U", 2, 3, 600, 1_892_000)  # fmt: skip
    assert said(REPLACE, "time_in_force", "display", "present") == ("0", "Y", 1)


def test_a_mass_cancel():
    assert said(MASS, "type", "user_ref_num", "firm", "present", own=8) == ("C", 8, FIRM, 1)
    request, _ = asked(MASS, instrument=7, side=Side.SELL)
    assert (text_of(int(request["symbol"]), 8), chr(request["side"]), request["present"]) == ("ZETA", "S", 1 | 1 << 27)
    assert text_of(int(asked(MASS)[0]["symbol"]), 8) == ""


@pytest.mark.parametrize(
    ("base", "fields", "wanted"),
    [
        (NEW, {"kind": CommandKind.HALT}, Unsaid.KIND), (NEW, {"kind": CommandKind.PHASE}, Unsaid.KIND), (NEW, {"kind": 0}, Unsaid.KIND),
        (NEW, {"kind": 200}, Unsaid.KIND), (NEW, {"type": OrderType.MARKET}, Unsaid.TYPE), (NEW, {"type": OrderType.STOP}, Unsaid.TYPE),
        (NEW, {"tif": TimeInForce.FOK}, Unsaid.TIME_IN_FORCE), (NEW, {"tif": TimeInForce.GTC}, Unsaid.TIME_IN_FORCE),
        (NEW, {"stop": 5}, Unsaid.TERMS), (NEW, {"expiry_ns": 5}, Unsaid.TERMS), (NEW, {"flags": 2}, Unsaid.TERMS),
        (NEW, {"instrument": 8}, Unsaid.INSTRUMENT), (NEW, {"side": 2}, Unsaid.SIDE), (NEW, {"own": 0}, Unsaid.ID),
        (NEW, {"own": 2**32}, Unsaid.ID), (NEW, {"qty": NONE}, Unsaid.QUANTITY), (NEW, {"qty": -1}, Unsaid.QUANTITY),
        (NEW, {"qty": 2**32}, Unsaid.QUANTITY), (NEW, {"min_qty": 0}, Unsaid.QUANTITY), (NEW, {"display": 2**32}, Unsaid.QUANTITY),
        (NEW, {"price": NONE}, Unsaid.PRICE), (NEW, {"price": -1}, Unsaid.PRICE), (NEW, {"price": 20_000_000}, Unsaid.PRICE),
        (NEW, {"price": 2**62}, Unsaid.PRICE), (CANCEL, {"target": 0}, Unsaid.ID), (CANCEL, {"qty": 5}, Unsaid.TOTAL),
        (CANCEL, {"qty": 0, "total": 9}, Unsaid.QUANTITY), (REPLACE, {"target": 0}, Unsaid.ID), (REPLACE, {"own": 0}, Unsaid.ID),
        (REPLACE, {"instrument": 0}, Unsaid.INSTRUMENT), (REPLACE, {"price": NONE}, Unsaid.PRICE), (MASS, {"account": 0}, Unsaid.ACCOUNT),
        (MASS, {"instrument": 8}, Unsaid.INSTRUMENT), (MASS, {"side": 9}, Unsaid.SIDE), (MASS, {"own": 0}, Unsaid.ID),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_told_and_never_sent(base, fields, wanted):
    request, unsaid = asked(base, **fields)
    assert Unsaid(unsaid) == wanted
    assert not any(request.tolist()[:-1])


def test_the_highest_limit_price_can_be_said():
    assert said(NEW, "price", price=19_999_999) == (1_999_999_900,)
    assert said(NEW, "quantity", qty=0) == (0,), "the venue is to refuse it"
