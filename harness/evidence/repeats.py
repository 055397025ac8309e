"""What a further run of the same flow leaves: a digest a block of commands, over the events that answered them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from harness.base.bits import digest, timeless
from harness.base.records import Events
from harness.evidence.fold import RepeatMark

BLOCK = 64
"""Commands a digest: small enough to say where two runs part."""


def repeat_marks(events: Events, sent: int, again: int) -> Iterator[RepeatMark]:
    """The digests of the run number `again`, which sent so many commands; events that say no command are left out."""
    events = events[events["command"] > 0]
    blocks = (events["command"].astype(np.int64) - 1) // BLOCK
    order = np.argsort(blocks, kind="stable")
    cuts = np.searchsorted(blocks[order], np.arange(1, (sent - 1) // BLOCK + 1))
    for block, part in enumerate(np.split(timeless(events[order]), cuts)):
        first = block * BLOCK + 1
        yield RepeatMark(repeat=again, first=first, count=min(BLOCK, sent - first + 1), digest=digest(part))
