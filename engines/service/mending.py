"""Makes a journal that was scanned ready to go on: what is to be cut is kept aside and goes, what nobody said was durable is made so.

Each step may be the last one: a journal that is half mended scans to the same end.
"""

from __future__ import annotations

from pathlib import Path

from engines.service.disk import Disk, File
from engines.service.entries import ENTRY_BYTES, seal
from engines.service.scan import Tail, commands_between, home_of
from engines.service.segments import CHUNK, PART, Mark, Segment, create, write_mark

ASIDE = ".cut"


def mend(disk: Disk, folder: Path, tail: Tail, room: int, identity: bytes) -> tuple[Segment, File]:
    """The segment in which the journal goes on behind `tail.last`, open; all up to there is durable."""
    for part in sorted(folder.glob(f"*{PART}")):
        disk.remove(part)
    if not tail.segments:
        segment = create(disk, folder, 1, room, identity)
        return segment, disk.open(segment.path)
    home = home_of(tail.segments, tail.last)
    _keep_aside(disk, folder, tail)
    _write_again(disk, tail)
    file = disk.open(home.path)
    _clear(file, home, tail.last)
    # Before a further segment goes, this one must say that there is none.
    write_mark(file, Mark(tail.last))
    file.sync()
    for segment in reversed(tail.segments):
        if segment.first > home.last:
            disk.remove(segment.path)
    return home, file


def _keep_aside(disk: Disk, folder: Path, tail: Tail) -> None:
    """What is cut is no part of the journal, but somebody may want to look at it."""
    if tail.cut is None:
        return
    with tail.cut.path.open("rb") as cut_file:
        cut_file.seek(tail.cut.offset)
        taken = cut_file.read(tail.cut.entries * ENTRY_BYTES)
    aside = disk.create(folder / f"{tail.last + 1:020}{ASIDE}", 0)
    try:
        aside.write(taken, 0)
        aside.sync()
    finally:
        aside.close()


def _write_again(disk: Disk, tail: Tail) -> None:
    """Entries that nobody said were durable may be in memory alone, even where a sync went wrong and dropped them: they are handed over anew."""
    proven = tail.proof.durable
    for segment in tail.segments:
        if segment.last <= proven or segment.first > tail.last:
            continue
        file = disk.open(segment.path)
        try:
            for first, commands in commands_between((segment,), proven, tail.last):
                file.write(seal(commands, first, proven).data.cast("B"), segment.offset(first))
            file.sync()
        finally:
            file.close()


def _clear(file: File, home: Segment, last: int) -> None:
    """Zeros in all places behind the last entry, which also gives back their room to a file that was cut short."""
    zeros = bytes(CHUNK * ENTRY_BYTES)
    for first in range(last + 1, home.last + 1, CHUNK):
        count = min(CHUNK, home.last - first + 1)
        file.write(memoryview(zeros)[: count * ENTRY_BYTES], home.offset(first))
