"""The process probe on real programs that take a known amount: one by itself, behind a script, started anew, inside gonogo, and gone."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.port import Processes
from harness.probes import _process_elsewhere
from harness.probes.process import Figures, ProcessProbe
from harness.target import Target
from tests.fakes import consuming

MIB = 1 << 20
PROGRAM = (sys.executable, "-I", "-S", consuming.__file__)
BEHIND_A_SCRIPT = ("sh", "-c", '"$@"; true', "sh", *PROGRAM)


class Engine:
    """A program that takes what it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.pid = int(process.stdout.readline().split()[1])

    def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@contextmanager
def engine(command=PROGRAM, cwd=None):
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=cwd
    ) as process:
        try:
            yield Engine(process)
        finally:
            process.stdin.close()
            process.wait(60)


def own(*pids: int) -> Target:
    return Target(lambda: Processes("own", pids))


def engines(probe: ProcessProbe) -> Figures:
    """What it reads of the engine."""
    return Figures(*probe.read()[: len(Figures._fields)])


def gonogos(probe: ProcessProbe) -> Figures:
    """And of gonogo, which has no proportional memory."""
    return Figures(*probe.read()[len(Figures._fields) :])


def told_closely(probe: ProcessProbe) -> Figures:
    """A sample of the engine that has what a thread beside reads."""
    return read_closely(probe)[0]


def read_closely(probe: ProcessProbe) -> tuple[Figures, Figures]:
    """Such a sample of both."""
    while True:
        row = probe.read()
        if not math.isnan(row[probe.columns.index("voluntary_switches")]):
            break
        if probe._aside._thread is not None:
            probe._aside._thread.join(60)
    return Figures(*row[: len(Figures._fields)]), Figures(*row[len(Figures._fields) :])


@pytest.mark.parametrize("command", [PROGRAM, BEHIND_A_SCRIPT], ids=["alone", "behind a script"])
def test_what_a_program_takes_is_told(command):
    with engine(command) as one:
        probe = ProcessProbe(own(one.process.pid))
        before = engines(probe)
        for line in ("memory 50000000", "descriptors 40", "threads 5", "cpu 0.3"):
            assert one.ask(line) == "done"
        after = engines(probe)
    assert before.processes == after.processes == after.processes_seen == (1 if command is PROGRAM else 2)
    for name in ("rss_bytes", "heap_bytes", "reserved_bytes"):
        assert getattr(after, name) - getattr(before, name) == pytest.approx(50e6, abs=2 * MIB) or (
            # Each thread asks for a stack, and uses little of it.
            name == "reserved_bytes" and getattr(after, name) - getattr(before, name) > 50e6
        )
    assert after.minor_faults - before.minor_faults > 0
    assert after.descriptors - before.descriptors == 40
    assert after.threads - before.threads == 5
    assert after.cpu_s - before.cpu_s >= 0.28, "the kernel counts in hundredths"
    assert after.cpu_s == after.user_cpu_s + after.system_cpu_s


def test_faults_switches_and_storage_are_those_that_the_kernel_tells_the_program_itself(tmp_path):
    with engine(cwd=tmp_path) as one:
        probe = ProcessProbe(own(one.process.pid))
        for line in ("write 300000", "sleeps 100", "threads 2"):
            one.ask(line)
        least = dict(pair.split(":") for pair in one.ask("told io").split("|") if pair)
        told = engines(probe)
        closely = told_closely(probe)
        most = dict(pair.split(":") for pair in one.ask("told io").split("|") if pair)
    assert int(least["read_bytes"]) <= told.read_bytes <= int(most["read_bytes"])
    assert int(least["write_bytes"]) <= told.written_bytes <= int(most["write_bytes"])
    assert closely.voluntary_switches >= 100
    assert closely.involuntary_switches >= 0
    assert 0 < closely.pss_bytes <= closely.rss_bytes


def test_a_restart_takes_nothing_back_of_what_was_used():
    pids: list[int] = []
    probe = ProcessProbe(Target(lambda: Processes("own", tuple(pids))))
    assert engines(probe).processes == 0
    assert math.isnan(engines(probe).cpu_s), "nothing was used by nobody"
    with engine() as first:
        pids = [first.pid]
        first.ask("cpu 0.3")
        one = engines(probe)
        assert (one.processes, one.processes_seen) == (1, 1)
    gone = engines(probe)
    assert (gone.processes, gone.processes_seen) == (0, 1)
    assert math.isnan(gone.rss_bytes)
    assert gone.cpu_s == one.cpu_s
    with engine() as second:
        pids = [second.pid]
        second.ask("cpu 0.2")
        two = engines(probe)
    assert (two.processes, two.processes_seen) == (1, 2)
    assert two.cpu_s >= one.cpu_s + 0.18
    assert two.minor_faults > one.minor_faults
    assert two.rss_bytes < 1.5 * one.rss_bytes, "what the first had is given back"


def test_gonogo_itself_stands_beside_and_never_within():
    kept = bytearray(os.urandom(1)) * (30 * MIB)
    with engine() as one:
        probe = ProcessProbe(own(one.process.pid))
        assert engines(probe).rss_bytes < 30 * MIB < gonogos(probe).rss_bytes
        assert gonogos(probe).descriptors >= 3
        assert read_closely(ProcessProbe(own(one.process.pid)))[1].voluntary_switches > 0
        with_it = gonogos(probe).processes
    with engine():
        assert gonogos(probe).processes == with_it + 1, "what gonogo started and is not the engine's is its own"
    assert len(kept) == 30 * MIB
    assert len(probe.columns) == len(probe.read()) == len(set(probe.columns))


def test_an_engine_inside_gonogo_is_read_together_with_it_and_gonogo_alone_cannot_be_had():
    probe = ProcessProbe(Target(lambda: Processes("inside", (os.getpid(),))))
    assert engines(probe).rss_bytes > 10 * MIB
    assert engines(probe).processes == 1
    assert all(map(math.isnan, gonogos(probe)))


def test_of_an_engine_that_nobody_knows_nothing_is_told_and_of_gonogo_all():
    probe = ProcessProbe(Target(lambda: Processes("unknown", why="it is elsewhere")))
    assert all(map(math.isnan, engines(probe)))
    assert gonogos(probe).rss_bytes > 10 * MIB


def test_what_may_not_be_read_is_no_number():
    if os.geteuid():
        told = told_closely(ProcessProbe(own(1)))
    else:
        with engine() as one:
            told = told_by_nobody(one.pid)
    assert told.rss_bytes > 0
    assert told.processes >= 1
    assert all(map(math.isnan, (told.read_bytes, told.written_bytes, told.pss_bytes)))


def told_by_nobody(pid: int) -> Figures:
    """What a user without rights reads of a process of root's, who himself may read everything."""
    reading, writing = os.pipe()
    if not os.fork():
        os.setuid(65534)
        os.write(writing, json.dumps(told_closely(ProcessProbe(own(pid)))).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.wait()
    return Figures(*json.loads(said))


def test_psutil_tells_the_same_where_there_is_no_proc():
    with engine() as one:
        one.ask("memory 50000000")
        one.ask("sleeps 20")
        told, known = _process_elsewhere.reading(one.pid), engines(ProcessProbe(own(one.pid)))
        switches = _process_elsewhere.switches(one.pid)
    assert told is not None
    assert told.held.rss_bytes == pytest.approx(known.rss_bytes, rel=0.05)
    assert (told.held.threads, told.held.descriptors) == (known.threads, known.descriptors)
    assert told.used.user_cpu_s == pytest.approx(known.user_cpu_s, abs=0.02)
    assert math.isnan(told.held.heap_bytes)
    assert switches[""][0] >= 20
    assert _process_elsewhere.reading(one.pid) is None
    assert _process_elsewhere.switches(one.pid) == {}


def test_what_has_ended_and_nobody_waited_for_is_gone():
    with subprocess.Popen(["true"], stdout=subprocess.PIPE) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert Path(f"/proc/{child.pid}").exists()
        assert engines(ProcessProbe(own(child.pid))).processes == 0
        assert _process_elsewhere.reading(child.pid) is None
