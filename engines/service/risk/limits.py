"""The limits that an operator sets: which there are, and what becomes of what stood against them."""

from __future__ import annotations

from engines.reference.asked import ACCOUNT_AT, BYTE, HOME, QTY, TARGET, TERMS_AT, WHAT, Asked
from engines.reference.checks import book_of
from engines.reference.layout import BY_QUOTE, WAITING, State
from engines.reference.machine import ONE, ZERO, Number, U
from engines.service.risk.breakers import forget_prices, forget_volume
from engines.service.risk.holders import holder_of
from engines.service.risk.layout import (
    ACCOUNTS,
    BREAKER_TICKS,
    DUPLICATES,
    DUPLICATES_MOST,
    EXPOSURE_MAX,
    EXPOSURE_MAX_LOW,
    FORGOTTEN,
    HAS_BREAKERS,
    HAS_CONTROLS,
    LONG_MAX,
    LOSS_MAX,
    LOSS_MAX_LOW,
    LOTS_CAP,
    MESSAGES,
    MESSAGES_MOST,
    REPEATS,
    REPEATS_MOST,
    SHORT_MAX,
    STAGGER,
    STATIC_TICKS,
    VALUE_CAP_HIGH,
    VOLUME_CAP,
    VOLUME_MAX,
    Ledger,
)
from engines.service.risk.scopes import FIRM_SCOPE, INSTRUMENT_SCOPE, firm_of, scope_of
from harness.base.controls import LIMITS_OF, LimitCode
from harness.base.kernels import compiled
from harness.base.reasons import Reason

NO_REASON = int(Reason.NONE)
UNSUPPORTED = int(Reason.UNSUPPORTED)
UNKNOWN_ACCOUNT = int(Reason.UNKNOWN_ACCOUNT)
INVALID_QUANTITY = int(Reason.INVALID_QUANTITY)
EXHAUSTED = int(Reason.EXHAUSTED)
LAST_CODE = U(62)
CODES = tuple(sum(1 << int(code) for code in LIMITS_OF[scope]) for scope in ("account", "firm", "instrument"))
"""Bit by bit which limits each scope has."""
CODE_LONG_MAX, CODE_SHORT_MAX, CODE_EXPOSURE_MAX, CODE_LOSS_MAX, CODE_MESSAGES, CODE_DUPLICATES, CODE_REPEATS = (
    int(code)
    for code in (
        LimitCode.LONG_MAX, LimitCode.SHORT_MAX, LimitCode.EXPOSURE_MAX, LimitCode.LOSS_MAX, LimitCode.MESSAGES,
        LimitCode.DUPLICATES, LimitCode.REPEATS,
    )
)  # fmt: skip
CODE_STATIC_TICKS, CODE_BREAKER_TICKS = int(LimitCode.STATIC_TICKS), int(LimitCode.BREAKER_TICKS)


def _refusal_of_limit(state: State, ledger: Ledger, asked: Asked, row: Number) -> Number:
    """A limit of a window must leave it room."""
    scope, qty = scope_of(asked, row), asked.amounts[row, QTY]
    code = (asked.words[row, WHAT] >> TERMS_AT) & BYTE
    reason = NO_REASON
    if scope != INSTRUMENT_SCOPE and ledger.counts[ACCOUNTS] == 0:
        reason = UNKNOWN_ACCOUNT
    elif (U(CODES[scope]) >> min(code, LAST_CODE)) & ONE == ZERO:
        reason = UNSUPPORTED
    elif qty < 0:
        reason = INVALID_QUANTITY
    elif (
        (code == CODE_MESSAGES and qty > ledger.messages.shape[1] - STAGGER)
        or (code == CODE_DUPLICATES and qty > ledger.recent.shape[1] - 1)
        or (code == CODE_REPEATS and qty > ledger.repeats.shape[1] - STAGGER)
        or (
            code >= CODE_BREAKER_TICKS
            and state.counts[BY_QUOTE] != 0
            and state.counts[WAITING] >= ledger.prices.shape[1]
        )
    ):
        reason = EXHAUSTED
    return reason


refusal_of_limit = compiled(_refusal_of_limit)


def _forget_repeats(ledger: Ledger, holder: Number) -> None:
    if ledger.counts[ACCOUNTS] == 0:
        return
    instruments = U(ledger.watched.shape[0])
    holding = holder * instruments
    while holding < (holder + ONE) * instruments:
        ledger.holdings[holding, REPEATS] = ledger.holdings[holding, REPEATS + 1] = 0
        holding += ONE


forget_repeats = compiled(_forget_repeats)


def _set_holder_limit(ledger: Ledger, holder: Number, code: Number, qty: Number) -> None:  # noqa: C901 - one branch a limit
    """Of an account or a firm. A limit of a window that is taken away forgets what stood in it."""
    holders, amounts = ledger.holders, ledger.holder_amounts
    if code == CODE_LONG_MAX:
        amounts[holder, LONG_MAX] = min(qty, LOTS_CAP) if qty > 0 else LOTS_CAP
    elif code == CODE_SHORT_MAX:
        amounts[holder, SHORT_MAX] = min(qty, LOTS_CAP) if qty > 0 else LOTS_CAP
    elif code == CODE_EXPOSURE_MAX:
        holders[holder, EXPOSURE_MAX] = ZERO if qty > 0 else U(VALUE_CAP_HIGH)
        amounts[holder, EXPOSURE_MAX_LOW] = qty
    elif code == CODE_LOSS_MAX:
        holders[holder, LOSS_MAX] = ZERO
        amounts[holder, LOSS_MAX_LOW] = qty
    elif code == CODE_MESSAGES:
        amounts[holder, MESSAGES_MOST] = qty
        if qty == 0:
            holders[holder, MESSAGES] = ZERO
    elif code == CODE_DUPLICATES:
        amounts[holder, DUPLICATES_MOST] = qty
        if qty == 0:
            holders[holder, FORGOTTEN] = holders[holder, DUPLICATES]
    elif code == CODE_REPEATS:
        amounts[holder, REPEATS_MOST] = qty
        if qty == 0:
            forget_repeats(ledger, holder)


def _set_instrument_limit(ledger: Ledger, index: Number, code: Number, qty: Number) -> None:
    counts, watched = ledger.counts, ledger.watched
    counts[HAS_CONTROLS] = 1
    if code == CODE_STATIC_TICKS:
        watched[index, STATIC_TICKS] = qty
        return
    counts[HAS_BREAKERS] = 1
    if code == CODE_BREAKER_TICKS:
        watched[index, BREAKER_TICKS] = qty
        if qty == 0:
            forget_prices(ledger, index)
    else:
        watched[index, VOLUME_MAX] = min(qty, VOLUME_CAP)
        if qty == 0:
            forget_volume(ledger, index)


set_holder_limit = compiled(_set_holder_limit)
set_instrument_limit = compiled(_set_instrument_limit)


def _set_limit(state: State, ledger: Ledger, asked: Asked, row: Number) -> None:
    words, scope, qty = asked.words, scope_of(asked, row), asked.amounts[row, QTY]
    code = (words[row, WHAT] >> TERMS_AT) & BYTE
    if scope == INSTRUMENT_SCOPE:
        set_instrument_limit(ledger, book_of(state, words[row, HOME], ZERO) >> ONE, code, qty)
    elif scope == FIRM_SCOPE:
        set_holder_limit(ledger, firm_of(ledger, words[row, TARGET]), code, qty)
    else:
        set_holder_limit(ledger, holder_of(ledger, words[row, HOME] >> ACCOUNT_AT), code, qty)


set_limit = compiled(_set_limit)
