"""A real program that stands for an engine and takes what it is told to: memory, descriptors, threads, processor time, storage.

It says `here`, and then answers each line once that is done: `memory BYTES`, `descriptors COUNT`, `threads COUNT`, `cpu SECONDS`, `write BYTES`, `sleeps COUNT`,
`told FILE` (what /proc/self holds). It ends with its input.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

KEPT: list[object] = []


def memory(count: str) -> None:
    """Touched, so that it is there."""
    KEPT.append(bytearray(os.urandom(1)) * int(count))


def descriptors(count: str) -> None:
    KEPT.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(int(count)))


def threads(count: str) -> None:
    for _ in range(int(count)):
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def cpu(seconds: str) -> None:
    until = time.process_time() + float(seconds)
    while time.process_time() < until:
        pass


def write(count: str) -> None:
    """To a file of the folder that it was started in."""
    with tempfile.TemporaryFile(dir=Path.cwd()) as file:
        file.write(bytes(int(count)))
        file.flush()
        os.fsync(file.fileno())


def sleeps(count: str) -> None:
    """Each gives up the core."""
    for _ in range(int(count)):
        time.sleep(0.0001)


def told(name: str) -> str:
    return Path("/proc/self", name).read_text(encoding="ascii").replace("\n", "|")


if __name__ == "__main__":
    sys.stdout.write(f"here {os.getpid()}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        word, _, value = line.strip().partition(" ")
        sys.stdout.write(f"{globals()[word](value) or 'done'}\n")
        sys.stdout.flush()
