"""What a worker of another machine leaves, on its way to the master: its files in pieces, each asked for, and each file with its digest.

The master asks for what it has room for and the worker reads what it is asked for, so that neither holds more than a few pieces in memory. Which
files there may be the master says: a worker must not name a place to write to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from harness.evidence.journal import LIMIT_BYTES
from harness.load.crew import LoadError
from harness.load.messages import Chunk, Leaf, Wanted
from harness.load.sources import NUMBERS, SPOKEN

CHUNK_BYTES = 256 << 10
WINDOW = 8
"""Pieces that are asked for ahead, so that a long way between the machines does not make it slow."""
MOST_BYTES = LIMIT_BYTES + (1 << 30)
"""A history at its bound, and what stands beside it."""
MOST_FILES = 1 << 14
_NAMES = re.compile(
    rf"history/(\d{{6}}\.(commands|events)(\.part)?|index\.jsonl)|{re.escape(NUMBERS)}|{re.escape(SPOKEN)}"
)


def leaves(folder: Path) -> tuple[Leaf, ...]:
    """The files of a part that was written, each with its digest."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return tuple(_leaf(folder, name) for name in names if _NAMES.fullmatch(name))


def piece(folder: Path, left: tuple[Leaf, ...], wanted: Wanted) -> Chunk:
    """The piece that is wanted.

    Raises:
        IndexError: of a file that is none of them.
    """
    with (folder / left[wanted.file].name).open("rb") as file:
        file.seek(wanted.offset_bytes)
        return Chunk(file=wanted.file, offset_bytes=wanted.offset_bytes, body=file.read(CHUNK_BYTES))


class Unpacking:
    """A part as it arrives in a folder, its pieces in the order in which they were asked for.

    Raises:
        LoadError: what is announced is no part of a load.
    """

    def __init__(self, folder: Path, left: tuple[Leaf, ...]) -> None:
        _check(left)
        self._folder, self._left = folder, left
        self._due = self.wanted()
        """The pieces that have not come."""
        self._file: IO[bytes] | None = None
        self._digest = hashlib.blake2b(digest_size=32)
        for leaf in left:
            place = folder / leaf.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()

    def wanted(self) -> Iterator[Wanted]:
        """All pieces, in order; a file without bytes has none."""
        for number, leaf in enumerate(self._left):
            for offset_bytes in range(0, leaf.size_bytes, CHUNK_BYTES):
                yield Wanted(file=number, offset_bytes=offset_bytes)

    def take(self, chunk: Chunk) -> None:
        """Write a piece.

        Raises:
            LoadError: it is not the next one, or its file is not what was announced.
            OSError: it cannot be written.
        """
        due = next(self._due, None)
        if due is None or (chunk.file, chunk.offset_bytes) != (due.file, due.offset_bytes):
            raise LoadError(
                f"a worker sent a piece of its part that was not the next: {chunk.file} at {chunk.offset_bytes}, wanted {due}"
            )
        leaf = self._left[due.file]
        behind = due.offset_bytes + len(chunk.body)
        if len(chunk.body) != min(CHUNK_BYTES, leaf.size_bytes - due.offset_bytes):
            raise LoadError(f"{leaf.name} of a worker came in pieces of another length than was asked for")
        if self._file is None:
            self._file, self._digest = (self._folder / leaf.name).open("wb"), hashlib.blake2b(digest_size=32)
        self._file.write(chunk.body)
        self._digest.update(chunk.body)
        if behind == leaf.size_bytes:
            self._end(leaf)

    def close(self) -> None:
        """Nothing more comes."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end(self, leaf: Leaf) -> None:
        self.close()
        if self._digest.hexdigest() != leaf.blake2b:
            raise LoadError(f"{leaf.name} of a worker arrived damaged: its digest is not the one that was announced")


def _leaf(folder: Path, name: str) -> Leaf:
    with (folder / name).open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32))
        return Leaf(name=name, size_bytes=file.tell(), blake2b=digest.hexdigest())


def _check(left: tuple[Leaf, ...]) -> None:
    names = [leaf.name for leaf in left]
    strange = next((name for name in names if not _NAMES.fullmatch(name)), None)
    if strange is not None:
        raise LoadError(f"a worker announced the file {strange!r}, which is no part of a load")
    if (
        len(set(names)) < len(names)
        or len(names) > MOST_FILES
        or min((leaf.size_bytes for leaf in left), default=0) < 0
    ):
        raise LoadError("a worker announced files that cannot be: one of them twice, too many, or of a length below 0")
    if sum(leaf.size_bytes for leaf in left) > MOST_BYTES:
        raise LoadError(f"a worker announced a part of more than {MOST_BYTES >> 30} GiB")
