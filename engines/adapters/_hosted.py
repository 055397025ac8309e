"""A host of engines in a process of its own, seen from gonogo: short words over its standard streams, bulk through memory that both share.

The memory has no name on disk: the host opens it by this process's descriptor.
"""

from __future__ import annotations

import json
import mmap
import os
import select
import sys
import time
import weakref
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engines.adapters._process import Process
from engines.adapters._program import Program
from harness.base.errors import EngineStartError
from harness.engine_file import EngineFile, Start

WORD_BYTES = 8
ENDED_S = 1.0
"""How long a host that broke off may take to end, so that it can be told how."""
READ_BYTES = 2**12


class Hosted:
    """A host: its memory, its program, and what is said to it."""

    def __init__(self, memory_bytes: int) -> None:
        self._descriptor = os.memfd_create("gonogo-shared")
        weakref.finalize(self, os.close, self._descriptor)
        os.ftruncate(self._descriptor, memory_bytes)
        self.shared: npt.NDArray[np.uint8] = np.frombuffer(mmap.mmap(self._descriptor, memory_bytes), np.uint8)
        self.memory = f"/proc/{os.getpid()}/fd/{self._descriptor}"
        """Where the host finds the memory."""
        self.program: Program

    def be(self, module: str, task: Mapping[str, object], file: EngineFile, cwd: Path, env: dict[str, str]) -> None:
        """Make it the program of an engine's file: a module of ours that is told its task. It is not started."""
        # Isolated, so that nothing of the user's shadows what the host imports.
        command = [sys.executable, "-I", "-m", module, json.dumps(task)]
        start = Start(command=command, cwd=cwd, env=env)
        self.program = Program(file.model_copy(update={"start": start}), speaks=True)

    def say(self, *words: int) -> None:
        """Tell it so many words."""
        # Of a host that is gone it is told by its silence.
        with suppress(BrokenPipeError):
            os.write(self._process().stdin, b"".join(word.to_bytes(WORD_BYTES, "little") for word in words))

    def heard(self, wait_s: float) -> str:
        """The line that it says next; empty where it says none in time."""
        process, said = self._process(), b""
        give_up = time.monotonic() + wait_s
        while not said.endswith(b"\n"):
            if not select.select([process.stdout], [], [], max(give_up - time.monotonic(), 0.0))[0]:
                return ""
            more = os.read(process.stdout, READ_BYTES)
            if not more:
                return f"ended {process.how_it_ended(ENDED_S) or 'it closed its output'}"
            said += more
        return said.decode(errors="replace").rstrip("\n")

    def end(self, *, graceful: bool) -> None:
        """End all of it; safe to call twice."""
        self.program.end(graceful=graceful)

    def fail(self, why: str) -> str:
        """End what is left of it; why it failed, and the last of its log."""
        told = self.program.fail(why)
        # It is gone: the next start is of a new one.
        self.program.end(graceful=False)
        return told

    def _process(self) -> Process:
        if self.program.process is None:
            raise EngineStartError("the engine was not started")
        return self.program.process
