"""A profile of a program at work, with the real tools where they are there and allowed, and with tools that fail."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager

import pytest

from harness.evidence.run import ProfileRecord
from harness.evidence.stacks import NAME, read_stacks
from harness.port import Processes
from harness.profiling import perf, profiler, py_spy
from harness.profiling.profiler import INSIDE, RATE_HZ, Profiler
from harness.target import Target
from harness.target.tree import children
from tests.fakes.at_work import PYTHON, SHELL, WRAPPED, has_worked, program


@contextmanager
def profiled(place, command):
    """An engine at work under a profiler, which is given with it; whatever comes of it, nothing of it is left."""
    before = set(children(os.getpid()))
    with program(*command) as engine:
        sampling = Profiler(place, own(engine.pid), wanted=True)
        with sampling:
            yield sampling, engine
        assert list(set(children(os.getpid())) - before) == [engine.pid] * (engine.poll() is None)


def own(*pids):
    return Target(lambda: Processes("own", pids))


def allowed(record: ProfileRecord | None) -> ProfileRecord:
    """The record, where this machine lets others be sampled."""
    assert record is not None
    if any(one.RIGHT in record.missing for one in (perf, py_spy)):
        pytest.skip(record.missing)
    assert record.samples, record.missing
    return record


def tool(place, monkeypatch, name, script):
    """A program of that name that does what the script says, in the place of the real one."""
    (place / name).write_text(f"#!/bin/sh\n{script}\n")
    (place / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")


@pytest.mark.skipif(py_spy.found() is None, reason="py-spy is not installed on this machine")
@pytest.mark.parametrize("command", [PYTHON, WRAPPED])
def test_python_is_seen_by_its_own_functions(tmp_path, command):
    with profiled(tmp_path, command) as (sampling, engine):
        has_worked(engine)
    record = allowed(sampling.record)
    assert (record.by, record.rate_hz, record.missing) == (("py-spy",), RATE_HZ, "")
    seen = read_stacks(tmp_path)
    assert seen.total() == record.samples
    hot = sum(samples for stack, samples in seen.items() if any(frame.startswith("hot (") for frame in stack))
    assert hot > record.samples / 2


@pytest.mark.skipif(perf.found() is None, reason="perf is not installed on this machine")
def test_what_is_compiled_is_seen_by_its_threads(tmp_path):
    with profiled(tmp_path, SHELL) as (sampling, engine):
        has_worked(engine)
    record = allowed(sampling.record)
    assert (record.by, record.missing) == (("perf",), "")
    assert {stack[0] for stack in read_stacks(tmp_path)} == {"sh"}


@pytest.mark.skipif(py_spy.found() is None, reason="py-spy is not installed on this machine")
def test_of_an_engine_that_ends_before_the_drive_is_kept_what_was_seen(tmp_path):
    with profiled(tmp_path, PYTHON) as (sampling, engine):
        has_worked(engine)
        engine.stdin.close()
        engine.wait()
        sampling._samplers[0].process.wait()
    record = allowed(sampling.record)
    assert "the profiled processes ended before the drive did" in record.missing
    assert read_stacks(tmp_path).total() == record.samples


def test_nothing_is_done_where_nobody_asks(tmp_path):
    with Profiler(tmp_path, own(), wanted=False) as sampling:
        pass
    assert sampling.record is None
    assert list(tmp_path.iterdir()) == []


def test_an_engine_inside_gonogo_has_no_profile_and_is_told_why(tmp_path):
    with Profiler(tmp_path, Target(lambda: Processes("inside", (os.getpid(),))), wanted=True) as sampling:
        pass
    assert sampling.record == ProfileRecord(by=(), samples=0, rate_hz=RATE_HZ, missing=INSIDE)
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize(("command", "lacking"), [(PYTHON, "py-spy"), (SHELL, "perf")])
def test_a_tool_that_is_not_installed_is_named_with_how_to_get_it(tmp_path, monkeypatch, command, lacking):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with profiled(tmp_path, command) as (sampling, _):
        pass
    record = sampling.record
    assert record is not None
    assert (record.by, record.samples) == ((), 0)
    assert f"{lacking} is not installed (" in record.missing


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "echo 'Error: Permission Denied: try sudo' >&2; exit 1",
            f"py-spy failed: Permission Denied: try sudo ({py_spy.RIGHT})",
        ),
        ("printf 'Error: it broke\\n\\nStack backtrace:\\n 0: x' >&2; exit 2", "py-spy failed: it broke"),
        ("exit 1", "py-spy failed: it does not say why"),
        ("exit 0", "py-spy failed: it does not say why"),
    ],
)
def test_a_tool_that_fails_is_told_in_its_own_words(tmp_path, monkeypatch, script, told):
    tool(tmp_path, monkeypatch, "py-spy", script)
    with profiled(tmp_path / "place", PYTHON) as (sampling, _):
        pass
    assert sampling.record == ProfileRecord(by=(), samples=0, rate_hz=RATE_HZ, missing=told)


WRITES = 'while [ "$1" != --output ]; do shift; done; echo "{line}" > "$2"; echo Sampling; exec sleep 600'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "py-spy saw the engine at no work"),
        ("nonsense", "what py-spy wrote cannot be read: 'nonsense' does not end"),
    ],
)
def test_what_a_tool_writes_need_not_be_a_profile(tmp_path, monkeypatch, line, told):
    tool(tmp_path, monkeypatch, "py-spy", WRITES.format(line=line))
    with profiled(tmp_path / "place", PYTHON) as (sampling, _):
        pass
    record = sampling.record
    assert record is not None
    assert (record.by, record.samples) == (("py-spy",), 0)
    assert record.missing.startswith(told)


def test_a_tool_that_does_not_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(profiler, "END_S", 0.1)
    tool(tmp_path, monkeypatch, "py-spy", "trap '' INT; echo Sampling; while :; do sleep 1; done")
    with profiled(tmp_path / "place", PYTHON) as (sampling, _):
        pass
    record = sampling.record
    assert record is not None
    assert (record.by, record.missing) == (("py-spy",), "py-spy did not end within 0.1 s, and was killed")


def test_a_drive_that_fails_leaves_no_profiler_behind(tmp_path, monkeypatch):
    tool(tmp_path, monkeypatch, "py-spy", "echo Sampling; exec sleep 600")
    with pytest.raises(KeyboardInterrupt), profiled(tmp_path / "place", PYTHON):
        raise KeyboardInterrupt


def test_where_samples_cannot_be_written_the_run_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with profiled(tmp_path, PYTHON) as (sampling, _):
        pass
    record = sampling.record
    assert record is not None
    assert (record.by, record.samples) == ((), 0)
    assert record.missing.startswith("samples cannot be written: ")


def test_where_stacks_cannot_be_written_the_run_goes_on(tmp_path, monkeypatch):
    tool(tmp_path, monkeypatch, "py-spy", WRITES.format(line="main 3"))
    (tmp_path / "place").write_text("no folder")
    with profiled(tmp_path / "place", PYTHON) as (sampling, _):
        pass
    record = sampling.record
    assert record is not None
    assert (record.by, record.samples) == (("py-spy",), 0)
    assert record.missing.startswith("the stacks cannot be written: ")


def test_of_an_engine_that_is_not_known_it_is_told_why(tmp_path):
    with Profiler(tmp_path, Target(lambda: Processes("unknown", why="it is elsewhere")), wanted=True) as sampling:
        pass
    assert sampling.record is not None
    assert sampling.record.missing == "the engine's processes are not known: it is elsewhere"


# It says that it takes samples, writes where it is told to once it ends, and ends with the process that it looks at, as py-spy does.
LOOKS = """
while [ "$1" != --pid ]; do shift; done; pid=$2
while [ "$1" != --output ]; do shift; done; into=$2
echo "of_$pid 1" > "$into"; echo Sampling; trap 'exit 0' INT
while kill -0 $pid; do sleep 0.01; done
"""


def test_an_engine_that_is_started_anew_is_sampled_on(tmp_path, monkeypatch):
    tool(tmp_path, monkeypatch, "py-spy", LOOKS)
    pids: list[int] = []
    sampling = Profiler(tmp_path / "place", Target(lambda: Processes("own", tuple(pids))), wanted=True)
    with program(*PYTHON) as first:
        pids = [first.pid]
        sampling.__enter__()
    with program(*PYTHON) as second:
        pids = [second.pid]
        until(lambda: len(sampling._samplers) == 2 and second_looks(sampling))
        sampling.__exit__(None, None, None)
    record = sampling.record
    assert record is not None
    assert (record.by, record.samples, record.processes, record.missing) == (("py-spy",), 2, 2, "")
    assert read_stacks(tmp_path / "place") == {(f"of_{first.pid}",): 1, (f"of_{second.pid}",): 1}


def second_looks(sampling):
    into = sampling._samplers[1].into
    return into.exists() and into.read_text()


def until(holds):
    """Wait for what another thread does."""
    give_up = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def test_how_often_an_engine_is_started_anew_has_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(profiler, "MOST", 1)
    tool(tmp_path, monkeypatch, "py-spy", LOOKS)
    pids: list[int] = []
    sampling = Profiler(tmp_path / "place", Target(lambda: Processes("own", tuple(pids))), wanted=True)
    with program(*PYTHON) as first, program(*PYTHON) as second:
        pids = [first.pid]
        sampling.__enter__()
        pids = [second.pid]
        until(lambda: sampling._missing)
        sampling.__exit__(None, None, None)
    record = sampling.record
    assert record is not None
    assert (record.samples, record.processes) == (1, 1)
    assert "started more than 1 times" in record.missing


@pytest.mark.skipif(py_spy.found() is None, reason="py-spy is not installed on this machine")
def test_two_starts_are_in_one_profile(tmp_path):
    pids: list[int] = []
    sampling = Profiler(tmp_path, Target(lambda: Processes("own", tuple(pids))), wanted=True)
    with program(*PYTHON) as first:
        pids = [first.pid]
        sampling.__enter__()
        has_worked(first)
    with program(*PYTHON) as second:
        pids = [second.pid]
        until(lambda: len(sampling._samplers) == 2)
        until(lambda: sampling._samplers[1].process.stdout is not None)
        has_worked(second)
        sampling.__exit__(None, None, None)
    record = allowed(sampling.record)
    assert record.processes == 2, record.missing
    assert record.missing == ""
