"""Programs that stand for an engine at work, so that there is something to profile: they say `here` once they are, `worked` once they have, and end with their input."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

IN_PYTHON = """
import sys, time
def hot():
    total = 0
    for number in range(100_000):
        total += number
def work(until_s):
    while time.process_time() < until_s:
        hot()
print("here", flush=True)
if not sys.stdin.readline():
    sys.exit()
work(time.process_time() + 0.5)
print("worked", flush=True)
sys.stdin.read()
"""
COMPILED = "echo here; read go; i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done; echo worked; read end"
PYTHON = (sys.executable, "-c", IN_PYTHON)
SHELL = ("sh", "-c", COMPILED)
WRAPPED = ("sh", "-c", '"$0" -c "$1"; true', sys.executable, IN_PYTHON)
"""Python behind a shell that started it."""


@contextmanager
def program(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """It, until the block is left."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        try:
            assert one.stdout is not None
            assert one.stdout.readline() == b"here\n"
            yield one
        finally:
            one.kill()


def has_worked(one: subprocess.Popen[bytes]) -> None:
    """Let it begin, and wait until it is done."""
    assert one.stdin is not None
    assert one.stdout is not None
    one.stdin.write(b"go\n")
    one.stdin.flush()
    assert one.stdout.readline() == b"worked\n"
