"""The messages of Nasdaq OUCH 5.0 as data: which fields each has in which order. Sizes, offsets and record types follow from it.

After "OUCH 5.0 Order Entry Specification" of Nasdaq, revision 1.04. Every message begins with its type, one character. Behind its fields
may stand an appendage: two bytes that tell its length, then elements of a length, a tag and a value. A record holds the fields of all
messages of one direction under their names in the document, and of all tags; `present` tells which tags came. Codes of one character are
their byte; symbol and firm are words of eight and four characters; prices have four implied decimals and are integers.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

import numpy as np


class Form(NamedTuple):
    """How a field looks on the wire and in a record."""

    dtype: str
    is_number: bool
    """A number is big-endian on the wire; characters stand as they are."""


UINT1, UINT2, UINT4, UINT8 = Form("u1", True), Form("<u2", True), Form("<u4", True), Form("<u8", True)
SIGNED_PRICE, PRICE = Form("<i4", True), Form("<u8", True)
ALPHA1, ALPHA4, ALPHA8, ALPHA14 = Form("u1", False), Form("<u4", False), Form("<u8", False), Form("S14", False)
"""Four and eight characters are a word, so that they are compared in one go."""

FORMS = {
    "type": ALPHA1, "user_ref_num": UINT4, "orig_user_ref_num": UINT4, "next_user_ref_num": UINT4, "timestamp": UINT8,
    "side": ALPHA1, "quantity": UINT4, "symbol": ALPHA8, "price": PRICE, "time_in_force": ALPHA1, "display": ALPHA1,
    "capacity": ALPHA1, "inter_market_sweep_eligibility": ALPHA1, "cross_type": ALPHA1, "cl_ord_id": ALPHA14,
    "firm": ALPHA4, "event_code": ALPHA1, "order_reference_number": UINT8, "order_state": ALPHA1, "reason": ALPHA1,
    "reject_reason": UINT2, "decrement_shares": UINT4, "quantity_prevented_from_trading": UINT4, "execution_price": PRICE,
    "liquidity_flag": ALPHA1, "aiq_strategy": ALPHA1, "match_number": UINT8,
    # Of tags alone.
    "secondary_ord_ref_num": UINT8, "min_qty": UINT4, "customer_type": ALPHA1, "max_floor": UINT4, "price_type": ALPHA1,
    "peg_offset": SIGNED_PRICE, "discretion_price": PRICE, "discretion_price_type": ALPHA1,
    "discretion_peg_offset": SIGNED_PRICE, "post_only": ALPHA1, "random_reserves": UINT4, "route": ALPHA4,
    "expire_time": UINT4, "trade_now": ALPHA1, "handle_inst": ALPHA1, "bbo_weight_indicator": ALPHA1,
    "display_quantity": UINT4, "display_price": PRICE, "group_id": UINT2, "shares_located": ALPHA1,
    "locate_broker": ALPHA4, "user_ref_idx": UINT1,
}  # fmt: skip
"""Each field by its name in the document. `reject_reason` is the Reason of Rejected, a number where all others are a character."""

TAGS = {
    1: "secondary_ord_ref_num", 2: "firm", 3: "min_qty", 4: "customer_type", 5: "max_floor", 6: "price_type", 7: "peg_offset",
    9: "discretion_price", 10: "discretion_price_type", 11: "discretion_peg_offset", 12: "post_only", 13: "random_reserves",
    14: "route", 15: "expire_time", 16: "trade_now", 17: "handle_inst", 18: "bbo_weight_indicator", 22: "display_quantity",
    23: "display_price", 24: "group_id", 25: "shares_located", 26: "locate_broker", 27: "side", 28: "user_ref_idx",
}  # fmt: skip
"""The field that each tag of an appendage tells."""
TAG_OF = {name: tag for tag, name in TAGS.items()}

LENGTH_PRESENT = 1
"""The bit of `present` that says that the message has an appendage length; tag n is the bit 1 << n."""
OTHERS_PRESENT = 1 << 31
"""The bit that says that there were tags that the message does not list. They are passed over."""


class Appendage(IntEnum):
    """Whether a message has an appendage."""

    NEVER = 0
    OPTIONAL = 1
    """Its length may be left out with it."""
    ALWAYS = 2
    """Its length is there, 0 if it is empty."""


class Message(NamedTuple):
    """One kind of message."""

    type: str
    name: str
    fields: tuple[str, ...]
    """Without the type, which is the first of all."""
    appendage: Appendage
    tags: tuple[int, ...] = ()

    def size(self) -> int:
        """How many bytes it has up to the length of its appendage."""
        return 1 + sum(width(FORMS[name]) for name in self.fields)

    def offsets(self) -> dict[str, int]:
        """Where each field begins."""
        ends = np.cumsum([1, *(width(FORMS[name]) for name in self.fields)]).tolist()
        return {"type": 0} | dict(zip(self.fields, ends, strict=False))


def width(form: Form) -> int:
    """How many bytes a field takes, on the wire as in a record."""
    return np.dtype(form.dtype).itemsize


def _message(kind: str, name: str, fields: str, appendage: Appendage, *tags: int) -> Message:
    return Message(kind, name, tuple(fields.split()), appendage, tags)


ORDER_TAGS = (3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17)
REQUESTS = (
    _message(
        "O", "Enter Order", "user_ref_num side quantity symbol price time_in_force display capacity "
        "inter_market_sweep_eligibility cross_type cl_ord_id", Appendage.ALWAYS, 2, *ORDER_TAGS, 24, 25, 26, 28,
    ),
    _message(
        "U", "Replace Order Request", "orig_user_ref_num user_ref_num quantity price time_in_force display "
        "inter_market_sweep_eligibility cl_ord_id", Appendage.ALWAYS, 3, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 25, 26, 27, 28,
    ),
    _message("X", "Cancel Order Request", "user_ref_num quantity", Appendage.OPTIONAL, 28),
    _message("M", "Modify Order Request", "user_ref_num side quantity", Appendage.OPTIONAL, 25, 26, 28),
    _message("C", "Mass Cancel Request", "user_ref_num firm symbol", Appendage.ALWAYS, 24, 27, 28),
    _message("D", "Disable Order Entry Request", "user_ref_num firm", Appendage.ALWAYS, 28),
    _message("E", "Enable Order Entry Request", "user_ref_num firm", Appendage.ALWAYS, 28),
    _message("Q", "Account Query Request", "", Appendage.OPTIONAL, 28),
)  # fmt: skip
"""What a client sends."""

REPLIES = (
    _message("S", "System Event", "timestamp event_code", Appendage.NEVER),
    _message(
        "A", "Order Accepted", "timestamp user_ref_num side quantity symbol price time_in_force display order_reference_number "
        "capacity inter_market_sweep_eligibility cross_type order_state cl_ord_id", Appendage.ALWAYS,
        2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 24, 25, 28,
    ),
    _message(
        "U", "Order Replaced", "timestamp orig_user_ref_num user_ref_num side quantity symbol price time_in_force display "
        "order_reference_number capacity inter_market_sweep_eligibility cross_type order_state cl_ord_id", Appendage.ALWAYS,
        2, 3, 5, 6, 12, 15, 16, 17, 18, 28,
    ),
    _message("C", "Order Canceled", "timestamp user_ref_num quantity reason", Appendage.OPTIONAL, 28),
    _message(
        "D", "AIQ Canceled", "timestamp user_ref_num decrement_shares reason quantity_prevented_from_trading execution_price "
        "liquidity_flag aiq_strategy", Appendage.OPTIONAL, 28,
    ),
    _message("E", "Order Executed", "timestamp user_ref_num quantity price liquidity_flag match_number", Appendage.ALWAYS, 28),
    _message("B", "Broken Trade", "timestamp user_ref_num match_number reason cl_ord_id", Appendage.OPTIONAL, 28),
    _message("J", "Rejected", "timestamp user_ref_num reject_reason cl_ord_id", Appendage.OPTIONAL, 28),
    _message("P", "Cancel Pending", "timestamp user_ref_num", Appendage.OPTIONAL, 28),
    _message("I", "Cancel Reject", "timestamp user_ref_num", Appendage.OPTIONAL, 28),
    _message(
        "T", "Order Priority Update", "timestamp user_ref_num price display order_reference_number", Appendage.OPTIONAL, 28,
    ),
    _message("M", "Order Modified", "timestamp user_ref_num side quantity", Appendage.OPTIONAL, 25, 26, 28),
    _message("R", "Order Restated", "timestamp user_ref_num reason", Appendage.ALWAYS, 1, 22, 23, 28),
    _message("X", "Mass Cancel Response", "timestamp user_ref_num firm symbol", Appendage.ALWAYS, 24, 27, 28),
    _message("G", "Disable Order Entry Response", "timestamp user_ref_num firm", Appendage.ALWAYS, 28),
    _message("K", "Enable Order Entry Response", "timestamp user_ref_num firm", Appendage.ALWAYS, 28),
    _message("Q", "Account Query Response", "timestamp next_user_ref_num", Appendage.OPTIONAL, 28),
)  # fmt: skip
"""What a venue sends."""


def record_of(messages: Iterable[Message]) -> np.dtype[np.void]:
    """The record that holds any of the messages: `present` first, then the widest fields first, to the next whole word."""
    names = dict.fromkeys(name for each in messages for name in (*each.fields, *(TAGS[tag] for tag in each.tags)))
    by_width = sorted(names, key=lambda name: -np.dtype(FORMS[name].dtype).alignment)
    fields = [("present", "<u4"), ("type", "u1"), *((name, FORMS[name].dtype) for name in by_width)]
    offsets = [0, 4, *_offsets(8, by_width)]
    whole = -(-(offsets[-1] + width(FORMS[by_width[-1]])) // 8) * 8
    return np.dtype(
        {"names": [name for name, _ in fields], "formats": [form for _, form in fields], "offsets": offsets, "itemsize": whole}
    )  # fmt: skip


def _offsets(start: int, names: list[str]) -> list[int]:
    widths = [width(FORMS[name]) for name in names]
    return [start + before for before in np.cumsum([0, *widths])[:-1].tolist()]


REQUEST = record_of(REQUESTS)
REPLY = record_of(REPLIES)
