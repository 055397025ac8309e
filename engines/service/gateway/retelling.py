"""The events of a trail read back, so that the streams of all ports are what they were before the service ended, however it ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engines.service.errors import RefusedError
from engines.service.trail_files import Broken, batches, files
from harness.base.records import EVENT, RECORD_BYTES, Events

CHUNK = 2**14
"""Events that are told in one go at least, but for the last ones: batches are often of a few only."""


def events_of_trail(folder: Path, identity: bytes, after: int = 0) -> Iterator[Events]:
    """All events of a trail behind one of them, in order.

    Raises:
        RefusedError: it is not intact.
    """
    held: list[bytes] = []
    starts = files(folder, identity)
    behind = [*(start.event for start in starts[1:]), None]
    for start, last in zip(starts, behind, strict=True):
        if last is not None and last <= after:
            continue
        with start.path.open("rb") as file:
            for found in batches(start):
                if isinstance(found, Broken):
                    # What is intact before it is told first.
                    if any(held):
                        yield _joined(held)
                    raise RefusedError(found.path, found.offset, f"batch {found.batch} of the audit trail: {found.why}")
                size = min(found.batch.events, found.behind.event - after) * RECORD_BYTES
                if size <= 0:
                    continue
                file.seek(found.behind.offset - size)
                held.append(file.read(size))
                if sum(map(len, held)) >= CHUNK * RECORD_BYTES:
                    yield _joined(held)
                    held = []
    if any(held):
        yield _joined(held)


def _joined(parts: list[bytes]) -> Events:
    return np.frombuffer(b"".join(parts), EVENT).copy()
