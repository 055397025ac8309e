"""What operators ask: to kill and enable, to halt and resume, to set a limit, and to let time be looked at.

None of it is hot. A kill is begun here and carried out in `killing`, since its events may need more than one buffer.
"""

from __future__ import annotations

from typing import Any

from engines.reference.asked import (
    ACCOUNT_AT,
    BYTE,
    HOME,
    KIND_AT,
    LOW,
    ORDER,
    TARGET,
    WHAT,
    Asked,
)
from engines.reference.checks import book_of
from engines.reference.layout import State, Words
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.reference.teller import REJECTED
from engines.service.risk.breakers import LAST, halt, resume
from engines.service.risk.holders import holder_of, named
from engines.service.risk.layout import (
    IS_DISABLED,
    IS_KILLED,
    IS_SHUT,
    KILL_KEPT,
    KILL_READ,
    KILL_TAKEN,
    OPERATOR_HALT,
    SHUT,
    Ledger,
)
from engines.service.risk.limits import forget_repeats, refusal_of_limit, set_limit
from engines.service.risk.scopes import FIRM_SCOPE, INSTRUMENT_SCOPE, firm_of, refusal_of_scope, scope_of
from engines.service.risk.told import HALTED, RESUMED, answer, done, refuse
from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind

FRESH, RUNNING, KILLING, CASCADING, ENDING = range(5)
"""Phases of a command: not looked at, in the engine's hands, canceling what is killed, what that triggers, its end to be looked at."""
HALT, RESUME, KILL, ENABLE, LIMIT, TICK = (
    U(int(kind))
    for kind in (
        CommandKind.HALT, CommandKind.RESUME, CommandKind.KILL_ACCOUNT, CommandKind.ENABLE, CommandKind.LIMIT, CommandKind.TICK,
    )
)  # fmt: skip
SESSION = U(0)
"""Where operators' commands come from; trading sessions have other numbers."""
NO_REASON = int(Reason.NONE)
UNSUPPORTED = int(Reason.UNSUPPORTED)
INVALID_ORDER_ID = int(Reason.INVALID_ORDER_ID)
EXHAUSTED = int(Reason.EXHAUSTED)
ABSENT = S(NONE)


def _refusal_of_operator(state: State, ledger: Ledger, asked: Asked, row: Number) -> Number:
    words = asked.words
    kind, reason = (words[row, WHAT] >> KIND_AT) & BYTE, NO_REASON
    if words[row, WHAT] & LOW != SESSION:
        reason = UNSUPPORTED
    elif kind != TICK:
        if words[row, ORDER] == ZERO:
            reason = INVALID_ORDER_ID
        else:
            reason = refusal_of_scope(state, ledger, asked, row)
            if reason == NO_REASON and kind == LIMIT:
                reason = refusal_of_limit(state, ledger, asked, row)
    return reason


refusal_of_operator = compiled(_refusal_of_operator)


def _shut_holder(ledger: Ledger, holder: Number, column: Number, value: Number) -> None:
    ledger.counts[SHUT] += S(value) - S(ledger.holders[holder, column])
    ledger.holders[holder, column] = value


shut_holder = compiled(_shut_holder)


def _set_kill(state: State, ledger: Ledger, asked: Asked, row: Number, value: Number) -> Number:
    """Kill a scope (1) or take that back (0); False where there is no room for its number."""
    words, scope = asked.words, scope_of(asked, row)
    if scope == INSTRUMENT_SCOPE:
        index = book_of(state, words[row, HOME], ZERO) >> ONE
        ledger.counts[SHUT] += S(value) - ledger.watched[index, IS_SHUT]
        ledger.watched[index, IS_SHUT] = S(value)
        return True
    if scope == FIRM_SCOPE:
        shut_holder(ledger, firm_of(ledger, words[row, TARGET]), IS_KILLED, value)
        return True
    account = words[row, HOME] >> ACCOUNT_AT
    holder = holder_of(ledger, account)
    if holder == ZERO and value == ONE:
        holder = named(ledger, account)
    if holder != ZERO:
        shut_holder(ledger, holder, IS_KILLED, value)
        if value == ZERO:
            enable(ledger, holder)
    return holder != ZERO or value == ZERO


def _enable(ledger: Ledger, holder: Number) -> None:
    """An account may trade again, and its repeats are counted anew."""
    shut_holder(ledger, holder, IS_DISABLED, ZERO)
    forget_repeats(ledger, holder)


enable = compiled(_enable)
set_kill = compiled(_set_kill)


def _operate(state: State, ledger: Ledger, asked: Asked, row: Number, told: Words, at: Number, now_ns: Number) -> tuple[Any, Any]:  # fmt: skip
    """Carry out what an operator asks, or refuse it; the number of events, and the phase of the command."""
    words, counts, phase = asked.words, ledger.counts, ENDING
    kind = (words[row, WHAT] >> KIND_AT) & BYTE
    reason = refusal_of_operator(state, ledger, asked, row)
    if reason == NO_REASON and kind in (KILL, ENABLE) and not set_kill(state, ledger, asked, row, U(kind == KILL)):
        reason = EXHAUSTED
    if reason != NO_REASON:
        ledger.refused[reason] += 1
        at = refuse(state, asked, row, told, at, now_ns, REJECTED, reason)
    elif kind == KILL:
        phase = KILLING
        counts[KILL_READ] = counts[KILL_KEPT] = counts[KILL_TAKEN] = 0
    elif kind in (HALT, RESUME):
        index = book_of(state, words[row, HOME], ZERO) >> ONE
        if kind == HALT:
            halt(ledger, index, OPERATOR_HALT, LAST)
        else:
            resume(ledger, index)
        at = answer(state, asked, row, told, at, now_ns, HALTED if kind == HALT else RESUMED, ABSENT)
    else:
        if kind == LIMIT:
            set_limit(state, ledger, asked, row)
        at = done(state, asked, row, told, at, now_ns, S(0))
    return at, phase


operate = compiled(_operate)
