"""Makes the values of a small tape simple: fields that say nothing go, terms become plain, quantities and prices small, ids count from 1.

Each change is tried for all commands at once, and where that is too much for each command alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

import numpy as np

from harness.base.records import (
    COMMAND,
    NONE,
    CommandKind,
    Commands,
    Int64Array,
    OrderType,
    TimeInForce,
    empty_commands,
)
from harness.shrink.tries import Tries

Change: TypeAlias = Callable[[Commands], None]
"""Changes the commands that it is given, in place."""

TERMS = ("kind", "instrument", "account", "session")
CARRIED: dict[int, tuple[str, ...]] = {
    CommandKind.NEW: COMMAND.names or (),
    CommandKind.CANCEL: (*TERMS, "target", "qty"),
    CommandKind.REPLACE: (*TERMS, "order", "target", "price", "qty"),
    CommandKind.MASS_CANCEL: (*TERMS, "side"),
}
"""The fields that mean something to each kind of command."""
ABSENT = empty_commands(1)[0]
FEW = 12
"""Up to so many commands all pairs are tried."""
PLAIN = 100
"""The price about which a tape is told, where it may be any."""


def simplify(tries: Tries) -> None:
    """Try every change; each that keeps the tape failing stays."""
    _keep_ids(tries)
    for change in (_bare, _one_session, _one_account, _one_instrument, _whole_cancel, *_plain_terms()):
        _everywhere(tries, change)
    _accounts_from_one(tries)
    for field in ("qty", "min_qty", "display"):
        _small(tries, field)
    _prices(tries)
    ids_from_one(tries)


def _everywhere(tries: Tries, change: Change) -> None:
    """The change for all commands, or else for those that bear it."""
    if not _changed(tries, slice(None), change):
        for at in range(len(tries.tape)):
            _changed(tries, slice(at, at + 1), change)


def _changed(tries: Tries, where: slice, change: Change) -> bool:
    candidate = tries.tape.copy()
    change(candidate[where])
    return bool((candidate == tries.tape).all()) or tries.keep(candidate)


def drop_and_lower(tries: Tries) -> None:
    """Drop a command and take its quantity from another one: what it traded away need not have been there."""
    gone = True
    while gone and len(tries.tape) <= FEW:
        tape = tries.tape
        places = range(len(tape))
        gone = any(
            tries.keep(lower) for drop in places for at in places if (lower := _without(tape, drop, at)) is not None
        )


def _without(tape: Commands, drop: int, at: int) -> Commands | None:
    less = int(tape["qty"][at]) - int(tape["qty"][drop])
    if drop == at or tape["qty"][drop] == NONE or less < 1:
        return None
    lower = tape.copy()
    lower["qty"][at] = less
    return np.delete(lower, drop)


def _keep_ids(tries: Tries) -> None:
    """A replace that gives no new id can be left out and what comes after it still means the same order."""
    for at in np.flatnonzero(tries.tape["kind"] == CommandKind.REPLACE)[::-1].tolist():
        old, new = (tries.tape[field][at : at + 1].tolist() for field in ("target", "order"))
        if old and old != new:
            _changed(tries, slice(None), partial(_renamed, old=new[0], new=old[0]))


def _renamed(commands: Commands, old: int, new: int) -> None:
    for field in ("order", "target"):
        commands[field][commands[field] == old] = new


def _bare(commands: Commands) -> None:
    """Only the fields that mean something; a cancel names its order twice, as most wires do."""
    for name in COMMAND.names or ():
        for kind, carried in CARRIED.items():
            if name not in carried:
                commands[name][commands["kind"] == kind] = ABSENT[name]
    cancels = commands["kind"] == CommandKind.CANCEL
    commands["order"][cancels] = commands["target"][cancels]
    market = (commands["kind"] == CommandKind.NEW) & (commands["type"] == OrderType.MARKET)
    commands["price"][market] = NONE


def _one_session(commands: Commands) -> None:
    commands["session"] = 1


def _one_account(commands: Commands) -> None:
    commands["account"][commands["account"] > 0] = 1


def _one_instrument(commands: Commands) -> None:
    commands["instrument"][commands["instrument"] > 0] = 1


def _whole_cancel(commands: Commands) -> None:
    commands["qty"][commands["kind"] == CommandKind.CANCEL] = NONE


def _plain_terms() -> Iterator[Change]:
    """A change a term of a new order."""
    plain = {"flags": 0, "min_qty": NONE, "display": NONE, "expiry_ns": NONE, "tif": int(TimeInForce.DAY)}
    for field, value in plain.items():
        yield partial(_set_new, field=field, value=value)
    yield _limit


def _set_new(commands: Commands, field: str, value: int) -> None:
    commands[field][commands["kind"] == CommandKind.NEW] = value


def _limit(commands: Commands) -> None:
    """A limit order at its own price, or else at its stop price."""
    new = (commands["kind"] == CommandKind.NEW) & (commands["type"] != OrderType.LIMIT)
    priced = np.where(commands["price"] == NONE, commands["stop"], commands["price"])
    new &= priced != NONE
    commands["price"][new] = priced[new]
    commands["stop"][new] = NONE
    commands["type"][new] = OrderType.LIMIT


def _accounts_from_one(tries: Tries) -> None:
    """Account 0 stays: to a mass cancel it means any."""
    _changed(tries, slice(None), partial(_renumber, fields=("account",)))


def ids_from_one(tries: Tries) -> None:
    """Order ids count from 1 as they appear. Each id has one new id, so that of an order never sent stays that of none."""
    _changed(tries, slice(None), partial(_renumber, fields=("target", "order")))


def _renumber(commands: Commands, fields: tuple[str, ...]) -> None:
    """Give the values above 0 of all these fields together the numbers from 1, in the order in which they appear."""
    values = np.stack([commands[field] for field in fields], axis=1).ravel()
    known, first = np.unique(values[values > 0], return_index=True)
    ranks = np.empty(len(known), values.dtype)
    ranks[np.argsort(first)] = np.arange(1, len(known) + 1)
    for field in fields:
        positive = commands[field] > 0
        commands[field][positive] = ranks[np.searchsorted(known, commands[field][positive])]


def _small(tries: Tries, field: str) -> None:
    """The quantity 1 for all, or else each as small as it may be."""
    if _changed(tries, slice(None), partial(_lower, field=field, value=1)):
        return
    for at in range(len(tries.tape)):
        fails = int(tries.tape[field][at]) if at < len(tries.tape) else 1
        low = 0
        while fails - low > 1:
            # The smallest comes first: it is what most faults need.
            value = (low + fails) // 2 if low else 1
            if _changed(tries, slice(at, at + 1), partial(_lower, field=field, value=value)):
                fails = value
            else:
                low = value


def _lower(commands: Commands, field: str, value: int) -> None:
    commands[field][commands[field] > value] = value


def _prices(tries: Tries) -> None:
    """As few prices as may be, one beside the other, or else where they are with the lowest at a round one."""
    at = 1
    while at < len(prices := _distinct(tries.tape)):
        # What stays two prices is seen from both sides: the upper one brought down, the lower one up.
        low, high = prices[at - 1 : at + 1]
        down, up = np.where(prices == high, low, prices), np.where(prices == low, high, prices)
        at += not (_priced(tries, prices, down) or _priced(tries, prices, up))
    prices = _distinct(tries.tape)
    step = int(np.gcd.reduce(np.diff(prices))) if len(prices) > 1 else 1
    beside = [PLAIN + spacing * np.arange(len(prices)) for spacing in (1, 2, step)]
    lowest = PLAIN + prices - prices[:1]
    any(_priced(tries, prices, wanted) for wanted in (*beside, lowest))


def _distinct(commands: Commands) -> Int64Array:
    prices = np.concatenate((commands["price"], commands["stop"]))
    distinct: Int64Array = np.unique(prices[prices != NONE])
    return distinct


def _priced(tries: Tries, prices: Int64Array, wanted: Int64Array) -> bool:
    """Whether it fails with each price changed to the one wanted for it."""
    candidate = tries.tape.copy()
    for field in ("price", "stop"):
        set_ones = candidate[field] != NONE
        candidate[field][set_ones] = wanted[np.searchsorted(prices, candidate[field][set_ones])]
    return tries.keep(candidate)
