"""A program that takes samples, behind its guard (`guard.py`), as gonogo sees the two: one process, with one end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from harness.profiling.guard import BY_SIGNAL, INTERRUPT, KILL

GUARD = Path(__file__).with_name("guard.py")
INTERRUPTED = BY_SIGNAL + signal.SIGINT
"""The exit code of one that an interrupt ended."""


class Guarded:
    """One program, from its start to its end.

    Raises:
        OSError: its guard cannot be started.
    """

    def __init__(self, command: Sequence[str], folder: Path, said: IO[bytes] | int = subprocess.DEVNULL) -> None:
        """`folder` goes with gonogo, should that be killed; without a command nothing but the folder is guarded. `said` takes what it prints to stderr."""
        control, self._control = os.pipe()
        words = [sys.executable, "-I", "-S", str(GUARD), str(control), str(os.getpid()), str(folder), *command]
        try:
            # A group of its own: Ctrl-C ends the run, and the run ends it.
            self.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, pass_fds=(control,), process_group=0
            )  # fmt: skip
        except OSError:
            os.close(self._control)
            raise
        finally:
            os.close(control)

    def interrupt(self) -> None:
        """Have it write what it has, and end; nothing happens where it has ended."""
        self._say(INTERRUPT)

    def kill(self) -> None:
        """Let nothing of it be left, nor of its folder where it was still there."""
        # Said, since a process that gonogo forked meanwhile may hold the pipe open.
        self._say(KILL)
        os.close(self._control)
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _say(self, word: bytes) -> None:
        with suppress(BrokenPipeError):
            os.write(self._control, word)
