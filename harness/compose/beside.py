"""Starts the judge beside a run, and sees that it ends with it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.compose.following import ENDED, READY
from harness.evidence import spare

READY_S = 120
"""How long its start may take: a kernel may have to be compiled."""


class Beside:
    """The process of one scenario's judge; leaving the context ends it, whatever happened."""

    def __init__(self, folder: Path, scenario: str) -> None:
        self._history = folder / "scenarios" / scenario / "history"
        self._words = ("-P", "-m", "harness.compose.following", str(folder.resolve()), scenario)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            spare.clear(self._history)

    def start(self) -> None:
        """Start it and wait until it is ready; the evidence that it reads first must be there."""
        # A group of its own: Ctrl-C ends the run, and the run ends the judge.
        self._process = subprocess.Popen(
            [sys.executable, *self._words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
        )
        said = self._process.stdout
        if said is not None and (not select.select([said], [], [], READY_S)[0] or said.readline() != READY):
            self._process.kill()

    def at_work(self) -> bool:
        """Whether it still folds what is written."""
        return self._process is not None and self._process.poll() is None

    def finish(self) -> str:
        """Wait until it has folded everything; what became of it, where it did not come so far."""
        if self._process is None or self._process.stdin is None:
            return ""
        with suppress(BrokenPipeError):
            os.write(self._process.stdin.fileno(), ENDED)
        code = self._process.wait()
        if not code:
            return ""
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
