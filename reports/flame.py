"""Where the engine spent its time: the stacks that a profiler saw, as a flame graph of plain boxes and a table of the hottest functions.

A box is a function, as wide as the share of samples in which it was at work or had called what stands on it. What is too small to be seen, and
what would make the picture heavy, stays part of the box below it.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from dataclasses import dataclass, field
from operator import itemgetter
from zlib import crc32

from harness.base.errors import EvidenceError
from harness.evidence.archive import Archive
from harness.evidence.run import ProfileRecord
from harness.evidence.stacks import NAME, Stacks
from reports import figures
from reports.texts import Anchors, clean, listed, titled

WIDTH = 1072
ROW = 18
LETTER = 6.7
"""The width of a letter: all are of one width, in a font of 11 px."""
LEAST_WIDTH = 2.0
MOST_BOXES = 250
MOST_ROWS = 48
HOTTEST = 10
TINTS = 4
EVERYTHING = "everything"
HELD_NOTHING_UP = "py-spy"
"""Who reads the engine's memory while that goes on."""
_FILE = re.compile(r"\(([^()]*)\)$")
"""Where a function of Python lies, at the end of its name."""


@dataclass(frozen=True, slots=True)
class Box:
    """One function where it was called from, ready to draw."""

    x: float
    y: int
    width: float
    tint: int
    text: str
    """What of its name finds room."""
    told: str
    """Its name in full, with its figures."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A flame graph."""

    height: int
    boxes: tuple[Box, ...]
    left_out: str
    """What it does not show."""


@dataclass(frozen=True, slots=True)
class Hot:
    """A row of the table."""

    name: str
    own: str
    """The share of samples in which it was at work itself."""
    total: str
    """The share in which it was that, or had called what was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flame:
    """What is told of one scenario."""

    anchor: str
    title: str
    about: str
    """Who looked how often, and how much was seen; empty where nobody could."""
    missing: str
    """Why there is nothing to see, or not all of it."""
    file: str
    """Where the stacks lie in the run folder."""
    picture: Picture | None
    hottest: tuple[Hot, ...]


@dataclass(slots=True)
class _Node:
    """A function where it was called from, with all that it called."""

    name: str
    samples: int = 0
    own: int = 0
    called: dict[str, _Node] = field(default_factory=dict)


def flames(archive: Archive, anchors: Anchors) -> tuple[Flame, ...]:
    """One for each scenario that was profiled."""
    records = ((name, archive.scenario(name).profile) for name in archive.run.scenarios)
    return tuple(_flame(archive, name, record, anchors) for name, record in records if record is not None)


def warning(found: tuple[Flame, ...]) -> str:
    """What must be known of times that were measured meanwhile; empty where nobody took samples."""
    under = [one.title for one in found if one.about]
    return (
        f"{listed(under)} ran under it, which makes an engine slower: their times are those of a profiled one"
        if under
        else ""
    )


def _flame(archive: Archive, name: str, record: ProfileRecord, anchors: Anchors) -> Flame:
    missing, stacks = record.missing, Stacks()
    if record.samples:
        try:
            stacks = archive.stacks(name)
        except EvidenceError as error:
            missing = str(error)
    return Flame(
        anchor=anchors.give("profile", name), title=titled(name), about=_about(record), missing=missing,
        file=f"scenarios/{name}/{NAME}", picture=drawn(stacks), hottest=hottest(stacks),
    )  # fmt: skip


def _about(record: ProfileRecord) -> str:
    if not record.by:
        return ""
    torn = (
        ", which did not hold the engine up to look, so that a few stacks are torn"
        if HELD_NOTHING_UP in record.by
        else ""
    )
    samples = figures.counted(record.samples, "sample")
    if record.processes > 1:
        samples = f"{samples} of {record.processes} processes"
    return f"{samples} by {listed(list(record.by))}{torn}; {record.rate_hz} times a second"


def drawn(stacks: Stacks) -> Picture | None:
    """The boxes of the functions that were seen most, each on the one that called it; None where nothing was seen."""
    root, functions = _grown(stacks)
    if not root.samples:
        return None
    wide = WIDTH / root.samples
    placed: list[tuple[int, float, _Node]] = []
    # Whoever was seen most comes first, so that what calls is there before what it calls.
    waiting = [(-root.samples, 0, 0, 0.0, root)]
    met = 0
    while waiting and len(placed) < MOST_BOXES:
        _, _, row, x, node = heapq.heappop(waiting)
        placed.append((row, x, node))
        for name in sorted(node.called):
            one = node.called[name]
            met += 1
            if one.samples * wide >= LEAST_WIDTH and row + 1 < MOST_ROWS:
                heapq.heappush(waiting, (-one.samples, met, row + 1, x, one))
            x += one.samples * wide
    rows = max(row for row, _, _ in placed) + 1
    boxes = tuple(_box(node, x, (rows - 1 - row) * ROW, root.samples) for row, x, node in placed)
    hidden = functions + 1 - len(boxes)
    left_out = f"{figures.counted(hidden, 'smaller box', 'smaller boxes')} {'is' if hidden == 1 else 'are'} part of those below." if hidden else ""  # fmt: skip
    return Picture(rows * ROW, boxes, left_out)


def hottest(stacks: Stacks) -> tuple[Hot, ...]:
    """The functions that were at work most often; one that calls itself is counted once a sample."""
    total = stacks.total()
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for stack, samples in stacks.items():
        own[stack[-1]] += samples
        for name in set(stack):
            within[name] += samples
    first = sorted(own.items(), key=itemgetter(0))
    first.sort(key=itemgetter(1), reverse=True)
    return tuple(
        Hot(clean(name), _share(samples, total), _share(within[name], total)) for name, samples in first[:HOTTEST]
    )


def _grown(stacks: Stacks) -> tuple[_Node, int]:
    """The stacks as a tree, and how many functions hang on its root."""
    root = _Node(EVERYTHING)
    functions = 0
    for stack, samples in stacks.items():
        node = root
        node.samples += samples
        for name in stack:
            if name not in node.called:
                node.called[name] = _Node(name)
                functions += 1
            node = node.called[name]
            node.samples += samples
        node.own += samples
    return root, functions


def _box(node: _Node, x: float, y: int, total: int) -> Box:
    name = clean(node.name)
    width = WIDTH * node.samples / total
    told = f"{name}: {_share(node.samples, total)}, of that {_share(node.own, total)} itself"
    place = _FILE.search(node.name)
    return Box(
        round(x, 1), y, round(width, 1), crc32((place[1].partition(":")[0] if place else node.name).encode()) % TINTS,
        _cut(name, int((width - 6) / LETTER)), told,
    )  # fmt: skip


def _cut(name: str, room: int) -> str:
    """So much of the name as finds room; letters of other scripts may be twice as wide."""
    if sum(_letters(letter) for letter in name) <= room:
        return name
    kept = ""
    room -= 1
    for letter in name:
        room -= _letters(letter)
        if room < 0:
            break
        kept += letter
    return f"{kept}…" if len(kept) > 1 else ""


def _letters(letter: str) -> int:
    return 1 if letter.isascii() else 2


def _share(samples: int, total: int) -> str:
    return figures.amount(samples / total, "share")
