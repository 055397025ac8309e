"""Ctrl-C and SIGTERM end a run at the next batch, with its evidence judged; a second Ctrl-C ends gonogo at once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def asked(
    words: str = "the evidence so far is kept and judged",
) -> Iterator[Callable[[], bool]]:
    """Gives a function that tells whether the user asked to end; what comes of that is told in these words."""
    signals: list[int] = []

    def heard(number: int, frame: FrameType | None) -> None:
        del frame
        if signals:
            raise KeyboardInterrupt
        signals.append(number)
        print(f"gonogo: ending; {words} (again: end at once)", file=sys.stderr)

    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(signals)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
