"""What becomes of the journal's segments that snapshots cover: they stay, unless the service is told to move them away or to let them go.

Only those go that lie before every snapshot that is kept, each of which is read back whole first: so recovery may pass over a broken snapshot
for an older one still. What is gone cannot be replayed from the first command any more; the audit trail still tells all its events.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

from engines.service.disk import Disk, named
from engines.service.segments import SUFFIX
from engines.service.snapshots import Broken, load, stored

OldSegments: TypeAlias = Literal["keep", "archive", "delete"]
ARCHIVE = "archive"
"""The folder beside the segments."""


def put_away(disk: Disk, journal: Path, snapshots: Path, identity: bytes, how: OldSegments) -> int:
    """Move away or delete what all snapshots cover, the oldest first; how many segments went."""
    if how == "keep":
        return 0
    covered = _covered(snapshots, identity)
    # The last command that a snapshot holds stays: its stamp is none that a later one may precede, and its segment may be the open one.
    old = [path for path, following in pairwise(sorted(journal.glob(f"*{SUFFIX}"))) if int(following.stem) <= covered]
    if how == "archive":
        _make(journal / ARCHIVE)
    for path in old:
        if how == "archive":
            disk.rename(path, journal / ARCHIVE / path.name)
        else:
            disk.remove(path)
    return len(old)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise named(error, "make", folder) from error


def _covered(snapshots: Path, identity: bytes) -> int:
    """The last command that every snapshot holds; 0 where one of them cannot be used."""
    found = [load(path, identity) for path in stored(snapshots)]
    if not found or any(isinstance(one, Broken) for one in found):
        return 0
    return min(one.sequence for one in found if not isinstance(one, Broken))
