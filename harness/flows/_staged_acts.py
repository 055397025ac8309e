"""The acts of a market that goes through stages: each writes one command, and does to the kept book what the rules make of it."""

from __future__ import annotations

from typing import Any

from harness.base.kernels import compiled
from harness.base.records import Int64Array, Side
from harness.flows._draws import below
from harness.flows._kept_book import (
    BASE,
    BEST_ASK,
    BEST_BID,
    BUY,
    ID,
    LAST,
    LEVEL,
    LIVE,
    PLACE,
    TICKS,
    TRADED,
    is_empty,
    remove,
)
from harness.flows._staged import ACCOUNTS, MID, STUFFER
from harness.flows._staged_orders import (
    AT_MID,
    GONE,
    GONE_OF,
    GONE_SIDE,
    OWNER,
    STAGE,
    STUFFED_FIRST,
    STUFFED_LAST,
    SWEPT,
    UNSTUFFS,
    Order,
    State,
    draw_account,
    draw_qty,
    drawn,
    enter,
    is_held_back,
    new_number,
    standing,
    standing_tick,
    trade_and_rest,
    write,
)
from harness.flows._staged_tables import (
    BEYOND_COLLAR,
    BEYOND_LIMIT,
    CANCEL,
    COLLAR,
    FULL,
    HIGH,
    HOME,
    LOW,
    MOVE,
    ONE_ACCOUNT,
    PRESSES,
    PRICE,
    QTY,
    REACH,
    REST,
    STUFF,
    SWEEP,
    TAKES,
    TARGET,
    TO_LIMIT,
    USED_ID,
    WORDS,
)

BURST = 64
"""So many orders the stuffing account enters before it cancels them all."""
TRIES = 8
"""How often an order is drawn until it is one that is meant."""
BEYOND_TICKS = 3
"""An order beyond an edge is so many ticks beyond it at the most."""
ANY = int(Side.NONE)


def _stand(state: State, command: Int64Array) -> None:
    """An order behind the mid, and short of the best opposite price."""
    side = below(state.random, 2)
    enter(state, command, REST, drawn(state, side, standing_tick(state, side)))


def _aggress(state: State, command: Int64Array, act: Any) -> None:
    """An order that goes into the other side; where that is empty, one that rests."""
    plan, best, bounds = state.tables.plans[state.counts[STAGE]], state.book.counts, state.tables.bounds
    side = below(state.random, 2) if plan[PRESSES] == ANY else 1 - plan[PRESSES]
    if is_empty(state.book, 1 - side):
        stand(state, command)
        return
    reach = below(state.random, plan[REACH] + 1)
    tick = min(best[BEST_ASK] + reach, bounds[HIGH]) if side == BUY else max(best[BEST_BID] - reach, bounds[LOW])
    qty, account = plan[TAKES] * draw_qty(state), draw_account(state, side)
    enter(state, command, act, Order(new_number(state), side, tick, qty, account))


def _stuff(state: State, command: Int64Array) -> None:
    """The stuffing account enters a burst of orders, then cancels what is left of them."""
    counts = state.counts
    slot = oldest_stuffed(state) if counts[UNSTUFFS] else 0
    if slot:
        cancel(state, command, slot)
        return
    side = below(state.random, 2)
    order = Order(new_number(state), side, standing_tick(state, side), draw_qty(state), STUFFER)
    slot = enter(state, command, STUFF, order)
    if slot:
        state.stuffed[counts[STUFFED_LAST], 0], state.stuffed[counts[STUFFED_LAST], 1] = slot, order.number
        counts[STUFFED_LAST] += 1
    counts[UNSTUFFS] = counts[STUFFED_LAST] == BURST


def _oldest_stuffed(state: State) -> Any:
    """The slot of the oldest order of the burst that is still live; 0 where none is, and then the next burst begins."""
    counts, book = state.counts, state.book
    while counts[STUFFED_FIRST] < counts[STUFFED_LAST]:
        slot, number = state.stuffed[counts[STUFFED_FIRST], 0], state.stuffed[counts[STUFFED_FIRST], 1]
        counts[STUFFED_FIRST] += 1
        place = book.orders[slot, PLACE]
        if place < book.counts[LIVE] and book.live[place] == slot and book.orders[slot, ID] == number:
            return slot
    counts[STUFFED_FIRST] = counts[STUFFED_LAST] = counts[UNSTUFFS] = 0
    return 0


def _go_to_edge(state: State, command: Int64Array, act: Any) -> None:
    """An order at the price limit to which the market runs, at the collar's edge, or a few ticks beyond either."""
    bounds, last = state.tables.bounds, state.book.counts[LAST]
    side, up = below(state.random, 2), below(state.random, 2)
    beyond = 1 + below(state.random, BEYOND_TICKS) if act in (BEYOND_LIMIT, BEYOND_COLLAR) else 0
    if act == TO_LIMIT:
        up = 1 if state.counts[AT_MID] >= MID - BASE else 0
        side = 1 - up
    if act in (TO_LIMIT, BEYOND_LIMIT):
        edge = bounds[HIGH] if up else bounds[LOW]
    else:
        edge = last + bounds[COLLAR] if up else last - bounds[COLLAR]
    tick = edge + beyond if up else edge - beyond
    enter(state, command, act, drawn(state, side, tick))


def _repeat(state: State, command: Int64Array, act: Any) -> None:
    """A live order once more; or its id on an order of the other side, which would trade."""
    book = state.book
    order = standing(state, book.live[below(state.random, book.counts[LIVE])])
    if act == USED_ID:
        tick = book.counts[BEST_BID] if order.side == BUY else book.counts[BEST_ASK]
        side = 1 - order.side
        order = Order(order.number, side, tick, draw_qty(state), draw_account(state, side))
    write(state, command, act, order)
    command[TARGET], command[PRICE], command[QTY] = 0, BASE + order.tick, order.qty


def _move(state: State, command: Int64Array) -> None:
    """Another price and quantity for a live order; of one that has traded a replace would mean what venues differ in."""
    book, slot = state.book, pick(state)
    if book.orders[slot, TRADED]:
        make_room(state, command)
        return
    old = standing(state, slot)
    tick, toward = standing_tick(state, old.side), 1 - 2 * old.side
    if tick == old.tick:
        is_room = state.tables.bounds[LOW] <= tick - toward <= state.tables.bounds[HIGH]
        tick += -toward if is_room else toward
    order = Order(old.number, old.side, tick, draw_qty(state), old.account)
    write(state, command, MOVE, order)
    command[PRICE], command[QTY] = BASE + tick, order.qty
    if is_held_back(state, tick):
        return
    remove(book, slot)
    trade_and_rest(state, order)


def _make_room(state: State, command: Int64Array) -> None:
    """Cancel some order, or trade with it where the engine offers no cancels."""
    act = state.tables.bounds[FULL]
    if act == CANCEL:
        cancel(state, command, pick(state))
    else:
        aggress(state, command, act)


def _cancel(state: State, command: Int64Array, slot: Any) -> None:
    """All that is open of an order."""
    counts, order = state.counts, standing(state, slot)
    counts[GONE], counts[GONE_OF], counts[GONE_SIDE] = order.number, order.account, order.side
    remove(state.book, slot)
    cancel_gone(state, command)


def _cancel_gone(state: State, command: Int64Array) -> None:
    counts = state.counts
    write(state, command, CANCEL, Order(counts[GONE], counts[GONE_SIDE], 0, 0, counts[GONE_OF]))


def _sweep(state: State, command: Int64Array) -> None:
    """A mass cancel of the next account."""
    counts, book = state.counts, state.book
    account = 1 + counts[SWEPT] % ACCOUNTS
    counts[SWEPT] += 1
    for word in range(WORDS):
        command[word] = state.tables.templates[SWEEP, word]
    command[HOME] += ONE_ACCOUNT * account
    for at in range(book.counts[LIVE] - 1, -1, -1):
        if state.terms[book.live[at], OWNER] == account:
            remove(book, book.live[at])


def _pick(state: State) -> Any:
    """The slot of a live order on the side that is pressed, of an account that does not stuff; any other if that is hard to find."""
    pressed, slot = state.tables.plans[state.counts[STAGE], PRESSES], 0
    for _ in range(TRIES):
        slot = state.book.live[below(state.random, state.book.counts[LIVE])]
        is_pressed = pressed in (ANY, state.book.orders[slot, LEVEL] // TICKS)
        if is_pressed and state.terms[slot, OWNER] != STUFFER:
            break
    return slot


pick = compiled(_pick, inner=True)
cancel_gone = compiled(_cancel_gone, inner=True)
cancel = compiled(_cancel, inner=True)
sweep = compiled(_sweep, inner=True)
repeat = compiled(_repeat, inner=True)
go_to_edge = compiled(_go_to_edge, inner=True)
oldest_stuffed = compiled(_oldest_stuffed, inner=True)
stuff = compiled(_stuff, inner=True)
stand = compiled(_stand, inner=True)
aggress = compiled(_aggress, inner=True)
make_room = compiled(_make_room, inner=True)
move = compiled(_move, inner=True)
