"""The event that must come next, field by field, and whether the event that came is it.

A field that the rules leave open holds what `Event` holds by default, and is not compared; nor is one that the wire does not carry,
nor the reason of a refusal, of which several may hold.
"""

from __future__ import annotations

from typing import Any

from harness.base.kernels import compiled
from harness.base.records import NONE, EventKind, Int64Array, Role
from harness.oracle.verifier.layout import LOW, NO_SIDE, Books, Now, Rules, Want

_KIND_AT, _SIDE_AT, _REASON_AT = 48, 56, 32
"""The bits of the thirteenth word of an event at which these fields stand; the session is below them."""


def _want(books: Books, kind: int, order: int) -> None:
    """Begin the event that must come; what is not told after this is open."""
    wanted = books.want
    wanted[Want.KIND], wanted[Want.ORDER], wanted[Want.MAKER], wanted[Want.NEW_ORDER] = kind, order, 0, 0
    wanted[Want.PRICE], wanted[Want.QTY], wanted[Want.REMAINING] = NONE, NONE, NONE
    wanted[Want.REASON], wanted[Want.ROLE] = 0, 0


def _of_amount(books: Books, qty: int, remaining: int) -> None:
    """The event tells these quantities."""
    books.want[Want.QTY], books.want[Want.REMAINING] = qty, remaining


def _of_cancel(books: Books, qty: int, remaining: int, reason: int) -> None:
    """The event tells how much of an order went, where the wire carries that, and why."""
    books.want[Want.REMAINING], books.want[Want.REASON] = remaining, reason
    if books.rules[Rules.CANCELED_QTY] != 0:
        books.want[Want.QTY] = qty


def _of_party(books: Books, party: Any) -> None:
    """The event is about this order, live or incoming."""
    books.want[Want.ACCOUNT], books.want[Want.SIDE] = party["account"], party["side"] & 1
    books.want[Want.INSTRUMENT] = books.instruments[party["side"] >> 1]["id"]


def _of_command(books: Books, command: Int64Array) -> None:
    """The event is about no order that is live."""
    books.want[Want.ACCOUNT], books.want[Want.SIDE] = (command[11] >> 32) & LOW, NO_SIDE
    books.want[Want.INSTRUMENT] = command[11] & LOW


def _of_trade(books: Books, maker: int, price: int) -> None:
    """The event is a trade with this maker."""
    books.want[Want.MAKER], books.want[Want.PRICE], books.want[Want.ROLE] = maker, price, Role.BOTH


def _came(books: Books, events: Int64Array, at: int) -> bool:
    """Whether the event at this place is the one that must come. With a place below 0 none is: it only says what must come."""
    if at < 0:
        return False
    event, want, carried = events[at], books.want, books.rules[Rules.CARRIED]
    kind = kind_of(event)
    if kind != want[Want.KIND]:
        return False
    refusal = kind in (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
    return not (
        differs(event[1], want, Want.ORDER, 0, carried)
        or differs(event[3], want, Want.MAKER, 0, carried)
        or differs(event[2], want, Want.NEW_ORDER, 0, carried)
        or differs(event[5], want, Want.PRICE, NONE, carried)
        or differs(event[6], want, Want.QTY, NONE, carried)
        or differs(event[7], want, Want.REMAINING, NONE, carried)
        or (not refusal and differs(reason_of(event), want, Want.REASON, 0, carried))
        or differs((event[11] >> 32) & LOW, want, Want.ACCOUNT, 0, carried)
        or differs((event[12] >> _SIDE_AT) & 255, want, Want.SIDE, NO_SIDE, carried)
        or differs(event[13] & 255, want, Want.ROLE, 0, carried)
        or differs(event[11] & LOW, want, Want.INSTRUMENT, 0, carried)
    )


def _canceled(books: Books, events: Int64Array, at: int, party: Any, qty: int, reason: int) -> bool:  # noqa: PLR0917 - a kernel
    """Whether the event at this place takes so much of this order, for this reason; it is counted then."""
    want(books, EventKind.CANCELED, party["id"])
    of_cancel(books, qty, party["open"] - qty, reason)
    of_party(books, party)
    if not came(books, events, at):
        return False
    books.now[Now.CANCELS] += 1
    return True


def _differs(came: int, want: Int64Array, field: int, absent: int, carried: int) -> bool:
    return bool(came != want[field] and want[field] != absent and (carried >> field) & 1 != 0)


def _kind_of(event: Int64Array) -> int:
    return int((event[12] >> _KIND_AT) & 255)


def _reason_of(event: Int64Array) -> int:
    return int((event[12] >> _REASON_AT) & 0xFFFF)


differs = compiled(_differs, inner=True)
kind_of = compiled(_kind_of, inner=True)
reason_of = compiled(_reason_of, inner=True)
came = compiled(_came, inner=True)
want = compiled(_want, inner=True)
of_trade = compiled(_of_trade, inner=True)
of_amount = compiled(_of_amount, inner=True)
of_cancel = compiled(_of_cancel, inner=True)
of_party = compiled(_of_party, inner=True)
of_command = compiled(_of_command, inner=True)
canceled = compiled(_canceled, inner=True)
