"""A program as a process of its own: what it says, how it ended, what it printed, and that nothing of it is left."""

import os
import re
import select
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from engines.adapters import _process
from engines.adapters._process import Log, Process
from harness.base.errors import EngineStartError
from harness.engine_file import Stop
from tests.fakes.marked import VARIABLE, marked

WAIT_S = 20
ROOT = Path(__file__).parents[4]


@pytest.fixture
def log():
    log = Log()
    yield log
    log.close()


@pytest.fixture
def run(log, tmp_path, monkeypatch):
    """Starts a line of shell; whatever it started is gone at the end."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    made = []

    def run(line, *, speaks=False, memory_mib=None, **env):
        made.append(Process(["sh", "-c", line], tmp_path, env, log, speaks=speaks, memory_mib=memory_mib))
        return made[-1]

    yield run
    for process in made:
        process.kill()
    assert marked(str(tmp_path)) == []


def until(holds):
    """Wait until it holds."""
    give_up = time.monotonic() + WAIT_S
    while not holds() and time.monotonic() < give_up:
        select.select([], [], [], 0.01)
    assert holds()


def printed(process, words):
    """Wait until it printed the words."""
    until(lambda: words in process.printed())


def said(process):
    assert select.select([process.stdout], [], [], WAIT_S)[0]
    return os.read(process.stdout, 1000)


def test_it_is_talked_to_and_its_errors_go_to_the_log(run):
    process = run("read line; echo told $line; echo oops >&2; exit 3", speaks=True)
    os.write(process.stdin, b"hello\n")
    assert said(process) == b"told hello\n"
    assert process.has_ended(WAIT_S)
    assert process.how_it_ended() == "it ended with exit code 3"
    assert process.tail() == "; the last of its log:\noops"


def test_one_that_is_not_talked_to_has_no_input_and_prints_to_the_log(run, tmp_path):
    process = run('cat; pwd; echo "$WORD"', WORD="from outside")
    assert process.has_ended(WAIT_S)
    assert process.printed() == f"{tmp_path}\nfrom outside\n"
    assert (process.stdin, process.stdout) == (-1, -1)


def test_how_it_was_killed_is_told_by_the_name_of_the_signal(run):
    process = run("kill -ABRT $$")
    assert process.has_ended(WAIT_S)
    assert process.how_it_ended() == "it was killed by SIGABRT"
    assert process.tail() == "; its log is empty"


@pytest.mark.parametrize(("command", "cwd", "said"), [("no-such", ".", "No such file"), ("sh", "nowhere", "nowhere")])
def test_one_that_cannot_be_started_is_told(log, tmp_path, command, cwd, said):
    with pytest.raises(EngineStartError, match=said):
        Process([command], tmp_path / cwd, {}, log)


def test_a_log_holds_the_first_and_the_last_of_much(run, monkeypatch):
    monkeypatch.setattr(_process, "HEAD_BYTES", 1000)
    monkeypatch.setattr(_process, "TAIL_BYTES", 70_000)
    process = run("echo first; seq 1 200000; echo last")
    assert process.has_ended(WAIT_S)
    text = process.printed()
    assert text.startswith("first\n1\n2\n")
    assert text.endswith("199999\n200000\nlast\n")
    assert "bytes left out]" in text
    assert len(text) < 200_000


def test_a_log_that_is_heavy_begins_anew_and_a_light_one_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(_process, "LOG_MOST", 40)
    log = Log(tmp_path / "deep" / "engine.log")
    for words in ("one is short", "two is long and long and long", "three"):
        assert Process(["echo", words], tmp_path, {}, log).has_ended(WAIT_S)
        assert log.text() == words + "\n"
    assert (tmp_path / "deep" / "engine.log").read_text() == "three\n"
    log.close()


def test_a_full_disk_does_not_end_it(tmp_path):
    log = Log(Path("/dev/full"))
    process = Process(["sh", "-c", "seq 1 100000; exit 4"], tmp_path, {}, log)
    assert process.has_ended(WAIT_S)
    assert process.how_it_ended() == "it ended with exit code 4"
    log.close()


def test_a_graceful_end_begins_with_the_end_of_its_input(run):
    process = run("cat >/dev/null; echo read all >&2; exit 0", speaks=True)
    process.end(Stop(timeout_s=WAIT_S), graceful=True)
    assert (process.how_it_ended(), "read all" in process.printed()) == ("it ended with exit code 0", True)


def test_a_graceful_end_takes_what_it_still_says(run):
    process = run("seq 1 1000000; exec cat", speaks=True)
    process.end(Stop(timeout_s=WAIT_S), graceful=True)
    assert process.how_it_ended() == "it ended with exit code 0"


def test_then_its_signal_is_sent(run):
    process = run("trap 'echo bye; exit 0' INT; echo up; while :; do sleep 0.01; done")
    printed(process, "up")
    process.end(Stop(signal="SIGINT", timeout_s=WAIT_S), graceful=True)
    assert (process.how_it_ended(), process.printed()) == ("it ended with exit code 0", "up\nbye\n")


@pytest.mark.parametrize("stop", ["SIGINT", "SIGUSR1"])
def test_a_signal_is_heard_also_where_whoever_started_it_does_not_listen_to_it(run, stop):
    number = signal.Signals[stop]
    before = signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        process = run("echo up; exec sleep 3609")
        printed(process, "up")
        process.end(Stop(signal=stop, timeout_s=WAIT_S), graceful=True)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        signal.signal(number, before)
    assert process.how_it_ended() == f"it was killed by {stop}"


def test_and_one_that_does_not_listen_is_killed_with_all_its_children(run, tmp_path):
    process = run("trap '' TERM; sleep 3601 & setsid sleep 3602 & (setsid setsid sleep 3603 &) ; echo up; while :; do sleep 0.01; done")  # fmt: skip
    printed(process, "up")
    assert len(marked(str(tmp_path))) >= 4
    process.end(Stop(timeout_s=0.05), graceful=True)
    assert process.how_it_ended() == "it was killed by SIGKILL"
    assert marked(str(tmp_path)) == []


def test_what_it_leaves_when_it_ends_by_itself_is_ended_too(run, tmp_path):
    process = run("sleep 3604 & setsid sleep 3605 & exit 0")
    assert process.has_ended(WAIT_S)
    assert marked(str(tmp_path)) == []


def test_a_keeper_that_was_killed_takes_the_program_with_it(run, tmp_path):
    process = run("echo up; exec sleep 3606")
    printed(process, "up")
    process._keeper.kill()
    assert process.has_ended(WAIT_S)
    assert process.how_it_ended() == "its keeper was killed"
    until(lambda: marked(str(tmp_path)) == [])


HOLDS = """
import sys, time
held = bytearray(b"x") * (int(sys.argv[1]) << 20)
time.sleep(3610)
"""
MAPS = """
import mmap, sys, time
reserved = mmap.mmap(-1, 1 << 31)
with open(sys.argv[1], "rb") as data:
    file = mmap.mmap(data.fileno(), 0, prot=mmap.PROT_READ)
touched = sum(file[at] for at in range(0, len(file), 4096))
time.sleep(0.3)
"""
"""Lives for several looks at what it holds."""


def python(code, *words):
    return shlex.join([sys.executable, "-S", "-c", code, *map(str, words)])


def test_one_that_holds_more_memory_than_it_may_is_ended(run):
    process = run(python(HOLDS, 200), memory_mib=100)
    assert process.has_ended(WAIT_S)
    assert re.fullmatch(
        r"it was ended since it held \d+ MiB of memory, where memory_mib is 100", process.how_it_ended()
    )


def test_what_it_started_counts_too_wherever_it_moved(run):
    process = run(f"{python(HOLDS, 60)} & setsid {python(HOLDS, 60)} & wait", memory_mib=100)
    assert process.has_ended(WAIT_S)
    assert "where memory_mib is 100" in process.how_it_ended()


def test_address_space_and_pages_of_files_are_no_memory(run, tmp_path):
    with (tmp_path / "data").open("wb") as data:
        data.truncate(200 << 20)
    process = run(python(MAPS, tmp_path / "data"), memory_mib=100)
    assert process.has_ended(WAIT_S)
    assert process.how_it_ended() == "it ended with exit code 0"


def test_should_memory_end_the_kernel_takes_it_and_not_whoever_judges_it(run):
    process = run("cat /proc/self/oom_score_adj")
    assert process.has_ended(WAIT_S)
    assert process.printed() == "1000\n"


OWNER = """
    import os, sys
    from pathlib import Path
    from engines.adapters._process import Log, Process

    log = Log()
    Process(["sh", "-c", "trap '' TERM INT; setsid sleep 3607 & echo up; sleep 3608"], Path("/"), {}, log)
    while "up" not in log.text():
        os.sched_yield()
    other = os.fork()  # which holds every pipe open, as a pool of workers would
    if other:
        print(other, flush=True)
    sys.stdin.read()
"""


FOLDER_OWNER = """
    import sys
    from pathlib import Path
    from engines.adapters._process import Log, Process
    Process(["sh", "-c", "echo > kept; sleep 3609"], Path(sys.argv[1]), {}, Log(), leaves=Path(sys.argv[1]))
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_folder_goes_with_whoever_started_it(tmp_path, number):
    folder = tmp_path / "of the program"
    folder.mkdir()
    words = [sys.executable, "-c", textwrap.dedent(FOLDER_OWNER), str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, **pipes) as owner:
        assert owner.stdout.readline() == "up\n"
        until((folder / "kept").exists)
        owner.send_signal(number)
        owner.wait(WAIT_S)
        until(lambda: not folder.exists())


def test_a_folder_stays_where_the_program_ends_and_whoever_started_it_does_not(log, tmp_path):
    process = Process(["sh", "-c", "exit 3"], tmp_path, {}, log, leaves=tmp_path)
    assert process.how_it_ended(WAIT_S) == "it ended with exit code 3"
    assert tmp_path.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_whoever_started_it(tmp_path, number):
    environment = {**os.environ, VARIABLE: str(tmp_path), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", textwrap.dedent(OWNER)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, env=environment, text=True, **pipes) as owner:
        other = int(owner.stdout.readline())
        until(lambda: any("3607" in words for words in marked(str(tmp_path))))
        owner.send_signal(number)
        owner.wait(WAIT_S)
        until(lambda: not any("sleep" in words for words in marked(str(tmp_path))))
        os.kill(other, signal.SIGKILL)
