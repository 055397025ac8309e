"""What is done before the first command of a drive is due, so that it makes nothing late afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from harness.base.records import Commands

DRAWN_AHEAD = 1 << 18
"""Commands drawn before the first is due, some 30 MB: a replay of a recording takes microseconds to draw a command."""


@contextmanager
def set_aside() -> Iterator[None]:
    """What is there already is not looked through for garbage, which would hold up the drive; what somebody froze before stays frozen."""
    gc.collect()
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def drawn(batches: Iterator[Commands]) -> list[Commands]:
    """The first batches of a flow, which are taken from it."""
    ready: list[Commands] = []
    left = DRAWN_AHEAD
    while left > 0 and (batch := next(batches, None)) is not None:
        ready.append(batch)
        left -= len(batch)
    return ready
