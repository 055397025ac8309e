"""perf: samples of compiled programs by the kernel's own timer, of all their threads and of those that they start later."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from harness.evidence.stacks import Stacks

NAME = "perf"
GET = "the package linux-perf of Debian, linux-tools of Ubuntu, perf of Fedora"
RIGHT = "it must be allowed to sample processes: as root, or with kernel.perf_event_paranoid at 2 or less"
DENIED = re.compile(r"paranoid|permission|not permitted|access to performance monitoring", re.IGNORECASE)
READY = b""
MOST_BYTES = 32 << 20
"""What it may write: some hundred thousand samples. Then it ends by itself."""
MOST_FRAMES = 64
TELL_S = 60.0
"""How long it may take to tell what it recorded."""
_FRAME = re.compile(r"^\s+[0-9a-f]+\s+(?P<symbol>.*?)\s+\((?P<object>[^()]*(?:\(deleted\))?)\)$")
"""An address, what it is in, and in which file: `7f1c match(Order&) (/opt/engine/bin)`."""


def found() -> str | None:
    """Where it is on the path."""
    return shutil.which(NAME)


def command(program: str, pids: tuple[int, ...], rate_hz: int, into: Path) -> list[str]:
    """Sample these processes by processor time: a timer of the kernel's, which virtual machines have too."""
    return [
        program, "record", "-e", "cpu-clock", "-g", "-F", str(rate_hz), "-p", ",".join(map(str, pids)),
        "--max-size", f"{MOST_BYTES >> 20}M", "-o", str(into),
    ]  # fmt: skip


def read(program: str, recorded: Path) -> Stacks:
    """What it recorded, as it tells itself.

    Raises:
        OSError: it cannot be started.
        ValueError: it fails, or takes too long.
    """
    # To find the lines of inlined functions would take it minutes.
    fields = ("--no-inline", "--max-stack", str(MOST_FRAMES), "-F", "comm,ip,sym,dso", "-i", str(recorded))
    with subprocess.Popen(
        [program, "script", *fields], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        process_group=0, text=True, encoding="utf-8", errors="replace",
    ) as telling:  # fmt: skip
        bound = threading.Timer(TELL_S, telling.kill)
        bound.start()
        try:
            seen = stacks(telling.stdout or ())
            code = telling.wait()
        finally:
            bound.cancel()
            telling.kill()
    if code:
        raise ValueError(f"perf script {'ended with' if code > 0 else 'was killed by signal'} {abs(code)}")
    return seen


def stacks(lines: Iterable[str]) -> Stacks:
    """What `perf script` tells: a sample is a line with the thread's name, its frames from the innermost out, and an empty line."""
    seen: Stacks = Counter()
    thread: str | None = None
    frames: list[str] = []
    for line in chain(lines, ("",)):
        if not line.strip():
            if thread is not None:
                seen[thread, *reversed(frames)] += 1
            thread, frames = None, []
        elif thread is None:
            thread = line.strip()
        else:
            frames.append(_frame(line.rstrip()))
    return seen


def _frame(line: str) -> str:
    """The function; where that is not known, the file that its code is in."""
    match = _FRAME.match(line)
    if match is None:
        return line.strip()
    if match["symbol"] == "[unknown]":
        return f"[{Path(match['object'].strip('[]')).name or 'unknown'}]"
    return match["symbol"]
