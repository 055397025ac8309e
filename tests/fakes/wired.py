"""A right history as it comes over a wire: each side of a trade on the session of its account, all on the drop copy, commands as they were sent.

It is made from the history of one channel: accounts are sent for in another order than the engine took them, which only the drop copy tells.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import COMMAND, EVENT, NONE, Channel, Commands, EventKind, Events, Role
from harness.evidence.fold import Segment
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

TOLD = (EventKind.ACCEPTED, EventKind.REJECTED, EventKind.TRADE, EventKind.CANCELED, EventKind.REPLACED, EventKind.DONE)
NAMED = (EventKind.ACCEPTED, EventKind.REJECTED, EventKind.REPLACED, EventKind.DONE)


class Wired(NamedTuple):
    """The history as it was, under the numbers as sent, and as it came."""

    right: Segment
    raw: Segment


def history(seed: int = 1, count: int = 3_000) -> Segment:
    """A mixed flow through the plain engine, in its own order."""
    commands = mixed_flow(seed, count)
    return Segment(commands, PlainEngine(INSTRUMENTS, Conventions(self_trade="cancel_newest")).submit(commands.copy()))


def wired(made: Segment, *, seed: int = 1, numbered: bool = True) -> Wired:
    """The history over a wire; `numbered` says whether the drop copy tells the engine's own numbers of commands."""
    random = np.random.default_rng(seed)
    sent = _sent(made.commands, random)
    as_sent = np.zeros(len(sent) + 1, np.uint64)
    as_sent[made.commands["number"]] = sent
    commands, events = made.commands.copy(), made.events.copy()
    commands["number"], events["command"] = sent, as_sent[events["command"]]
    events["channel"] = Channel.DROP_COPY
    copy, sides = events.copy(), _sides(events)
    copy["command"] = made.events["command"] if numbered else 0
    raw = np.concatenate([copy, sides], dtype=EVENT)
    # Each channel keeps its order, and the two come as they like.
    raw = raw[np.argsort(np.concatenate([np.sort(random.random(len(part))) for part in (copy, sides)]), kind="stable")]
    return Wired(Segment(commands, events), Segment(commands[np.argsort(sent)].astype(COMMAND), raw))


def cut(raw: Segment, pieces: int) -> list[Segment]:
    """The history in stretches, no event before the stretch of its command."""
    places = np.array_split(np.arange(len(raw.commands)), pieces)
    none = np.zeros(0, EVENT)
    parts = [Segment(raw.commands[place], none) for place in places[:-1]]
    events = np.array_split(raw.events, pieces)
    return [
        *parts,
        Segment(raw.commands[places[-1]], events[0]),
        *(Segment(raw.commands[:0], part) for part in events[1:]),
    ]


def _sent(commands: Commands, random: np.random.Generator) -> np.ndarray:
    """The number under which each command was sent: rising for each account."""
    keys = np.arange(len(commands)) + random.integers(0, 40, len(commands)).astype(np.float64)
    for account in np.unique(commands["account"]):
        mine = commands["account"] == account
        keys[mine] = np.sort(keys[mine])
    return np.argsort(np.argsort(keys, kind="stable")).astype(np.uint64) + np.uint64(1)


def _sides(events: Events) -> Events:
    """What the sessions of OUCH tell of these."""
    told = []
    for event in events[np.isin(events["kind"], TOLD)]:
        side = event.copy()
        side["channel"], side["engine_seq"], side["remaining"] = Channel.ORDER, 0, NONE
        if event["kind"] == EventKind.TRADE:
            taker, maker = side.copy(), side.copy()
            taker["command"], taker["maker"], taker["role"] = 0, 0, Role.TAKER
            maker["command"], maker["order"], maker["account"], maker["role"] = 0, 0, 0, Role.MAKER
            told += [taker, maker]
            continue
        if event["kind"] not in NAMED:
            side["command"] = 0
        if event["kind"] == EventKind.DONE:
            side["qty"] = NONE
        if event["kind"] == EventKind.REJECTED:
            side["reason"] = Reason.OTHER
        if event["kind"] == EventKind.CANCELED and event["reason"] == Reason.MASS_CANCEL:
            side["reason"] = Reason.USER
        told.append(side)
    return np.array(told, EVENT)
