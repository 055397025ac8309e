"""The process probe, on real processes."""

import math
import subprocess
import sys

from harness.probes.process import ProcessProbe


def test_it_reads_this_process():
    probe = ProcessProbe(0)
    rss_bytes, cpu_s, threads, descriptors = probe.read()
    assert rss_bytes > 10_000_000
    assert cpu_s > 0
    assert threads >= 1
    assert descriptors >= 3
    assert len(probe.columns) == 4


def test_it_reads_another_process_until_that_is_gone():
    child = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    child.stdout.readline()
    probe = ProcessProbe(child.pid)
    assert probe.read()[0] > 1_000_000
    child.communicate(b"\n", timeout=60)
    assert all(math.isnan(value) for value in probe.read())
