"""profile.collapsed: the stacks that a profiler saw of the engine, one a line with its samples, the outermost frame first.

The form is the one that Brendan Gregg's flamegraph.pl reads, and speedscope: `main;match;trade 12`. What names a frame is the engine's own,
so it is made harmless, and the file is bounded: stacks too rare to find room in it are counted together.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path
from typing import TypeAlias

from harness.base.errors import EvidenceError
from harness.evidence.store import write_bytes

NAME = "profile.collapsed"
Stack: TypeAlias = tuple[str, ...]
"""Frames, the outermost first."""
Stacks: TypeAlias = Counter[Stack]
"""How many samples saw each stack."""
RARER: Stack = ("[rarer stacks]",)
"""Under which those are counted that found no room."""
MOST_BYTES = 1 << 20
MOST_FRAMES = 128
"""Of a deeper stack, as a recursion gone wild leaves, the outermost so many."""
LONGEST_FRAME = 200
"""Characters of a frame's name: those of C++ templates fill pages."""


def write_stacks(place: Path, stacks: Stacks) -> None:
    """Store them in the folder of a scenario, in the order of their text."""
    lines: list[str] = []
    left = MOST_BYTES - len(_line(RARER, stacks.total()).encode())
    rarer = 0
    for stack, samples in tidied(stacks).most_common():
        line = _line(stack, samples)
        left -= len(line.encode())
        if left >= 0:
            lines.append(line)
        else:
            rarer += samples
    if rarer:
        lines.append(_line(RARER, rarer))
    write_bytes(place / NAME, "".join(sorted(lines)).encode())


def read_stacks(place: Path) -> Stacks:
    """The stacks of a scenario's folder.

    Raises:
        EvidenceError: the file is missing, or a line of it is no stack with its samples.
    """
    path = place / NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"cannot read the profile {path}: {error}") from error
    try:
        return parsed(lines)
    except ValueError as error:
        raise EvidenceError(f"the profile {path} is not what it should be: {error}") from error


def parsed(lines: list[str]) -> Stacks:
    """The stacks that lines of this form tell.

    Raises:
        ValueError: a line is no stack with its samples.
    """
    stacks: Stacks = Counter()
    for line in filter(None, lines):
        frames, _, samples = line.rpartition(" ")
        if not frames or not samples.isdecimal():
            raise ValueError(f"{line[:LONGEST_FRAME]!r} does not end with how many samples saw it")
        stacks[tuple(frames.split(";"))] += int(samples)
    return stacks


def tidied(stacks: Stacks) -> Stacks:
    """The same with frames that a line can hold, of a bounded length and number."""
    tidy: Stacks = Counter()
    for stack, samples in stacks.items():
        tidy[tuple(map(_harmless, stack[:MOST_FRAMES]))] += samples
    return tidy


def _line(stack: Stack, samples: int) -> str:
    return f"{';'.join(stack)} {samples}\n"


def _harmless(frame: str) -> str:
    """The name without what would end a frame or a line."""
    cut = frame if len(frame) <= LONGEST_FRAME else f"{frame[: LONGEST_FRAME - 3]}..."
    return "".join(map(_spoken, cut)).strip() or "[unknown]"


def _spoken(character: str) -> str:
    if character == ";":
        return ":"
    return "?" if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") else character
