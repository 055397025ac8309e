"""What the verifier says of an event, and which code names the difference between the event that came and the one that had to."""

from __future__ import annotations

from enum import IntEnum

from harness.base.reasons import Reason
from harness.base.records import Event, EventKind


class Code(IntEnum):
    """One code an event; codes of a missing event are given to the answer that lacks it."""

    LEGAL = 0
    NOT_JUDGED = 1
    """Its instrument went wrong before: the books differ, and all else would be an echo."""
    NAMELESS = 2
    """It names no command."""

    OUT_OF_PLACE = 10
    """Its command was never sent, or was answered before."""
    UNANSWERED = 11
    """The command got no answer before the next answer began."""
    LEFT_UNFINISHED = 12
    """The next answer began while this one was not whole."""
    NOTHING_LEFT = 13
    """The answer was whole already."""
    REFUSED_WITHOUT_CAUSE = 20
    TAKEN_DESPITE_CAUSE = 21
    WRONG_KIND = 30
    """Another kind of event had to come, and no other code says which."""
    STOPPED_EARLY = 31
    """It rests or goes although it still had something to trade with."""
    TRADED_TOO_FAR = 32
    """It trades although nothing at its price is left, or although it must be canceled whole."""
    SELF_TRADE = 33
    NOT_TRIGGERED = 34
    TRIGGERED_WRONGLY = 35
    NOT_LIVE = 40
    WRONG_ORDER = 41
    WRONG_MAKER = 42
    WRONG_PRICE = 43
    WRONG_QTY = 44
    OVERFILL = 45
    WRONG_REMAINING = 46
    WRONG_REASON = 47
    WRONG_FIELD = 48


TITLES: dict[Code, str] = {
    Code.OUT_OF_PLACE: "an event answers a command that was not sent or was answered before",
    Code.UNANSWERED: "a command got no answer",
    Code.LEFT_UNFINISHED: "an answer ended too early",
    Code.NOTHING_LEFT: "an event came after the answer was whole",
    Code.REFUSED_WITHOUT_CAUSE: "a command was refused although nothing speaks against it",
    Code.TAKEN_DESPITE_CAUSE: "a command was taken although it must be refused",
    Code.WRONG_KIND: "another kind of event had to come",
    Code.STOPPED_EARLY: "an order stopped matching although it could go on",
    Code.TRADED_TOO_FAR: "an order traded that had nothing to trade with",
    Code.SELF_TRADE: "an account traded with itself",
    Code.NOT_TRIGGERED: "a stop that had to trigger did not",
    Code.TRIGGERED_WRONGLY: "a stop triggered that had to wait",
    Code.NOT_LIVE: "an event is about an order that is not live",
    Code.WRONG_ORDER: "an event is about the wrong order",
    Code.WRONG_MAKER: "an order traded with another one than the first of the best price",
    Code.WRONG_PRICE: "an event tells a wrong price",
    Code.WRONG_QTY: "an event tells a wrong quantity",
    Code.OVERFILL: "a trade takes more than is open",
    Code.WRONG_REMAINING: "an event tells a wrong open quantity",
    Code.WRONG_REASON: "an event tells a wrong reason",
    Code.WRONG_FIELD: "an event tells a wrong account, side, role, instrument or new id",
}
"""One line for a release manager."""

_REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
_FIELDS: tuple[tuple[str, Code], ...] = (
    ("order", Code.WRONG_ORDER), ("maker", Code.WRONG_MAKER), ("price", Code.WRONG_PRICE), ("qty", Code.WRONG_QTY),
    ("remaining", Code.WRONG_REMAINING), ("reason", Code.WRONG_REASON),
)  # fmt: skip
_ABSENT = Event()


def code_of(wanted: Event, came: Event, *, first: bool, carried: frozenset[str]) -> Code:
    """Which rule is broken by the event that came instead of the wanted one; `first`: it is the first of its answer."""
    if came.kind == wanted.kind:
        return _code_of_fields(wanted, came, carried)
    if first and (came.kind in _REFUSALS) != (wanted.kind in _REFUSALS):
        return Code.REFUSED_WITHOUT_CAUSE if came.kind in _REFUSALS else Code.TAKEN_DESPITE_CAUSE
    if EventKind.TRIGGERED in (came.kind, wanted.kind):
        return Code.NOT_TRIGGERED if wanted.kind == EventKind.TRIGGERED else Code.TRIGGERED_WRONGLY
    if wanted.kind == EventKind.TRADE:
        return Code.STOPPED_EARLY
    if came.kind == EventKind.TRADE:
        return Code.SELF_TRADE if wanted.reason == Reason.SELF_TRADE else Code.TRADED_TOO_FAR
    return Code.WRONG_KIND


def _code_of_fields(wanted: Event, came: Event, carried: frozenset[str]) -> Code:
    for field, code in _FIELDS:
        want, told = getattr(wanted, field), getattr(came, field)
        if want in (told, getattr(_ABSENT, field)) or field not in carried:
            continue
        if code is Code.WRONG_QTY and came.kind == EventKind.TRADE and told > want:
            return Code.OVERFILL
        return code
    return Code.WRONG_FIELD
