"""Cancels what a kill takes: all live orders of its scope in the order in which they became live, and the log of those is shortened."""

from __future__ import annotations

from typing import Any

from engines.reference.asked import ACCOUNT_AT, HOME, LOW, NUMBER, TARGET, WHAT, Asked
from engines.reference.checks import is_waiting, side_of
from engines.reference.ids import find
from engines.reference.kernel import run
from engines.reference.layout import BOOK, ENTRY, EVENTS, ID, LOGGED, OPEN, STAGE, WAITING, State, Words
from engines.reference.layout import HOME as ORDER_HOME
from engines.reference.layout import PRICE as ORDER_PRICE
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.reference.matching import CASCADING as STOPS_NEXT
from engines.reference.queues import remove
from engines.reference.teller import CANCELED, tell
from engines.service.risk.holders import holder_of
from engines.service.risk.layout import (
    ACCOUNTS,
    FIRM,
    KILL_KEPT,
    KILL_READ,
    KILL_TAKEN,
    Ledger,
)
from engines.service.risk.layout import (
    NUMBER as HOLDER_NUMBER,
)
from engines.service.risk.operators import CASCADING, ENDING, KILLING
from engines.service.risk.told import done
from harness.base.kernels import compiled
from harness.base.reasons import Reason

KILLED = int(Reason.KILLED)


def _is_in_scope(ledger: Ledger, home: Number, firm: Number, its_home: Number) -> Number:
    """Whether an order is of the account or instrument that `home` names, or of the firm."""
    account, its_account = home >> ACCOUNT_AT, its_home >> ACCOUNT_AT
    if account != ZERO:
        return its_account == account
    if firm == ZERO:
        return its_home & LOW == home & LOW
    if ledger.counts[ACCOUNTS] == 0:
        return False
    holder = holder_of(ledger, its_account)
    return ledger.holders[ledger.holders[holder, FIRM], HOLDER_NUMBER] == firm


is_in_scope = compiled(_is_in_scope, inner=True)


def _kill(
    state: State, ledger: Ledger, asked: Asked, row: Number, told: Words, at: Number, room: Number, now_ns: Number
) -> tuple[Any, Any]:
    """As far as there is room for events; the number of them, and the phase. At its end comes `done`, then what stops of others do."""
    counts, words, phase = ledger.counts, asked.words, KILLING
    home, firm = words[row, HOME], words[row, TARGET]
    answered = (words[row, NUMBER], words[row, WHAT] & LOW, U(state.counts[EVENTS]) + ONE - at)
    read, kept, begun = U(counts[KILL_READ]), U(counts[KILL_KEPT]), at
    while read < U(state.counts[LOGGED]) and at <= room:
        slot = U(state.log[read])
        if state.amounts[slot, OPEN] > 0 and U(state.parts[slot, ENTRY]) == read:
            its_home, its_book = state.words[slot, ORDER_HOME], U(state.parts[slot, BOOK])
            if is_in_scope(ledger, home, firm, its_home):
                order, qty, price = state.words[slot, ID], state.amounts[slot, OPEN], state.amounts[slot, ORDER_PRICE]
                remove(state, slot, find(state, order))
                state.counts[WAITING] -= S(is_waiting(state, its_book))
                side = side_of(state, its_book)
                tell(told, at, answered, order, price, qty, 0, its_home, side, CANCELED, KILLED)
                at += ONE
            else:
                state.log[kept] = slot
                state.parts[slot, ENTRY] = kept
                kept += ONE
        read += ONE
    counts[KILL_READ], counts[KILL_KEPT] = S(read), S(kept)
    counts[KILL_TAKEN] += S(at - begun)
    state.counts[EVENTS] += S(at - begun)
    if at <= room:
        state.counts[LOGGED] = S(kept)
        at = done(state, asked, row, told, at, now_ns, counts[KILL_TAKEN])
        phase = ENDING
        if state.counts[WAITING] > 0:
            state.counts[STAGE] = STOPS_NEXT
            phase = CASCADING
            ledger.cascade[0, NUMBER] = words[row, NUMBER]
    return at, phase


kill = compiled(_kill)


def _cascade(state: State, ledger: Ledger, told: Words, at: Number) -> tuple[Any, Any]:
    """Have the engine look at the stops of all instruments, as after a mass cancel; the number of events, and the phase."""
    carried_out, count = run(state, Asked(ledger.cascade, ledger.cascade_amounts), ZERO, told[S(at) :])
    return at + count, CASCADING if carried_out == ZERO else ENDING


cascade = compiled(_cascade)
