"""Whether profiles can be taken on this machine: each tool is tried on a small program that is at work, as it would be on an engine."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness.evidence.run import ProfileRecord
from harness.port import Processes
from harness.profiling import Tool, perf, py_spy
from harness.profiling.profiler import Profiler
from harness.target import Target

WORK_S = (0.5, 5.0)
"""For how long it is sampled, and for how long again where that saw nothing: perf does not say when it has begun, and is late on a busy machine."""
# Each ends by itself, should nobody be left to end it.
PROGRAMS: dict[str, tuple[str, ...]] = {
    py_spy.NAME: (
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import signal; signal.alarm(60); print(flush=True)\nwhile True: pass",
    ),
    perf.NAME: ("sh", "-c", "ulimit -t 60; echo; while :; do :; done"),
}
"""What each is tried on: a program of the kind that it is for."""
FOR = {py_spy.NAME: "engines in Python", perf.NAME: "compiled engines"}
TOOLS: tuple[Tool, ...] = (py_spy, perf)


def wanting(tool: Tool) -> str:
    """Why it can take no samples here, and what it needs; empty where it can."""
    if tool.found() is None:
        return f"not found: {tool.GET}"
    try:
        with tempfile.TemporaryDirectory(prefix="gonogo-try-") as place:
            return _tried(tool, Path(place))
    except OSError as error:
        return f"it cannot be tried: {error}"


def _tried(tool: Tool, place: Path) -> str:
    """What came of it: all tries that saw nothing without saying why."""
    why = ""
    for work_s in WORK_S:
        record = _sampled(tool, place, work_s)
        why = record.missing if not record.samples else ""
        if not record.by or not why:
            break
    return why


def _sampled(tool: Tool, place: Path, work_s: float) -> ProfileRecord:
    with subprocess.Popen(PROGRAMS[tool.NAME], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as program:
        try:
            if program.stdout is not None:
                # Once it says something, it is at work.
                program.stdout.readline()
            profiler = Profiler(place, Target(lambda: Processes("own", (program.pid,))), wanted=True)
            with profiler:
                time.sleep(work_s)
        finally:
            program.kill()
    if profiler.record is None:
        raise OSError("nothing came of it")
    return profiler.record
