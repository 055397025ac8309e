"""Why a command must be refused: the first reason that holds, in the order of the rules; 0 where it must be taken.

Any refusal with a cause is legal, whatever reason it gives, so the first is enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, Flag, Int64Array, OrderType, Side, TimeInForce
from harness.oracle.verifier.ids import find_order, word
from harness.oracle.verifier.layout import ANYBODY, LOW, WAITING, Books, Now, Rules
from harness.oracle.verifier.risk import risk

# Reasons as plain integers: numba cannot make one variable of a member and a number.
_UNSUPPORTED, _TERMS = int(Reason.UNSUPPORTED), int(Reason.INVALID_TERMS)
_NO_INSTRUMENT, _NO_ACCOUNT = int(Reason.UNKNOWN_INSTRUMENT), int(Reason.UNKNOWN_ACCOUNT)
_ID, _SIDE, _QUANTITY, _PRICE = (
    int(Reason.INVALID_ORDER_ID), int(Reason.INVALID_SIDE), int(Reason.INVALID_QUANTITY), int(Reason.INVALID_PRICE),
)  # fmt: skip
_DUPLICATE, _UNKNOWN, _OWNER = int(Reason.DUPLICATE_ORDER_ID), int(Reason.UNKNOWN_ORDER), int(Reason.NOT_OWNER)
_WOULD_TRADE = int(Reason.POST_ONLY_WOULD_TRADE)
_POST_ONLY = int(Flag.POST_ONLY)
_LIMIT: Any = np.int64(OrderType.LIMIT)


def _cause(books: Books, command: Int64Array) -> int:
    """The cause of any kind of command; leaves the row of the order that it names in `Now.TARGET`."""
    kind = kind_asked(command)
    if not in_set(books.rules[Rules.KINDS], kind):
        return _UNSUPPORTED
    if kind == CommandKind.NEW:
        return cause_of_new(books, command)
    if kind == CommandKind.CANCEL:
        return cause_of_cancel(books, command)
    if kind == CommandKind.REPLACE:
        return cause_of_replace(books, command)
    return 0


def _cause_of_new(books: Books, command: Int64Array) -> int:
    place = books.now[Now.INSTRUMENT]
    if not offered(books.rules, command):
        return _UNSUPPORTED
    if place < 0:
        return _NO_INSTRUMENT
    instrument = books.instruments[place]
    found = cause_of_terms(books, instrument, command)
    if found == 0 and find_order(books, command[1]) != 0:
        found = _DUPLICATE
    if found == 0:
        stop = type_asked(command) == OrderType.STOP
        found = risk(instrument, type_asked(command), command[4] if stop else command[3], command[5])
    if found == 0 and command[13] & _POST_ONLY != 0 and would_trade(books, 2 * place + side_asked(command), command[3]):
        found = _WOULD_TRADE
    return found


def _cause_of_terms(books: Books, instrument: Any, command: Int64Array) -> int:
    """What its own fields speak against a new order."""
    kind, qty = type_asked(command), command[5]
    limited, stopped = kind in (OrderType.LIMIT, OrderType.STOP_LIMIT), kind in (OrderType.STOP, OrderType.STOP_LIMIT)
    if not may_trade(books.accounts, instrument, (command[11] >> 32) & LOW):
        return _NO_ACCOUNT
    if command[1] == 0:
        return _ID
    if side_asked(command) > Side.SELL:
        return _SIDE
    if not instrument["qty_min"] <= qty <= instrument["qty_max"]:
        return _QUANTITY
    if (limited and not priced(instrument, command[3])) or (stopped and not bounded(instrument, command[4])):
        return _PRICE
    return cause_of_extras(command, kind)


def _cause_of_extras(command: Int64Array, kind: int) -> int:
    """Post-only and minimum quantity, which do not go with everything."""
    post_only, least, tif = command[13] & _POST_ONLY != 0, command[6], tif_asked(command)
    if least != NONE and not 1 <= least <= command[5]:
        return _QUANTITY
    if post_only and (kind != OrderType.LIMIT or tif in (TimeInForce.IOC, TimeInForce.FOK)):
        return _TERMS
    if least != NONE and (post_only or tif == TimeInForce.FOK or kind >= OrderType.STOP):
        return _TERMS
    return 0


def _cause_of_cancel(books: Books, command: Int64Array) -> int:
    found = cause_of_target(books, command)
    if found == 0 and command[5] != NONE and command[5] < 1:
        return _QUANTITY
    return found


def _cause_of_replace(books: Books, command: Int64Array) -> int:
    found = cause_of_target(books, command)
    if found != 0:
        return found
    order, instrument = books.orders[books.now[Now.TARGET]], books.instruments[books.now[Now.INSTRUMENT]]
    price, qty = command[3], command[5]
    if order["state"] == WAITING:
        return _UNSUPPORTED
    found = cause_of_new_id(books, command)
    if found == 0 and not instrument["qty_min"] <= qty <= instrument["qty_max"]:
        found = _QUANTITY
    if found == 0 and not priced(instrument, price):
        found = _PRICE
    if found == 0 and books.rules[Rules.TOTAL] and qty <= order["traded"]:
        found = _QUANTITY
    if found == 0:
        found = risk(instrument, _LIMIT, price, qty)
    if found == 0 and order["post_only"] and would_trade(books, word(order["side"]), price):
        found = _WOULD_TRADE
    return found


def _cause_of_new_id(books: Books, command: Int64Array) -> int:
    """What speaks against the id that a replace gives."""
    if command[1] == 0:
        return _ID
    return _DUPLICATE if command[1] != command[2] and find_order(books, command[1]) != 0 else 0


def _cause_of_target(books: Books, command: Int64Array) -> int:
    """What speaks against naming this order."""
    row, place = find_order(books, command[2]), books.now[Now.INSTRUMENT]
    books.now[Now.TARGET] = row
    if row == 0 or books.orders[row]["side"] >> 1 != place:
        return _UNKNOWN
    return _OWNER if books.orders[row]["account"] != (command[11] >> 32) & LOW else 0


def _offered(rules: Int64Array, command: Int64Array) -> bool:
    """Whether the engine offers all the terms of a new order."""
    kind, stop, least = type_asked(command), command[4], command[6]
    if not in_set(rules[Rules.TYPES], kind) or not in_set(rules[Rules.TIFS], tif_asked(command)):
        return False
    if (command[13] & 255) & ~rules[Rules.FLAGS] != 0 or command[7] != NONE:
        return False
    return (stop == NONE or kind >= OrderType.STOP) and (least == NONE or rules[Rules.MIN_QTY] != 0)


def _may_trade(accounts: Int64Array, instrument: Any, account: int) -> bool:
    """Whether the account is among those of the instrument; it is found by halving."""
    low, high = instrument["accounts_from"], instrument["accounts_to"]
    if low == ANYBODY:
        return True
    while low < high:
        middle = (low + high) >> 1
        if accounts[middle] < account:
            low = middle + 1
        else:
            high = middle
    return bool(low < instrument["accounts_to"] and accounts[low] == account)


def _priced(instrument: Any, price: int) -> bool:
    """Whether the price is one of the instrument's."""
    return bounded(instrument, price) and price % instrument["price_step"] == 0


def _bounded(instrument: Any, price: int) -> bool:
    return bool(price != NONE and instrument["price_min"] <= price <= instrument["price_max"])


def _would_trade(books: Books, side: int, price: int) -> bool:
    """Whether an order of this side and price would trade at entry, whoever owns what it meets."""
    best = books.sides[side ^ 1]["best"]
    return bool(best != 0 and books.levels[best]["rank"] <= (-price if side & 1 else price))


def _in_set(bits: int, code: int) -> bool:
    return code < 63 and (bits >> code) & 1 != 0


def _kind_asked(command: Int64Array) -> int:
    return int((command[12] >> 32) & 255)


def _type_asked(command: Int64Array) -> int:
    return int((command[12] >> 40) & 255)


def _tif_asked(command: Int64Array) -> int:
    return int((command[12] >> 48) & 255)


def _side_asked(command: Int64Array) -> int:
    return int((command[12] >> 56) & 255)


kind_asked = compiled(_kind_asked, inner=True)
type_asked = compiled(_type_asked, inner=True)
tif_asked = compiled(_tif_asked, inner=True)
side_asked = compiled(_side_asked, inner=True)
in_set = compiled(_in_set, inner=True)
bounded = compiled(_bounded, inner=True)
priced = compiled(_priced, inner=True)
would_trade = compiled(_would_trade, inner=True)
may_trade = compiled(_may_trade, inner=True)
offered = compiled(_offered, inner=True)
cause_of_target = compiled(_cause_of_target, inner=True)
cause_of_new_id = compiled(_cause_of_new_id, inner=True)
cause_of_extras = compiled(_cause_of_extras, inner=True)
cause_of_terms = compiled(_cause_of_terms, inner=True)
cause_of_cancel = compiled(_cause_of_cancel, inner=True)
cause_of_replace = compiled(_cause_of_replace, inner=True)
cause_of_new = compiled(_cause_of_new, inner=True)
cause = compiled(_cause, inner=True)
