"""What is done before the first command of a drive is due, so that it makes nothing late afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from harness.base.records import Commands


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


def drawn(batches: Iterator[Commands], count: int) -> list[Commands]:
    """The first batches of a flow, which are taken from it, until these are so many commands."""
    ready: list[Commands] = []
    left = count
    while left > 0 and (batch := next(batches, None)) is not None:
        ready.append(batch)
        left -= len(batch)
    return ready
