"""Drops the history of a run that was judged, where many runs are made for one figure each: their facts stay, and can be judged again.

The index says what was there, so that a reader is told and need not guess.
"""

from __future__ import annotations

import msgspec

from harness.evidence import manifest
from harness.evidence.archive import Archive
from harness.evidence.index import NAME, append_lines, read_index


def thin(archive: Archive) -> None:
    """Drop all segments of a run, which has left the facts of every check that judged it."""
    for scenario in archive.run.scenarios:
        history = archive.folder / "scenarios" / scenario / "history"
        lines = [msgspec.structs.replace(line, kept=False) for line in read_index(history).values()]
        # The index first: should gonogo die in between, a segment too many is there, and none is missing.
        with (history / NAME).open("ab", buffering=0) as index:
            append_lines(index, *lines)
        for line in lines:
            (history / line.file).unlink(missing_ok=True)
    manifest.write(archive.folder)
