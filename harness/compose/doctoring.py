"""Looks at the machine: what gonogo needs, what would make figures worth less, what stays untested."""

from __future__ import annotations

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
from harness.evidence.host import host, with_sleeps
from harness.evidence.host_traits import Trait, traits
from harness.evidence.host_watch import HostWatch, Shares
from harness.profiling import Tool
from harness.profiling.trying import FOR, TOOLS, wanting

State: TypeAlias = Literal["ok", "note", "missing"]
FREE_BYTES = 2 << 30
LOOK_S = 0.5
"""For how long the machine is watched: the kernel counts in hundredths of a second."""
OTHERS, TAKEN = 0.2, 0.01
"""The shares of time from which on others, and the machine below or a quota, are worth a word."""


class Symptom(NamedTuple):
    """One thing looked at: `missing` stops a run, `note` makes it worth less."""

    state: State
    what: str
    said: str


def examine(out: Path, data: Path | None) -> tuple[Symptom, ...]:
    """Everything there is to say about this machine."""
    return (_python(), _system(), *_machine(), _out(out), _git(), *map(_profiler, TOOLS), *_data(data))


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


def _machine() -> tuple[Symptom, ...]:
    """What the machine is, and what it did for others while this looked at it."""
    watch = HostWatch()
    time.sleep(LOOK_S)
    told = watch.shares()
    return (*map(_symptom, traits(with_sleeps(host()))), *meanwhile(told))


def _symptom(trait: Trait) -> Symptom:
    return Symptom("note" if trait.wrong else "ok", trait.what, ": ".join(filter(None, (trait.said, trait.advice))))


def meanwhile(told: Shares) -> tuple[Symptom, ...]:
    """Who had the cores just now, and whether that is so much that figures are worth less."""
    steal, throttled, stalled = told.host.steal, told.host.throttled, told.host.io_stall
    busy = f"others used {told.others_cpu:.0%} of the cores' time just now, {told.idle_cpu:.0%} was free"
    others = Symptom("ok", "others", busy)
    if told.others_cpu >= OTHERS:
        others = Symptom("note", "others", f"{busy}: stop them, or their time is the engine's")
    return (
        others,
        _share("steal", steal, "went to other machines on this host", "no figure of times is the engine's alone; move to a host of your own"),
        _share("throttled", throttled, "of the periods of its quota the container stood still", "give it no quota"),
        Symptom("ok", "disk", "not told by this machine" if stalled is None else f"waited for in {stalled:.1%} of the time"),
    )  # fmt: skip


def _share(what: str, share: float | None, said: str, advice: str) -> Symptom:
    if share is None:
        return Symptom("ok", what, "not told by this machine")
    return Symptom(
        "note" if share >= TAKEN else "ok", what, f"{share:.1%} {said}" + (f": {advice}" if share >= TAKEN else "")
    )


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


def _profiler(tool: Tool) -> Symptom:
    """Whether `--profile` can have it take samples."""
    if why := wanting(tool):
        return Symptom("note", tool.NAME, f"no profile of {FOR[tool.NAME]}: {why}")
    return Symptom("ok", tool.NAME, f"profiles {FOR[tool.NAME]} (--profile)")


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
