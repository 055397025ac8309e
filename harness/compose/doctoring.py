"""Looks at the machine: what gonogo needs, what would make figures worth less, what stays untested."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from harness.base import discover
from harness.compose import plugs
from harness.evidence.host import host

State: TypeAlias = Literal["ok", "note", "missing"]
FREE_BYTES = 2 << 30
NAPS = 50


class Symptom(NamedTuple):
    """One thing looked at: `missing` stops a run, `note` makes it worth less."""

    state: State
    what: str
    said: str


def examine(out: Path, data: Path | None) -> tuple[Symptom, ...]:
    """Everything there is to say about this machine."""
    return (_python(), _system(), _cores(), _governor(), _load(), _timer(), _sleep(), _out(out), _git(), *_data(data))


def as_json(symptoms: tuple[Symptom, ...]) -> str:
    """The symptoms as a JSON list of objects."""
    return msgspec.json.encode([one._asdict() for one in symptoms]).decode()


def _python() -> Symptom:
    fit = sys.version_info >= (3, 11)
    return Symptom("ok" if fit else "missing", "python", f"{platform.python_version()}, wanted 3.11 or newer")


def _system() -> Symptom:
    if platform.system() == "Linux":
        return Symptom("ok", "system", f"Linux {platform.release()}")
    return Symptom("note", "system", f"{platform.system()}: bundled engines run; faults and probes are made for Linux")


def _cores() -> Symptom:
    cores = os.cpu_count() or 1
    said = (
        f"{cores} cores"
        if cores > 1
        else "1 core: generator and engine share it, so latencies include each other's time"
    )
    return Symptom("ok" if cores > 1 else "note", "cores", said)


def _governor() -> Symptom:
    governor = host().governor
    steady = governor in ("", "performance")
    return Symptom("ok" if steady else "note", "governor", governor or "not told by this machine")


def _load() -> Symptom:
    load = os.getloadavg()[0]
    busy = load > 0.5 * (os.cpu_count() or 1)
    return Symptom(
        "note" if busy else "ok",
        "load",
        f"{load:.2f} in the last minute" + (": others are at work here" if busy else ""),
    )


def _timer() -> Symptom:
    step_ns = host().timer_ns
    return Symptom("ok" if step_ns < 1000 else "note", "timer", f"smallest step {step_ns} ns")


def _sleep() -> Symptom:
    """How late a sleep of 1 ms wakes: pacing spins the last stretch, so this only costs CPU time."""
    late_us = sorted(_nap() for _ in range(NAPS))[NAPS // 2]
    return Symptom("ok" if late_us < 500 else "note", "sleep", f"wakes {late_us:.0f} us late (median of {NAPS})")


def _nap() -> float:
    begun = time.perf_counter()
    time.sleep(0.001)
    return (time.perf_counter() - begun - 0.001) * 1e6


def _out(out: Path) -> Symptom:
    place = next(parent for parent in (out.absolute(), *out.absolute().parents) if parent.exists())
    try:
        # Only a try shows it: the permissions of a file system in memory or over a network do not.
        tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        return Symptom(
            "missing", "run folder", f"{place} cannot be written ({error.strerror}); name another with --out"
        )
    free = shutil.disk_usage(place).free
    said = f"{free / 2**30:.0f} GiB free under {place}"
    return Symptom("ok" if free > FREE_BYTES else "note", "run folder", said)


def _git() -> Symptom:
    found = shutil.which("git")
    return Symptom("ok" if found else "note", "git", found or "not found: reports cannot name the engine's commit")


def _data(data: Path | None) -> tuple[Symptom, ...]:
    """The recorded files that scenarios would read."""
    wanted = {name: plugs.scenario(name).data for name in discover.names(plugs.SCENARIOS)}
    symptoms = []
    for scenario, file in wanted.items():
        if file:
            found = plugs.data_file(file, data)
            here = isinstance(found, Path)
            symptoms.append(Symptom("ok" if here else "note", f"data {scenario}", str(found)))
    return tuple(symptoms)
