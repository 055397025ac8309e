"""The host and the source of a program."""

import subprocess
import sys

from harness.evidence.host import CpuUse, host, source


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


def test_work_of_another_process_is_told_as_that_of_others():
    """Deterministic in its sense: the child works for a second of CPU time, however long that takes."""
    use = CpuUse()
    work = "import time\nwhile time.process_time() < 1: pass"
    subprocess.run([sys.executable, "-c", work], check=True, timeout=120)
    others, idle = use.shares()
    assert 0 < others <= 1
    assert 0 <= idle < 1
    assert others + idle <= 1.01
