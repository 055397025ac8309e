"""The closed table of reasons, grouped by who refuses, so that every wire's own codes map onto one list.

Hundreds name the group: 1 input, 2 session, 3 risk, 4 instrument, 5 matching, 6 system. A reason is data, never an
exception. Codes are part of stored evidence: they are added to, never renumbered.
"""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """Why an engine refused, canceled or expired."""

    NONE = 0

    UNSUPPORTED = 100
    """A kind, type, time in force or term that the engine does not offer."""
    INVALID_ORDER_ID = 101
    DUPLICATE_ORDER_ID = 102
    """The id belongs to an order that is still live."""
    INVALID_SIDE = 103
    INVALID_QUANTITY = 104
    INVALID_PRICE = 105
    INVALID_TERMS = 106
    """Terms that contradict each other, such as post-only with IOC."""
    UNKNOWN_ORDER = 107
    """No live order with this id on this instrument."""
    NOT_OWNER = 108
    """The order is live but belongs to another account."""
    UNKNOWN_ACCOUNT = 109

    SESSION_NOT_READY = 200
    SESSION_RATE = 201

    RISK_OTHER = 300
    RISK_ORDER_QUANTITY = 301
    RISK_ORDER_VALUE = 302
    RISK_PRICE_COLLAR = 303
    RISK_DISABLED = 304
    """Killed or disabled, and not enabled again."""
    RISK_RESTRICTED = 305
    RISK_RATE = 306
    RISK_DUPLICATE = 307
    RISK_POSITION = 308
    RISK_EXPOSURE = 309
    RISK_LOSS = 310
    RISK_MARKET_IMPACT = 311
    RISK_DAILY_VOLUME = 312
    """Too large a share of what the instrument trades in a day."""
    RISK_SHORT_SALE = 313
    RISK_NOT_PERMITTED = 314
    """A kind of order, or a time of day, that the account has no permission for."""

    UNKNOWN_INSTRUMENT = 400
    HALTED = 401
    CLOSED = 402

    POST_ONLY_WOULD_TRADE = 500
    IOC_REMAINDER = 501
    FOK_NOT_FILLABLE = 502
    MARKET_REMAINDER = 503
    SELF_TRADE = 504
    USER = 505
    MASS_CANCEL = 506
    MIN_QTY_NOT_REACHED = 507
    KILLED = 508

    EXHAUSTED = 600
    SYSTEM = 601
    OTHER = 602
    """The engine says no more than that."""
    SUPERVISORY = 603
    """By staff of the venue."""


GROUPS = {1: "input", 2: "session", 3: "risk", 4: "instrument", 5: "matching", 6: "system"}


def reason_name(code: int) -> str:
    """The reason in words, or its bare number where the table does not hold it."""
    try:
        return Reason(code).name.lower().replace("_", " ")
    except ValueError:
        return f"reason {code} (not in the table)"
