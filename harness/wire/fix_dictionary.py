"""What a message of FIX 4.4 must look like before anybody acts on it, as far as this dialect reads it; else why it is refused.

Required fields and codes are those of the FIX 4.4 data dictionary, but that of a component such as Instrument the fields that make it are required.
What this dialect does not read may stand in any message: a field of another message type is not refused as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from harness.wire.fix import Fields, Message
from harness.wire.fix_tags import YES, Kind, Refused, Tag
from harness.wire.fix_times import time_ns

HEADER = (Tag.SENDER_COMP_ID, Tag.TARGET_COMP_ID, Tag.MSG_SEQ_NUM, Tag.SENDING_TIME)
QUANTITIES = (Tag.ORDER_QTY, Tag.CASH_ORDER_QTY, Tag.ORDER_PERCENT)
"""One of them makes OrderQtyData."""
_ORDER = (Tag.CL_ORD_ID, Tag.SYMBOL, Tag.SIDE, Tag.TRANSACT_TIME)
REQUIRED: dict[str, tuple[Tag, ...]] = {
    Kind.HEARTBEAT: (),
    Kind.TEST_REQUEST: (Tag.TEST_REQ_ID,),
    Kind.RESEND_REQUEST: (Tag.BEGIN_SEQ_NO, Tag.END_SEQ_NO),
    Kind.REJECT: (Tag.REF_SEQ_NUM,),
    Kind.SEQUENCE_RESET: (Tag.NEW_SEQ_NO,),
    Kind.LOGOUT: (),
    Kind.LOGON: (Tag.ENCRYPT_METHOD, Tag.HEART_BT_INT),
    Kind.NEW_ORDER_SINGLE: (*_ORDER, Tag.ORD_TYPE),
    Kind.ORDER_CANCEL_REQUEST: (Tag.ORIG_CL_ORD_ID, *_ORDER),
    Kind.ORDER_CANCEL_REPLACE_REQUEST: (Tag.ORIG_CL_ORD_ID, *_ORDER, Tag.ORD_TYPE),
    Kind.ORDER_STATUS_REQUEST: (Tag.CL_ORD_ID, Tag.SYMBOL, Tag.SIDE),
    Kind.ORDER_MASS_CANCEL_REQUEST: (Tag.CL_ORD_ID, Tag.MASS_CANCEL_REQUEST_TYPE, Tag.TRANSACT_TIME),
    Kind.EXECUTION_REPORT: (
        Tag.ORDER_ID, Tag.EXEC_ID, Tag.EXEC_TYPE, Tag.ORD_STATUS, Tag.SYMBOL, Tag.SIDE, Tag.LEAVES_QTY, Tag.CUM_QTY, Tag.AVG_PX,
    ),
    Kind.ORDER_CANCEL_REJECT: (Tag.ORDER_ID, Tag.CL_ORD_ID, Tag.ORIG_CL_ORD_ID, Tag.ORD_STATUS, Tag.CXL_REJ_RESPONSE_TO),
    Kind.ORDER_MASS_CANCEL_REPORT: (Tag.ORDER_ID, Tag.MASS_CANCEL_REQUEST_TYPE, Tag.MASS_CANCEL_RESPONSE),
    Kind.BUSINESS_MESSAGE_REJECT: (Tag.REF_MSG_TYPE, Tag.BUSINESS_REJECT_REASON),
}  # fmt: skip
HAS_QUANTITY = (Kind.NEW_ORDER_SINGLE, Kind.ORDER_CANCEL_REQUEST, Kind.ORDER_CANCEL_REPLACE_REQUEST)

KINDS = frozenset((*"0123456789ABCDEFGHJKLMNPQRSTVWXYZ", *"abcdefghijklmnopqrstuvwxyz")) | {
    *(f"A{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), *(f"B{letter}" for letter in "ABCDEFGH"),
}  # fmt: skip
"""All message types of FIX 4.4."""
TAG_MAX, USER_TAGS = 956, 5_000
"""The highest field of FIX 4.4; from `USER_TAGS` on fields are agreed between two firms."""

_NUMBER, _DECIMAL = re.compile(r"\d{1,18}"), re.compile(r"-?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})")
Format = Callable[[str], object]
FORMATS: dict[Tag, Format] = {
    **dict.fromkeys(
        (
            Tag.MSG_SEQ_NUM, Tag.BEGIN_SEQ_NO, Tag.END_SEQ_NO, Tag.NEW_SEQ_NO, Tag.REF_SEQ_NUM, Tag.REF_TAG_ID, Tag.SESSION_REJECT_REASON,
            Tag.ENCRYPT_METHOD, Tag.HEART_BT_INT, Tag.CXL_REJ_REASON, Tag.ORD_REJ_REASON, Tag.BUSINESS_REJECT_REASON, Tag.EXEC_RESTATEMENT_REASON,
            Tag.TOTAL_AFFECTED_ORDERS, Tag.LAST_LIQUIDITY_IND,
        ),
        _NUMBER.fullmatch,
    ),
    **dict.fromkeys(
        (
            Tag.ORDER_QTY, Tag.CASH_ORDER_QTY, Tag.ORDER_PERCENT, Tag.MIN_QTY, Tag.MAX_FLOOR, Tag.LAST_QTY, Tag.LEAVES_QTY, Tag.CUM_QTY,
            Tag.PRICE, Tag.STOP_PX, Tag.LAST_PX, Tag.AVG_PX,
        ),
        _DECIMAL.fullmatch,
    ),
    **dict.fromkeys((Tag.SENDING_TIME, Tag.ORIG_SENDING_TIME, Tag.TRANSACT_TIME), lambda text: time_ns(text) is not None),
}  # fmt: skip
CODES: dict[Tag, frozenset[str]] = {
    **dict.fromkeys((Tag.POSS_DUP_FLAG, Tag.POSS_RESEND, Tag.GAP_FILL_FLAG, Tag.RESET_SEQ_NUM_FLAG), frozenset((YES, "N"))),
    Tag.ENCRYPT_METHOD: frozenset("0123456"),
    Tag.SIDE: frozenset("123456789ABCDEFG"),
    Tag.ORD_TYPE: frozenset("12346789DEGIJKLMP"),
    Tag.TIME_IN_FORCE: frozenset("01234567"),
    Tag.MASS_CANCEL_REQUEST_TYPE: frozenset("1234567"),
    Tag.MASS_CANCEL_RESPONSE: frozenset("01234567"),
    Tag.CXL_REJ_RESPONSE_TO: frozenset("12"),
    Tag.ORD_STATUS: frozenset("0123456789ABCDE"),
    Tag.EXEC_TYPE: frozenset("03456789ABCDEFGHI"),
}  # fmt: skip
ONCE = FORMATS.keys() | CODES.keys()
"""What stands in no repeating group."""


class Refusal(NamedTuple):
    """Why a message is refused."""

    reason: Refused
    tag: int
    """The field that it is about; 0: none."""

    def text(self) -> str:
        """In words."""
        words = self.reason.name.lower().replace("_", " ")
        return f"{words}: {self.tag}" if self.tag else words


def refusal_of(message: Message) -> Refusal | None:
    """Why a message is refused, by the first thing that is wrong with it; None: it is right."""
    if message.kind not in KINDS:
        return Refusal(Refused.INVALID_MSG_TYPE, 0)
    return _wrong_field(message) or _missing(message)


def reject_of(message: Message, refusal: Refusal) -> Fields:
    """The body of the session Reject that says so."""
    body = (
        (Tag.REF_SEQ_NUM, message.get(Tag.MSG_SEQ_NUM) or "0"),
        (Tag.REF_TAG_ID, str(int(refusal.tag)) if refusal.tag else ""),
        (Tag.REF_MSG_TYPE, message.kind),
        (Tag.SESSION_REJECT_REASON, str(int(refusal.reason))),
        (Tag.TEXT, refusal.text()),
    )
    return tuple((tag, value) for tag, value in body if value)


def _wrong_field(message: Message) -> Refusal | None:
    seen: set[int] = set()
    for tag, value in message.fields:
        if reason := _wrong(tag, value):
            return reason
        if tag in seen and tag in ONCE and message.kind in REQUIRED:
            return Refusal(Refused.TAG_REPEATED, tag)
        seen.add(tag)
    return None


def _wrong(tag: int, value: str) -> Refusal | None:
    if tag == 0:
        return Refusal(Refused.INVALID_TAG_NUMBER, 0)
    if TAG_MAX < tag < USER_TAGS:
        return Refusal(Refused.UNDEFINED_TAG, tag)
    if not value:
        return Refusal(Refused.TAG_WITHOUT_VALUE, tag)
    known = Tag(tag) if tag in _TAGS else None
    if known in FORMATS and not FORMATS[known](value):
        return Refusal(Refused.BAD_FORMAT, tag)
    if known in CODES and value not in CODES[known]:
        return Refusal(Refused.VALUE_OUT_OF_RANGE, tag)
    return None


def _missing(message: Message) -> Refusal | None:
    there = {tag for tag, _ in message.fields}
    for tag in (*HEADER, *REQUIRED.get(message.kind, ())):
        if tag not in there:
            return Refusal(Refused.REQUIRED_TAG_MISSING, tag)
    if message.kind in HAS_QUANTITY and not there & set(QUANTITIES):
        return Refusal(Refused.REQUIRED_TAG_MISSING, Tag.ORDER_QTY)
    return None


_TAGS = frozenset(int(tag) for tag in Tag)
