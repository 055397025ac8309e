"""What storage may say no with: a disk that is full, a disk that is broken, and files that must not be trusted."""

from __future__ import annotations

from pathlib import Path


class StorageError(Exception):
    """Something about the files of a service; nothing was acknowledged that is not durable."""


class DiskFullError(StorageError, OSError):
    """There is no room: the disk, a quota or a limit on the size of files."""


class DiskBrokenError(StorageError, OSError):
    """The disk refused to read, write or sync. What was handed to it since the last sync may be anywhere."""


class InUseError(StorageError):
    """Another process has the folder."""


class RefusedError(StorageError):
    """The files were damaged, cut or belong to another engine: to go on would be to lose or invent something in silence."""

    def __init__(self, path: Path, offset: int, why: str) -> None:
        super().__init__(f"{path} at byte {offset}: {why}")
        self.path = path
        self.offset = offset
        self.why = why
