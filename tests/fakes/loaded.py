"""`gonogo`, loaded once: a process that forks a child for every command, which then is that command, with exit code and streams of its own.

To load Python, numba and the kernels takes seconds, and most commands of the tests are done in a part of one. What a start by itself could do
wrong, as to hash otherwise or to lack an import, only a start by itself shows: who looks for that asks for it (`command.gonogo(fresh=True)`).
Run as a program, this file is that process; its one argument is the descriptor of a socket, by which it is asked.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

GONOGO = str(Path(sys.executable).with_name("gonogo"))
NUMBER = struct.Struct("=i")
MODULES = (
    "harness.cli.app",
    *(f"harness.compose.{name}" for name in ("running", "judging", "reporting", "replaying", "shrinking")),
)
"""That verbs import once they are called."""
SCENARIO = "poisson"
"""Any whose flow most tests drive: checks are compiled by the types alone."""


class Loaded:
    """The process, as who asks it sees it; it ends with the one that began it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())], pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL
            )
        atexit.register(self._end)

    def run(self, words: list[str], cwd: Path, env: dict[str, str], most_s: float) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; one that takes longer is killed."""
        asked = json.dumps([words, str(cwd), env]).encode()
        out, told_out = os.pipe()
        err, told_err = os.pipe()
        socket.send_fds(self._line, [NUMBER.pack(len(asked))], [told_out, told_err])
        os.close(told_out)
        os.close(told_err)
        self._line.sendall(asked)
        late = threading.Timer(most_s, os.kill, (self._number(), signal.SIGKILL))
        late.start()
        try:
            told = _read(out, err)
            return subprocess.CompletedProcess([GONOGO, *words], self._number(), *told)
        finally:
            late.cancel()

    def _number(self) -> int:
        return int(NUMBER.unpack(_received(self._line, NUMBER.size))[0])

    def _end(self) -> None:
        self._line.close()
        self._process.wait()


def _read(out: int, err: int) -> tuple[str, str]:
    """All that comes by two pipes, at once: who fills one of them waits until it is read."""
    said: list[str] = []
    with open(out, encoding="utf-8") as stdout, open(err, encoding="utf-8") as stderr:
        reader = threading.Thread(target=lambda: said.append(stderr.read()))
        reader.start()
        told = stdout.read()
        reader.join()
    return told, said[0]


def _received(line: socket.socket, size: int) -> bytes:
    """So many bytes.

    Raises:
        EOFError: nobody is at the other end any more.
    """
    parts = bytearray()
    while len(parts) < size:
        part = line.recv(size - len(parts))
        if not part:
            raise EOFError("the other end is gone")
        parts += part
    return bytes(parts)


def _load() -> None:
    """Import what commands import, and look through the kernels that most of them need."""
    sys.path[0] = str(Path(GONOGO).parent)
    for module in MODULES:
        importlib.import_module(module)
    from harness.base import discover
    from harness.compose import plugs, warming

    for kind, name in (("format", "FORMAT"), ("scenario", "SCENARIO"), ("specimen", "SPECIMEN")):
        for one in discover.names(plugs.KINDS[kind]):
            discover.load(plugs.KINDS[kind], one, name)
    warming._checks((SCENARIO,))
    warming._flows((SCENARIO,))
    warming._engine(("reference",))
    gc.collect()
    # What is here by now is never looked at again by the collector of a child, which would copy its pages.
    gc.freeze()


def _is_child(line: socket.socket) -> bool:
    """Fork whenever asked. True in a child, which is the command from then on; False in this process, once nobody asks any more."""
    while True:
        first, streams, _, _ = socket.recv_fds(line, NUMBER.size, 2)
        if not first:
            return False
        words, cwd, env = json.loads(_received(line, NUMBER.unpack(first)[0]))
        if not (pid := os.fork()):
            line.close()
            _become(words, cwd, env, streams)
            return True
        for stream in streams:
            os.close(stream)
        line.sendall(NUMBER.pack(pid))
        _, status = os.waitpid(pid, 0)
        line.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _become(words: list[str], cwd: str, env: dict[str, str], streams: list[int]) -> None:
    """What a start by itself would have given it; the processes that it spawns read its main module again."""
    for number, stream in enumerate(streams, 1):
        os.dup2(stream, number)
        os.close(stream)
    # As Python makes them at a start; they know whether they can be sought in.
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as it lives
    sys.stderr = sys.__stderr__ = open(  # noqa: SIM115 - as well
        2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    # What this process found out of its own variables is found out anew.
    tempfile.tempdir = None
    sys.argv = [GONOGO, *words]
    sys.modules["__main__"].__file__ = GONOGO


if __name__ == "__main__":
    _load()
    try:
        is_child = _is_child(socket.socket(fileno=int(sys.argv[1])))
    except (KeyboardInterrupt, OSError, EOFError):
        # Whoever asked was ended, and needs no answer any more.
        is_child = False
    if is_child:
        from harness.cli import entry

        entry()
