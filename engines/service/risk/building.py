"""Builds an empty ledger from what a service declares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from engines.reference.asked import WHAT
from engines.reference.layout import Amounts, Words, instrument_table
from engines.service.risk.layout import (
    ACCOUNTS,
    AT_FIRM,
    BREAKER_TICKS,
    COUNTS,
    DUPLICATES_MOST,
    DUPLICATES_NS,
    DUPLICATES_SIZE,
    EXPOSURE_MAX,
    EXPOSURE_MAX_LOW,
    FIRM,
    FIRMS,
    FIRST_HEAD_BITS,
    FIRST_SIZE,
    FIRST_TOUCHED,
    HAS_BREAKERS,
    HAS_CONTROLS,
    HEAD_BITS,
    HOLDER,
    HOLDER_WORDS,
    HOLDING_WORDS,
    INSTRUMENT,
    IS_RESTRICTED,
    LAST_STAMP,
    LAST_TOUCHED,
    LONG_MAX,
    LOSS_MAX,
    LOSS_MAX_LOW,
    LOTS_CAP,
    MESSAGES_MOST,
    MESSAGES_NS,
    MESSAGES_SIZE,
    NEXT_END_NS,
    NUMBER,
    ORDER_VALUE_CAP,
    ORDER_WORDS,
    PAUSE_NS,
    PRICES_CAP,
    PRINT_WORDS,
    QTY_STEP,
    REASONS,
    RECENT_WORDS,
    REPEATS_MOST,
    REPEATS_NS,
    REPEATS_SIZE,
    RESTRICTED,
    SHORT_MAX,
    STAGGER,
    STATIC_PRICE,
    STATIC_TICKS,
    VALUE_CAP,
    VOLUME_CAP,
    VOLUME_MAX,
    WATCHED_WORDS,
    WINDOW_NS,
    Ledger,
    Room,
)
from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, Rate
from harness.base.errors import SetupError
from harness.base.records import RECORD_BYTES, CommandKind

WORD = 2**64 - 1
DEFAULT_ROOM = Room()


def build(instruments: Sequence[Instrument], controls: Controls, orders: int, room: Room = DEFAULT_ROOM) -> Ledger:
    """An empty ledger for an engine of these instruments that holds so many orders.

    Raises:
        SetupError: sums of these instruments could run over, or the room is none.
    """
    if min(room) < 1:
        raise SetupError(f"{room}: wanted room for 1 or more of each")
    accounts, firms = controls.accounts, _firms(controls)
    if accounts:
        _refuse_what_runs_over(instruments)
    holders = _holders(accounts, firms, room)
    cascade = np.zeros((1, RECORD_BYTES // 8), np.uint64)
    cascade[0, WHAT] = int(CommandKind.MASS_CANCEL) << 32
    rows = len(holders) * len(instruments)
    orders = orders + 2 if accounts else 1
    book_orders = np.zeros((orders, ORDER_WORDS), np.uint64)
    numbers, indices = _number_table([one.account for one in accounts], room)
    holding: list[AccountControls | FirmControls] = [*accounts, *firms]
    messages = _room_for(room.messages, [one.messages for one in holding])
    repeats = _room_for(room.repeats, [one.repeats for one in accounts])
    duplicates, prints = _power_from(room.duplicates), _power_from(room.prints)
    return Ledger(
        counts=_counts(controls, len(accounts), len(firms)),
        holders=holders,
        holder_amounts=holders.view(np.int64),
        numbers=numbers,
        rows=indices,
        holdings=_holdings(accounts, holders, instruments),
        watched=_watched(controls, instruments),
        orders=book_orders,
        order_amounts=book_orders.view(np.int64),
        heads=np.zeros(max(2**FIRST_HEAD_BITS, _power_from(orders)), np.uint32),
        messages=np.zeros((len(holders) if accounts else 1, messages + STAGGER), np.int64),
        repeats=np.zeros((2 * rows if accounts else 1, repeats + STAGGER), np.int64),
        recent=np.zeros((1 + len(accounts), duplicates + 1, RECENT_WORDS), np.int64),
        recent_heads=np.zeros((1 + len(accounts), duplicates + STAGGER), np.int64),
        prices=np.zeros((2 * len(instruments), prints, PRINT_WORDS), np.int64),
        volumes=np.zeros((len(instruments), prints, PRINT_WORDS), np.int64),
        refused=np.zeros(REASONS, np.int64),
        cascade=cascade,
        cascade_amounts=cascade.view(np.int64),
    )


def _refuse_what_runs_over(instruments: Sequence[Instrument]) -> None:
    """The bounds of `layout` that rest on the instruments."""
    highest = {one.symbol: max(abs(one.price_min), abs(one.price_max)) for one in instruments}
    for one in instruments:
        if highest[one.symbol] * one.qty_max > ORDER_VALUE_CAP:
            raise SetupError(
                f"an order of {one.symbol} may be worth {highest[one.symbol] * one.qty_max}; with accounts, wanted {ORDER_VALUE_CAP} at most"
            )
    if sum(highest.values()) > PRICES_CAP:
        raise SetupError(
            f"the highest prices of all instruments come to {sum(highest.values())}; wanted {PRICES_CAP} at most"
        )


def _firms(controls: Controls) -> tuple[FirmControls, ...]:
    """The firms that have accounts, in the order of their numbers, also those without a limit."""
    declared = {one.firm: one for one in controls.firms}
    return tuple(
        declared.get(number, FirmControls(firm=number)) for number in sorted({one.firm for one in controls.accounts})
    )


def _counts(controls: Controls, accounts: int, firms: int) -> Amounts:
    counts = np.zeros(COUNTS, np.int64)
    counts[ACCOUNTS], counts[FIRMS] = accounts, firms
    counts[HAS_CONTROLS] = bool(controls.accounts or controls.instruments)
    counts[HAS_BREAKERS] = any(one.breaker_ticks or one.volume_max for one in controls.instruments)
    counts[NEXT_END_NS] = LAST_STAMP
    counts[HEAD_BITS] = FIRST_HEAD_BITS
    counts[FIRST_TOUCHED], counts[LAST_TOUCHED] = LAST_STAMP, -1
    return counts


def _holders(accounts: Sequence[AccountControls], firms: Sequence[FirmControls], room: Room) -> Words:
    """Nobody, the accounts, the firms; or nobody and room for those that operators name."""
    if not accounts:
        return np.zeros((1 + room.strangers, HOLDER_WORDS), np.uint64)
    holders = np.zeros((1 + len(accounts) + len(firms), HOLDER_WORDS), np.uint64)
    row_of = {one.firm: row for row, one in enumerate(firms, 1 + len(accounts))}
    for row, account in enumerate(accounts, 1):
        holders[row, NUMBER], holders[row, FIRM] = account.account, row_of[account.firm]
        holders[row, LOSS_MAX], holders[row, LOSS_MAX_LOW] = _two_words(min(account.loss_max, VALUE_CAP))
        holders[row, DUPLICATES_MOST], holders[row, DUPLICATES_NS] = _rate(account.duplicates)
        holders[row, REPEATS_MOST], holders[row, REPEATS_NS] = _rate(account.repeats)
    for firm in firms:
        holders[row_of[firm.firm], NUMBER] = firm.firm
    limited: list[AccountControls | FirmControls] = [*accounts, *firms]
    for row, one in enumerate(limited, 1):
        holders[row, LONG_MAX] = min(one.long_max or LOTS_CAP, LOTS_CAP)
        holders[row, SHORT_MAX] = min(one.short_max or LOTS_CAP, LOTS_CAP)
        most = min(one.exposure_max or VALUE_CAP, VALUE_CAP)
        holders[row, EXPOSURE_MAX], holders[row, EXPOSURE_MAX_LOW] = _two_words(most)
        holders[row, MESSAGES_MOST], holders[row, MESSAGES_NS] = _rate(one.messages)
    holders[:, [MESSAGES_SIZE, DUPLICATES_SIZE]] = FIRST_SIZE
    return holders


def _holdings(accounts: Sequence[AccountControls], holders: Words, instruments: Sequence[Instrument]) -> Amounts:
    """Each holder's, instrument by instrument; none where nothing is counted."""
    if not accounts:
        return np.zeros((1, HOLDING_WORDS), np.int64)
    holdings = np.zeros((len(holders) * len(instruments), HOLDING_WORDS), np.int64)
    for (row, holder), index in product(enumerate(holders), range(len(instruments))):
        at = row * len(instruments) + index
        holdings[at, HOLDER] = row
        holdings[at, REPEATS_SIZE : REPEATS_SIZE + 2] = FIRST_SIZE
        holdings[at, AT_FIRM] = int(holder[FIRM]) * len(instruments) + index
    for row, account in enumerate(accounts, 1):
        for index, instrument in enumerate(instruments):
            holdings[row * len(instruments) + index, IS_RESTRICTED] = instrument.id in account.restricted
    return holdings


def _watched(controls: Controls, instruments: Sequence[Instrument]) -> Amounts:
    declared = {one.instrument: one for one in controls.instruments}
    watched = np.zeros((len(instruments), WATCHED_WORDS), np.int64)
    for row, instrument in zip(watched, instruments, strict=True):
        one = declared.get(instrument.id, InstrumentControls(instrument=instrument.id))
        # A step above all quantities lets none of them through, whatever it is.
        row[QTY_STEP] = min(one.qty_step, LAST_STAMP)
        row[STATIC_PRICE], row[STATIC_TICKS] = one.static_price, min(one.static_ticks, LAST_STAMP)
        row[RESTRICTED], row[INSTRUMENT] = one.restricted, instrument.id
        row[BREAKER_TICKS], row[VOLUME_MAX] = min(one.breaker_ticks, LAST_STAMP), min(one.volume_max, VOLUME_CAP)
        row[WINDOW_NS], row[PAUSE_NS] = min(one.breaker_window_ns, LAST_STAMP), min(one.pause_ns, LAST_STAMP)
    return watched


def _number_table(accounts: Sequence[int], room: Room) -> tuple[Words, Words]:
    """From account number to holder; where no account is declared, with room for those that operators name."""
    if accounts:
        return instrument_table(accounts)
    size = 2 * _power_from(room.strangers)
    return np.zeros(size, np.uint64), np.zeros(size, np.uint64)


def _room_for(least: int, rates: Sequence[Rate]) -> int:
    """A ring for each of the rates: the last so many are all that has to be looked at."""
    return _power_from(max([least, *(rate.most for rate in rates)]))


def _rate(rate: Rate) -> tuple[int, int]:
    return rate.most, min(rate.window_ns, LAST_STAMP)


def _two_words(number: int) -> tuple[int, int]:
    return number >> 64, number & WORD


def _power_from(count: int) -> int:
    """The least power of two from the count on, for a ring: no ring is smaller than at first."""
    return max(FIRST_SIZE, 1 << (count - 1).bit_length())
