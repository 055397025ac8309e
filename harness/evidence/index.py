"""history/index.jsonl: what segments there are, what they hold, and which were dropped.

The last line of a file wins. Version history: the first had no `timeless` and dropped nothing; since run schema 2 a live judge may
say of a segment that it is no longer kept.
"""

from __future__ import annotations

import os
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import TypeVar

import msgspec

from harness.base.errors import EvidenceError

NAME = "index.jsonl"
T = TypeVar("T")


class IndexLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one segment."""

    file: str
    first: int
    """The number of its first record: commands and events are each counted from 1."""
    count: int
    blake2b: str
    kept: bool = True
    timeless: str = ""
    """The digest of dropped commands without their times: what is drawn again from the seed must have it."""


def read_index(history: Path) -> dict[str, IndexLine]:
    """The newest line of each segment, by its file's name."""
    return {line.file: line for line in read_lines(history / NAME, IndexLine)}


class Tail:
    """The lines of segments that were sealed, read while a journal writes them."""

    def __init__(self, history: Path) -> None:
        self._path = history / NAME
        self._read_bytes = 0

    def lines(self) -> list[IndexLine]:
        """The new lines since it was asked last, without those of dropped segments."""
        with self._path.open("rb") as index:
            index.seek(self._read_bytes)
            whole, _, _ = index.read().rpartition(b"\n")
        if not whole:
            return []
        self._read_bytes += len(whole) + 1
        lines = [msgspec.json.decode(line, type=IndexLine) for line in whole.split(b"\n")]
        return [line for line in lines if line.kept]


def append_lines(index: FileIO, *lines: IndexLine) -> None:
    """Append lines in one write, since journal and live judge write the same file."""
    index.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))


def read_lines(path: Path, kind: type[T]) -> list[T]:
    """The whole lines of a JSON-lines file; a line that was cut by a crash is left out."""
    if not path.is_file():
        return []
    try:
        return [msgspec.json.decode(line, type=kind) for line in path.read_bytes().split(b"\n")[:-1]]
    except msgspec.MsgspecError as error:
        raise EvidenceError(f"{path} is not what it should be: {error}") from error


def weight_bytes(history: Path) -> int:
    """What the segments weigh on disk now; the index is not theirs, and grows for ever. Spare files will be segments again."""
    total = 0
    with os.scandir(history) as entries:
        for entry in entries:
            # It may be dropped at this very moment.
            with suppress(FileNotFoundError):
                total += entry.stat().st_size if entry.name != NAME and entry.is_file() else 0
    return total
