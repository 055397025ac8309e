"""What the codes of OUCH 5.0 mean in our words and back, as tables.

Codes and reasons do not pair up: where OUCH is finer, several codes are one reason; where it is coarser, a reason is told as the code
that says least beyond it, and `OTHER` comes back.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.reasons import Reason
from harness.base.records import Role, Side, TimeInForce

BUY, SELL, SELL_SHORT, SELL_SHORT_EXEMPT = map(ord, "BSTE")
DAY, IOC = map(ord, "03")
VISIBLE, YES, NO, POST_ONLY, CONTINUOUS, LIVE, DEAD, PRINCIPAL = map(ord, "YYNPNLDP")
ADDED, REMOVED = map(ord, "AR")
CAPACITIES = tuple(map(ord, "APRO"))

SIDES = {Side.BUY: BUY, Side.SELL: SELL}
TIMES_IN_FORCE = {TimeInForce.DAY: DAY, TimeInForce.IOC: IOC}
"""OUCH has no fill-or-kill and no good-till-canceled; its further ones end at a time of the venue's day, which our words do not know."""

REJECT_REASONS = {
    0x01: Reason.SYSTEM, 0x02: Reason.CLOSED, 0x03: Reason.INVALID_TERMS, 0x04: Reason.INVALID_TERMS, 0x05: Reason.INVALID_TERMS,
    0x06: Reason.RISK_PRICE_COLLAR, 0x07: Reason.HALTED, 0x08: Reason.UNSUPPORTED, 0x09: Reason.INVALID_SIDE, 0x0A: Reason.SYSTEM,
    0x0B: Reason.OTHER, 0x0C: Reason.RISK_OTHER, 0x0D: Reason.INVALID_QUANTITY, 0x0E: Reason.SYSTEM, 0x0F: Reason.OTHER,
    0x10: Reason.OTHER, 0x11: Reason.UNSUPPORTED, 0x12: Reason.OTHER, 0x13: Reason.INVALID_QUANTITY, 0x14: Reason.UNSUPPORTED,
    0x15: Reason.UNSUPPORTED, 0x16: Reason.UNSUPPORTED, 0x17: Reason.UNKNOWN_INSTRUMENT, 0x18: Reason.OTHER,
    0x19: Reason.INVALID_PRICE, 0x1A: Reason.UNSUPPORTED, 0x1B: Reason.INVALID_PRICE, 0x1C: Reason.INVALID_TERMS,
    0x1D: Reason.INVALID_PRICE, 0x1E: Reason.RISK_ORDER_QUANTITY, 0x1F: Reason.RISK_ORDER_VALUE, 0x20: Reason.RISK_OTHER,
    0x21: Reason.RISK_MARKET_IMPACT, 0x22: Reason.RISK_RESTRICTED, 0x23: Reason.RISK_SHORT_SALE, 0x24: Reason.RISK_NOT_PERMITTED,
    0x25: Reason.RISK_DAILY_VOLUME, 0x26: Reason.RISK_PRICE_COLLAR, 0x27: Reason.RISK_SHORT_SALE, 0x28: Reason.RISK_RATE,
    0x29: Reason.RISK_RATE, 0x2A: Reason.RISK_DUPLICATE, 0x2B: Reason.RISK_SHORT_SALE, 0x2C: Reason.RISK_NOT_PERMITTED,
    0x2D: Reason.RISK_NOT_PERMITTED, 0x2E: Reason.RISK_NOT_PERMITTED, 0x2F: Reason.RISK_SHORT_SALE, 0x30: Reason.RISK_ORDER_VALUE,
    0x31: Reason.RISK_ORDER_QUANTITY, 0x32: Reason.RISK_SHORT_SALE, 0x33: Reason.RISK_NOT_PERMITTED,
}  # fmt: skip
"""Each code of Rejected. A code that the document does not list is read as OTHER, and one that venues give for several of our reasons as what
says no more than they have in common: 0x0C, that who asks may not trade, and 0x20, a limit of what is held, open, worth or lost."""
REJECT_OTHER = 0x0F
NO_REPLACE, NO_CROSS, NO_SWEEP, NO_PEG, NOT_SHOWN = 0x15, 0x14, 0x08, 0x11, 0x03
"""What of a request is not offered."""
REJECT_CODES = {
    Reason.SYSTEM: 0x0A, Reason.EXHAUSTED: 0x0A, Reason.CLOSED: 0x02, Reason.HALTED: 0x07, Reason.INVALID_SIDE: 0x09,
    Reason.UNKNOWN_ACCOUNT: 0x0C, Reason.RISK_DISABLED: 0x0C, Reason.INVALID_QUANTITY: 0x13, Reason.UNKNOWN_INSTRUMENT: 0x17, Reason.INVALID_PRICE: 0x1D,
    Reason.INVALID_TERMS: 0x03, Reason.POST_ONLY_WOULD_TRADE: 0x12,
    Reason.RISK_EXPOSURE: 0x20, Reason.RISK_POSITION: 0x20, Reason.RISK_LOSS: 0x20, Reason.RISK_MARKET_IMPACT: 0x21, Reason.RISK_RESTRICTED: 0x22, Reason.RISK_SHORT_SALE: 0x2B,
    Reason.RISK_DAILY_VOLUME: 0x25, Reason.RISK_PRICE_COLLAR: 0x26, Reason.RISK_RATE: 0x29, Reason.SESSION_RATE: 0x29,
    Reason.RISK_DUPLICATE: 0x2A, Reason.RISK_NOT_PERMITTED: 0x24, Reason.RISK_ORDER_VALUE: 0x30, Reason.RISK_ORDER_QUANTITY: 0x31,
}  # fmt: skip
"""How a venue of ours tells a reason; all others are REJECT_OTHER. A post-only order that would trade would lock or cross the market; as other
venues may mean more by that code, it is not read back so. What is unsupported is told by what the request asked for (`ouch_tell_kernel`)."""

CANCEL_REASONS = {
    "D": Reason.RISK_RESTRICTED, "E": Reason.CLOSED, "F": Reason.POST_ONLY_WOULD_TRADE, "G": Reason.POST_ONLY_WOULD_TRADE,
    "H": Reason.HALTED, "I": Reason.IOC_REMAINDER, "K": Reason.RISK_PRICE_COLLAR, "Q": Reason.SELF_TRADE, "S": Reason.SUPERVISORY,
    "U": Reason.USER, "X": Reason.RISK_PRICE_COLLAR, "Z": Reason.SYSTEM, "e": Reason.RISK_ORDER_QUANTITY,
}  # fmt: skip
"""Each code of Canceled but T: an order whose time is up has expired, which is an event of its own."""
TIME_UP = ord("T")
CANCEL_CODES = {
    Reason.RISK_RESTRICTED: "D", Reason.CLOSED: "E", Reason.POST_ONLY_WOULD_TRADE: "F", Reason.HALTED: "H",
    Reason.IOC_REMAINDER: "I", Reason.FOK_NOT_FILLABLE: "I", Reason.MARKET_REMAINDER: "I", Reason.MIN_QTY_NOT_REACHED: "I",
    Reason.KILLED: "S", Reason.RISK_PRICE_COLLAR: "K", Reason.SELF_TRADE: "Q", Reason.SUPERVISORY: "S", Reason.USER: "U", Reason.MASS_CANCEL: "U",
}  # fmt: skip
"""How a venue of ours tells why an order was canceled; all else is Z, the system."""
CANCEL_OTHER = "Z"

LIQUIDITY = {Role.MAKER: "AJkNue78j1", Role.TAKER: "Rmpqrt"}
"""The flags of each role. A trade in a cross, or in extended life, has no maker."""

_REASONS = max(Reason) + 2
"""One more than there are: the last entry is for what no reason of ours has."""


def _table(size: int, default: int, pairs: dict[int, int]) -> npt.NDArray[np.uint16]:
    table = np.full(size, default, np.uint16)
    table[list(pairs)] = list(pairs.values())
    return table


REASON_OF_REJECT = _table(2**16, Reason.OTHER, {code: int(reason) for code, reason in REJECT_REASONS.items()})
REJECT_OF_REASON = _table(_REASONS, REJECT_OTHER, {int(reason): code for reason, code in REJECT_CODES.items()})
REASON_OF_CANCEL = _table(256, Reason.OTHER, {ord(code): int(reason) for code, reason in CANCEL_REASONS.items()})
CANCEL_OF_REASON = _table(
    _REASONS, ord(CANCEL_OTHER), {int(reason): ord(code) for reason, code in CANCEL_CODES.items()}
)
ROLE_OF_FLAG = _table(256, Role.NONE, {ord(flag): int(role) for role, flags in LIQUIDITY.items() for flag in flags})
