"""What halts an instrument by itself: its trade prices too far apart within a window, or too many lots.

Of the prices only those can be the highest of a window that nothing higher came after; they are a list that falls, of which the first is
the highest. So too for the lowest. Each list is a ring with the number of its first entry and of its next one.
"""

from __future__ import annotations

from engines.reference.layout import BY_QUOTE, WAITING, State
from engines.reference.machine import ONE, Number, S, U
from engines.service.risk.layout import (
    BREAKER_HALT,
    BREAKER_TICKS,
    END_NS,
    FIRST_PRICE,
    FIRST_TOUCHED,
    FIRST_VOLUME,
    HALT,
    HAS_BREAKERS,
    HAS_TRADED,
    LAST_STAMP,
    LAST_TOUCHED,
    NEXT_END_NS,
    NEXT_PRICE,
    NEXT_VOLUME,
    NO_HALT,
    PAUSE_NS,
    PRINT,
    PRINT_NS,
    SHUT,
    VOLUME,
    VOLUME_MAX,
    WINDOW_NS,
    Ledger,
)
from harness.base.kernels import compiled

LAST = S(LAST_STAMP)


def _note_price(ledger: Ledger, index: Number, which: Number, price: Number, now_ns: Number) -> None:
    """A trade price joins the list of the highest (0) or of the lowest (1)."""
    prices, watched = ledger.prices, ledger.watched
    ring, mask = U(2) * index + which, S(prices.shape[1] - 1)
    first, following = watched[index, U(FIRST_PRICE) + which], watched[index, U(NEXT_PRICE) + which]
    while following > first:
        last = prices[ring, U((following - 1) & mask), PRINT]
        if (last > price) if which == 0 else (last < price):
            break
        following -= 1
    # One of the same stamp that is better leaves the window no sooner.
    if following == first or prices[ring, U((following - 1) & mask), PRINT_NS] != now_ns:
        prices[ring, U(following & mask), PRINT_NS] = now_ns
        prices[ring, U(following & mask), PRINT] = price
        following += 1
    watched[index, U(NEXT_PRICE) + which] = following


note_price = compiled(_note_price, inner=True)


def _note_volume(ledger: Ledger, index: Number, qty: Number, now_ns: Number) -> None:
    """Lots that traded; they stop at the largest word, which is above any limit, so that the instrument is halted and begins anew."""
    volumes, watched, mask = ledger.volumes, ledger.watched, S(ledger.volumes.shape[1] - 1)
    first, following = watched[index, FIRST_VOLUME], watched[index, NEXT_VOLUME]
    counted = min(qty, LAST - watched[index, VOLUME])
    watched[index, VOLUME] += counted
    at = U((following - 1) & mask)
    if following > first and volumes[index, at, PRINT_NS] == now_ns:
        volumes[index, at, PRINT] += counted
    else:
        volumes[index, U(following & mask), PRINT_NS] = now_ns
        volumes[index, U(following & mask), PRINT] = counted
        watched[index, NEXT_VOLUME] = following + 1


note_volume = compiled(_note_volume, inner=True)


def _has_breaker(ledger: Ledger, index: Number) -> Number:
    return (ledger.watched[index, BREAKER_TICKS] | ledger.watched[index, VOLUME_MAX]) != 0


has_breaker = compiled(_has_breaker, inner=True)


def _note_print(ledger: Ledger, index: Number, price: Number, qty: Number, now_ns: Number) -> None:
    """A trade of an instrument. What trades during a halt halts nothing, and the windows begin anew after it."""
    counts, watched = ledger.counts, ledger.watched
    if watched[index, HALT] != NO_HALT or not has_breaker(ledger, index):
        return
    if watched[index, BREAKER_TICKS] != 0:
        note_price(ledger, index, U(0), price, now_ns)
        note_price(ledger, index, U(1), price, now_ns)
    if watched[index, VOLUME_MAX] != 0:
        note_volume(ledger, index, qty, now_ns)
    watched[index, HAS_TRADED] = 1
    counts[FIRST_TOUCHED] = min(counts[FIRST_TOUCHED], S(index))
    counts[LAST_TOUCHED] = max(counts[LAST_TOUCHED], S(index))


note_print = compiled(_note_print, inner=True)


def _forget_prints(ledger: Ledger, index: Number, now_ns: Number) -> None:
    """What has left the window."""
    prices, volumes, watched = ledger.prices, ledger.volumes, ledger.watched
    mask, since_ns = S(prices.shape[1] - 1), now_ns - watched[index, WINDOW_NS]
    for which in (U(0), U(1)):
        first, following = watched[index, U(FIRST_PRICE) + which], watched[index, U(NEXT_PRICE) + which]
        while first < following and prices[U(2) * index + which, U(first & mask), PRINT_NS] <= since_ns:
            first += 1
        watched[index, U(FIRST_PRICE) + which] = first
    first, following = watched[index, FIRST_VOLUME], watched[index, NEXT_VOLUME]
    while first < following and volumes[index, U(first & mask), PRINT_NS] <= since_ns:
        watched[index, VOLUME] -= volumes[index, U(first & mask), PRINT]
        first += 1
    watched[index, FIRST_VOLUME] = first


forget_prints = compiled(_forget_prints, inner=True)


def _has_room_for_prints(state: State, ledger: Ledger, index: Number, now_ns: Number) -> Number:
    """Whether the trades of one more command can be remembered.

    By the convention `quote` a cancel may lead to trades too, which nothing holds back: each then triggers a stop, so there is kept room for
    as many as wait.
    """
    if ledger.counts[HAS_BREAKERS] == 0 or not has_breaker(ledger, index):
        return True
    needed = 1 + (state.counts[WAITING] if state.counts[BY_QUOTE] != 0 else 0)
    room = ledger.prices.shape[1]
    if used_prints(ledger, index) + needed > room:
        forget_prints(ledger, index, now_ns)
    return used_prints(ledger, index) + needed <= room


def _used_prints(ledger: Ledger, index: Number) -> Number:
    """Of the fullest of the lists of an instrument."""
    watched = ledger.watched
    highest = watched[index, NEXT_PRICE] - watched[index, FIRST_PRICE]
    lowest = watched[index, NEXT_PRICE + 1] - watched[index, FIRST_PRICE + 1]
    return max(highest, lowest, watched[index, NEXT_VOLUME] - watched[index, FIRST_VOLUME])


used_prints = compiled(_used_prints, inner=True)
has_room_for_prints = compiled(_has_room_for_prints, inner=True)


def _must_halt(ledger: Ledger, index: Number, now_ns: Number) -> Number:
    """Whether an instrument that traded breaks its limits."""
    prices, watched, mask = ledger.prices, ledger.watched, S(ledger.prices.shape[1] - 1)
    forget_prints(ledger, index, now_ns)
    is_far: Number = False
    if watched[index, BREAKER_TICKS] != 0 and watched[index, FIRST_PRICE] < watched[index, NEXT_PRICE]:
        highest = prices[U(2) * index, U(watched[index, FIRST_PRICE] & mask), PRINT]
        lowest = prices[U(2) * index + ONE, U(watched[index, FIRST_PRICE + 1] & mask), PRINT]
        is_far = U(highest) - U(lowest) > U(watched[index, BREAKER_TICKS])
    return is_far or (watched[index, VOLUME_MAX] != 0 and watched[index, VOLUME] > watched[index, VOLUME_MAX])


must_halt = compiled(_must_halt, inner=True)


def _halt(ledger: Ledger, index: Number, by: Number, end_ns: Number) -> None:
    """Let nothing new into an instrument; its end is LAST_STAMP where only an operator ends it."""
    watched = ledger.watched
    ledger.counts[SHUT] += watched[index, HALT] == NO_HALT
    watched[index, HALT] = by
    watched[index, END_NS] = end_ns
    set_next_end(ledger)


def _set_next_end(ledger: Ledger) -> None:
    """When the first of the pauses ends."""
    next_end_ns = LAST
    for index in range(ledger.watched.shape[0]):
        if ledger.watched[index, HALT] == BREAKER_HALT:
            next_end_ns = min(next_end_ns, ledger.watched[index, END_NS])
    ledger.counts[NEXT_END_NS] = next_end_ns


set_next_end = compiled(_set_next_end)
halt = compiled(_halt)


def _end_of_pause(ledger: Ledger, index: Number, now_ns: Number) -> Number:
    return now_ns + min(ledger.watched[index, PAUSE_NS], LAST - now_ns)


end_of_pause = compiled(_end_of_pause, inner=True)


def _resume(ledger: Ledger, index: Number) -> None:
    """Orders come in again, and the windows begin anew."""
    ledger.counts[SHUT] -= ledger.watched[index, HALT] != NO_HALT
    ledger.watched[index, HALT] = NO_HALT
    forget_prices(ledger, index)
    forget_volume(ledger, index)
    set_next_end(ledger)


def _forget_prices(ledger: Ledger, index: Number) -> None:
    watched = ledger.watched
    for which in range(2):
        watched[index, FIRST_PRICE + which] = watched[index, NEXT_PRICE + which] = 0


def _forget_volume(ledger: Ledger, index: Number) -> None:
    watched = ledger.watched
    watched[index, FIRST_VOLUME] = watched[index, NEXT_VOLUME] = watched[index, VOLUME] = 0


forget_prices = compiled(_forget_prices, inner=True)
forget_volume = compiled(_forget_volume, inner=True)
resume = compiled(_resume)
