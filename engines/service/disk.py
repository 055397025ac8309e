"""The door to the disk: all that a service writes goes through it, so that a test can fill it, break it or cut its power.

Errors of the operating system come out by name (`errors`). Reading needs no door: files that are read are judged by what they hold.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

from engines.service.errors import DiskBrokenError, DiskFullError, InUseError, StorageError

CHUNK_BYTES = 2**18
Rest: TypeAlias = Callable[[float], object]
"""What is done after each piece of a file that is made, given how many seconds the piece took."""
LOCK = "lock"
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class File(Protocol):
    """A file that is open for writing."""

    def write(self, data: bytes | memoryview, at: int) -> None:
        """Hand all of it to the operating system; it survives the death of this process, not that of the machine."""
        ...

    def sync(self) -> None:
        """Return once what was written is durable. After an error nobody knows what is; never sync again and trust it."""
        ...

    def truncate(self, size: int) -> None:
        """Cut off what lies behind."""
        ...

    def close(self) -> None:
        """Once or again."""
        ...


class Disk(Protocol):
    """Where files are made, opened, renamed and removed; each of these is durable when it returns."""

    def create(self, path: Path, size: int, rest: Rest = ...) -> File:
        """A file of `size` zeros that exists on the disk, so that to write into it needs no more room; one that was there goes."""
        ...

    def open(self, path: Path) -> File: ...

    def rename(self, old: Path, new: Path) -> None: ...

    def remove(self, path: Path) -> None: ...


class RealFile:
    """A file of this machine."""

    def __init__(self, path: Path, flags: int) -> None:
        self._path = path
        try:
            self._handle = os.open(path, flags | os.O_RDWR | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise named(error, "open", path) from error

    def write(self, data: bytes | memoryview, at: int) -> None:
        try:
            write_whole(self._handle, data, at)
        except OSError as error:
            raise named(error, "write", self._path) from error

    def sync(self) -> None:
        try:
            os.fdatasync(self._handle)
        except OSError as error:
            raise named(error, "sync", self._path) from error

    def truncate(self, size: int) -> None:
        try:
            os.ftruncate(self._handle, size)
        except OSError as error:
            raise named(error, "truncate", self._path) from error

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        # A second close could hit a file that got the same number since.
        self._handle = -1


class RealDisk:
    """The file systems of this machine."""

    def create(self, path: Path, size: int, rest: Rest = lambda _: None) -> RealFile:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise named(error, "make the folder of", path) from error
        file = RealFile(path, os.O_CREAT | os.O_TRUNC)
        zeros = bytes(min(size, CHUNK_BYTES))
        try:
            # Written and not only reserved: a reserved block changes its kind when it is first written, and each sync would tell of it.
            # And synced piece by piece, so that the sync of another file never waits behind all of it.
            for at in range(0, size, CHUNK_BYTES):
                begun_s = time.monotonic()
                file.write(memoryview(zeros)[: size - at], at)
                file.sync()
                rest(time.monotonic() - begun_s)
            _sync_folder(path.parent)
        except StorageError:
            file.close()
            raise
        return file

    def open(self, path: Path) -> RealFile:
        return RealFile(path, 0)

    def rename(self, old: Path, new: Path) -> None:
        try:
            old.replace(new)
        except OSError as error:
            raise named(error, "rename", old) from error
        _sync_folder(new.parent)

    def remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise named(error, "remove", path) from error
        _sync_folder(path.parent)


def write_whole(handle: int, data: bytes | memoryview, at: int) -> None:
    """Hand all of it to the operating system. Raises OSError."""
    whole = memoryview(data)
    # Python casts no view that has nothing in it.
    left = whole.cast("B") if whole.nbytes else whole
    while left.nbytes:
        # A disk that fills up takes a part of it, and refuses the next.
        taken = os.pwrite(handle, left, at)
        left, at = left[taken:], at + taken


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Have the folder for this process alone; the system gives it free when the process dies.

    Raises:
        InUseError: another one has it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("wb")
    except OSError as error:
        raise named(error, "lock", folder) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUseError(f"{folder} is in use by another service") from error
        yield


def named(error: OSError, doing: str, path: Path) -> StorageError:
    """The error of the operating system by our name for it."""
    code = error.errno or 0
    kind = DiskFullError if code in _FULL else DiskBrokenError
    return kind(f"cannot {doing} {path}: {errno.errorcode.get(code, 'error')}, {error.strerror}")


def _sync_folder(folder: Path) -> None:
    """A name is durable once its folder is."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise named(error, "sync", folder) from error
