"""Orders of a market that goes through stages: how one is drawn, written into a command, and entered into the book that the flow keeps."""

from __future__ import annotations

from typing import Any, NamedTuple

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.flows._draws import Random, below, one_of
from harness.flows._kept_book import BASE, BEST_ASK, BEST_BID, BUY, ID, LAST, LEVEL, TICKS, TRADED, Book, join, meet
from harness.flows._staged import ACCOUNTS
from harness.flows._staged_tables import (
    COLLAR,
    HIGH,
    HOME,
    LOW,
    MARKET,
    ONE_ACCOUNT,
    ORDER,
    PRICE,
    QTY,
    SIDE_AT,
    TAKE,
    TARGET,
    WHAT,
    WORDS,
    Tables,
)

# Columns of `terms`, one row a slot of the book: whose the order is, and the quantity that it was sent with.
OWNER, SENT = range(2)
# Entries of `counts`. GONE, GONE_OF and GONE_SIDE tell the order that was canceled last.
(
    NEXT_ID,
    AT_MID,
    CARRY,
    STAGE,
    LEFT,
    HALTED,
    SWEPT,
    GONE,
    GONE_OF,
    GONE_SIDE,
    STUFFED_FIRST,
    STUFFED_LAST,
    UNSTUFFS,
    COUNTS,
) = range(14)


class State(NamedTuple):
    """The book, where the market is, and what draws from it."""

    tables: Tables
    random: Random
    book: Book
    terms: Int64Array
    stuffed: Int64Array
    """Slot and id of the orders of the stuffing account, in the order in which they came."""
    counts: Int64Array


class Order(NamedTuple):
    """What is to be written into a command and into the book."""

    number: Any
    side: Any
    tick: Any
    qty: Any
    account: Any


def _enter(state: State, command: Int64Array, act: Any, order: Order) -> Any:
    """A new order; its slot, or 0 where it does not rest."""
    write(state, command, act, order)
    command[TARGET], command[QTY] = 0, order.qty
    if act == MARKET:
        if not state.counts[HALTED]:
            meet(state.book, order.side, TICKS if order.side == BUY else 0, order.qty)
        return 0
    command[PRICE] = BASE + order.tick
    if is_held_back(state, order.tick):
        return 0
    if act == TAKE:
        meet(state.book, order.side, order.tick, order.qty)
        return 0
    return trade_and_rest(state, order)


def _is_held_back(state: State, tick: Any) -> Any:
    """Whether an order at this price is refused: while trading is halted, beyond the instrument's bounds, or beyond its collar."""
    bounds, away = state.tables.bounds, abs(tick - state.book.counts[LAST])
    return (
        state.counts[HALTED]
        or tick < bounds[LOW]
        or tick > bounds[HIGH]
        or (bounds[COLLAR] > 0 and away > bounds[COLLAR])
    )


def _trade_and_rest(state: State, order: Order) -> Any:
    """Trade as far as the price reaches, and rest with what is left; the slot, or 0."""
    left = meet(state.book, order.side, order.tick, order.qty)
    if left == 0:
        return 0
    slot = join(state.book, order.side, order.tick, order.number, left)
    state.book.orders[slot, TRADED] = left < order.qty
    state.terms[slot, OWNER], state.terms[slot, SENT] = order.account, order.qty
    return slot


def _write(state: State, command: Int64Array, act: Any, order: Order) -> None:
    """What commands of all kinds have."""
    for word in range(WORDS):
        command[word] = state.tables.templates[act, word]
    command[ORDER] = command[TARGET] = order.number
    command[HOME] += ONE_ACCOUNT * order.account
    command[WHAT] |= order.side << SIDE_AT


def _standing(state: State, slot: Any) -> Order:
    """A live order as it was sent, or replaced last."""
    book = state.book
    level = book.orders[slot, LEVEL]
    return Order(
        book.orders[slot, ID], level // TICKS, level % TICKS, state.terms[slot, SENT], state.terms[slot, OWNER]
    )


def _drawn(state: State, side: Any, tick: Any) -> Order:
    """A new order at a price."""
    return Order(new_number(state), side, tick, draw_qty(state), draw_account(state, side))


def _new_number(state: State) -> Any:
    state.counts[NEXT_ID] += 1
    return state.counts[NEXT_ID] - 1


def _standing_tick(state: State, side: Any) -> Any:
    """A price on the side's own half of the market, as far as the other side and the bounds let it."""
    bounds, best, mid = state.tables.bounds, state.book.counts, state.counts[AT_MID]
    away = one_of(state.random, state.tables.depths[state.counts[STAGE]])
    tick = min(mid - away, best[BEST_ASK] - 1) if side == BUY else max(mid + away, best[BEST_BID] + 1)
    return min(max(tick, bounds[LOW]), bounds[HIGH])


def _draw_qty(state: State) -> Any:
    return one_of(state.random, state.tables.quantities[state.counts[STAGE]])


def _draw_account(state: State, side: Any) -> Any:
    """One that buys, or one that sells."""
    return 1 + 2 * below(state.random, ACCOUNTS // 2) + side


draw_account = compiled(_draw_account, inner=True)
draw_qty = compiled(_draw_qty, inner=True)
standing_tick = compiled(_standing_tick, inner=True)
new_number = compiled(_new_number, inner=True)
drawn = compiled(_drawn, inner=True)
standing = compiled(_standing, inner=True)
write = compiled(_write, inner=True)
trade_and_rest = compiled(_trade_and_rest, inner=True)
is_held_back = compiled(_is_held_back, inner=True)
enter = compiled(_enter, inner=True)
