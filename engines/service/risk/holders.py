"""From the number of an account to its row."""

from __future__ import annotations

from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.service.risk.layout import FIRM, IS_DISABLED, IS_KILLED, IS_SHUT, NUMBER, STRANGERS, Ledger
from harness.base.kernels import compiled


def _place_of(ledger: Ledger, number: Number) -> Number:
    """Where the account stands in the table, or the free place where it would go."""
    mask = U(ledger.rows.shape[0] - 1)
    at = number & mask
    while ledger.rows[at] != ZERO and ledger.numbers[at] != number:
        at = (at + ONE) & mask
    return at


place_of = compiled(_place_of, inner=True)


def _holder_of(ledger: Ledger, number: Number) -> Number:
    """The row of the account, 0 where it has none."""
    return ledger.rows[place_of(ledger, number)]


holder_of = compiled(_holder_of, inner=True)


def _named(ledger: Ledger, number: Number) -> Number:
    """The row of an account that need not be declared, since none is; 0 where there is no room for one more."""
    at = place_of(ledger, number)
    if ledger.rows[at] == ZERO and ledger.counts[STRANGERS] < ledger.holders.shape[0] - 1:
        ledger.counts[STRANGERS] += 1
        ledger.numbers[at] = number
        ledger.rows[at] = U(ledger.counts[STRANGERS])
        ledger.holders[ledger.rows[at], NUMBER] = number
    return ledger.rows[at]


named = compiled(_named)


def _is_shut(ledger: Ledger, holder: Number, index: Number) -> Number:
    """Whether the account, its firm or the instrument was killed, or the account disabled."""
    holders = ledger.holders
    own = holders[holder, IS_KILLED] | holders[holder, IS_DISABLED]
    shut = own | holders[holders[holder, FIRM], IS_KILLED] != ZERO
    return shut or (index < U(ledger.watched.shape[0]) and ledger.watched[index, IS_SHUT] != S(0))


is_shut = compiled(_is_shut, inner=True)
