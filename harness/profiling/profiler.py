"""Has the engine's processes sampled for as long as they are driven; whatever comes of it, the run goes on and nothing of it is left.

An engine may be started anew meanwhile: a thread looks for that, and has whatever came sampled too, so that the profile is of all of them.
The programs that sample are told to end through their guards, and killed where they do not. What they write lies in a folder of the system's for
temporary files until it is stored as evidence. Where gonogo itself is killed, the guards end them and remove the folder.
"""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import psutil

from harness.base.errors import EngineError
from harness.evidence.run import ProfileRecord
from harness.evidence.stacks import Stacks, write_stacks
from harness.profiling import Tool, perf, processes, py_spy
from harness.profiling.guarded import INTERRUPTED, Guarded
from harness.profiling.processes import Program
from harness.target import Target

RATE_HZ = 99
"""No round number, so that samples do not fall in step with what happens a hundred times a second."""
READY_S = 10.0
"""How long one may take until it takes samples."""
END_S = 20.0
"""How long one may take to write what it has, once it is told to end."""
LOOK_S = 0.2
"""How often it is looked whether the engine was started anew."""
MOST = 20
"""Programs of one engine that are sampled; each start of it is a further one."""
READ_BYTES = 4096
SAID = 160
"""Characters that are told of what one that failed says."""
INSIDE = "the engine has no process of its own: a profile of gonogo's would show the generator as well"


class _Sampler(NamedTuple):
    """One program that takes samples."""

    tool: Tool
    program: str
    guarded: Guarded
    into: Path
    said: Path
    """What it prints beside its samples."""
    of: tuple[int, ...]
    """The processes that it samples."""
    programs: int
    """How many programs of the engine these are."""
    met: int
    """How many programs there had been by then."""

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """It, as far as its guard tells of it."""
        return self.guarded.process


class Profiler:
    """Samples the engine's processes within its context, if that is wanted."""

    def __init__(self, place: Path, target: Target, *, wanted: bool) -> None:
        self._place, self._target, self._wanted = place, target, wanted
        self._met: set[psutil.Process] = set()
        """The engine's so far; two of one number at two times are not the same."""
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._go_on, daemon=True)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._guards: list[Guarded] = []
        """Of the folder, and of each program that takes samples."""
        self._samplers: list[_Sampler] = []
        self._missing: dict[str, None] = {}
        """Why there are no samples, or not of all: each reason once."""
        self._programs = 0
        """How many programs of the engine there are samples of."""
        self._by: dict[str, None] = {}
        """Who was at work, each once."""
        self.record: ProfileRecord | None = None
        """What came of it; None where none was wanted, and until the context ends."""

    def __enter__(self) -> Self:
        if self._wanted:
            try:
                self._folder = tempfile.TemporaryDirectory(prefix="gonogo-profile-", ignore_cleanup_errors=True)
                folder = Path(self._folder.name)
                # Programs may have ended before gonogo is killed, and their guards with them.
                self._guards.append(Guarded((), folder))
                self._begin(folder)
                self._watch.start()
            except OSError as error:
                self._miss(f"samples cannot be written: {error}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self._wanted:
            return
        self._over.set()
        if self._watch.ident is not None:
            self._watch.join()
        try:
            stacks = self._stored(self._ended())
            self.record = ProfileRecord(
                by=tuple(self._by), samples=stacks.total(), rate_hz=RATE_HZ, processes=self._programs if stacks else 0,
                missing="; ".join(self._missing),
            )  # fmt: skip
        finally:
            for guarded in self._guards:
                guarded.kill()
            if self._folder is not None:
                self._folder.cleanup()

    def _begin(self, folder: Path) -> None:
        """Have the engine sampled as it is now; why it cannot be is told."""
        told = self._target.processes()
        if told.whose == "inside":
            self._miss(INSIDE)
        elif told.whose == "unknown":
            self._miss(f"the engine's processes are not known: {told.why}")
        else:
            self._start(self._new(told.pids), folder)

    def _go_on(self) -> None:
        """Have each further one sampled until the drive is over."""
        while self._folder is not None and not self._over.wait(LOOK_S):
            try:
                told = self._target.processes()
                if told.whose in ("own", "found"):
                    self._start(self._new(told.pids), Path(self._folder.name))
            except OSError as error:
                self._miss(f"samples cannot be written: {error}")
            except EngineError as error:
                self._miss(f"the engine's processes are not known: {error}")

    def _new(self, pids: tuple[int, ...]) -> tuple[Program, ...]:
        """The programs of those that were not there before, up to so many."""
        new: list[int] = []
        for pid in pids:
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                if process in self._met:
                    continue
                if len(self._met) >= MOST:
                    self._miss(f"the engine was started more than {MOST} times: the profile is of the first")
                    break
                self._met.add(process)
                new.append(pid)
        return processes.programs(tuple(new))

    def _start(self, programs: tuple[Program, ...], folder: Path) -> None:
        """One py-spy for each program in Python, one perf for all others together."""
        begun = len(self._samplers)
        for program in programs:
            if program.in_python:
                self._sample(py_spy, (program,), folder, "Python")
        if compiled := tuple(program for program in programs if not program.in_python):
            self._sample(perf, compiled, folder, "compiled")
        for sampler in self._samplers[begun:]:
            # It reads the program's symbols first, which takes time from whoever is driven.
            _wait(sampler, self._over)

    def _sample(self, tool: Tool, programs: tuple[Program, ...], folder: Path, kind: str) -> None:
        """Have the tool begin."""
        pids = tuple(pid for one in programs for pid in one.pids)
        program = tool.found()
        if program is None:
            self._miss(f"the engine is {kind}, and {tool.NAME} is not installed ({tool.GET})")
            return
        into, said = (folder / f"{len(self._samplers)}.{name}" for name in ("samples", "said"))
        with said.open("wb") as to:
            try:
                guarded = Guarded(tool.command(program, pids, RATE_HZ, into), folder, to)
            except OSError as error:
                self._miss(f"{tool.NAME} cannot be started: {error.strerror}")
                return
        self._guards.append(guarded)
        self._samplers.append(_Sampler(tool, program, guarded, into, said, pids, len(programs), len(self._met)))

    def _ended(self) -> Stacks:
        """End them all, and put together what they saw."""
        early = [sampler for sampler in self._samplers if sampler.process.poll() is not None]
        for sampler in self._samplers:
            sampler.guarded.interrupt()
        seen: Stacks = Counter()
        for sampler in self._samplers:
            one = self._seen_by(sampler)
            if one or sampler not in early:
                # What ended by itself and saw nothing took no time from anybody.
                self._by[sampler.tool.NAME] = None
                self._programs += sampler.programs if one else 0
            if one and sampler in early:
                self._tell_early(sampler)
            seen += one
        return seen

    def _tell_early(self, sampler: _Sampler) -> None:
        """That it ended before the drive did; not where the engine was started anew, and that was sampled too."""
        gone = not any(map(processes.is_there, sampler.of))
        if not (gone and sampler.met < self._samplers[-1].met):
            who = "the profiled processes" if gone else sampler.tool.NAME
            self._miss(f"{who} ended before the drive did: the profile is of the time until then")

    def _stored(self, stacks: Stacks) -> Stacks:
        """The stacks, once they are evidence; none where they cannot be."""
        try:
            if stacks:
                write_stacks(self._place, stacks)
        except OSError as error:
            self._miss(f"the stacks cannot be written: {error}")
            return Counter()
        return stacks

    def _seen_by(self, sampler: _Sampler) -> Stacks:
        """What it saw; why that is nothing is told."""
        name = sampler.tool.NAME
        try:
            sampler.process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            self._miss(f"{name} did not end within {END_S:g} s, and was killed")
            return Counter()
        if sampler.process.returncode not in (0, INTERRUPTED) or not sampler.into.is_file():
            self._miss(_failed(sampler))
            return Counter()
        try:
            seen = sampler.tool.read(sampler.program, sampler.into)
        except (OSError, ValueError) as error:
            self._miss(f"what {name} wrote cannot be read: {error}")
            return Counter()
        if not seen:
            self._miss(f"{name} saw the engine at no work: it never was when a sample was taken")
        return seen

    def _miss(self, why: str) -> None:
        self._missing[why] = None


def _wait(sampler: _Sampler, over: threading.Event) -> None:
    """Until it says that it samples, ends, or takes too long, or the drive is over; not for one that does not say."""
    said, pipe = b"", sampler.process.stdout
    give_up = time.monotonic() + READY_S
    while pipe is not None and sampler.tool.READY not in said and (left_s := give_up - time.monotonic()) > 0:
        if not select.select([pipe], [], [], min(left_s, LOOK_S))[0]:
            if over.is_set():
                return
            continue
        more = os.read(pipe.fileno(), READ_BYTES)
        if not more:
            # Its pipe is closed before it is gone, and who is gone took no time from the drive.
            with suppress(subprocess.TimeoutExpired):
                sampler.process.wait(left_s)
            return
        said += more


def _failed(sampler: _Sampler) -> str:
    """Why it failed, in its own words, and what it must be allowed where that was it."""
    name = sampler.tool.NAME
    if not any(map(processes.is_there, sampler.of)):
        return f"the engine's processes ended before {name} saw anything of them"
    if sampler.process.returncode == INTERRUPTED:
        return f"{name} had not begun with the engine's last start when the drive ended"
    said = sampler.said.read_text(encoding="utf-8", errors="replace").strip()
    first = " ".join(said.partition("\n\n")[0].removeprefix("Error:").split())
    cut = first if len(first) <= SAID else f"{first[:SAID]}..."
    right = f" ({sampler.tool.RIGHT})" if sampler.tool.DENIED.search(said) else ""
    return f"{name} failed: {cut or 'it does not say why'}{right}"
