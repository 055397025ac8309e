"""Has the engine's processes sampled for as long as they are driven; whatever comes of it, the run goes on and nothing of it is left.

The programs that sample are told to end by their ids, and killed where they do not. What they write lies in a folder of the system's for
temporary files until it is stored as evidence.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from harness.evidence.run import ProfileRecord
from harness.evidence.stacks import Stacks, write_stacks
from harness.profiling import Tool, perf, processes, py_spy
from harness.profiling.processes import Program

RATE_HZ = 99
"""No round number, so that samples do not fall in step with what happens a hundred times a second."""
READY_S = 10.0
"""How long one may take until it takes samples."""
END_S = 20.0
"""How long one may take to write what it has, once it is told to end."""
READ_BYTES = 4096
SAID = 160
"""Characters that are told of what one that failed says."""
INSIDE = (
    "the engine has no process of its own that gonogo started: a profile of gonogo's would show the generator as well"
)


class _Sampler(NamedTuple):
    """One program that takes samples."""

    tool: Tool
    program: str
    process: subprocess.Popen[bytes]
    into: Path
    said: Path
    """What it prints beside its samples."""
    of: tuple[int, ...]
    """The processes that it samples."""


class Profiler:
    """Samples the engine's processes within its context, if that is wanted; made before the engine is started, to know who came with it."""

    def __init__(self, place: Path, *, wanted: bool) -> None:
        self._place = place
        self._before = processes.children() if wanted else None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._samplers: list[_Sampler] = []
        self._missing: dict[str, None] = {}
        """Why there are no samples, or not of all: each reason once."""
        self._by: dict[str, None] = {}
        """Who was at work, each once."""
        self.record: ProfileRecord | None = None
        """What came of it; None where none was wanted, and until the context ends."""

    def __enter__(self) -> Self:
        if self._before is not None:
            try:
                self._folder = tempfile.TemporaryDirectory(prefix="gonogo-profile-", ignore_cleanup_errors=True)
                self._start(processes.started_since(self._before), Path(self._folder.name))
            except OSError as error:
                self._miss(f"samples cannot be written: {error}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._before is None:
            return
        try:
            stacks = self._stored(self._ended())
            missing = "; ".join(self._missing)
            self.record = ProfileRecord(by=tuple(self._by), samples=stacks.total(), rate_hz=RATE_HZ, missing=missing)
        finally:
            for sampler in self._samplers:
                _kill(sampler.process)
            if self._folder is not None:
                self._folder.cleanup()

    def _start(self, programs: tuple[Program, ...], folder: Path) -> None:
        """One py-spy for each program in Python, one perf for all others together."""
        if not programs:
            self._miss(INSIDE)
        for program in programs:
            if program.in_python:
                self._sample(py_spy, program.pids, folder, "Python")
        if compiled := tuple(pid for program in programs if not program.in_python for pid in program.pids):
            self._sample(perf, compiled, folder, "compiled")
        for sampler in self._samplers:
            # It reads the program's symbols first, which takes time from whoever is driven.
            _wait(sampler)

    def _sample(self, tool: Tool, pids: tuple[int, ...], folder: Path, kind: str) -> None:
        """Have the tool begin."""
        program = tool.found()
        if program is None:
            self._miss(f"the engine is {kind}, and {tool.NAME} is not installed ({tool.GET})")
            return
        into, said = (folder / f"{len(self._samplers)}.{name}" for name in ("samples", "said"))
        with said.open("wb") as to:
            try:
                # A group of its own: Ctrl-C ends the run, and the run ends it.
                process = subprocess.Popen(
                    tool.command(program, pids, RATE_HZ, into),
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=to, process_group=0,
                )  # fmt: skip
            except OSError as error:
                self._miss(f"{tool.NAME} cannot be started: {error.strerror}")
                return
        self._samplers.append(_Sampler(tool, program, process, into, said, pids))

    def _ended(self) -> Stacks:
        """End them all, and put together what they saw."""
        early = [sampler for sampler in self._samplers if sampler.process.poll() is not None]
        for sampler in self._samplers:
            sampler.process.send_signal(signal.SIGINT)
        seen: Stacks = Counter()
        for sampler in self._samplers:
            one = self._seen_by(sampler)
            if one or sampler not in early:
                # What ended by itself and saw nothing took no time from anybody.
                self._by[sampler.tool.NAME] = None
            if one and sampler in early:
                gone = not any(map(processes.is_there, sampler.of))
                who = "the profiled processes" if gone else sampler.tool.NAME
                self._miss(f"{who} ended before the drive did: the profile is of the time until then")
            seen += one
        return seen

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
        if sampler.process.returncode not in (0, -signal.SIGINT) or not sampler.into.is_file():
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


def _wait(sampler: _Sampler) -> None:
    """Until it says that it samples, ends, or takes too long; not for one that does not say."""
    said, pipe = b"", sampler.process.stdout
    give_up = time.monotonic() + READY_S
    while pipe is not None and sampler.tool.READY not in said and (left_s := give_up - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left_s)[0]:
            return
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
    said = sampler.said.read_text(encoding="utf-8", errors="replace").strip()
    first = " ".join(said.partition("\n\n")[0].removeprefix("Error:").split())
    cut = first if len(first) <= SAID else f"{first[:SAID]}..."
    right = f" ({sampler.tool.RIGHT})" if sampler.tool.DENIED.search(said) else ""
    return f"{name} failed: {cut or 'it does not say why'}{right}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Let nothing of it be left; nothing happens where it has ended."""
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
