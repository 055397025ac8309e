"""Guards one program that takes samples: it ends with gonogo, however that ends, and so does the folder that it writes to.

It runs as a process between the two and imports nothing but the standard library. A user's engine goes on after a gonogo that was killed, and
nobody may go on to read its memory then. The kernel's own way, a signal at the parent's end, follows the thread that started the program, and a
thread of gonogo's does.

    guard.py CONTROL GONOGO FOLDER [COMMAND ...]

    <- control   `i`: interrupt the program, so that it writes what it has; `k`, or its end: kill it, and remove the folder

It ends as the program does, with 128 and the number for a signal; without a command, with gonogo.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys

LOOK_MS = 500
"""How often it is looked whether gonogo is still the parent: a process that it forked may hold the control pipe open."""
INTERRUPT, KILL = b"i", b"k"
BY_SIGNAL, NOT_STARTED = 128, 127


def guard(control: int, gonogo: int, folder: str, command: list[str]) -> int:
    """Guard the program to its end, or to gonogo's; the exit code that tells of it."""
    try:
        program = subprocess.Popen(command) if command else None
    except OSError as error:
        sys.stderr.write(f"it cannot be started: {error.strerror}\n")
        return NOT_STARTED
    if _is_left_alone(program, control, gonogo):
        if program is not None:
            program.kill()
            program.wait()
        shutil.rmtree(folder, ignore_errors=True)
    code = program.wait() if program is not None else 0
    return code if code >= 0 else BY_SIGNAL - code


def _is_left_alone(program: subprocess.Popen[bytes] | None, control: int, gonogo: int) -> bool:
    """Whether gonogo lets go before the program ends; until then, what it says is carried out."""
    look = select.poll()
    look.register(control, select.POLLIN)
    if program is not None:
        ended = os.pidfd_open(program.pid)
        look.register(ended, select.POLLIN)
    while os.getppid() == gonogo:
        ready = {each for each, _ in look.poll(LOOK_MS)}
        if program is not None and ended in ready:
            return False
        if control not in ready:
            continue
        if os.read(control, 1) != INTERRUPT:
            return True
        if program is not None:
            program.send_signal(signal.SIGINT)
    return True


if __name__ == "__main__":
    sys.exit(guard(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
