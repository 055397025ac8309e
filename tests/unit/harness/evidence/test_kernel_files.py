"""What is read of the kernel's files, on machines of several kinds, and on one that tells nothing."""

import pytest

from harness.base.records import NONE
from harness.evidence.kernel_files import KernelFiles, Periods
from tests.fakes.machines import shown

CPU = "sys/devices/system/cpu"
PRESSURE = "some avg10=1.64 avg60=1.85 avg300=8.63 total=34890688566\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=17\n"
X86 = "processor\t: 0\nmodel name\t: AMD EPYC 9654\nflags\t\t: fpu vme {}\n\nprocessor\t: 1\nmodel name\t: other\nflags\t\t: fpu\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd\nCPU part\t: 0xd40\n"


def test_a_machine_that_tells_nothing_has_no_figures(tmp_path):
    files = KernelFiles(tmp_path)
    words = files.governor(), files.cpu(), files.clock_source()
    assert words == ("", "", "")
    assert (files.smt(), files.turbo(), files.virtual(), files.container(), files.periods()) == (None,) * 5
    assert (files.frequencies_khz(), files.stalled_us("io"), files.quota_cores()) == ((), NONE, 0.0)


def test_governors_and_frequencies_are_of_every_core(tmp_path):
    places = {
        f"{CPU}/cpu{core}/cpufreq/scaling_governor": word
        for core, word in enumerate(("powersave\n", "performance\n", "powersave\n"))
    }
    places |= {
        f"{CPU}/cpu{core}/cpufreq/scaling_cur_freq": word
        for core, word in enumerate(("800000", "3600000", "<unknown>"))
    }
    files = shown(tmp_path, places | {f"{CPU}/cpufreq/policy0/scaling_governor": "ondemand"})
    assert files.governor() == "performance, powersave"
    assert files.frequencies_khz() == (800_000, 3_600_000)


@pytest.mark.parametrize(("text", "told"), [("1\n", True), ("0\n", False), ("", None), ("notsupported", None)])
def test_whether_threads_share_a_core(tmp_path, text, told):
    assert shown(tmp_path, {f"{CPU}/smt/active": text}).smt() is told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({f"{CPU}/intel_pstate/no_turbo": "0\n"}, True),
        ({f"{CPU}/intel_pstate/no_turbo": "1\n"}, False),
        ({f"{CPU}/cpufreq/boost": "1\n"}, True),
        ({f"{CPU}/cpufreq/boost": "0\n"}, False),
        ({f"{CPU}/intel_pstate/no_turbo": "1\n", f"{CPU}/cpufreq/boost": "1\n"}, False),
    ],
)
def test_turbo_is_told_by_two_drivers_one_of_them_the_other_way_round(tmp_path, files, told):
    assert shown(tmp_path, files).turbo() is told


@pytest.mark.parametrize(
    ("text", "model", "virtual"),
    [
        (X86.format("hypervisor"), "AMD EPYC 9654", True),
        (X86.format("hypervisors"), "AMD EPYC 9654", False),
        (ARM, "", None),
    ],
)
def test_a_virtual_machine_is_known_by_the_flags_of_its_processor(tmp_path, text, model, virtual):
    files = shown(tmp_path, {"proc/cpuinfo": text})
    assert (files.cpu(), files.virtual()) == (model, virtual)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({".dockerenv": ""}, True),
        ({"run/.containerenv": "engine=podman"}, True),
        ({"proc/1/cgroup": "11:cpu:/docker/0a1b\n"}, True),
        ({"proc/1/cgroup": "0::/kubepods.slice/pod7\n"}, True),
        ({"proc/1/cgroup": "0::/init.scope\n"}, False),
    ],
)
def test_a_container_leaves_signs(tmp_path, files, told):
    assert shown(tmp_path, files).container() is told


@pytest.mark.parametrize(("text", "told"), [(PRESSURE, 34_890_688_566), ("full avg10=0 total=5\n", NONE), ("", NONE)])
def test_what_was_waited_for_is_what_somebody_waited_for(tmp_path, text, told):
    assert shown(tmp_path, {"proc/pressure/io": text}).stalled_us("io") == told


OWN_2 = "sys/fs/cgroup/ci.slice/job"
VERSION_2 = {
    "proc/self/cgroup": "0::/ci.slice/job\n",
    f"{OWN_2}/cpu.max": "max 100000\n",
    f"{OWN_2}/cpu.stat": "usage_usec 900\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n",
    "sys/fs/cgroup/ci.slice/cpu.max": "150000 100000\n",
    "sys/fs/cgroup/ci.slice/cpu.stat": "usage_usec 900\nnr_periods 40\nnr_throttled 7\nthrottled_usec 5\n",
    "sys/fs/cgroup/cpu.stat": "usage_usec 900\n",
}
VERSION_1 = {
    "proc/self/cgroup": "4:memory:/docker/0a1b\n3:cpu,cpuacct:/docker/0a1b\n2:cpuset:/other\n",
    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    "sys/fs/cgroup/cpu,cpuacct/cpu.stat": "nr_periods 12\nnr_throttled 3\nthrottled_time 9\n",
    "sys/fs/cgroup/memory/docker/0a1b/cpu.stat": "nr_periods 99\nnr_throttled 99\n",
}
BOTH = {
    "proc/self/cgroup": "1:cpu:/\n0::/\n",
    "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
    "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    "sys/fs/cgroup/cpu/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n",
    "sys/fs/cgroup/unified/cgroup.procs": "1\n",
}
OUTSIDE = {
    "proc/self/cgroup": "0::/../..\n",
    "sys/fs/cgroup/cpu.max": "200000 100000\n",
    "sys/cpu.max": "1000 100000\n",
}
UNMOUNTED = {"proc/self/cgroup": "3:cpu:/docker/0a1b\n"}


@pytest.mark.parametrize(
    ("files", "quota_cores", "periods"),
    [
        (VERSION_2, 1.5, Periods(40, 7)),
        (VERSION_1, 0.5, Periods(12, 3)),
        (BOTH, 0.0, Periods(0, 0)),
        (OUTSIDE, 2.0, Periods(0, 0)),
        (UNMOUNTED, 0.0, None),
    ],
    ids=[
        "version 2, of the group around",
        "version 1, told its host's path",
        "both",
        "a path outside",
        "nothing mounted",
    ],
)
def test_a_quota_is_found_in_either_version_of_control_groups(tmp_path, files, quota_cores, periods):
    found = shown(tmp_path, files)
    assert (found.quota_cores(), found.periods()) == (quota_cores, periods)
