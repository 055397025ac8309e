"""The prices of all books: levels in pages, found by a table, and the pages of a book in a list from best to worst.

Where prices are close together a page is found at once, as it is the one asked for last; a page that is new is put in its place by a
walk from there. Prices strewn over the whole range cost that walk, and a page each, but stay right.
"""

from __future__ import annotations

from engines.reference.layout import (
    BETTER,
    FREE_PAGE,
    GOLDEN,
    OWNER,
    PAGE_BITS,
    PAGE_TICKS,
    PAGES,
    PAGES_HIGH,
    USED_PAGES,
    WORSE,
    State,
)
from engines.reference.machine import ONE, ZERO, Number, S, U, highest_bit, lowest_bit
from harness.base.kernels import compiled

BITS = U(PAGE_BITS)
TICK = PAGE_TICKS - 1
SHIFT = U(20)


def _page_place(state: State, book: Number, number: Number) -> Number:
    """The place of a page in the table, or the free place where it would go."""
    mask = U(state.page_table.shape[0] - 1)
    at = (((U(number) ^ (book << U(40))) * GOLDEN) >> SHIFT) & mask
    while True:
        page = U(state.page_table[at])
        if page == ZERO or (state.page_numbers[page] == number and state.page_links[page, OWNER] == book):
            break
        at = (at + ONE) & mask
    return at


page_place = compiled(_page_place)


def _page_of(state: State, book: Number, number: Number) -> Number:
    """The page that holds the ticks `number` * 64 and on, or 0."""
    page: Number = state.hot_page[book]
    if page == ZERO or state.hot_number[book] != number:
        page = U(state.page_table[page_place(state, book, number)])
        if page != ZERO:
            state.hot_page[book] = page
            state.hot_number[book] = number
    return page


page_of = compiled(_page_of, inner=True)


def _has_page(state: State, book: Number, price: Number) -> Number:
    """Whether there is a page for the price, or one can be made."""
    return state.counts[PAGES] < state.ticks.shape[0] - 1 or page_of(state, book, price >> PAGE_BITS) != ZERO


has_page = compiled(_has_page, inner=True)


def _add_page(state: State, book: Number, number: Number) -> Number:
    """A new, empty page in its place among the pages of the book. There must be a free one."""
    counts = state.counts
    page = U(counts[FREE_PAGE])
    if page != ZERO:
        counts[FREE_PAGE] = state.page_links[page, WORSE]
    else:
        counts[USED_PAGES] += 1
        page = U(counts[USED_PAGES])
    counts[PAGES] += 1
    counts[PAGES_HIGH] = max(counts[PAGES_HIGH], counts[PAGES])
    state.page_table[page_place(state, book, number)] = page
    state.page_numbers[page] = number
    state.page_links[page, OWNER] = book
    better: Number = ZERO
    worse: Number = state.hot_page[book]
    if worse == ZERO:
        worse = state.best_level[book] >> BITS
    # From where the walk begins towards the best, then towards the worst, until the new page lies between the two.
    while worse != ZERO and is_better(book, state.page_numbers[worse], number):
        better, worse = worse, U(state.page_links[worse, WORSE])
    if better == ZERO and worse != ZERO:
        better = U(state.page_links[worse, BETTER])
        while better != ZERO and is_better(book, number, state.page_numbers[better]):
            better, worse = U(state.page_links[better, BETTER]), better
    link(state, better, page)
    link(state, page, worse)
    state.hot_page[book] = page
    state.hot_number[book] = number
    return page


def _is_better(book: Number, number: Number, than: Number) -> Number:
    """Whether a page holds better prices than another one of its book."""
    return number > than if book & ONE == ZERO else number < than


def _link(state: State, better: Number, worse: Number) -> None:
    """Make two pages neighbours; page 0 stands for both ends and its links mean nothing."""
    state.page_links[better, WORSE] = worse
    state.page_links[worse, BETTER] = better


is_better = compiled(_is_better, inner=True)
link = compiled(_link, inner=True)
add_page = compiled(_add_page)


def _drop_page(state: State, book: Number, page: Number) -> None:
    """Give back a page that holds no order any more."""
    link(state, U(state.page_links[page, BETTER]), U(state.page_links[page, WORSE]))
    mask = U(state.page_table.shape[0] - 1)
    hole = page_place(state, book, state.page_numbers[page])
    at = hole
    while True:
        at = (at + ONE) & mask
        other = U(state.page_table[at])
        if other == ZERO:
            break
        home = (
            ((U(state.page_numbers[other]) ^ (U(state.page_links[other, OWNER]) << U(40))) * GOLDEN) >> SHIFT
        ) & mask
        if ((at - home) & mask) >= ((at - hole) & mask):
            state.page_table[hole] = other
            hole = at
    state.page_table[hole] = ZERO
    if state.hot_page[book] == page:
        state.hot_page[book] = ZERO
    state.page_links[page, WORSE] = state.counts[FREE_PAGE]
    state.counts[FREE_PAGE] = page
    state.counts[PAGES] -= 1


drop_page = compiled(_drop_page)


def _best_tick(book: Number, ticks: Number) -> Number:
    """The best of the ticks of a page that hold orders."""
    return highest_bit(ticks) if book & ONE == ZERO else lowest_bit(ticks)


best_tick = compiled(_best_tick, inner=True)


def _empty_level(state: State, book: Number, level: Number) -> None:
    """Note that a level holds no order any more; a new best one is found where it was the best."""
    page = level >> BITS
    left = state.ticks[page] & ~(ONE << (level & U(TICK)))
    state.ticks[page] = left
    was_best = state.best_level[book] == level
    if left == ZERO:
        worse = U(state.page_links[page, WORSE])
        drop_page(state, book, page)
        page = worse
        left = state.ticks[page]
    if was_best:
        if page == ZERO:
            state.best_level[book] = ZERO
        else:
            tick = best_tick(book, left)
            state.best_level[book] = (page << BITS) | tick
            state.best_price[book] = state.page_numbers[page] * PAGE_TICKS + S(tick)


empty_level = compiled(_empty_level, inner=True)


def _next_level(state: State, book: Number, level: Number) -> Number:
    """The next worse level that holds orders, or 0."""
    page, tick = level >> BITS, level & U(TICK)
    below = (ONE << tick) - ONE
    left = state.ticks[page] & (below if book & ONE == ZERO else ~(below | (ONE << tick)))
    if left == ZERO:
        page = U(state.page_links[page, WORSE])
        left = state.ticks[page]
    return ZERO if page == ZERO else (page << BITS) | best_tick(book, left)


next_level = compiled(_next_level, inner=True)
