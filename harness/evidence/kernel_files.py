"""What the Linux kernel tells of a machine in its text files, read into figures; what it does not tell is None, NONE or empty.

All of it lies under a folder that is handed in, so that a test can show a machine of any kind. Nothing of it needs rights that a user has not.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple, TypeAlias

from harness.base.records import NONE

Resource: TypeAlias = Literal["cpu", "io", "memory"]
CPU = "sys/devices/system/cpu"
CGROUPS = "sys/fs/cgroup"
IN_A_CONTAINER = re.compile(r"docker|kubepods|containerd|libpod|lxc|crio")
"""What the control groups of the first process are called where it is a container's."""


class Periods(NamedTuple):
    """The periods of a quota so far, and how many of them it did not last for."""

    all: int
    spent: int


class KernelFiles:
    """The files of one machine."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._groups = self._cpu_groups()

    def governor(self) -> str:
        """By what the frequency of the cores is chosen; several words where cores differ."""
        return ", ".join(sorted(set(self._each_core("cpufreq/scaling_governor"))))

    def frequencies_khz(self) -> tuple[int, ...]:
        """How fast each core goes now."""
        return tuple(int(word) for word in self._each_core("cpufreq/scaling_cur_freq") if word.isdigit())

    def smt(self) -> bool | None:
        """Whether two threads share a core."""
        return {"0": False, "1": True}.get(self._text(f"{CPU}/smt/active"))

    def turbo(self) -> bool | None:
        """Whether a core may go faster than its base frequency: two drivers say so, one of them the other way round."""
        no_turbo = self._text(f"{CPU}/intel_pstate/no_turbo")
        return {"0": no_turbo == "0", "1": no_turbo != "1"}.get(no_turbo or self._text(f"{CPU}/cpufreq/boost"))

    def clock_source(self) -> str:
        """What the kernel counts time by."""
        return self._text("sys/devices/system/clocksource/clocksource0/current_clocksource")

    def cpu(self) -> str:
        """The processor's model."""
        found = re.search(r"^model name\s*:\s*(.+)$", self._text("proc/cpuinfo"), re.MULTILINE)
        return found[1].strip() if found else ""

    def virtual(self) -> bool | None:
        """Whether a hypervisor is below; processors of other makes than x86 list their features without telling that."""
        flags = re.search(r"^flags\s*:(.*)$", self._text("proc/cpuinfo"), re.MULTILINE)
        return "hypervisor" in flags[1].split() if flags else None

    def container(self) -> bool | None:
        """Whether gonogo lives in a container, as far as it leaves a sign."""
        groups = self._text("proc/1/cgroup")
        if any((self._root / sign).exists() for sign in (".dockerenv", "run/.containerenv")):
            return True
        return bool(IN_A_CONTAINER.search(groups)) if groups else None

    def stalled_us(self, resource: Resource) -> int:
        """For how long since the start of the machine somebody waited for the resource."""
        found = re.search(r"^some .*\btotal=(\d+)", self._text(f"proc/pressure/{resource}"), re.MULTILINE)
        return int(found[1]) if found else NONE

    def quota_cores(self) -> float:
        """The cores' time that gonogo's control groups may use of each period, by the strictest of them; 0 where there is no quota."""
        return min((quota for quota in map(self._quota, self._groups) if quota), default=0.0)

    def periods(self) -> Periods | None:
        """Of the quotas of all control groups that gonogo is in; None where the kernel has no control groups."""
        if not self._groups:
            return None
        told = [_counts(_read(group / "cpu.stat")) for group in self._groups]
        return Periods(sum(one.get("nr_periods", 0) for one in told), sum(one.get("nr_throttled", 0) for one in told))

    def _cpu_groups(self) -> tuple[Path, ...]:
        """The folders of the control groups that give gonogo CPU time, from its own to the outermost; of version 1 and 2."""
        found: list[Path] = []
        for line in self._text("proc/self/cgroup").splitlines():
            _, _, rest = line.partition(":")
            names, _, path = rest.partition(":")
            if names and "cpu" not in names.split(","):
                continue
            mounts = (names, "cpu") if names else ("", "unified")
            mount = next((place for one in mounts if (place := self._root / CGROUPS / one).is_dir()), None)
            if mount is not None:
                found += _upwards(mount, PurePosixPath(path))
        return tuple(dict.fromkeys(found))

    def _quota(self, group: Path) -> float:
        """Version 2 tells quota and period in one file and `max` for none, version 1 in two and -1."""
        apart = [_read(group / "cpu.cfs_quota_us"), _read(group / "cpu.cfs_period_us")]
        words = _read(group / "cpu.max").split() or apart
        quota, period = (int(word) if word.isdigit() else 0 for word in (*words, "", "")[:2])
        return quota / period if quota and period else 0.0

    def _each_core(self, place: str) -> list[str]:
        return [word for path in sorted((self._root / CPU).glob(f"cpu[0-9]*/{place}")) if (word := _read(path))]

    def _text(self, place: str) -> str:
        return _read(self._root / place)


def _upwards(mount: Path, path: PurePosixPath) -> list[Path]:
    """The group's folder and those around it. A container may be told a path of its host's: then its own group is what is mounted."""
    inside = [part for part in path.parts if part != "/"]
    if ".." in inside or not mount.joinpath(*inside).is_dir():
        inside = []
    return [mount.joinpath(*inside[:count]) for count in range(len(inside), -1, -1)]


def _counts(text: str) -> dict[str, int]:
    """Lines of a name and a number."""
    return {name: int(count) for name, count in re.findall(r"^(\w+) (\d+)$", text, re.MULTILINE)}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
