"""Keeps one program: starts it in a process group of its own, bounds its log and its memory, and lets nothing of it outlive whoever asked for it.

It runs as a process between gonogo and the engine and imports nothing but the standard library. The end of the control pipe means that
gonogo is gone, also by kill -9: the whole group is killed then, and so is what left the group, since this process adopts every orphan; and the
folder that gonogo made for it goes too.

    <- control   one line of JSON, `Task`; then `signal NUMBER` lines; its end: kill
    -> status    `started PID` or `failed WHY`; then `exited CODE`, `killed NUMBER` or `outgrew BYTES OF`, once nothing of it is left
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from typing import TypedDict

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LOOK_MS = 500
"""How often it is looked whether gonogo is still the parent: another process may hold the control pipe open."""
WEIGH_MS = 50
"""How often memory that has a bound is looked at; some GiB a second are the most that a program can take."""
HELD = ("RssAnon:", "RssShmem:", "VmSwap:")
"""What the kernel cannot take back from a process. Pages of files it can, and address space that is only reserved is no memory."""
FIRST_TO_GO = "1000"
"""Should the machine's memory end, the kernel ends the program, and not whoever judges it."""
READ_BYTES = 1 << 16
GRACE_S = 5.0
"""How long killed processes may take to be gone."""


class Task(TypedDict):
    """What is to be kept."""

    command: list[str]
    cwd: str
    speaks: bool
    """Whether its standard output is this process's own, as its input is; else it goes to the log."""
    log: int
    """The descriptor of the log."""
    head_bytes: int
    """What of its output is written as it comes; of the rest, the last `tail_bytes` at its end."""
    tail_bytes: int
    memory_bytes: int
    """The most memory that it and all that it started may hold; 0: no bound."""
    leaves: str
    """A folder that is removed if gonogo is gone before the program is; empty: none."""


class Log:
    """The first of what a program prints, and the last."""

    def __init__(self, task: Task) -> None:
        self._to, self._room, self._most = task["log"], task["head_bytes"], task["tail_bytes"]
        self._last: deque[bytes] = deque()
        self._kept = self._dropped = 0

    def add(self, text: bytes) -> None:
        """Take what came; a full disk must not end the engine."""
        head, rest = text[: self._room], text[self._room :]
        self._room -= len(head)
        self._write(head)
        if rest:
            self._last.append(rest)
            self._kept += len(rest)
        while self._kept > self._most:
            gone = len(self._last.popleft())
            self._kept, self._dropped = self._kept - gone, self._dropped + gone

    def close(self) -> None:
        """Write the last of it."""
        if self._dropped:
            self._write(f"\n[gonogo: {self._dropped} bytes left out]\n".encode())
        self._write(b"".join(self._last))

    def _write(self, text: bytes) -> None:
        with suppress(OSError):
            os.write(self._to, text)


def keep(control: int, status: int) -> None:
    """Keep the program that the first line of the control pipe names, to its end."""
    parent = os.getppid()
    task, orders = _task(control)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    output, printed = os.pipe()
    pid, why = _started(task, printed)
    os.close(printed)
    _let_go_of_stdio()
    if why:
        os.write(status, f"failed {why}\n".encode())
        return
    os.write(status, f"started {pid}\n".encode())
    log = Log(task)
    os.set_blocking(output, False)
    said, scales = _Orders(control, orders, parent), Scales(task["memory_bytes"])
    with suppress(ProcessLookupError):
        _watch(pid, output, log, said, scales)
    ended = _end_of(pid)
    if scales.outgrown:
        ended = f"outgrew {scales.outgrown} {scales.most}"
    if said.are_over and task["leaves"]:
        _remove(task["leaves"])
    _drain(output, log)
    log.close()
    os.write(status, f"{ended}\n".encode())


class Scales:
    """What a program and all that it started hold, looked at now and then."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.outgrown = 0
        """What they held when that was too much."""
        self._next_s = 0.0

    def are_level(self) -> bool:
        """Whether they hold no more than they may, as far as it is time to look."""
        if self.most and time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + WEIGH_MS / 1e3
            held = sum(map(_held, _descendants()))
            self.outgrown = held if held > self.most else 0
        return not self.outgrown


class _Orders:
    """What gonogo says, as long as it is there."""

    def __init__(self, control: int, begun: bytes, parent: int) -> None:
        self.control = control
        self.are_over = False
        """Whether gonogo is gone."""
        self._begun, self._parent = begun, parent

    def carry_out(self, pid: int, *, readable: bool) -> None:
        """Hand signals on to the group; kill it once gonogo is gone."""
        said = os.read(self.control, READ_BYTES) if readable else b""
        if os.getppid() != self._parent or (readable and not said):
            self.are_over = True
            os.killpg(pid, signal.SIGKILL)
        *lines, self._begun = (self._begun + said).split(b"\n")
        for line in lines:
            os.killpg(pid, int(line.split()[1]))


def _task(control: int) -> tuple[Task, bytes]:
    said = b""
    while b"\n" not in said:
        more = os.read(control, READ_BYTES)
        if not more:
            sys.exit(1)
        said += more
    line, _, rest = said.partition(b"\n")
    return json.loads(line), rest


def _started(task: Task, printed: int) -> tuple[int, str]:
    """The program's process id; or why it could not be started."""
    failed, failing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            _become(task, printed)
        except BaseException as error:  # whatever it is, it must not run on as a second keeper
            os.write(failing, str(error).encode())
        os._exit(127)
    os.close(failing)
    why = b""
    while more := os.read(failed, READ_BYTES):
        why += more
    os.close(failed)
    if why:
        os.waitpid(pid, 0)
    return pid, why.decode(errors="replace").replace("\n", " ")


def _become(task: Task, printed: int) -> None:
    """In the child: the program in its own group, with its streams, ended if the keeper is."""
    os.setpgid(0, 0)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if not task["speaks"]:
        os.dup2(printed, 1)
    os.dup2(printed, 2)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        # What is ignored stays so over exec: Python ignores SIGPIPE, and a shell SIGINT for what it starts in the background.
        with suppress(OSError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123 - as below
        score.write(FIRST_TO_GO)
    os.chdir(task["cwd"])
    os.execvp(task["command"][0], task["command"])  # noqa: S606 - no shell is the point


def _let_go_of_stdio() -> None:
    """Give the engine's pipes up: their other ends must see the engine's end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _watch(pid: int, output: int, log: Log, orders: _Orders, scales: Scales) -> None:
    """Hand on what is said and keep what is printed until the program ends, or is ended since it outgrew its bound."""
    ended = os.pidfd_open(pid)
    look = select.poll()
    for each in (ended, output, orders.control):
        look.register(each, select.POLLIN)
    wait_ms = WEIGH_MS if scales.most else LOOK_MS
    while True:
        ready = {each for each, _ in look.poll(wait_ms)}
        if output in ready and not _take(output, log):
            look.unregister(output)
        if ended in ready:
            return
        orders.carry_out(pid, readable=orders.control in ready)
        if not scales.are_level():
            os.killpg(pid, signal.SIGKILL)
            return


def _take(output: int, log: Log) -> bool:
    """Read once; whether more may come."""
    try:
        text = os.read(output, READ_BYTES)
    except BlockingIOError:
        return True
    log.add(text)
    return bool(text)


def _end_of(pid: int) -> str:
    """How the program ended; whatever it left is an orphan, thus a child of this process by now, and is killed."""
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    give_up = time.monotonic() + GRACE_S
    while time.monotonic() < give_up and (children := _children()):
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, os.WNOHANG)
        time.sleep(0.001)
    return f"exited {code}" if code >= 0 else f"killed {-code}"


def _children() -> list[int]:
    return [int(word) for word in _read(f"/proc/self/task/{os.getpid()}/children").split()]


def _descendants() -> list[int]:
    """All that the program consists of: this process adopts what is left alone, so nothing of it is anybody else's."""
    found = _children()
    for pid in found:
        # One that has ended meanwhile has neither children nor memory.
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - as above
                found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return found


def _held(pid: int) -> int:
    with suppress(OSError):
        words = _read(f"/proc/{pid}/status").split()
        return sum(int(words[at + 1]) << 10 for at, word in enumerate(words) if word in HELD)
    return 0


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as told:  # noqa: PTH123 - pathlib would double the start-up time
        return told.read()


def _remove(folder: str) -> None:
    import shutil  # noqa: PLC0415 - seldom needed, and every start of an engine waits for what is imported

    shutil.rmtree(folder, ignore_errors=True)


def _drain(output: int, log: Log) -> None:
    """Take what is still in the pipe; its writers are gone."""
    with suppress(BlockingIOError):
        while text := os.read(output, READ_BYTES):
            log.add(text)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    keep(int(sys.argv[1]), int(sys.argv[2]))
