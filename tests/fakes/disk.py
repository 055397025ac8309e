"""A disk that can be filled, broken, and cut from its power: what was not synced is then there or not, sector by sector.

It works on real files, which whoever reads sees as the operating system would show them, and remembers beside them what the disk itself
holds. Names are durable at once, as `Disk` promises; content is durable once it was synced.
"""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path

from engines.service.disk import RealDisk, RealFile, Rest, named

SECTOR = 512


class PowerCutError(Exception):
    """The machine is off."""


class FakeFile:
    """A file of a fake disk."""

    def __init__(self, disk: FakeDisk, path: Path, file: RealFile) -> None:
        self._disk, self.path, self._file = disk, path, file

    def write(self, data: bytes | memoryview, at: int) -> None:
        self._disk.may_fail("write", self.path)
        self._file.write(data, at)
        size = len(memoryview(data).cast("B"))
        self._disk.dirty.setdefault(self.path, set()).update(range(at // SECTOR, -(-(at + size) // SECTOR)))

    def sync(self) -> None:
        if self._disk.lies:
            return
        dirty = self._disk.dirty.pop(self.path, set())
        # As systems do: what could not be written counts as clean from then on.
        self._disk.may_fail("sync", self.path)
        live = self.path.read_bytes()
        held = bytearray(self._disk.held.get(self.path, b""))[: len(live)].ljust(len(live), b"\0")
        for sector in dirty:
            held[sector * SECTOR : (sector + 1) * SECTOR] = live[sector * SECTOR : (sector + 1) * SECTOR]
        self._disk.held[self.path] = bytes(held)

    def truncate(self, size: int) -> None:
        self._file.truncate(size)

    def close(self) -> None:
        self._file.close()


class FakeDisk:
    """`fails` says after how many further calls of an operation it fails, once, and how: {"sync": (3, errno.EIO)}."""

    def __init__(self) -> None:
        self.held: dict[Path, bytes] = {}
        """What the disk itself has of each file."""
        self.dirty: dict[Path, set[int]] = {}
        """Sectors that were written and not synced."""
        self.fails: dict[str, tuple[int, int]] = {}
        self.calls: list[tuple[str, str]] = []
        self.power_for: int | None = None
        """How many calls there is power for; None: always."""
        self.lies = False
        """Whether a sync says that it is done and does nothing."""
        self._real = RealDisk()

    def create(self, path: Path, size: int, rest: Rest = lambda _: None) -> FakeFile:
        self.may_fail("create", path)
        file = self._real.create(path, size, rest)
        self.held[path] = path.read_bytes()
        return FakeFile(self, path, file)

    def open(self, path: Path) -> FakeFile:
        self.held.setdefault(path, path.read_bytes())
        return FakeFile(self, path, self._real.open(path))

    def rename(self, old: Path, new: Path) -> None:
        self.may_fail("rename", old)
        self._real.rename(old, new)
        self.held[new] = self.held.pop(old, new.read_bytes())
        if old in self.dirty:
            self.dirty[new] = self.dirty.pop(old)

    def remove(self, path: Path) -> None:
        self.may_fail("remove", path)
        self._real.remove(path)
        self.held.pop(path, None)
        self.dirty.pop(path, None)

    def may_fail(self, what: str, path: Path) -> None:
        """Count the call; fail if it is the one."""
        self.calls.append((what, path.name))
        if self.power_for is not None:
            if self.power_for == 0:
                raise PowerCutError
            self.power_for -= 1
        if what in self.fails:
            left, code = self.fails[what]
            if left == 0:
                del self.fails[what]
                raise named(OSError(code, os.strerror(code)), what, path)
            self.fails[what] = (left - 1, code)

    def cut_power(self, chance: random.Random) -> None:
        """The files become what the machine would find when it comes up: of each sector that was not synced the old or the new content."""
        for path, held in self.held.items():
            live = path.read_bytes()
            size = chance.choice((len(live), len(held)))
            found = bytearray(held[:size].ljust(size, b"\0"))
            for at in range(0, len(live), SECTOR):
                if at < size and live[at : at + SECTOR] != held[at : at + SECTOR] and chance.random() < 0.5:
                    found[at : at + SECTOR] = live[at : min(at + SECTOR, size)]
            path.write_bytes(found)
        self.held = {path: path.read_bytes() for path in self.held}
        self.dirty = {}
        self.power_for = None


EIO, ENOSPC = errno.EIO, errno.ENOSPC
