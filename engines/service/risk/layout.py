"""All data of the risk stage: one bundle of flat arrays, the ledger.

A holder is an account or a firm: all that an account does counts for its firm as well, against limits of the firm's own. A holding is
what a holder has of one instrument; the holdings of a holder lie one after another in the order of the instruments. Sums that may exceed
64 bits take two words, the upper one first. Rows of orders and stamps begin with 1 where 0 means "none", so that zeroed memory is an
empty ledger.

No sum can run over. An order is refused (EXHAUSTED) where a position that could come of it is above LOTS_CAP, or an exposure above
VALUE_CAP, whatever the limits say; `build` refuses instruments of which one order could be worth more than ORDER_VALUE_CAP, or whose
highest prices together exceed PRICES_CAP. So all that is open when an order passes is worth 2**125 at most; what 2**30 live orders trade
at other prices than they were valued at adds less than 2**124; a position is worth less than 2**61 times a price, all positions of a
holder less than 2**125; and a loss, which is no more than exposure and worth together, stays below 2**127.
"""

from __future__ import annotations

from typing import NamedTuple

from engines.reference.layout import Amounts, Parts, Words

LOTS_CAP = 2**61
VALUE_CAP = 2**125
VALUE_CAP_HIGH = 2**61
VOLUME_CAP = 2**62
ORDER_VALUE_CAP = 2**93
PRICES_CAP = 2**64
LAST_STAMP = 2**63 - 1

# A holder: columns of `holders`; row 0 is nobody, then come the accounts, then the firms. Of limits 0 means none, but for the three that
# have a cap.
(
    NUMBER, FIRM, IS_KILLED, IS_DISABLED, EXPOSURE, EXPOSURE_LOW, EXPOSURE_MAX, EXPOSURE_MAX_LOW, LONG_MAX, SHORT_MAX,
    PAID, PAID_LOW, LOSS_MAX, LOSS_MAX_LOW, MESSAGES_MOST, MESSAGES_NS, MESSAGES, MESSAGES_SIZE, DUPLICATES_MOST, DUPLICATES_NS,
    DUPLICATES, DUPLICATES_SIZE, FORGOTTEN, REPEATS_MOST, REPEATS_NS, FIRST_TRADED, HOLDER_WORDS,
) = range(27)  # fmt: skip
# `FIRM` is the row of the account's firm. `PAID` is the cash that flowed out, less what flowed in, as two's complement. `FORGOTTEN` is
# how many of the orders that are remembered for duplicates count no more. `FIRST_TRADED` begins the list of what was ever traded. A ring
# uses a part of its room, `..._SIZE`, that doubles when something would be written over that stands in its window still.

# A holding: columns of `holdings`. `OPEN_LOTS`, `REPEATS` and `REPEATS_SIZE` are two columns, one a side. `NEXT_TRADED` is -1 at the end of the list, and
# 0 in what was never traded.
POSITION, OPEN_LOTS, HOLDER, AT_FIRM, NEXT_TRADED, IS_RESTRICTED, REPEATS, REPEATS_SIZE, HOLDING_WORDS = (
    0,
    1,
    3,
    4,
    5,
    6,
    7,
    9,
    11,
)
LAST_OF_LIST = -1

# An instrument: columns of `watched`. `FIRST_PRICE` and `NEXT_PRICE` are two columns each, of the highest prices and of the lowest.
# `HAS_TRADED` is of the command at hand. `INSTRUMENT` is its number.
(
    IS_SHUT, HALT, END_NS, QTY_STEP, STATIC_PRICE, STATIC_TICKS, RESTRICTED, BREAKER_TICKS, VOLUME_MAX, WINDOW_NS,
    PAUSE_NS, VOLUME, FIRST_PRICE, NEXT_PRICE, FIRST_VOLUME, NEXT_VOLUME, HAS_TRADED, INSTRUMENT, WATCHED_WORDS,
) = (*range(13), 14, 16, 17, 18, 19, 20)  # fmt: skip
NO_HALT, BREAKER_HALT, OPERATOR_HALT = range(3)

# An open order of an account: columns of `orders`, row 0 is none. `PLACE` is twice its holding, plus its side.
ORDER_ID, PLACE, OPEN, VALUED, NEXT_ORDER, ORDER_WORDS = 0, 1, 2, 3, 4, 8
# An order that is remembered for duplicates: columns of `recent`. `BEFORE` is the number of the one before it in its chain.
CONTENT, RECENT_PRICE, RECENT_STOP, RECENT_QTY, RECENT_NS, BEFORE, RECENT_WORDS = range(7)
# What a breaker looks at: columns of `prices` and `volumes`.
PRINT_NS, PRINT, PRINT_WORDS = range(3)

# The stage as a whole: entries of `counts`.
(
    PHASE, NOW_NS, NEXT_END_NS, HAS_CONTROLS, HAS_BREAKERS, ACCOUNTS, FIRMS, SHUT, STRANGERS, COMING_PLACE, COMING_VALUED,
    USED_ORDERS, FREE_ORDER, OPEN_ORDERS, HEAD_BITS, FIRST_TOUCHED, LAST_TOUCHED, KILL_READ, KILL_KEPT, KILL_TAKEN, PASSED, COUNTS,
) = range(22)  # fmt: skip
# `SHUT` counts what is killed, disabled or halted. `COMING` is what the new order at hand will be once it is accepted. `TOUCHED` are the
# indices of the instruments that traded in the command at hand, the lowest and the highest.

REASONS = 1024
FIRST_SIZE = 2**4
"""Of a ring."""
STAGGER = 8
"""Rings begin so many words behind a power of two, or all their first entries would share the same few places of the cache."""
FIRST_HEAD_BITS = 10


class Room(NamedTuple):
    """How much the stage remembers of each; what does not fit is refused (EXHAUSTED), and nothing is forgotten before its time."""

    messages: int = 2**10
    """Of a holder, within its window; the limits that are declared are made room for."""
    repeats: int = 2**6
    """Of an account as taker on one side of an instrument; likewise."""
    duplicates: int = 2**14
    """Orders of an account, within its window."""
    prints: int = 2**16
    """Commands in which an instrument traded, within its window."""
    strangers: int = 2**10
    """Accounts that operators name where none are declared."""


class Ledger(NamedTuple):
    """The arrays of one stage."""

    counts: Amounts
    holders: Words
    holder_amounts: Amounts
    numbers: Words
    rows: Words
    """Open addressing from account number to holder, 0 where free."""
    holdings: Amounts
    watched: Amounts
    orders: Words
    order_amounts: Amounts
    heads: Parts
    """The chains of orders, by a hash of the id."""
    messages: Amounts
    """Stamps, a ring a holder."""
    repeats: Amounts
    """Stamps, a ring a side of an account's holding."""
    recent: Amounts
    """A ring an account."""
    recent_heads: Amounts
    """The chains of those, by a hash of what they say."""
    prices: Amounts
    """Of each instrument the prices that are highest, and below those that are lowest, of all that came after: a ring each."""
    volumes: Amounts
    """Of each instrument the lots that traded, a ring."""
    refused: Amounts
    """How often, by reason."""
    cascade: Words
    """One command, shape (1, 14), after which the engine looks at the stops of all instruments, as it must after a kill."""
    cascade_amounts: Amounts
