"""What a machine did while something was driven, and for whom: whether a late answer can be laid at anybody's door.

gonogo, the engine and all that they started are not others: the time of everything that gonogo is the ancestor of is its own.
"""

from __future__ import annotations

import os
import resource
import time
from contextlib import suppress
from typing import NamedTuple

import msgspec
import psutil

from harness.base.records import NONE
from harness.evidence.host import cores_of
from harness.evidence.kernel_files import KernelFiles, Periods
from harness.evidence.run import HostUse


class Reading(NamedTuple):
    """The counters of a machine at one moment; they only grow."""

    at_ns: int
    total_s: float
    """Of all cores together, idle ones among them."""
    idle_s: float
    steal_s: float | None
    own_s: float
    """Of gonogo and all that it started."""
    periods: Periods | None
    cpu_stalled_us: int
    io_stalled_us: int
    memory_stalled_us: int
    preempted: int


class Shares(NamedTuple):
    """Who had the cores' time, each 0 to 1, and what else the machine did."""

    others_cpu: float
    idle_cpu: float
    host: HostUse


class HostWatch:
    """Counts from the moment it was made, and anew once the engine is up."""

    def __init__(self, files: KernelFiles | None = None) -> None:
        self._files = files or KernelFiles()
        self._engine: tuple[int, ...] = ()
        self._engine_cores: tuple[int, ...] = ()
        self._begin()

    def engine_is_up(self, engine: tuple[int, ...]) -> None:
        """These processes are the engine's, also where gonogo did not start them; the time of its start is not counted."""
        self._engine = engine
        apart = (process for pid in engine if pid != os.getpid() for process in _there(pid))
        self._engine_cores = tuple(sorted({core for process in apart for core in cores_of(process)}))
        self._begin()

    def shares(self) -> Shares:
        """What came of it so far."""
        told = between(self._begun, read(self._files, self._engine))
        khz = (*self._khz, *self._files.frequencies_khz()) or (NONE,)
        host = msgspec.structs.replace(
            told.host, frequency_khz_low=min(khz), frequency_khz_high=max(khz), engine_cores=self._engine_cores
        )
        return told._replace(host=host)

    def _begin(self) -> None:
        self._khz = self._files.frequencies_khz()
        self._begun = read(self._files, self._engine)


def read(files: KernelFiles, engine: tuple[int, ...] = ()) -> Reading:
    """The counters as they stand now; the engine's processes count as its own, whoever started them."""
    machine = psutil.cpu_times()
    return Reading(
        at_ns=time.perf_counter_ns(),
        # What guests of this machine used is within what its users did.
        total_s=sum(machine[:8]), idle_s=machine.idle + getattr(machine, "iowait", 0.0), steal_s=getattr(machine, "steal", None),
        own_s=sum(map(_used_s, _family(engine))), periods=files.periods(), cpu_stalled_us=files.stalled_us("cpu"),
        io_stalled_us=files.stalled_us("io"), memory_stalled_us=files.stalled_us("memory"),
        preempted=resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw,
    )  # fmt: skip


def between(then: Reading, now: Reading) -> Shares:
    """What happened from one reading to a later one."""
    total_s, wall_ns = now.total_s - then.total_s, max(now.at_ns - then.at_ns, 0)
    idle_s = now.idle_s - then.idle_s
    stolen_s = None if now.steal_s is None or then.steal_s is None else now.steal_s - then.steal_s
    others_s = total_s - idle_s - (stolen_s or 0.0) - (now.own_s - then.own_s)
    host = HostUse(
        wall_ns=wall_ns, steal=None if stolen_s is None else _share(stolen_s, total_s, 0.0),
        throttled=_spent(then.periods, now.periods), cpu_stall=_stall(then.cpu_stalled_us, now.cpu_stalled_us, wall_ns),
        io_stall=_stall(then.io_stalled_us, now.io_stalled_us, wall_ns),
        memory_stall=_stall(then.memory_stalled_us, now.memory_stalled_us, wall_ns),
        preempted=max(now.preempted - then.preempted, 0),
    )  # fmt: skip
    return Shares(_share(others_s, total_s, 0.0), _share(idle_s, total_s, 1.0), host)


def _family(engine: tuple[int, ...]) -> list[psutil.Process]:
    """This process, which is gonogo, all that it is the ancestor of, and the engine."""
    me = psutil.Process()
    found = [me]
    with suppress(psutil.Error):
        found += me.children(recursive=True)
    own = {process.pid for process in found}
    return found + [process for pid in engine if pid not in own for process in _there(pid)]


def _there(pid: int) -> list[psutil.Process]:
    """The process of this number, where there is one."""
    with suppress(psutil.Error):
        return [psutil.Process(pid)]
    return []


def _used_s(process: psutil.Process) -> float:
    """What it used, and what those used that it started and saw end."""
    with suppress(psutil.Error):
        used = process.cpu_times()
        return used.user + used.system + used.children_user + used.children_system
    return 0.0


def _share(part: float, whole: float, of_nothing: float) -> float:
    return round(min(max(part / whole, 0.0), 1.0), 4) if whole > 0 else of_nothing


def _spent(then: Periods | None, now: Periods | None) -> float | None:
    """The share of the periods that a quota did not last for; where none went by, nothing was held back."""
    if then is None or now is None:
        return None
    return _share(now.spent - then.spent, now.all - then.all, 0.0)


def _stall(then_us: int, now_us: int, wall_ns: int) -> float | None:
    return None if NONE in (then_us, now_us) else _share((now_us - then_us) * 1e3, wall_ns, 0.0)
