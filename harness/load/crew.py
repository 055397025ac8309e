"""The processes that send for a load: those that it starts on this machine, or those that come by themselves from others."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness.load.messages import Job
from harness.load.places import Meeting

LOOPBACK = "127.0.0.1"
END_S = 10.0
"""How long a worker may take to end once it is let go."""


class LoadError(Exception):
    """The load was not sent as it was to be: the doing of who sends it, and nothing about the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """How many workers, what they do, and where they come from."""

    workers: int
    job: Job
    command: tuple[str, ...]
    """What starts one here; the master's host and port, and the folder of its evidence are added."""
    meeting: Meeting | None = None
    """Where they come to by themselves; None: they are started here."""
    page_port: int = 0
    """Where Locust's page is shown meanwhile; 0: nowhere."""
    _hired: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)

    @contextmanager
    def at_work(self, port: int, folder: Path) -> Iterator[None]:
        """Start them, unless they come by themselves; they end with the context, whatever happens."""
        try:
            for number in range(0 if self.meeting else self.workers):
                words = [*self.command, LOOPBACK, str(port), str(folder / str(number))]
                # A group of its own: Ctrl-C ends the load, and the load ends its workers. By its pipe a worker knows that gonogo is there.
                self._hired.append(subprocess.Popen(words, stdin=subprocess.PIPE, process_group=0))
            yield
        finally:
            for process in self._hired:
                _end(process)
            self._hired.clear()

    def lost(self) -> str:
        """Which worker has ended by itself, and how; nothing if none has."""
        for number, process in enumerate(self._hired):
            code = process.poll()
            if code is not None:
                how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
                return f"worker {number + 1} of {self.workers} {how}"
        return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
