"""Work on all cores: results come in order, and no process is left behind, however it ends."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from harness.compose.spreading import DiedError, cores, spread


def turned(number):
    """Later tasks are done first."""
    time.sleep((3 - number) / 50)
    return -number, os.getpid()


def odd(number):
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number


def dies(number):
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def waits(number):
    time.sleep(60)
    return number


def test_results_come_in_the_order_of_the_tasks_from_other_processes():
    results, processes = zip(*spread(turned, [0, 1, 2, 3], 2), strict=True)
    assert results == (0, -1, -2, -3)
    assert os.getpid() not in processes
    assert multiprocessing.active_children() == []


def test_what_the_work_raises_is_raised_in_its_place():
    results = spread(odd, [0, 2, 3, 4], 2)
    assert [next(results), next(results)] == [0, 2]
    with pytest.raises(ValueError, match="3 is odd"):
        next(results)
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_is_told():
    results = spread(dies, [0, 1, 2], 1)
    assert next(results) == 0
    with pytest.raises(DiedError, match="a process died at work"):
        list(results)
    assert multiprocessing.active_children() == []


def test_whoever_leaves_early_leaves_no_process():
    results = spread(turned, [0] * 100, 2)
    next(results)
    results.close()
    assert multiprocessing.active_children() == []


def test_the_processes_end_with_the_one_that_started_them():
    code = "from tests.unit.harness.compose.test_spreading import spread, waits\nprint(list(spread(waits, [1, 2], 2)))"
    given = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    parent = psutil.Process(given.pid)
    while len(workers := [child for child in parent.children() if "--multiprocessing-fork" in child.cmdline()]) < 2:
        assert given.poll() is None
    given.kill()
    given.wait()
    assert psutil.wait_procs(workers, timeout=30)[1] == []


def test_only_the_cores_that_this_process_may_use_are_counted():
    all_of_them = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(all_of_them)})
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, all_of_them)
