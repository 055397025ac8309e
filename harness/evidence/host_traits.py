"""What a machine is, in words, with what is wrong with it for measuring and what to do about that: for the doctor and for reports alike.

Advice stands beside what is no fault, too: most machines are not set up for measuring, and figures of theirs are good for most limits.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.base.records import NONE
from harness.evidence.run import HostRecord

NOT_TOLD = "not told by this machine"
STEP_NS_MOST = 1_000
"""From which step of the clock on it is too coarse for latencies of microseconds."""
LATE_P50_NS_MOST, LATE_P99_NS_MOST = 500_000, 5_000_000
"""How late short sleeps may wake: the last stretch before a due time is spun, and half of what the built-in policy allows an answer."""
BUSY = 0.5
"""The load average, of all cores, from which on others were at work before the run began."""
TO_SHARE_OUT = 4
"""Cores from which on gonogo and the engine can have some each."""
SLOW_CLOCKS = ("hpet", "acpi_pm", "jiffies")
"""Clock sources that cost a call into the kernel, and a microsecond, each time the clock is read."""


class Trait(NamedTuple):
    """One thing about a machine."""

    what: str
    said: str
    advice: str = ""
    wrong: bool = False


def traits(machine: HostRecord) -> tuple[Trait, ...]:
    """Everything there is to say."""
    return (
        Trait("processor", machine.cpu or NOT_TOLD), _cores(machine), _governor(machine),
        Trait("turbo", _either(machine.turbo, "on: a core is faster while the others rest", "off")), _below(machine), _quota(machine),
        _pinned(machine), _timer(machine), _sleep(machine), _load(machine),
    )  # fmt: skip


def _cores(machine: HostRecord) -> Trait:
    smt = "" if machine.smt is None else ", two threads share each" if machine.smt else ", no two share one"
    said = f"{machine.cores} cores{smt}" if machine.cores > 1 else "1 core"
    if machine.cores > 1:
        return Trait("cores", said)
    return Trait("cores", said, "generator and engine share it, so latencies include each other's time", wrong=True)


def _governor(machine: HostRecord) -> Trait:
    if machine.governor in ("", "performance"):
        return Trait("governor", machine.governor or NOT_TOLD)
    advice = "a core that rested is slow at first: cpupower frequency-set -g performance"
    return Trait("governor", machine.governor, advice, wrong=True)


def _below(machine: HostRecord) -> Trait:
    """What lies between gonogo and the metal."""
    virtual = _either(machine.virtual, "virtual machine", "no virtual machine as far as it tells")
    container = _either(machine.container, "in a container", "in no container as far as it tells")
    advice = "what its neighbours take shows as steal, where the machine below tells it" if machine.virtual else ""
    return Trait("below", ", ".join(dict.fromkeys((virtual, container))), advice)


def _quota(machine: HostRecord) -> Trait:
    if not machine.quota_cores:
        return Trait("quota", "none")
    advice = "once it is used up everything stands still until the next period, for tens of milliseconds: give the container none"
    wrong = machine.quota_cores < machine.cores
    return Trait("quota", f"{machine.quota_cores:g} cores of each period", advice, wrong)


def _pinned(machine: HostRecord) -> Trait:
    may = len(machine.gonogo_cores)
    if not may:
        return Trait("pinned", NOT_TOLD)
    if may < machine.cores:
        alone = may == 1
        advice = "one core for generator, judge and an engine inside gonogo: give it two" if alone else ""
        return Trait("pinned", f"gonogo to {may} of {machine.cores} cores", advice, wrong=alone)
    advice = "taskset -c gives gonogo and, in front of its command, the engine cores of their own"
    return Trait("pinned", "no: gonogo may run on every core", advice if machine.cores >= TO_SHARE_OUT else "")


def _timer(machine: HostRecord) -> Trait:
    resolution = "" if machine.timer_resolution_ns == NONE else f", resolution {machine.timer_resolution_ns} ns"
    source = f", by {machine.clock_source}" if machine.clock_source else ""
    said = f"smallest step {machine.timer_ns} ns{resolution}{source}"
    if machine.clock_source in SLOW_CLOCKS:
        return Trait("timer", said, "each look at this clock is slow: boot with clocksource=tsc", wrong=True)
    coarse = machine.timer_ns >= STEP_NS_MOST
    return Trait("timer", said, "too coarse for microseconds" if coarse else "", coarse)


def _sleep(machine: HostRecord) -> Trait:
    if not machine.sleeps:
        return Trait("sleep", "not measured")
    p50_ns, p99_ns = machine.sleep_late_p50_ns, machine.sleep_late_p99_ns
    late = p50_ns >= LATE_P50_NS_MOST or p99_ns >= LATE_P99_NS_MOST
    said = f"short sleeps wake {p50_ns / 1e3:,.0f} us late, 99 of 100 at most {p99_ns / 1e3:,.0f} us ({machine.sleeps} timed)"
    return Trait("sleep", said, "who sleeps here is late: stop what else runs, or pin" if late else "", late)


def _load(machine: HostRecord) -> Trait:
    busy = machine.load_1min > BUSY * max(machine.cores, 1)
    said = f"{machine.load_1min:.2f} in the last minute"
    return Trait("load", said, "others are at work here: stop them, or wait" if busy else "", busy)


def _either(told: bool | None, yes: str, no: str) -> str:
    return NOT_TOLD if told is None else yes if told else no
