"""What a further run leaves: a digest a block of commands, over the events that answered them.

A further run is of the same commands, or of these changed by a relation, with the answers changed back. The first must be the same
event by event, in order of arrival; of the second, only what answers one command has an order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from harness.base.bits import digest, timeless
from harness.base.records import EventKind, Events
from harness.evidence.fold import RepeatMark

BLOCK = 64
"""Commands a digest: small enough to say where two runs part."""
RELATED_BLOCK = 16
"""The same where a tape is short, and only a part of what differs is found again by looking at it."""
_LAST = np.uint64(2**64 - 1)


def repeat_marks(events: Events, sent: int, again: int) -> Iterator[RepeatMark]:
    """The digests of the run number `again`, which sent so many commands; events that say no command are left out."""
    for first, count, part in _blocks(events, sent, BLOCK):
        yield RepeatMark(repeat=again, first=first, count=count, digest=digest(timeless(part)))


def related_marks(events: Events, sent: int, relation: str, again: int) -> Iterator[RepeatMark]:
    """The same of the commands as a relation changes them, for the time number `again`; the events are changed back."""
    for first, count, part in _blocks(events, sent, RELATED_BLOCK):
        yield RepeatMark(relation=relation, repeat=again, first=first, count=count, digest=related_digest(part))


def left_out(relation: str, why: str) -> RepeatMark:
    """What a relation leaves that cannot change the commands."""
    return RepeatMark(relation=relation, why=why, repeat=0, first=0, count=0, digest="")


def related_digest(events: Events) -> str:
    """The digest of what answers some commands, the same for each two runs that a relation holds to be alike.

    Times and counts over the whole engine may differ, and the order in which a mass cancel takes the orders.
    """
    plain = timeless(events)
    plain["engine_seq"] = plain["match"] = 0
    mass = np.isin(plain["command"], plain["command"][plain["kind"] == EventKind.DONE])
    order = np.where(mass & (plain["kind"] == EventKind.CANCELED), plain["order"], _LAST)
    return digest(plain[np.lexsort((order, plain["command"]))])


def _blocks(events: Events, sent: int, size: int) -> Iterator[tuple[int, int, Events]]:
    """The first command of each block, how many it has, and the events that answer them, in order of arrival."""
    events = events[events["command"] > 0]
    blocks = (events["command"].astype(np.int64) - 1) // size
    order = np.argsort(blocks, kind="stable")
    cuts = np.searchsorted(blocks[order], np.arange(1, (sent - 1) // size + 1))
    for block, part in enumerate(np.split(events[order], cuts)):
        first = block * size + 1
        yield first, min(size, sent - first + 1), part
