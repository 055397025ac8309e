"""Which processes are the engine's: what gonogo started since it was about to start the engine, and all that these started.

An adapter need not tell. Most start their engine through the keeper, which is gonogo's own and left out; one of a user's may start it itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

KEEPER = "_keeper.py"
"""The last part of the path of the program that stands between gonogo and an engine (`engines/adapters`)."""
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


def children() -> frozenset[psutil.Process]:
    """What this process itself has started and is still there; two of one number at two times are not the same."""
    return frozenset(psutil.Process().children())


def started_since(before: frozenset[psutil.Process]) -> tuple[Program, ...]:
    """The programs that came beside those of before, by their process ids."""
    new = sorted(children() - before, key=lambda process: process.pid)
    roots = [root for process in new for root in _kept(process)]
    return tuple(program for root in roots for program in _program(root))


def is_there(pid: int) -> bool:
    """Whether a process of this number still works: what has ended and was not waited for does not."""
    with suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _kept(process: psutil.Process) -> list[psutil.Process]:
    """What a keeper keeps; of anything else, itself."""
    with suppress(psutil.Error):
        is_keeper = any(word.endswith(KEEPER) for word in process.cmdline())
        return process.children() if is_keeper else [process]
    return []


def _program(root: psutil.Process) -> Iterator[Program]:
    """It and all that it started; nothing where it has ended meanwhile."""
    with suppress(psutil.Error):
        own = [root, *root.children(recursive=True)]
        hosts_library = LIBRARY_HOST in root.cmdline()
        yield Program(
            root.pid, tuple(one.pid for one in own), not hosts_library and any(_runs_python(one.pid) for one in own)
        )


def _runs_python(pid: int) -> bool:
    """Whether it is Python, or has it inside."""
    with suppress(OSError):
        place = Path(f"/proc/{pid}")
        name = (place / "exe").readlink().name
        return bool(PYTHON.match(name) or EMBEDDED.search((place / "maps").read_text(errors="replace")))
    return False
