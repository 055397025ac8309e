"""What the stage tells by itself, in one row of numbers with the engine's events."""

from __future__ import annotations

from engines.reference.asked import HOME, LOW, NUMBER, ORDER, PRICE, QTY, SIDE_AT, TARGET, WHAT, Asked
from engines.reference.layout import EVENTS, State, Words
from engines.reference.machine import ONE, Number, S, U
from engines.reference.teller import ABSENT, DONE, ENGINE_NS, NEW_ORDER, REJECTED, REPLACE_REJECTED, tell
from harness.base.kernels import compiled
from harness.base.records import EventKind, Side

HALTED, RESUMED = U(int(EventKind.HALTED)), U(int(EventKind.RESUMED))
NO_SIDE = U(int(Side.NONE))
NO_REASON = 0


def _answer(
    state: State, asked: Asked, row: Number, told: Words, at: Number, now_ns: Number, kind: Number, qty: Number,
) -> Number:  # fmt: skip
    """An event that names the command's own order, account, instrument and side, or the person who gave it."""
    words = asked.words
    side = words[row, WHAT] >> SIDE_AT
    answered = (words[row, NUMBER], words[row, WHAT] & LOW, U(state.counts[EVENTS]) + ONE - at)
    tell(told, at, answered, words[row, ORDER], ABSENT, qty, ABSENT, words[row, HOME], side, kind, NO_REASON)
    told[at, ENGINE_NS] = now_ns
    state.counts[EVENTS] += 1
    return at + ONE


answer = compiled(_answer, inner=True)


def _done(state: State, asked: Asked, row: Number, told: Words, at: Number, now_ns: Number, canceled: Number) -> Number:
    """The end of what an operator asked for."""
    return answer(state, asked, row, told, at, now_ns, DONE, canceled)


done = compiled(_done, inner=True)


def _refuse(
    state: State, asked: Asked, row: Number, told: Words, at: Number, now_ns: Number, kind: Number, reason: Number
) -> Number:  # fmt: skip
    """A refusal echoes what the command said."""
    words, amounts = asked.words, asked.amounts
    side = words[row, WHAT] >> SIDE_AT
    answered = (words[row, NUMBER], words[row, WHAT] & LOW, U(state.counts[EVENTS]) + ONE - at)
    order = words[row, ORDER] if kind == REJECTED else words[row, TARGET]
    price, qty = amounts[row, PRICE], amounts[row, QTY]
    tell(told, at, answered, order, price, qty, ABSENT, words[row, HOME], side, kind, reason)
    if kind == REPLACE_REJECTED:
        told[at, NEW_ORDER] = words[row, ORDER]
    told[at, ENGINE_NS] = now_ns
    state.counts[EVENTS] += 1
    return at + ONE


refuse = compiled(_refuse, inner=True)


def _tell_of_breaker(
    state: State, asked: Asked, row: Number, told: Words, at: Number, now_ns: Number, kind: Number, instrument: Number
) -> Number:
    """A halt or a resumption that nobody asked for: it names the instrument alone."""
    words = asked.words
    answered = (words[row, NUMBER], words[row, WHAT] & LOW, U(state.counts[EVENTS]) + ONE - at)
    tell(told, at, answered, U(0), ABSENT, ABSENT, ABSENT, instrument, NO_SIDE, kind, NO_REASON)
    told[at, ENGINE_NS] = now_ns
    state.counts[EVENTS] += S(1)
    return at + ONE


tell_of_breaker = compiled(_tell_of_breaker, inner=True)
