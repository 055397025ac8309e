"""Files of dropped segments, kept to be written over.

A file that is written over keeps its pages in memory, so a long run asks the host for none: on a virtual machine, giving a page for
the first time takes up to forty times as long as filling it. They lie where no reader looks, and what is in them is nobody's.
"""

from __future__ import annotations

import shutil
from pathlib import Path

FOLDER = "spare"


def lay_by(segment: Path) -> None:
    """Keep the file of a dropped segment."""
    folder = segment.parent / FOLDER
    folder.mkdir(exist_ok=True)
    segment.replace(folder / segment.name)


def fitting(segment: Path) -> Path | None:
    """The file that is best written over by this segment: the oldest of its kind, which has its size, else the oldest."""
    found = (segment.parent / FOLDER).glob("[0-9]*")
    return min(found, key=lambda one: (one.suffix != segment.suffix, one.name), default=None)


def clear(history: Path) -> None:
    """Remove them all."""
    shutil.rmtree(history / FOLDER, ignore_errors=True)
