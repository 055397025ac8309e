"""Whom an operator means: an account, a firm or an instrument, exactly one."""

from __future__ import annotations

from engines.reference.asked import ACCOUNT_AT, BYTE, HOME, KIND_AT, LOW, TARGET, WHAT, Asked
from engines.reference.checks import book_of
from engines.reference.layout import State
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.service.risk.holders import holder_of
from engines.service.risk.layout import ACCOUNTS, FIRMS, NUMBER, Ledger
from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import CommandKind

HALT, RESUME = U(int(CommandKind.HALT)), U(int(CommandKind.RESUME))
NO_REASON = int(Reason.NONE)
UNKNOWN_ACCOUNT = int(Reason.UNKNOWN_ACCOUNT)
UNKNOWN_INSTRUMENT = int(Reason.UNKNOWN_INSTRUMENT)
INVALID_TERMS = int(Reason.INVALID_TERMS)
ACCOUNT_SCOPE, FIRM_SCOPE, INSTRUMENT_SCOPE = range(3)


def _firm_of(ledger: Ledger, number: Number) -> Number:
    """The row of a firm by its number, 0 where no account is of it."""
    row, end = U(ledger.counts[ACCOUNTS]) + ONE, U(ledger.counts[ACCOUNTS] + ledger.counts[FIRMS])
    while row <= end:
        if ledger.holders[row, NUMBER] == number:
            return row
        row += ONE
    return ZERO


firm_of = compiled(_firm_of)


def _scope_of(asked: Asked, row: Number) -> Number:
    """The one scope that a command names."""
    words = asked.words
    if words[row, HOME] >> ACCOUNT_AT != ZERO:
        return ACCOUNT_SCOPE
    return FIRM_SCOPE if words[row, TARGET] != ZERO else INSTRUMENT_SCOPE


scope_of = compiled(_scope_of)


def _refusal_of_scope(state: State, ledger: Ledger, asked: Asked, row: Number) -> Number:
    """Whether what a command names is known. Where no account is declared, it may be any."""
    words, reason = asked.words, NO_REASON
    account, instrument = words[row, HOME] >> ACCOUNT_AT, words[row, HOME] & LOW
    scope = scope_of(asked, row)
    kind = (words[row, WHAT] >> KIND_AT) & BYTE
    if kind not in (HALT, RESUME) and S(account != ZERO) + S(words[row, TARGET] != ZERO) + S(instrument != ZERO) != 1:
        reason = INVALID_TERMS
    elif kind in (HALT, RESUME) or scope == INSTRUMENT_SCOPE:
        if book_of(state, words[row, HOME], ZERO) >> ONE >= U(state.bounds.shape[0]):
            reason = UNKNOWN_INSTRUMENT
    elif scope == ACCOUNT_SCOPE:
        if ledger.counts[ACCOUNTS] != 0 and holder_of(ledger, account) == ZERO:
            reason = UNKNOWN_ACCOUNT
    elif firm_of(ledger, words[row, TARGET]) == ZERO:
        reason = UNKNOWN_ACCOUNT
    return reason


refusal_of_scope = compiled(_refusal_of_scope)
