"""Whose the cores' time was: gonogo's and what it started, others', or nobody's."""

import os
import shlex
import subprocess
import sys

import psutil
import pytest

from harness.base.records import NONE
from harness.evidence.host_watch import HostWatch, Reading, between, read
from harness.evidence.kernel_files import KernelFiles, Periods
from harness.target.tree import family
from tests.fakes.machines import SECOND_NS, shown

THEN = Reading(0, 100.0, 50.0, 1.0, 20.0, Periods(10, 1), 5, 5, NONE, 7)
WORK = "import time\nwhile time.process_time() < 1: pass"


def later(**moved):
    """A reading 10 s later on two cores, of which nobody used any."""
    return THEN._replace(at_ns=10 * SECOND_NS, total_s=120.0, **({"idle_s": 70.0} | moved))


def test_what_neither_gonogo_nor_the_engine_nor_a_machine_below_used_is_others():
    told = between(THEN, later(idle_s=55.0, steal_s=3.0, own_s=24.0))
    assert (told.others_cpu, told.idle_cpu, told.host.steal) == (0.45, 0.25, 0.1)


def test_of_a_machine_that_does_not_tell_steal_there_is_none():
    bare = THEN._replace(steal_s=None)
    assert between(bare, later(steal_s=None)).host.steal is None


def test_no_time_at_all_is_nobodys():
    told = between(THEN, THEN)
    assert (told.others_cpu, told.idle_cpu, told.host.steal, told.host.wall_ns) == (0.0, 1.0, 0.0, 0)


def test_a_process_that_took_its_time_with_it_makes_no_share_below_nothing():
    told = between(THEN, later(own_s=5.0, idle_s=69.0))
    assert told.others_cpu == 0.8
    assert between(THEN, later(own_s=90.0)).others_cpu == 0.0


@pytest.mark.parametrize(("now", "share"), [(Periods(110, 26), 0.25), (Periods(10, 1), 0.0), (None, None)])
def test_a_quota_is_told_by_the_share_of_its_periods_that_it_did_not_last_for(now, share):
    assert between(THEN, later(periods=now)).host.throttled == share


def test_stalls_are_shares_of_the_time_and_none_where_they_are_not_told():
    host = between(THEN, later(cpu_stalled_us=2_500_005, io_stalled_us=5, memory_stalled_us=8)).host
    assert (host.cpu_stall, host.io_stall, host.memory_stall) == (0.25, 0.0, None)


def test_switches_are_counted():
    assert between(THEN, later(preempted=19)).host.preempted == 12


def test_work_of_a_child_is_gonogos_own_alive_or_ended():
    """Deterministic in its sense: the child works for a second of CPU time, however long that takes."""
    files = KernelFiles()
    begun = read(files)
    subprocess.run([sys.executable, "-c", WORK], check=True, timeout=120)
    ended = read(files)
    assert ended.own_s - begun.own_s >= 0.95
    with subprocess.Popen(
        [sys.executable, "-c", f"{WORK}\nprint('done', flush=True)\ninput()"], stdin=-1, stdout=-1
    ) as child:
        child.stdout.readline()
        assert read(files).own_s - ended.own_s >= 0.95
        child.communicate(b"\n", timeout=120)


def test_frequencies_are_of_the_beginning_and_the_end(tmp_path):
    place = "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq"
    watch = HostWatch(shown(tmp_path, {place: "3600000"}))
    shown(tmp_path, {place: "800000"})
    host = watch.shares().host
    assert (host.frequency_khz_low, host.frequency_khz_high) == (800_000, 3_600_000)
    assert HostWatch(KernelFiles(tmp_path / "nothing")).shares().host.frequency_khz_low == NONE


def test_the_engines_cores_are_those_of_its_processes_and_not_gonogos():
    one = min(os.sched_getaffinity(0))
    pin = f"import os\nos.sched_setaffinity(0, [{one}])\nprint('up', flush=True)\ninput()"
    watch = HostWatch()
    assert watch.shares().host.engine_cores == ()
    with subprocess.Popen([sys.executable, "-c", pin], stdin=-1, stdout=-1) as child:
        child.stdout.readline()
        watch.engine_is_up((child.pid, os.getpid()))
        assert watch.shares().host.engine_cores == (one,)
        child.communicate(b"\n", timeout=120)
    watch.engine_is_up((child.pid,))
    assert watch.shares().host.engine_cores == ()


def test_what_an_engine_takes_that_gonogo_did_not_start_is_not_what_others_take():
    script = f"{sys.executable} -c {shlex.quote(WORK)} & echo $!"
    with subprocess.Popen(["setsid", "-f", "sh", "-c", f"{script}; wait"], stdout=-1) as away:
        pid = int(away.stdout.readline())
        away.wait()
        files = KernelFiles()
        assert pid not in family((os.getpid(),))
        alone, with_it = read(files).own_s, read(files, (pid,)).own_s
        while psutil.pid_exists(pid) and with_it - alone < 0.3:
            alone, with_it = read(files).own_s, read(files, (pid,)).own_s
    assert with_it - alone >= 0.3
