"""What an account ordered lately, for duplicates: a ring of orders, and chains of those that may say the same, the newest first.

Nothing in the ring is written over while it may count: the ring grows as far as there is room, then an order is refused. Orders are
numbered from 1; the order of a number lies at the number's lower bits.
"""

from __future__ import annotations

from engines.reference.asked import BYTE, HOME, LOW, PRICE, QTY, SIDE_AT, STOP, TERMS_AT, WHAT, Asked
from engines.reference.layout import GOLDEN
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.service.risk.layout import (
    BEFORE,
    CONTENT,
    DUPLICATES,
    DUPLICATES_MOST,
    DUPLICATES_NS,
    DUPLICATES_SIZE,
    FORGOTTEN,
    RECENT_NS,
    RECENT_PRICE,
    RECENT_QTY,
    RECENT_STOP,
    RECENT_WORDS,
    Ledger,
)
from harness.base.kernels import compiled

HALF, BYTE_BITS = U(32), U(8)


def _content_of(asked: Asked, row: Number) -> Number:
    """Instrument, type and side of an order in one word."""
    what = asked.words[row, WHAT]
    kind, side = (what >> TERMS_AT) & BYTE, what >> SIDE_AT
    return S((asked.words[row, HOME] & LOW) | (kind << HALF) | (side << (HALF + BYTE_BITS)))


content_of = compiled(_content_of, inner=True)


def _hash_of(content: Number, price: Number, stop: Number, qty: Number) -> Number:
    """Of what an order says, 32 bits."""
    mixed = (U(content) ^ (U(price) << U(20))) * GOLDEN
    mixed = ((mixed ^ (mixed >> HALF)) + U(qty)) * GOLDEN
    mixed = ((mixed ^ (mixed >> HALF)) + U(stop)) * GOLDEN
    return mixed >> HALF


hash_of = compiled(_hash_of, inner=True)


def _hash_at(ledger: Ledger, holder: Number, at: Number) -> Number:
    recent = ledger.recent
    return hash_of(
        recent[holder, at, CONTENT], recent[holder, at, RECENT_PRICE], recent[holder, at, RECENT_STOP], recent[holder, at, RECENT_QTY]
    )  # fmt: skip


def _chain(ledger: Ledger, holder: Number, number: Number, size: Number) -> None:
    """The order is the newest of its chain."""
    at = number & (size - ONE)
    head = hash_at(ledger, holder, at) & (size - ONE)
    ledger.recent[holder, at, BEFORE] = ledger.recent_heads[holder, head]
    ledger.recent_heads[holder, head] = S(number)


hash_at = compiled(_hash_at, inner=True)
chain = compiled(_chain, inner=True)


def _is_duplicate(ledger: Ledger, asked: Asked, row: Number, holder: Number, now_ns: Number) -> Number:
    """Whether so many orders that say the same stand in the window that this would be one too many."""
    holders, recent, amounts = ledger.holders, ledger.recent, asked.amounts
    most = holders[holder, DUPLICATES_MOST]
    if most == ZERO:
        return False
    since_ns = now_ns - ledger.holder_amounts[holder, DUPLICATES_NS]
    count, size = holders[holder, DUPLICATES], holders[holder, DUPLICATES_SIZE]
    oldest = max(holders[holder, FORGOTTEN], count - min(count, size))
    content, price, stop, qty = content_of(asked, row), amounts[row, PRICE], amounts[row, STOP], amounts[row, QTY]
    number = U(ledger.recent_heads[holder, hash_of(content, price, stop, qty) & (size - ONE)])
    found = ZERO
    while number > oldest and found < most:
        at = number & (size - ONE)
        if recent[holder, at, RECENT_NS] <= since_ns:
            break
        found += U(
            recent[holder, at, CONTENT] == content
            and recent[holder, at, RECENT_PRICE] == price
            and recent[holder, at, RECENT_STOP] == stop
            and recent[holder, at, RECENT_QTY] == qty
        )
        number = U(recent[holder, at, BEFORE])
    return found >= most


is_duplicate = compiled(_is_duplicate, inner=True)


def _is_taken(ledger: Ledger, holder: Number, size: Number, now_ns: Number) -> Number:
    """Whether the next order would be written over one that may count still."""
    following = ledger.holders[holder, DUPLICATES] + ONE
    if following <= ledger.holders[holder, FORGOTTEN] + size:
        return False
    since_ns = now_ns - ledger.holder_amounts[holder, DUPLICATES_NS]
    return ledger.recent[holder, following & (size - ONE), RECENT_NS] > since_ns


is_taken = compiled(_is_taken, inner=True)


def _has_no_room(ledger: Ledger, holder: Number, now_ns: Number) -> Number:
    """Whether the next order could not be remembered."""
    if ledger.holders[holder, DUPLICATES_MOST] == ZERO:
        return False
    size = ledger.holders[holder, DUPLICATES_SIZE]
    return size == U(ledger.recent.shape[1] - 1) and is_taken(ledger, holder, size, now_ns)


has_no_room = compiled(_has_no_room, inner=True)


def _remember(ledger: Ledger, asked: Asked, row: Number, holder: Number, now_ns: Number) -> None:
    """The order was let through. There is room for it."""
    recent, amounts = ledger.recent, asked.amounts
    size = ledger.holders[holder, DUPLICATES_SIZE]
    if size < U(recent.shape[1] - 1) and is_taken(ledger, holder, size, now_ns):
        spread(ledger, holder)
        size = ledger.holders[holder, DUPLICATES_SIZE]
    number = ledger.holders[holder, DUPLICATES] + ONE
    at = number & (size - ONE)
    recent[holder, at, CONTENT] = content_of(asked, row)
    recent[holder, at, RECENT_PRICE] = amounts[row, PRICE]
    recent[holder, at, RECENT_STOP] = amounts[row, STOP]
    recent[holder, at, RECENT_QTY] = amounts[row, QTY]
    recent[holder, at, RECENT_NS] = now_ns
    chain(ledger, holder, number, size)
    ledger.holders[holder, DUPLICATES] = number


def _spread(ledger: Ledger, holder: Number) -> None:
    """Give the ring twice its size: each order stays, or goes to the new half and leaves its place free; the chains are made anew."""
    recent = ledger.recent
    size, count = ledger.holders[holder, DUPLICATES_SIZE], ledger.holders[holder, DUPLICATES]
    ledger.recent_heads[holder, : S(size + size)] = S(0)
    number = count - size + ONE
    while number <= count:
        at, new_at = number & (size - ONE), number & (size + size - ONE)
        if new_at != at:
            for word in range(RECENT_WORDS):
                recent[holder, new_at, word] = recent[holder, at, word]
            recent[holder, at, RECENT_NS] = 0
        chain(ledger, holder, number, size + size)
        number += ONE
    ledger.holders[holder, DUPLICATES_SIZE] = size + size


spread = compiled(_spread)
remember = compiled(_remember, inner=True)
