"""The processes of the engine and gonogo's own as the system sees them: memory, CPU time, threads, descriptors, faults, switches, storage.

Each figure is the sum over a tree of processes. What is had (memory, descriptors, threads) is that of the processes that are there; what is used is counted from the
beginning of each, and one that has ended counts with what it had used when it was last read: so a restart takes nothing back, `processes_seen` shows it, and what was used
between the last look and the end is in no sum. Of an engine inside gonogo the engine's figures are those of both together, and there are none of gonogo's own.

A look took 0.3 ms on a machine of two cores that others used, 50 us of it for each process, and 6 us more for each thread. What may take longer is read by a thread
beside, at most a thousandth of the time, and stands in the next sample: the switches, of which the kernel tells thread by thread, and the proportional
memory (`pss_bytes`), for which it walks through all memory, some 20 ms for 500 MB. In between these are NaN.
"""

from __future__ import annotations

import math
import platform
import time
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from harness.probes import _process_elsewhere, _process_files
from harness.probes._process_files import Held, Used
from harness.probes._process_sums import Aside, Total, added
from harness.target import Target

_READ = _process_files if platform.system() == "Linux" else _process_elsewhere
_SWITCHES = ("voluntary_switches", "involuntary_switches")


class Figures(NamedTuple):
    """A row of one tree of processes; what cannot be had is NaN."""

    rss_bytes: float = math.nan
    cpu_s: float = math.nan
    threads: float = math.nan
    descriptors: float = math.nan
    heap_bytes: float = math.nan
    reserved_bytes: float = math.nan
    user_cpu_s: float = math.nan
    system_cpu_s: float = math.nan
    minor_faults: float = math.nan
    major_faults: float = math.nan
    read_bytes: float = math.nan
    written_bytes: float = math.nan
    voluntary_switches: float = math.nan
    involuntary_switches: float = math.nan
    processes: float = math.nan
    processes_seen: float = math.nan
    pss_bytes: float = math.nan


class ProcessProbe:
    """Reads the engine's processes, and gonogo's own beside them."""

    columns = (*Figures._fields, *(f"harness_{name}" for name in Figures._fields[:-1]))

    def __init__(self, target: Target, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self._target = target
        self._engine, self._gonogo = _Tree(), _Tree()
        self._aside: Aside[tuple[Closely, Closely]] = Aside(clock_ns)

    def read(self) -> tuple[float, ...]:
        look = self._target.look()
        engine, gonogo = self._engine.figures(look.engine), self._gonogo.figures(look.gonogo)
        trees = self._engine.there, self._gonogo.there
        if closely := self._aside.read(lambda: (_closely(trees[0], shares=True), _closely(trees[1], shares=False))):
            engine = self._engine.with_these(engine, closely[0])
            gonogo = self._gonogo.with_these(gonogo, closely[1])
        return (*engine, *gonogo[:-1])


Who: TypeAlias = tuple[int, float]
"""A process: its number, and when it began."""


class Closely(NamedTuple):
    """What of a tree costs more to read."""

    switches: dict[tuple[Who, str], tuple[float, ...]]
    """By thread."""
    pss_bytes: float


class _Tree:
    """The sums of one tree."""

    def __init__(self) -> None:
        self.there: tuple[Who, ...] = ()
        self._used: Total[Who] = Total(len(Used._fields))
        self._switches: Total[tuple[Who, str]] = Total(len(_SWITCHES))

    def figures(self, pids: tuple[int, ...] | None) -> Figures:
        """Of these processes, and of those before that are gone."""
        if pids is None:
            self.there = ()
            return Figures()
        there = {(pid, one.began): one for pid in pids if (one := _READ.reading(pid)) is not None}
        self.there = tuple(there)
        used = Used(*self._used.take({who: one.used for who, one in there.items()}))
        held = Held(*added(one.held for one in there.values())) if there else Held()
        return Figures(
            **held._asdict(), **used._asdict(), cpu_s=used.user_cpu_s + used.system_cpu_s,
            processes=len(there), processes_seen=self._used.seen,
        )  # fmt: skip

    def with_these(self, figures: Figures, closely: Closely) -> Figures:
        """The same with what was read beside."""
        if math.isnan(figures.processes):
            return figures
        switches = zip(_SWITCHES, self._switches.take(closely.switches), strict=True)
        return figures._replace(**dict(switches), pss_bytes=closely.pss_bytes)


def _closely(there: tuple[Who, ...], *, shares: bool) -> Closely:
    switches = {(who, thread): count for who in there for thread, count in _READ.switches(who[0]).items()}
    return Closely(switches, sum(_READ.pss_bytes(pid) for pid, _ in there) if shares and there else math.nan)


PROBE = ProcessProbe
