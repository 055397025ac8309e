"""How many came within a window: a ring of stamps, of which only the one `most` places back has to be looked at.

Stamps never go back, so the window holds `most` or more exactly if the last but `most - 1` is in it. A ring uses no more of its room than
what stands in the window needs, so that what is written next is in the cache; what it has written over had left the window.
"""

from __future__ import annotations

from engines.reference.layout import Amounts
from engines.reference.machine import ONE, ZERO, Number, U
from engines.service.risk.layout import FIRM, MESSAGES, MESSAGES_MOST, MESSAGES_NS, MESSAGES_SIZE, STAGGER, Ledger
from harness.base.kernels import compiled


def _is_full(stamps: Amounts, ring: Number, size: Number, count: Number, most: Number, since_ns: Number) -> Number:
    """Whether `most` or more of the ring's stamps lie above `since_ns`; `count` is how many there ever were."""
    # Where the limit is above the size, all that was written over had left the window: there are fewer.
    if most == ZERO or count < most or size < most:
        return False
    return stamps[ring, (count - most) & (size - ONE)] > since_ns


is_full = compiled(_is_full, inner=True)


def _note(stamps: Amounts, ring: Number, size: Number, count: Number, now_ns: Number, since_ns: Number) -> Number:
    """The next stamp, which whoever calls counts; the size of the ring from now on."""
    if count >= size and stamps[ring, count & (size - ONE)] > since_ns and size < U(stamps.shape[1] - STAGGER):
        spread(stamps, ring, size, count)
        size += size
    stamps[ring, count & (size - ONE)] = now_ns
    return size


def _spread(stamps: Amounts, ring: Number, size: Number, count: Number) -> None:
    """Give the ring twice its size: each stamp stays, or goes to the new half; what it leaves stands for one that left the window."""
    number = count - size
    while number < count:
        if number & size != ZERO:
            stamps[ring, number & (size + size - ONE)] = stamps[ring, number & (size - ONE)]
            stamps[ring, number & (size - ONE)] = 0
        number += ONE


spread = compiled(_spread)
note = compiled(_note, inner=True)


def _is_at_its_rate(ledger: Ledger, holder: Number, now_ns: Number) -> Number:
    """Whether the rate of messages of an account or a firm is reached."""
    holders = ledger.holders
    since_ns = now_ns - ledger.holder_amounts[holder, MESSAGES_NS]
    size, count, most = holders[holder, MESSAGES_SIZE], holders[holder, MESSAGES], holders[holder, MESSAGES_MOST]
    return is_full(ledger.messages, holder, size, count, most, since_ns)


is_at_its_rate = compiled(_is_at_its_rate, inner=True)


def _is_too_fast(ledger: Ledger, holder: Number, now_ns: Number) -> Number:
    """Whether the account or its firm is at its rate."""
    return is_at_its_rate(ledger, holder, now_ns) or is_at_its_rate(ledger, ledger.holders[holder, FIRM], now_ns)


is_too_fast = compiled(_is_too_fast, inner=True)


def _count_message(ledger: Ledger, holder: Number, now_ns: Number) -> None:
    """A message counts for the account and for its firm, where they have a rate."""
    holders = ledger.holders
    for one in (holder, holders[holder, FIRM]):
        if holders[one, MESSAGES_MOST] != ZERO:
            since_ns = now_ns - ledger.holder_amounts[one, MESSAGES_NS]
            size, count = holders[one, MESSAGES_SIZE], holders[one, MESSAGES]
            holders[one, MESSAGES_SIZE] = note(ledger.messages, one, size, count, now_ns, since_ns)
            holders[one, MESSAGES] = count + ONE


count_message = compiled(_count_message, inner=True)
