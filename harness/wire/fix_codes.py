"""Our words and the codes of FIX 4.4 for them."""

from __future__ import annotations

from enum import StrEnum

from harness.base.reasons import Reason
from harness.base.records import OrderType, Side, TimeInForce

SIDES = {Side.BUY: "1", Side.SELL: "2"}
TYPES = {OrderType.MARKET: "1", OrderType.LIMIT: "2", OrderType.STOP: "3", OrderType.STOP_LIMIT: "4"}
TIFS = {TimeInForce.DAY: "0", TimeInForce.GTC: "1", TimeInForce.IOC: "3", TimeInForce.FOK: "4"}
SIDE_OF = {code: side for side, code in SIDES.items()}
TYPE_OF = {code: kind for kind, code in TYPES.items()}
TIF_OF = {code: tif for tif, code in TIFS.items()}
POST_ONLY = "6"
"""ExecInst: participate, do not initiate."""
AUTOMATED = "1"
"""HandlInst, which many venues still ask for."""
ONE_SYMBOL, ALL_ORDERS = "1", "7"
"""MassCancelRequestType."""
REFUSED, OTHER = "0", "99"
ADDED, REMOVED = "1", "2"
"""LastLiquidityInd: the maker's side of a trade, and the taker's."""
TO_CANCEL, TO_REPLACE = "1", "2"
"""CxlRejResponseTo."""
NO_ORDER = "NONE"
"""OrderID of an order that is not known."""
UNSUPPORTED_KIND = "3"
"""BusinessRejectReason."""


class ExecType(StrEnum):
    """Why a report is sent."""

    NEW = "0"
    CANCELED = "4"
    REPLACED = "5"
    REJECTED = "8"
    EXPIRED = "C"
    RESTATED = "D"
    TRADE = "F"
    ORDER_STATUS = "I"


class Status(StrEnum):
    """Where an order is."""

    NEW = "0"
    PARTIALLY_FILLED = "1"
    FILLED = "2"
    CANCELED = "4"
    REJECTED = "8"
    EXPIRED = "C"


_ORDER_REASONS = {
    Reason.UNKNOWN_INSTRUMENT: "1", Reason.SESSION_NOT_READY: "2", Reason.HALTED: "2", Reason.CLOSED: "2",
    Reason.DUPLICATE_ORDER_ID: "6", Reason.UNSUPPORTED: "11", Reason.INVALID_TERMS: "11", Reason.INVALID_QUANTITY: "13",
    Reason.UNKNOWN_ACCOUNT: "15",
}  # fmt: skip
_ORDER_REASON_OF = {
    "1": Reason.UNKNOWN_INSTRUMENT, "2": Reason.CLOSED, "3": Reason.RISK_OTHER, "6": Reason.DUPLICATE_ORDER_ID,
    "11": Reason.UNSUPPORTED, "13": Reason.INVALID_QUANTITY, "15": Reason.UNKNOWN_ACCOUNT,
}  # fmt: skip
_CANCEL_REASONS = {Reason.UNKNOWN_ORDER: "1", Reason.DUPLICATE_ORDER_ID: "6"}
_CANCEL_REASON_OF = {"0": Reason.UNKNOWN_ORDER, "1": Reason.UNKNOWN_ORDER, "6": Reason.DUPLICATE_ORDER_ID}
TOO_LATE = "0"
"""CxlRejReason of an order that was there."""
RISK = range(300, 400)
EXCEEDS_LIMIT = "3"


def order_code(reason: int) -> str:
    """OrdRejReason."""
    return EXCEEDS_LIMIT if reason in RISK else _ORDER_REASONS.get(Reason(reason), OTHER)


def cancel_code(reason: int) -> str:
    """CxlRejReason."""
    return _CANCEL_REASONS.get(Reason(reason), OTHER)


def order_reason(code: str | None) -> Reason:
    """The reason that an OrdRejReason stands for; many stand for one code, so it says less."""
    return _ORDER_REASON_OF.get(code or "", Reason.OTHER)


def cancel_reason(code: str | None) -> Reason:
    """The reason that a CxlRejReason stands for."""
    return _CANCEL_REASON_OF.get(code or "", Reason.OTHER)
