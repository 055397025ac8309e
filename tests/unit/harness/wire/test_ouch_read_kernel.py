"""Requests as commands: each kind, and each thing that our commands cannot say."""

import pytest

from harness.base.reasons import Reason
from harness.base.records import COMMAND, NONE, CommandKind, Flag, Side, TimeInForce
from harness.wire.ouch import word
from tests.fakes.ouch_rows import CANCEL, MASS, NEW, REPLACE, command, read, request


def taken(made, **more):
    told, reason = read(made, **more)
    assert Reason(reason) == Reason.NONE
    return told


def refused(made, **more):
    """The reason; the command must be empty."""
    told, reason = read(made, **more)
    assert reason == Reason.NONE or told.tolist() == command({})[0].tolist()
    return Reason(reason)


@pytest.mark.parametrize(
    "fields",
    [{}, {"side": Side.SELL}, {"tif": TimeInForce.IOC}, {"flags": Flag.POST_ONLY}, {"min_qty": 9, "display": 100}],
)
def test_a_new_order_comes_back(fields):
    wanted = command(NEW | fields, session=0)
    assert taken(request(NEW | fields)).tolist() == wanted[0].tolist()


def test_a_replace_comes_back():
    told = taken(request(REPLACE), own=41, target=40)
    assert told.tolist() == command(REPLACE)[0].tolist()


@pytest.mark.parametrize(
    ("quantity", "total", "qty"), [(0, NONE, NONE), (0, 500, NONE), (300, 500, 200), (499, 500, 1)]
)
def test_a_cancel_takes_what_the_total_is_above_the_new_one(quantity, total, qty):
    told = taken(request(CANCEL, quantity=quantity), total=total)
    assert (told["kind"], told["target"], told["instrument"], told["account"], told["qty"]) == (CommandKind.CANCEL, 40, 7, 3, qty)  # fmt: skip


def test_a_mass_cancel_comes_back():
    assert taken(request(MASS)).tolist() == command(MASS)[0].tolist()
    one_side = MASS | {"instrument": 9, "side": Side.BUY}
    assert taken(request(one_side)).tolist() == command(one_side)[0].tolist()


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"symbol": word("NOBODY", 8)}, Reason.UNKNOWN_INSTRUMENT), ({"side": ord("T")}, Reason.RISK_SHORT_SALE),
        ({"side": ord("E")}, Reason.RISK_SHORT_SALE), ({"side": ord("b")}, Reason.INVALID_SIDE),
        ({"capacity": ord("Z")}, Reason.INVALID_TERMS), ({"time_in_force": ord("5")}, Reason.UNSUPPORTED),
        ({"time_in_force": 0}, Reason.UNSUPPORTED), ({"display": ord("N")}, Reason.UNSUPPORTED),
        ({"inter_market_sweep_eligibility": ord("Y")}, Reason.UNSUPPORTED), ({"cross_type": ord("O")}, Reason.UNSUPPORTED),
        ({"price": 1_999_999_901}, Reason.INVALID_PRICE), ({"price": 0x7FFFFFFF}, Reason.INVALID_PRICE),
        ({"price": 2**64 - 1}, Reason.INVALID_PRICE), ({"price": 150}, Reason.INVALID_PRICE),
        ({"post_only": ord("X"), "tags": (12,)}, Reason.INVALID_TERMS), ({"post_only": ord("N"), "tags": (12,)}, Reason.NONE),
        ({"min_qty": 0, "tags": (3,)}, Reason.NONE),
    ],
)  # fmt: skip
def test_a_new_order_that_our_commands_cannot_say_is_refused(fields, wanted):
    assert refused(request(NEW, **fields)) == wanted


@pytest.mark.parametrize(
    ("made", "more", "wanted"),
    [
        (request(NEW), {"own": 0}, Reason.INVALID_ORDER_ID), (request(REPLACE), {"own": 0}, Reason.INVALID_ORDER_ID),
        (request(REPLACE), {"target": 0}, Reason.UNKNOWN_ORDER), (request(REPLACE), {"instrument": 8}, Reason.UNKNOWN_ORDER),
        (request(REPLACE, time_in_force=ord("3")), {}, Reason.UNSUPPORTED), (request(REPLACE, display=ord("A")), {}, Reason.UNSUPPORTED),
        (request(CANCEL), {"target": 0}, Reason.UNKNOWN_ORDER), (request(CANCEL, quantity=9), {}, Reason.UNSUPPORTED),
        (request(CANCEL, quantity=9), {"total": 9}, Reason.INVALID_QUANTITY), (request(CANCEL, quantity=9), {"total": 8}, Reason.INVALID_QUANTITY),
        (request(MASS, firm=0), {}, Reason.UNKNOWN_ACCOUNT), (request(MASS, symbol=1), {}, Reason.UNKNOWN_INSTRUMENT),
        (request(MASS, side=ord("T"), tags=(27,)), {}, Reason.RISK_SHORT_SALE), (request(MASS, side=1, tags=(27,)), {}, Reason.INVALID_SIDE),
        (request(NEW, type=ord("M")), {}, Reason.UNSUPPORTED), (request(NEW, type=ord("Q")), {}, Reason.UNSUPPORTED),
        (request(NEW, type=0), {}, Reason.UNSUPPORTED),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_has_its_reason(made, more, wanted):
    assert refused(made, **more) == wanted


def test_a_command_of_a_request_is_a_whole_record():
    assert read(request(NEW))[0].dtype == COMMAND
