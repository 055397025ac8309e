"""The host and the source of a program."""

import os
import subprocess

import psutil

from harness.evidence.host import SLEEPS, cores_of, host, source, with_sleeps
from harness.evidence.kernel_files import KernelFiles


def git(folder, *words):
    name = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True, timeout=60)


def test_the_host_is_told():
    told = host()
    assert told.cores >= 1
    assert told.memory_bytes > 2**28
    assert 0 < told.timer_ns < 10**7
    assert told.cpu


def test_a_commit_is_told_and_whether_it_was_changed(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "engine.py").write_text("1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    commit, dirty = source(tmp_path)
    assert (len(commit), dirty) == (40, False)
    (tmp_path / "engine.py").write_text("2\n")
    assert source(tmp_path) == (commit, True)


def test_a_folder_that_git_does_not_track_has_no_commit_even_inside_a_repository(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-q", "-m", "first")
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "engine.py").write_text("")
    assert source(tmp_path / "site-packages") == ("", False)
    assert source(tmp_path.parent / "nothing") == ("", False)


def test_a_system_without_the_kernels_files_still_tells_what_it_can(tmp_path):
    told = host(KernelFiles(tmp_path))
    assert (told.governor, told.clock_source, told.virtual, told.quota_cores) == ("", "", None, 0.0)
    assert told.cpu
    assert told.timer_resolution_ns >= 1


def test_the_cores_are_those_that_gonogo_may_run_on_and_those_of_a_process_that_is_gone_are_not_told():
    assert host().gonogo_cores == tuple(sorted(os.sched_getaffinity(0)))
    with subprocess.Popen(["true"]) as child:
        seen = psutil.Process(child.pid)
    assert cores_of(seen) == ()


def test_short_sleeps_are_timed_only_where_they_are_asked_for():
    plain = host()
    assert plain.sleeps == 0
    told = with_sleeps(plain)
    assert 1 <= told.sleeps <= SLEEPS
    assert 0 <= told.sleep_late_p50_ns <= told.sleep_late_p99_ns
