"""How far all streams were after an event, so that a start need not make them again from the first event on.

A mark holds for as long as the machine runs: what a process wrote is there after it, however it died, but not after the power was gone. So a mark
names the boot that it was made in, and what else the streams follow from; where any of that is another now, they are made again from the trail.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from engines.service.gateway.streams import Mark, Stream

FILE, PART = "marks", ".part"
BOOT = Path("/proc/sys/kernel/random/boot_id")
EVERY_EVENTS = 2**17
"""Events between two marks."""


class Marks(msgspec.Struct, frozen=True):
    """All of them after one event."""

    event: int
    """The engine's own number of it."""
    streams: dict[str, Mark]
    """By the name of the file."""
    last: dict[int, int]
    """The highest number that each port used, as far as it was told."""


class _Written(msgspec.Struct, frozen=True):
    boot: str
    identity: str
    marks: Marks


NO_MARKS = Marks(0, {}, {})


class Marker:
    """Writes them down now and then."""

    def __init__(self, folder: Path, identity: str, event: int = 0) -> None:
        """`identity`: of all that the streams follow from, beside the events; `event`: of the marks that they went on from."""
        self._folder, self._identity = folder, identity
        self._event = self._written = event

    def told(self, event: int) -> bool:
        """This event was told; whether it is time for marks."""
        self._event = event
        return event - self._written >= EVERY_EVENTS

    def write(self, streams: dict[str, Mark], last: dict[int, int]) -> None:
        """Put them in the place of those before."""
        part = self._folder / (FILE + PART)
        part.write_bytes(msgspec.json.encode(_Written(_boot(), self._identity, Marks(self._event, streams, last))))
        os.replace(part, self._folder / FILE)
        self._written = self._event


def read_marks(folder: Path, identity: str, event: int) -> Marks:
    """What was written down, if the streams can go on from there; `event`: the last one of the trail."""
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=_Written)
    except (OSError, msgspec.DecodeError):
        return NO_MARKS
    marks = found.marks
    is_ours = (found.boot, found.identity) == (_boot(), identity) and marks.event <= event
    is_there = all(Stream.holds(folder / name, mark) for name, mark in marks.streams.items())
    return marks if is_ours and is_there else NO_MARKS


def _boot() -> str:
    return BOOT.read_text(encoding="ascii").strip()
