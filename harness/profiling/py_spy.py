"""py-spy: samples of Python programs, read from their memory without holding them up, also of those that they start."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

from harness.evidence.stacks import Stacks, parsed
from harness.target.tree import family

NAME = "py-spy"
GET = "pip install 'gonogo[profile]', or py-spy by itself"
RIGHT = (
    "it must know the engine's version of Python, and be allowed to read its memory: as root, or with kernel.yama.ptrace_scope at 0; "
    "in a container, with the capability SYS_PTRACE"
)
DENIED = re.compile(r"permission denied|not permitted|no python processes found", re.IGNORECASE)
"""With several processes to sample it does not say why it can read none."""
READY = b"Sampling"
_STACK = re.compile(r"\n(?=process \d)")
"""Where the next stack begins: the command line that stands before the frames may itself hold lines."""
_PROCESS = re.compile(r'process (\d+):"')
_FRAMES = '";'
"""What stands between the command line and the frames; the former may hold it too."""
_NO_FRAMES = re.compile(r'" (\d+)$')
"""How a stack ends that was too torn for any frame."""
_NUMBERED = re.compile(r"process \d+$")


def found() -> str | None:
    """Where it is: on the path, or beside the Python that runs gonogo."""
    places = os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)))
    return shutil.which(NAME, path=places)


def command(program: str, pids: tuple[int, ...], rate_hz: int, into: Path) -> list[str]:
    """Sample the first process and what it starts, by the functions at work: who waits takes no time."""
    # Of an engine that started gonogo, the first process alone: gonogo would be sampled with the others.
    others = [] if os.getpid() in family(pids[:1]) else ["--subprocesses"]
    # Samples are taken while the engine goes on: one that was torn is left out, where a halt would show in its latencies.
    return [
        program, "record", "--pid", str(pids[0]), *others, "--nonblocking", "--function",
        "--rate", str(rate_hz), "--duration", "unlimited", "--format", "raw", "--output", str(into),
    ]  # fmt: skip


def read(program: str, recorded: Path) -> Stacks:  # noqa: ARG001 - a tool is asked alike, and perf is needed for what it wrote
    """What it saw, by processes where there are several.

    Raises:
        OSError: there is no such file.
        ValueError: it is not of this form.
    """
    return stacks(recorded.read_text(encoding="utf-8", errors="replace"))


def stacks(text: str) -> Stacks:
    """What it wrote: processes by their number alone, and not at all where there is but one.

    Raises:
        ValueError: what stands there is no stack.
    """
    told = parsed([_numbered(one) for one in _STACK.split(text.strip())])
    [first, *others] = {stack[0] for stack in told} or {""}
    if others or not _NUMBERED.match(first):
        return told
    alone: Stacks = Counter()
    for stack, samples in told.items():
        alone[stack[1:] or stack] += samples
    return alone


def _numbered(stack: str) -> str:
    """The stack behind the number of its process, without the command lines of that and of those that started it."""
    before, _, frames = _NO_FRAMES.sub(r'";[unknown] \1', stack).rpartition(_FRAMES)
    numbers = _PROCESS.findall(before)
    return f"process {numbers[-1]};{frames}" if numbers else stack
