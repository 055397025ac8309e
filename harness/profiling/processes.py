"""The engine's programs, by what can take samples of each: whether it is Python or compiled, and what it has started by now."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from harness.target.tree import family

LIBRARY_HOST = "engines.adapters._c_abi_host"
"""The Python program that does nothing but hold a compiled engine: how Python got there says nothing of that."""
PYTHON = re.compile(r"python\d?(\.\d+)?$")
EMBEDDED = re.compile(r"/libpython\d[^/\n]*\.so", re.MULTILINE)
"""How a library stands in a process's maps that makes any program run Python."""


class Program(NamedTuple):
    """One program of the engine, with all that it has started by now."""

    root: int
    """Its process id."""
    pids: tuple[int, ...]
    """All of them, the root's first."""
    in_python: bool
    """Whether what it does is to be seen in Python's own frames."""


def programs(roots: tuple[int, ...]) -> tuple[Program, ...]:
    """The programs of these processes, as far as they are still there."""
    return tuple(program for pid in roots for program in _program(pid))


def is_there(pid: int) -> bool:
    """Whether a process of this number still works: what has ended and was not waited for does not."""
    with suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _program(root: int) -> Iterator[Program]:
    """It and all that it started but gonogo; nothing where it has ended meanwhile."""
    with suppress(psutil.Error):
        hosts_library = LIBRARY_HOST in psutil.Process(root).cmdline()
        own = family((root,), apart=(os.getpid(),))
        yield Program(root, own, not hosts_library and any(map(_runs_python, own)))


def _runs_python(pid: int) -> bool:
    """Whether it is Python, or has it inside."""
    with suppress(OSError):
        place = Path(f"/proc/{pid}")
        name = (place / "exe").readlink().name
        return bool(PYTHON.match(name) or EMBEDDED.search((place / "maps").read_text(errors="replace")))
    return False
