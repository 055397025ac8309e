"""The controls before the matching engine: each new order's and each replace's reason to be held back, 0 where there is none.

The order is that of `docs/risk-rules.md`; whether there is room comes last, so that a stage that is full gives the same reasons as one
that is not.
"""

from __future__ import annotations

from engines.reference.asked import ABSENT, ACCOUNT_AT, BYTE, HOME, KIND_AT, NEW, WHAT, Asked
from engines.reference.checks import book_of
from engines.reference.layout import State
from engines.reference.machine import ONE, ZERO, Number, U
from engines.reference.risk import is_apart
from engines.service.risk.breakers import has_room_for_prints
from engines.service.risk.coming import Coming, new_of, replace_of
from engines.service.risk.holders import holder_of, is_shut
from engines.service.risk.layout import (
    ACCOUNTS,
    AT_FIRM,
    COMING_PLACE,
    COMING_VALUED,
    DUPLICATES_MOST,
    EXPOSURE,
    EXPOSURE_LOW,
    EXPOSURE_MAX,
    EXPOSURE_MAX_LOW,
    HALT,
    HOLDER,
    IS_RESTRICTED,
    LONG_MAX,
    LOSS_MAX,
    LOSS_MAX_LOW,
    LOTS_CAP,
    OPEN_LOTS,
    POSITION,
    QTY_STEP,
    RESTRICTED,
    STATIC_PRICE,
    STATIC_TICKS,
    VALUE_CAP_HIGH,
    Ledger,
)
from engines.service.risk.recent import has_no_room, is_duplicate, remember
from engines.service.risk.sums import loss_of
from engines.service.risk.wide import is_above, is_negative, minus, plus, value_of
from engines.service.risk.windows import count_message, is_too_fast
from harness.base.kernels import compiled
from harness.base.reasons import Reason

NO_REASON = int(Reason.NONE)
INVALID_QUANTITY = int(Reason.INVALID_QUANTITY)
UNKNOWN_ACCOUNT = int(Reason.UNKNOWN_ACCOUNT)
RISK_PRICE_COLLAR = int(Reason.RISK_PRICE_COLLAR)
RISK_DISABLED = int(Reason.RISK_DISABLED)
RISK_RESTRICTED = int(Reason.RISK_RESTRICTED)
RISK_RATE = int(Reason.RISK_RATE)
RISK_DUPLICATE = int(Reason.RISK_DUPLICATE)
RISK_POSITION = int(Reason.RISK_POSITION)
RISK_EXPOSURE = int(Reason.RISK_EXPOSURE)
RISK_LOSS = int(Reason.RISK_LOSS)
HALTED = int(Reason.HALTED)
EXHAUSTED = int(Reason.EXHAUSTED)
LOTS, LIMITS = U(OPEN_LOTS), U(LONG_MAX)


def _refusal_of_sender(ledger: Ledger, holder: Number, index: Number, now_ns: Number) -> Number:
    """What holds whatever the order is like."""
    watched, is_known = ledger.watched, index < U(ledger.watched.shape[0])
    reason = NO_REASON
    if is_shut(ledger, holder, index):
        reason = RISK_DISABLED
    elif is_known and watched[index, HALT] != 0:
        reason = HALTED
    elif ledger.counts[ACCOUNTS] != 0 and holder == ZERO:
        reason = UNKNOWN_ACCOUNT
    elif is_known and (
        watched[index, RESTRICTED] != 0
        or (ledger.counts[ACCOUNTS] != 0 and ledger.holdings[holder * U(watched.shape[0]) + index, IS_RESTRICTED] != 0)
    ):
        reason = RISK_RESTRICTED
    elif is_too_fast(ledger, holder, now_ns):
        reason = RISK_RATE
    return reason


def _refusal_of_terms(ledger: Ledger, coming: Coming, index: Number) -> Number:
    """Lot and static collar."""
    watched = ledger.watched
    reason, static, ticks = NO_REASON, watched[index, STATIC_PRICE], watched[index, STATIC_TICKS]
    if watched[index, QTY_STEP] != 1 and coming.qty % watched[index, QTY_STEP] != 0:
        reason = INVALID_QUANTITY
    elif ticks != 0 and ABSENT not in (static, coming.limit) and is_apart(coming.limit, static, U(ticks)):
        reason = RISK_PRICE_COLLAR
    return reason


def _refusal_of_position(ledger: Ledger, coming: Coming, holding: Number) -> Number:
    """As differences, since a sum with a quantity that is too large could run over."""
    holdings, reason = ledger.holdings, NO_REASON
    for one in (holding, U(holdings[holding, AT_FIRM])):
        most = ledger.holder_amounts[U(holdings[one, HOLDER]), LIMITS + coming.side]
        position = holdings[one, POSITION] if coming.side == ZERO else -holdings[one, POSITION]
        if reason == NO_REASON and coming.lots - coming.held_lots > most - position - holdings[one, LOTS + coming.side]:
            reason = EXHAUSTED if most == LOTS_CAP else RISK_POSITION
    return reason


def _refusal_of_exposure(ledger: Ledger, coming: Coming, holding: Number) -> Number:
    holders, holdings, reason = ledger.holders, ledger.holdings, NO_REASON
    more_high, more_low = value_of(coming.valued, coming.lots)
    less_high, less_low = value_of(coming.held_valued, coming.held_lots)
    for one in (holding, U(holdings[holding, AT_FIRM])):
        holder = U(holdings[one, HOLDER])
        high, low = minus(holders[holder, EXPOSURE], holders[holder, EXPOSURE_LOW], less_high, less_low)
        high, low = plus(high, low, more_high, more_low)
        most_high, most_low = holders[holder, EXPOSURE_MAX], holders[holder, EXPOSURE_MAX_LOW]
        if reason == NO_REASON and is_above(high, low, most_high, most_low):
            reason = EXHAUSTED if most_high == U(VALUE_CAP_HIGH) else RISK_EXPOSURE
    return reason


def _has_lost(state: State, ledger: Ledger, holder: Number) -> Number:
    """Whether the loss is at its limit or above."""
    most_high, most_low = ledger.holders[holder, LOSS_MAX], ledger.holders[holder, LOSS_MAX_LOW]
    if most_high | most_low == ZERO:
        return False
    high, low = loss_of(state, ledger, holder)
    return not is_negative(high) and not is_above(most_high, most_low, high, low)


refusal_of_sender = compiled(_refusal_of_sender, inner=True)
refusal_of_terms = compiled(_refusal_of_terms, inner=True)
refusal_of_position = compiled(_refusal_of_position, inner=True)
refusal_of_exposure = compiled(_refusal_of_exposure, inner=True)
has_lost = compiled(_has_lost, inner=True)


def _refusal_of_order(  # noqa: C901 - the rules, one after another
    state: State, ledger: Ledger, asked: Asked, row: Number, now_ns: Number, holder: Number, index: Number
) -> Number:
    """The controls that look at the order itself; what passes them all is remembered, and told to the sums once it is accepted."""
    is_new = (asked.words[row, WHAT] >> KIND_AT) & BYTE == NEW
    counts, has_account = ledger.counts, counts_for(ledger, holder)
    coming = new_of(state, asked, row, index) if is_new else replace_of(state, asked, row, index)
    holding = holder * U(ledger.watched.shape[0]) + index
    reason = NO_REASON
    if coming.is_order:
        reason = refusal_of_terms(ledger, coming, index)
        if reason == NO_REASON and has_account:
            if is_new and is_duplicate(ledger, asked, row, holder, now_ns):
                reason = RISK_DUPLICATE
            if reason == NO_REASON:
                reason = refusal_of_position(ledger, coming, holding)
            if reason == NO_REASON:
                reason = refusal_of_exposure(ledger, coming, holding)
    if reason == NO_REASON and has_account and has_lost(state, ledger, holder):
        reason = RISK_LOSS
    if reason == NO_REASON and coming.is_order:
        if (is_new and has_no_room(ledger, holder, now_ns)) or not has_room_for_prints(state, ledger, index, now_ns):
            reason = EXHAUSTED
        elif is_new and has_account:
            counts[COMING_PLACE] = holding * U(2) + coming.side
            counts[COMING_VALUED] = coming.valued
            if ledger.holders[holder, DUPLICATES_MOST] != ZERO:
                remember(ledger, asked, row, holder, now_ns)
    return reason


def _counts_for(ledger: Ledger, holder: Number) -> Number:
    """Whether what this account does counts anywhere."""
    return ledger.counts[ACCOUNTS] != 0 and holder != ZERO


counts_for = compiled(_counts_for, inner=True)
refusal_of_order = compiled(_refusal_of_order, inner=True)


def _refusal_of(state: State, ledger: Ledger, asked: Asked, row: Number, now_ns: Number) -> Number:
    """The reason to hold back a new order or a replace. It is a message whatever becomes of it, but for too many of them."""
    home = asked.words[row, HOME]
    holder, index = holder_of(ledger, home >> ACCOUNT_AT), book_of(state, home, ZERO) >> ONE
    reason = refusal_of_sender(ledger, holder, index, now_ns)
    if reason != RISK_RATE:
        count_message(ledger, holder, now_ns)
    if reason == NO_REASON:
        reason = refusal_of_order(state, ledger, asked, row, now_ns, holder, index)
    return reason


refusal_of = compiled(_refusal_of, inner=True)
