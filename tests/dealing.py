"""The order in which several processes run the tests: what takes long goes first, so that what is left for the end is short.

xdist gives each process a stretch of the tests, and who is done takes over from the end of another's (`--dist=worksteal`). In the order of the
folders one stretch held nearly all that takes long, and the last of it was left to one process while the others had nothing to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Protocol, TypeVar

FIRST = ("e2e", "browser", "contract")
"""Folders whose tests take long, the longest first; all others are alike."""
TOGETHER = ("browser",)
"""Folders whose files share what takes long to make."""


class Placed(Protocol):
    """A test, as far as its place says."""

    @property
    def path(self) -> Path: ...


Test = TypeVar("Test", bound=Placed)


def dealt(tests: Sequence[Test], processes: int) -> list[Test]:
    """All of the tests, in as many stretches of about one length, each of which begins with what takes long; a file's tests stay together."""
    files = sorted((list(file) for _, file in groupby(tests, _place)), key=lambda file: _rank(file[0].path))
    stretches: list[list[Test]] = [[] for _ in range(processes)]
    for file in files:
        min(stretches, key=len).extend(file)
    return [*chain.from_iterable(stretches)]


def _place(test: Placed) -> Path:
    folder = test.path.parent
    return folder if folder.name in TOGETHER else test.path


def _rank(path: Path) -> int:
    return next((rank for rank, name in enumerate(FIRST) if name in path.parts), len(FIRST))
