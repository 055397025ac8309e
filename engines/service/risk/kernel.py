"""The one hot loop: commands in, held against the controls, matched and counted; all events out in one row of numbers.

The stamp of a command is its `sent_ns`; one that lies before the last is taken for the last, since time does not go back.

What it costs beside the bare engine, in turns over 500,000 messages of a standing book (1.7 events a message) in batches of 4,096, CPU time on
one core of a shared 2.6 GHz EPYC, the best of 7 to 14 rounds; shallow is a book of 2,000 orders, deep one of 21,000; all controls are limits
of each kind that refuse nothing, for 64 accounts of 4 firms:

| controls                     | shallow, M messages/s | deep, M messages/s |
|------------------------------|-----------------------|--------------------|
| the bare engine              | 25.9                  | 24.8               |
| none                         | 21.9                  | 20.4               |
| accounts without a limit     | 11.7                  |                    |
| ... and a rate of messages   | 11.3                  |                    |
| ... and a loss               | 11.2                  |                    |
| ... and duplicates           | 8.8                   |                    |
| all                          | 5.6                   | 5.0                |

Trust the ratios. To choose the arrays of a command by its kind, for the sake of kills, took the loop without controls from 0.84 of the bare
engine to 0.74; rings that used all their room at once, instead of as much as stands in the window, took duplicates from 60 ns a message to 280,
most of it for fresh memory.
"""

from __future__ import annotations

from typing import Any

from engines.reference.asked import ACCOUNT_AT, BYTE, CANCEL, HOME, KIND_AT, MASS_CANCEL, NEW, REPLACE, WHAT, Asked
from engines.reference.kernel import SPARE, run_some
from engines.reference.layout import State, Words
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.reference.teller import REJECTED, REPLACE_REJECTED
from engines.service.risk.breakers import end_of_pause, halt, must_halt, resume
from engines.service.risk.following import follow
from engines.service.risk.holders import holder_of
from engines.service.risk.killing import cascade, kill
from engines.service.risk.layout import (
    ACCOUNTS,
    BREAKER_HALT,
    END_NS,
    FIRST_TOUCHED,
    HALT,
    HAS_CONTROLS,
    HAS_TRADED,
    INSTRUMENT,
    LAST_STAMP,
    LAST_TOUCHED,
    NEXT_END_NS,
    NOW_NS,
    PASSED,
    PHASE,
    SHUT,
    Ledger,
)
from engines.service.risk.operators import (
    CASCADING,
    ENABLE,
    ENDING,
    FRESH,
    KILL,
    KILLING,
    LIMIT,
    RESUME,
    RUNNING,
    TICK,
    operate,
)
from engines.service.risk.operators import HALT as HALT_KIND
from engines.service.risk.refusals import NO_REASON, refusal_of
from engines.service.risk.told import HALTED, RESUMED, refuse, tell_of_breaker
from engines.service.risk.windows import count_message
from harness.base.kernels import compiled

SENT = 10
"""The word of a command that holds its stamp."""
OPERATORS, LAST_KIND = U(sum(1 << int(kind) for kind in (HALT_KIND, RESUME, KILL, ENABLE, LIMIT, TICK))), U(63)
"""Bit by bit the kinds of command that only operators may give."""
LAST = S(LAST_STAMP)


def _end_pauses(
    state: State, ledger: Ledger, asked: Asked, row: Number, told: Words, at: Number, room: Number, now_ns: Number
) -> Any:
    """Resume what has paused long enough, as far as there is room for events."""
    watched = ledger.watched
    index = ZERO
    while index < U(watched.shape[0]) and at <= room:
        if watched[index, HALT] == BREAKER_HALT and watched[index, END_NS] <= now_ns:
            resume(ledger, index)
            at = tell_of_breaker(state, asked, row, told, at, now_ns, RESUMED, U(watched[index, INSTRUMENT]))
        index += ONE
    return at


end_pauses = compiled(_end_pauses)


def _begin(
    state: State, ledger: Ledger, asked: Asked, row: Number, told: Words, at: Number, now_ns: Number
) -> tuple[Any, Any]:
    """Hold a command back, carry it out if it is an operator's, or hand it on; the number of events, and its phase."""
    counts, phase, reason = ledger.counts, RUNNING, NO_REASON
    kind = (asked.words[row, WHAT] >> KIND_AT) & BYTE
    if is_of_operator(kind):
        return operate(state, ledger, asked, row, told, at, now_ns)
    if counts[HAS_CONTROLS] | counts[SHUT] != 0:
        if kind in (NEW, REPLACE):
            reason = refusal_of(state, ledger, asked, row, now_ns)
        elif kind in (CANCEL, MASS_CANCEL) and counts[ACCOUNTS] != 0:
            count_message(ledger, holder_of(ledger, asked.words[row, HOME] >> ACCOUNT_AT), now_ns)
        if reason != NO_REASON:
            ledger.refused[reason] += 1
            phase = ENDING
            refusal = REJECTED if kind == NEW else REPLACE_REJECTED
            at = refuse(state, asked, row, told, at, now_ns, refusal, reason)
    return at, phase


def _is_of_operator(kind: Number) -> Number:
    return (OPERATORS >> min(kind, LAST_KIND)) & ONE != ZERO


is_of_operator = compiled(_is_of_operator, inner=True)
begin = compiled(_begin, inner=True)


def _end(
    state: State, ledger: Ledger, asked: Asked, row: Number, told: Words, at: Number, room: Number, now_ns: Number
) -> tuple[Any, Any]:
    """Halt those instruments that traded too far or too much, as far as there is room for events; these, and the phase."""
    counts, watched = ledger.counts, ledger.watched
    while counts[FIRST_TOUCHED] <= counts[LAST_TOUCHED] and at <= room:
        index = U(counts[FIRST_TOUCHED])
        if watched[index, HAS_TRADED] != 0 and must_halt(ledger, index, now_ns):
            halt(ledger, index, BREAKER_HALT, end_of_pause(ledger, index, now_ns))
            at = tell_of_breaker(state, asked, row, told, at, now_ns, HALTED, U(watched[index, INSTRUMENT]))
        watched[index, HAS_TRADED] = 0
        counts[FIRST_TOUCHED] += 1
    if counts[FIRST_TOUCHED] <= counts[LAST_TOUCHED]:
        return at, ENDING
    counts[FIRST_TOUCHED], counts[LAST_TOUCHED] = LAST, -1
    return at, FRESH


end = compiled(_end, inner=True)


def _run_guarded(state: State, ledger: Ledger, asked: Asked, row: Number, told: Words) -> tuple[Any, Any]:  # noqa: C901 - one branch a phase
    """Carry out commands from `row` on until they end or the events do; the next command's row and the number of events.

    A command that could not be finished for want of room is the next one again; all of its state is kept.
    """
    counts = ledger.counts
    at, room, rows = ZERO, U(told.shape[0] - SPARE), U(asked.words.shape[0])
    phase, now_ns, first = counts[PHASE], counts[NOW_NS], row
    while row < rows and at <= room:
        now_ns = max(asked.amounts[row, SENT], now_ns)
        if phase == FRESH:
            if now_ns >= counts[NEXT_END_NS]:
                at = end_pauses(state, ledger, asked, row, told, at, room, now_ns)
                if at > room:
                    break
            at, phase = begin(state, ledger, asked, row, told, at, now_ns)
        begun = at
        if phase == KILLING:
            at, phase = kill(state, ledger, asked, row, told, at, room, now_ns)
        if phase == CASCADING and at <= room:
            at, phase = cascade(state, ledger, told, at)
        if phase == RUNNING:
            next_row, at = run_some(state, asked, row, row + ONE, told, at)
            if next_row != row:
                phase = ENDING
        follow(state, ledger, told, begun, at, now_ns)
        if phase == ENDING:
            phase = FRESH
            if counts[LAST_TOUCHED] >= 0:
                at, phase = end(state, ledger, asked, row, told, at, room, now_ns)
            row += U(phase == FRESH)
    counts[PHASE], counts[NOW_NS] = phase, now_ns
    counts[PASSED] += S(row - first)
    return row, at


run_guarded = compiled(_run_guarded)
