"""Puts in orders that can meet nobody, each with its cancel some commands later: everything else must go on as if they were not there.

They lie beyond all prices of the tape, so that no limit order reaches them, and are gone before a market order or a mass cancel comes.
A slot that is not given back, a best price that is not found again, a count of orders that nobody takes down: that is what they leave
behind. What is said to them is known as well: accepted, rested, canceled, and nothing else.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.reasons import Reason
from harness.base.records import (
    EVENT,
    NONE,
    CommandKind,
    Commands,
    EventKind,
    Events,
    Flag,
    Int64Array,
    OrderType,
    Side,
    TimeInForce,
    empty_commands,
)
from harness.relations import Changed, Flags, Relation, Tape, makes
from harness.relations._fields import by_instrument, span

EVERY = 8
"""One order is put in for so many commands of the tape."""
STAYS = 40
"""An order stays for less than so many commands."""
DEPTH = 8
"""It lies up to so many steps beyond the prices of the tape."""
_COMPARED = {"kind": 0, "order": 0, "price": NONE, "qty": NONE, "remaining": NONE, "reason": 0}
"""What must be said to an order that is put in; and what stands there where the rules leave it open or the wire does not carry it."""


def _there(tape: Tape, chance: np.random.Generator) -> Changed | str:
    commands = tape.commands
    if not (commands["kind"] == CommandKind.CANCEL).any():
        return "the tape cancels nothing by its id, so the engine may not offer that"
    orders = _orders(tape, chance)
    if not len(orders):
        return "no order of the tape rests, or there is no price beyond those that it uses"
    count = len(commands)
    places = chance.integers(count + 1, size=len(orders))
    # A market order trades at any price, a mass cancel takes anything: it must be gone by then.
    dangers = np.append(np.flatnonzero(_takes_anything(commands)), count)
    until = np.minimum(places + chance.integers(STAYS, size=len(orders)), dangers[np.searchsorted(dangers, places)])
    everything = np.concatenate((orders, _cancels(orders), commands), dtype=commands.dtype)
    stands = np.concatenate((places, until, np.arange(count)))
    ranks = np.repeat((0, 1, 2), (len(orders), len(orders), count))
    order = np.lexsort((ranks, stands))
    beside = commands["number"][np.minimum(stands, count - 1)]
    return Changed((everything[order],), beside[order])


def _orders(tape: Tape, chance: np.random.Generator) -> Commands:
    """Like orders of the tape that rest, but with ids of their own, on any side, and beyond all prices."""
    commands = tape.commands
    rests = (commands["kind"] == CommandKind.NEW) & (commands["type"] == OrderType.LIMIT)
    rests &= np.isin(commands["tif"], (TimeInForce.DAY, TimeInForce.GTC)) & (commands["flags"] == Flag.NONE)
    likes = commands[rests & (commands["min_qty"] == NONE)]
    orders = likes[chance.integers(len(likes), size=max(len(commands) // EVERY, 1))] if len(likes) else likes
    orders["side"] = chance.integers(Side.SELL + 1, size=len(orders))
    spans = {one.id: span(commands, one.id, "price") or (0, 0) for one in tape.instruments}
    depth = chance.integers(1, DEPTH, size=len(orders), endpoint=True)
    steps = depth * by_instrument(orders, {one.id: one.price_step for one in tape.instruments})
    low, high = (by_instrument(orders, {number: ends[at] for number, ends in spans.items()}) for at in (0, 1))
    orders["price"] = np.where(orders["side"] == Side.BUY, low - steps, high + steps)
    least = by_instrument(orders, {one.id: one.price_min for one in tape.instruments})
    most = by_instrument(orders, {one.id: one.price_max for one in tape.instruments})
    fitting: Commands = orders[(orders["price"] >= least) & (orders["price"] <= most)]
    fitting["order"] = _fresh(commands, len(fitting))
    return fitting


def _fresh(commands: Commands, count: int) -> npt.NDArray[np.uint64]:
    """The least ids that the tape does not name."""
    named = _named(commands)
    return np.setdiff1d(np.arange(1, len(named) + count + 1, dtype=np.uint64), named)[:count]


def _named(commands: Commands) -> npt.NDArray[np.uint64]:
    named: npt.NDArray[np.uint64] = np.union1d(commands["order"][makes(commands)], commands["target"])
    return named


def _takes_anything(commands: Commands) -> Flags:
    market = (commands["kind"] == CommandKind.NEW) & (commands["type"] == OrderType.MARKET)
    takes: Flags = market | (commands["kind"] == CommandKind.MASS_CANCEL)
    return takes


def _cancels(orders: Commands) -> Commands:
    cancels = empty_commands(len(orders))
    cancels["kind"] = CommandKind.CANCEL
    cancels["order"] = cancels["target"] = orders["order"]
    for field in ("account", "instrument", "session"):
        cancels[field] = orders[field]
    return cancels


def _back(tape: Tape, changed: Changed, events: Events) -> Events:
    """What is said to the others; and, beside an order that was put in and not answered as it must be, an event without a kind."""
    sent = changed.parts[0]
    put_in = _put_in(tape, sent)
    own = put_in[events["command"].astype(np.int64) - 1]
    wrong = _answered_wrongly(sent, put_in, events[own])
    signs = np.zeros(len(wrong), EVENT)
    signs["command"] = wrong
    return np.concatenate((events[~own], signs), dtype=EVENT)


def _put_in(tape: Tape, sent: Commands) -> Flags:
    """Which of the commands are none of the tape's own."""
    ids = np.where(sent["kind"] == CommandKind.CANCEL, sent["target"], sent["order"])
    named = np.isin(ids, _named(tape.commands))
    return ~named & np.isin(sent["kind"], (CommandKind.NEW, CommandKind.CANCEL))


def _answered_wrongly(sent: Commands, put_in: Flags, told: Events) -> Int64Array:
    """The places, from 1, of those commands that were put in and not answered as they must be."""
    told = told[np.argsort(told["command"], kind="stable")]
    wanted = _wanted(sent, np.flatnonzero(put_in))
    counts = [np.bincount(events["command"].astype(np.int64), minlength=len(sent) + 1) for events in (wanted, told)]
    as_many = counts[0] == counts[1]
    wanted, told = (events[as_many[events["command"].astype(np.int64)]] for events in (wanted, told))
    agrees = np.ones(len(wanted), np.bool_)
    for field, is_open in _COMPARED.items():
        agrees &= (wanted[field] == told[field]) | (wanted[field] == is_open) | (told[field] == is_open)
    wrong: Int64Array = np.union1d(np.flatnonzero(~as_many), wanted["command"][~agrees].astype(np.int64))
    return wrong


def _wanted(sent: Commands, places: Int64Array) -> Events:
    """Accepted and rested, then canceled: all that may be said to the commands at these places, by their numbers."""
    orders, cancels = (places[sent["kind"][places] == kind] for kind in (CommandKind.NEW, CommandKind.CANCEL))
    by_id = np.argsort(sent["order"][orders])
    canceled = orders[by_id][np.searchsorted(sent["order"][orders], sent["target"][cancels], sorter=by_id)]
    wanted = [
        _events(sent, orders, orders, EventKind.ACCEPTED, qty=True, stays=True),
        _events(sent, orders, orders, EventKind.RESTED, qty=False, stays=True),
        _events(sent, cancels, canceled, EventKind.CANCELED, qty=True, stays=False),
    ]
    both = np.concatenate(wanted, dtype=EVENT)
    return both[np.argsort(both["command"], kind="stable")]


def _events(
    sent: Commands, places: Int64Array, orders: Int64Array, kind: EventKind, *, qty: bool, stays: bool
) -> Events:
    """An event of the kind for each of the places, about the order that was sent at `orders`."""
    events = np.zeros(len(places), EVENT)
    events["command"], events["kind"] = places + 1, kind
    events["order"], events["price"] = sent["order"][orders], sent["price"][orders]
    events["qty"] = sent["qty"][orders] if qty else NONE
    events["remaining"] = sent["qty"][orders] if stays else 0
    events["reason"] = Reason.NONE if stays else Reason.USER
    return events


RELATION = Relation(
    about="Orders put in that meet nobody, and canceled: everything else goes on as without them.",
    there=_there,
    back=_back,
)
