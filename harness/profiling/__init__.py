"""A profile of the engine's processes while they are driven: which they are, who samples them, and what came of it.

Two programs take samples, both from outside: py-spy of Python, perf of what is compiled, each told of in a module here. Neither is needed by
gonogo, and where one cannot work the run goes on without: the record says why, and how to get it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from harness.evidence.stacks import Stacks


class Tool(Protocol):
    """A program that takes samples of others, as a module of this package tells of it."""

    NAME: str
    GET: str
    """Where a user gets it."""
    RIGHT: str
    """What it must be allowed."""
    DENIED: re.Pattern[str]
    """What it says where it is not."""
    READY: bytes
    """What it prints once it takes samples; empty where it does not say."""

    def found(self) -> str | None:
        """Where it is on this machine."""
        ...

    def command(self, program: str, pids: tuple[int, ...], rate_hz: int, into: Path) -> list[str]:
        """How it is started to sample these processes, the first of which started the others, until a SIGINT comes."""
        ...

    def read(self, program: str, recorded: Path) -> Stacks:
        """What it saw.

        Raises:
            OSError: what it wrote cannot be read.
            ValueError: that is not of its form.
        """
        ...
