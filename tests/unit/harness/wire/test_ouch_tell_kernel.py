"""Events as replies: each kind, what it repeats of its request, and what OUCH does not tell."""

import numpy as np
import pytest

from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind, Role, Side
from harness.wire import ouch
from harness.wire.ouch_requests import inherited
from harness.wire.ouch_terms import Untold
from tests.fakes.ouch_rows import MASS, NEW, REPLACE, request, told

ORDER = {"order": 40, "instrument": 7, "price": 18_912, "qty": 500, "engine_ns": 123}
TRADE = ORDER | {"kind": EventKind.TRADE, "maker": 39, "match": 9, "role": Role.BOTH}
REPEATED = ("user_ref_num", "side", "symbol", "time_in_force", "display", "capacity", "inter_market_sweep_eligibility", "cross_type", "cl_ord_id")  # fmt: skip


def one(made, **event):
    (reply,), owners, untold = told(made, **event)
    assert (owners, untold) == ([0], Untold.NONE)
    assert len(ouch.encode_replies(np.array([reply], reply.dtype))) > 0
    return reply


def test_accepted_repeats_its_request():
    made = request(NEW, cl_ord_id=b"my own text   ", user_ref_num=77, min_qty=50, max_floor=9, tags=(3, 5))
    reply = one(made, kind=EventKind.ACCEPTED, **ORDER)
    assert [reply[name] for name in REPEATED] == [made[name][0] for name in REPEATED]
    assert (chr(reply["type"]), reply["timestamp"], reply["quantity"], reply["price"]) == ("A", 123, 500, 1_891_200)
    assert (reply["order_reference_number"], chr(reply["order_state"])) == (40, "L")
    assert (reply["min_qty"], reply["max_floor"], reply["present"]) == (50, 9, 1 | 1 << 3 | 1 << 5)


def test_what_the_engine_made_of_the_order_goes_before_what_was_asked():
    reply = one(request(NEW), kind=EventKind.ACCEPTED, **(ORDER | {"price": 18_000, "qty": 7}))
    assert (reply["quantity"], reply["price"]) == (7, 1_800_000)


def test_replaced_tells_both_numbers_and_what_is_open():
    made = inherited(request(REPLACE, orig_user_ref_num=4, user_ref_num=6), request(NEW))
    reply = one(made, kind=EventKind.REPLACED, new_order=41, **(ORDER | {"qty": 400}))
    assert (chr(reply["type"]), reply["orig_user_ref_num"], reply["user_ref_num"], reply["quantity"]) == ("U", 4, 6, 400)  # fmt: skip
    assert (reply["order_reference_number"], chr(reply["side"])) == (41, "B")


@pytest.mark.parametrize(
    ("kind", "reason", "code"),
    [
        (EventKind.CANCELED, Reason.USER, "U"), (EventKind.CANCELED, Reason.IOC_REMAINDER, "I"), (EventKind.CANCELED, Reason.SELF_TRADE, "Q"),
        (EventKind.CANCELED, Reason.EXHAUSTED, "Z"), (EventKind.CANCELED, 65_535, "Z"), (EventKind.EXPIRED, Reason.NONE, "T"),
    ],
)  # fmt: skip
def test_canceled_says_what_went_and_why(kind, reason, code):
    reply = one(request(NEW), kind=kind, reason=reason, **ORDER)
    assert (chr(reply["type"]), reply["quantity"], chr(reply["reason"])) == ("C", 500, code)


@pytest.mark.parametrize("qty", [0, 2**32 - 1])
def test_quantities_up_to_what_four_bytes_hold_are_told(qty):
    assert one(request(NEW), kind=EventKind.CANCELED, reason=Reason.USER, **(ORDER | {"qty": qty}))["quantity"] == qty


def test_a_trade_is_told_to_both_sides():
    both = np.concatenate([request(NEW, user_ref_num=1), request(NEW, user_ref_num=2)])
    replies, owners, untold = told(both, orders=0, makers=1, **TRADE)
    assert (owners, untold) == ([0, 1], Untold.NONE)
    assert replies["user_ref_num"].tolist() == [1, 2]
    assert [chr(flag) for flag in replies["liquidity_flag"]] == ["R", "A"]
    for name, value in (("quantity", 500), ("price", 1_891_200), ("match_number", 9), ("present", 1), ("type", ord("E"))):  # fmt: skip
        assert (replies[name] == value).all()


@pytest.mark.parametrize(
    ("orders", "makers", "role", "flags"),
    [
        (0, -1, Role.BOTH, "R"),
        (-1, 0, Role.BOTH, "A"),
        (0, 0, Role.TAKER, "R"),
        (0, 0, Role.MAKER, "A"),
        (-1, -1, Role.BOTH, ""),
    ],
)
def test_of_a_trade_only_those_hear_that_have_a_side_of_it(orders, makers, role, flags):
    replies, _, untold = told(request(NEW), orders=orders, makers=makers, **(TRADE | {"role": role}))
    assert "".join(map(chr, replies["liquidity_flag"])) == flags
    assert untold == (Untold.NONE if flags else Untold.ORDER)


def test_rejected_has_its_code():
    reply = one(request(NEW, cl_ord_id=b"text          "), kind=EventKind.REJECTED, reason=Reason.INVALID_PRICE, **(ORDER | {"price": NONE}))  # fmt: skip
    assert (chr(reply["type"]), reply["reject_reason"], reply["cl_ord_id"]) == ("J", 0x1D, b"text          ")
    assert one(request(REPLACE), kind=EventKind.REPLACE_REJECTED, reason=Reason.INVALID_QUANTITY, **ORDER)["reject_reason"] == 0x13  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, 0x0F), ({"cross_type": ord("O")}, 0x14), ({"inter_market_sweep_eligibility": ord("Y")}, 0x08), ({"display": ord("N")}, 0x03),
        ({"tags": (7,)}, 0x11), ({"tags": (9,)}, 0x11),
    ],
)  # fmt: skip
def test_what_is_unsupported_is_told_by_what_was_asked_for(asked, code):
    refused = {"kind": EventKind.REJECTED, "reason": Reason.UNSUPPORTED}
    assert one(request(NEW, **asked), **refused, **ORDER)["reject_reason"] == code


@pytest.mark.parametrize(("base", "code"), [(REPLACE, 0x15), (MASS, 0x0F)])
def test_an_unsupported_replace_is_told_as_such_and_what_has_no_word_as_other(base, code):
    refused = {"kind": EventKind.REJECTED, "reason": Reason.UNSUPPORTED}
    assert one(request(base, cross_type=ord("O")), **refused, **ORDER)["reject_reason"] == code


@pytest.mark.parametrize("index", [0, 5])
def test_an_optional_tail_is_there_if_the_request_named_a_channel(index):
    reply = one(request(NEW, user_ref_idx=index, tags=(28,)), kind=EventKind.CANCELED, reason=Reason.USER, **ORDER)
    assert (reply["user_ref_idx"], reply["present"]) == (index, (1 | 1 << 28) if index else 0)


def test_a_mass_cancel_is_answered_when_it_is_done():
    made = request(MASS | {"instrument": 9, "side": Side.SELL}, user_ref_num=8)
    reply = one(made, kind=EventKind.DONE, command=4, qty=3)
    assert (chr(reply["type"]), reply["user_ref_num"], reply["firm"], reply["symbol"]) == ("X", 8, made["firm"][0], made["symbol"][0])  # fmt: skip
    assert (chr(reply["side"]), reply["present"]) == ("S", 1 | 1 << 27)


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        ({"kind": EventKind.RESTED}, Untold.KIND), ({"kind": EventKind.TRIGGERED}, Untold.KIND), ({"kind": EventKind.HALTED}, Untold.KIND),
        ({"kind": EventKind.CANCEL_REJECTED}, Untold.KIND), ({"kind": EventKind.TRADE_BUSTED}, Untold.KIND), ({"kind": 0}, Untold.KIND),
        ({"kind": EventKind.REPLACE_REJECTED, "reason": Reason.UNKNOWN_ORDER}, Untold.KIND), ({"kind": EventKind.ACCEPTED, "orders": -1}, Untold.ORDER),
        ({"kind": EventKind.ACCEPTED, "qty": NONE}, Untold.QUANTITY), ({"kind": EventKind.CANCELED, "qty": 2**32}, Untold.QUANTITY),
        ({"kind": EventKind.ACCEPTED, "price": NONE}, Untold.PRICE), ({"kind": EventKind.ACCEPTED, "price": -1}, Untold.PRICE),
        ({"kind": EventKind.ACCEPTED, "price": 2**62 // 100}, Untold.PRICE), ({"kind": EventKind.ACCEPTED, "instrument": 8}, Untold.PRICE),
    ],
)  # fmt: skip
def test_what_cannot_be_told_has_a_code_and_no_reply(event, wanted):
    replies, owners, untold = told(request(NEW), **(ORDER | event))
    assert (len(replies), owners, Untold(untold)) == (0, [], wanted)
