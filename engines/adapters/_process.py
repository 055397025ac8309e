"""A program as a process of its own, seen from gonogo: every wait is bounded, and nothing of it is left when this says that it ended.

Between both stands the keeper (`_keeper.py`), which outlives neither. What the program prints goes to a log of bounded size.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from engines.adapters._keeper import Task
from harness.base.errors import EngineStartError
from harness.engine_file import Stop

KEEPER = Path(__file__).with_name("_keeper.py")
KEEPER_S = 30.0
"""How long the keeper itself may take for anything: it has nothing to wait for."""
PIPE_BYTES = 1 << 20
LOG_MOST = 1 << 20
"""What a log may weigh when a program starts; a heavier one begins anew."""
HEAD_BYTES, TAIL_BYTES = 1 << 20, 1 << 18
TAIL_LINES, TAIL_CHARACTERS = 12, 1200
"""How much of a log stands in a message."""


class Log:
    """Where programs print to, one after another: a file, or memory where nobody asked for a file."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self.to = os.memfd_create("engine.log")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.to = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        self._since = 0

    def begin(self) -> None:
        """What follows is another program's."""
        self._since = os.fstat(self.to).st_size
        if self._since > LOG_MOST:
            os.ftruncate(self.to, 0)
            os.lseek(self.to, 0, os.SEEK_SET)
            self._since = 0

    def text(self) -> str:
        """What the newest program printed, as far as it was kept."""
        size = os.fstat(self.to).st_size
        return os.pread(self.to, size - self._since, self._since).decode(errors="replace")

    def tail(self) -> str:
        """The last lines of that, to stand behind a message; empty where there are none."""
        lines = self.text().strip().splitlines()[-TAIL_LINES:]
        shown = "\n".join(lines)[-TAIL_CHARACTERS:]
        return f"; the last of its log:\n{shown}" if shown else "; its log is empty"

    def close(self) -> None:
        os.close(self.to)


class Process:
    """One program, from its start to its end.

    Raises:
        EngineStartError: it cannot be started at all.
    """

    def __init__(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str], log: Log, *, speaks: bool = False, leaves: Path | None = None,
        memory_mib: int | None = None,
    ) -> None:  # fmt: skip
        """`leaves` is a folder that is removed should gonogo be gone before the program is; `memory_mib` bounds what all of it may hold."""
        self._log = log
        self._said = b""
        self._ended = ""
        self.stdin = self.stdout = -1
        """Where it is talked to, if it `speaks`; not blocking."""
        log.begin()
        self._keeper = self._kept(env, speaks=speaks)
        task: Task = {
            "command": list(command), "cwd": str(cwd), "speaks": speaks,
            "log": log.to, "head_bytes": HEAD_BYTES, "tail_bytes": TAIL_BYTES, "leaves": str(leaves or ""),
            "memory_bytes": (memory_mib or 0) << 20,
        }  # fmt: skip
        os.write(self._control, json.dumps(task).encode() + b"\n")
        word, _, rest = self._next_line(KEEPER_S).partition(" ")
        if word != "started":
            self._ended = "it was not started"
            self._reap()
            self.kill()
            raise EngineStartError(f"{command[0]} cannot be started in {cwd}: {rest or 'its keeper died'}")
        self.pid = int(rest)

    def _kept(self, env: Mapping[str, str], *, speaks: bool) -> subprocess.Popen[bytes]:
        """Start the keeper, with pipes to it and through it."""
        control, self._control = os.pipe()
        self._status, status = os.pipe()
        theirs = [control, status]
        streams = (subprocess.DEVNULL, subprocess.DEVNULL)
        if speaks:
            stdin, self.stdin = os.pipe()
            self.stdout, stdout = os.pipe()
            streams = (stdin, stdout)
            theirs += streams
            for pipe in (self.stdin, self.stdout):
                os.set_blocking(pipe, False)
                with suppress(OSError):  # a machine may allow less
                    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        # Isolated and without its site packages: nothing of the user's shadows what the keeper imports.
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(KEEPER), str(control), str(status)],
            stdin=streams[0], stdout=streams[1], stderr=subprocess.DEVNULL, env=_environment(env),
            pass_fds=(control, status, self._log.to), start_new_session=True,
        )  # fmt: skip
        for pipe in theirs:
            os.close(pipe)
        return keeper

    def pids(self) -> tuple[int, ...]:
        """The program, and what it left alone: its keeper's children. Any thread may ask; none once it has ended."""
        keeper = self._keeper.pid
        with suppress(OSError):
            # The keeper has one thread.
            return (
                ()
                if self._ended
                else tuple(map(int, Path(f"/proc/{keeper}/task/{keeper}/children").read_text(encoding="ascii").split()))
            )
        return ()

    def has_ended(self, wait_s: float = 0.0) -> bool:
        """Whether it ended, waiting for it so long at the most. Nothing of it is left then."""
        if not self._ended and (line := self._next_line(wait_s) if self._is_told(wait_s) else ""):
            self._ended = _in_words(line)
            self._reap()
        return bool(self._ended)

    def how_it_ended(self, wait_s: float = 0.0) -> str:
        """In words; empty while it runs."""
        self.has_ended(wait_s)
        return self._ended

    def tail(self) -> str:
        """The last of its log, to stand behind a message."""
        return self._log.tail()

    def printed(self) -> str:
        """Its log so far."""
        return self._log.text()

    def close_stdin(self) -> None:
        """Let it see the end of its input."""
        self.stdin = _closed(self.stdin)

    def end(self, stop: Stop, *, graceful: bool) -> None:
        """End it: by the end of its input, then by its signal, then for good."""
        if graceful and self.stdin >= 0:
            self.close_stdin()
            self._see_it_end(stop.timeout_s)
        if graceful and not self.has_ended():
            self._signal(stop.number)
            self._see_it_end(stop.timeout_s)
        self.kill()

    def _see_it_end(self, wait_s: float) -> None:
        """Wait for its end; what it still says is dropped, since a full pipe would hold it."""
        give_up = time.monotonic() + wait_s
        while not self.has_ended() and (left_s := give_up - time.monotonic()) > 0:
            pipes = [pipe for pipe in (self._status, self.stdout) if pipe >= 0]
            ready, _, _ = select.select(pipes, [], [], left_s)
            if self.stdout in ready and not os.read(self.stdout, PIPE_BYTES):
                self.stdout = _closed(self.stdout)

    def kill(self) -> None:
        """End all of it now; safe to call twice."""
        if not self.has_ended():
            self._signal(signal.SIGKILL)
            if not self.has_ended(KEEPER_S):
                self._ended = "it could not be ended"
                self._reap()
        self.close_stdin()
        self.stdout = _closed(self.stdout)

    def _signal(self, number: int) -> None:
        """To the whole group, by the keeper: it alone knows that the group is still this one."""
        with suppress(OSError):
            os.write(self._control, b"signal %d\n" % number)

    def _is_told(self, wait_s: float) -> bool:
        return b"\n" in self._said or bool(select.select([self._status], [], [], wait_s)[0])

    def _next_line(self, wait_s: float) -> str:
        """What the keeper says next; of one that died, that it did."""
        give_up = time.monotonic() + wait_s
        while b"\n" not in self._said:
            if not self._is_told(max(0.0, give_up - time.monotonic())):
                return ""
            more = os.read(self._status, 4096)
            self._said += more or b"lost\n"
        line, _, self._said = self._said.partition(b"\n")
        return line.decode(errors="replace")

    def _reap(self) -> None:
        """Let the keeper go; it has nothing left to do."""
        self._control = _closed(self._control)
        self._status = _closed(self._status)
        try:
            self._keeper.wait(KEEPER_S)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    """That of gonogo, with what the file says; behind all others, the folder in which `gonogo` itself lies can be searched."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)))
    return {**os.environ, "PATH": path, **env}


def _closed(pipe: int) -> int:
    if pipe >= 0:
        os.close(pipe)
    return -1


def _in_words(line: str) -> str:
    word, _, number = line.partition(" ")
    if word == "exited":
        return f"it ended with exit code {number}"
    if word == "killed":
        named = {one.value: one.name for one in signal.Signals}
        return f"it was killed by {named.get(int(number), f'signal {number}')}"
    if word == "outgrew":
        held, most = (int(each) >> 20 for each in number.split())
        return f"it was ended since it held {held:,} MiB of memory, where memory_mib is {most:,}"
    return "its keeper was killed"
