"""How much memory the service has, and how much it may have: the least that the machine and its control groups allow."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import psutil

GROUPS, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
UNIFIED = "0::"
"""What the line of the control groups of version 2 begins with."""


def resident_bytes() -> int:
    """What is in memory now."""
    return int(psutil.Process().memory_info().rss)


def limit_bytes(groups: Path = GROUPS, own: Path = OWN) -> int:
    """Beyond this the process is killed, or the machine swaps."""
    return min([int(psutil.virtual_memory().total), *_group_limits(groups, own)])


def _group_limits(groups: Path, own: Path) -> list[int]:
    """Of the own control group and of all that it lies in; inside a container its own is the root."""
    try:
        lines = own.read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    name = next((line.removeprefix(UNIFIED) for line in lines if line.startswith(UNIFIED)), "/")
    inside = PurePosixPath(name.lstrip("/"))
    found = [_number(groups / group / "memory.max") for group in (inside, *inside.parents)]
    return [limit for limit in found if limit is not None]


def _number(path: Path) -> int | None:
    """What a file says, where there is one and it says a number; `max` is none."""
    try:
        said = path.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(said) if said.isdigit() else None
