"""`gonogo latency` times what an engine offers, by pyperf, in a file that pyperf reads; and leaves nothing behind, however it ends."""

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest
from pyperf import BenchmarkSuite

from harness.base.errors import SetupError
from harness.compose import timing
from tests.fakes import timed_engine
from tests.fakes.command import GONOGO, environment, gonogo, until

ENGINE = timed_engine.__file__
SMALL = ("--processes", 1, "--values", 2)
POOL = ("--op", "pool_take", "--op", "pool_give")


def pyperf(*words, cwd):
    done = subprocess.run([sys.executable, "-m", "pyperf", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_bundled_engine_is_timed_and_the_figures_are_those_of_the_file(tmp_path):
    done = gonogo("latency", "--op", "add", "--op", "risk_check", *SMALL, "-o", "told.json", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    add, checked = told["operations"]
    assert [add["name"], checked["name"], checked["against"]] == ["add", "risk_check", "add"]
    assert checked["difference_ns"] == pytest.approx(checked["median_ns"] - add["median_ns"], abs=0.01)
    for one in (add, checked):
        assert one["values"] == 2
        assert 0 < one["min_ns"] <= one["median_ns"]
        assert 0 < one["empty_loop_ns"] < one["median_ns"] / 2
        assert one["stable"] == (not one["pyperf"][0].startswith("WARNING"))
    kept = BenchmarkSuite.load(str(tmp_path / "told.json"))
    assert min(kept.get_benchmark("add").get_values()) * 1e9 == pytest.approx(add["min_ns"], abs=0.001)
    assert kept.get_metadata()["engine"] == "reference"
    assert kept.get_metadata()["gonogo_version"] == told["versions"]["gonogo"]
    assert kept.get_benchmark("add").get_metadata()["description"] == add["about"]
    shown = pyperf("show", "told.json", cwd=tmp_path)
    assert "add" in shown
    assert "risk_check" in shown


def test_what_was_made_slower_is_slower_for_pyperf(tmp_path):
    for name, work in (("base", "20"), ("head", "2000")):
        words = ("--engine", ENGINE, "--op", "pool_take", "--processes", 1, "--values", 10, "-o", f"{name}.json")
        done = gonogo("latency", *words, cwd=tmp_path, TIMED_WORK=work)
        assert done.returncode == 0, done.stderr
    compared = pyperf("compare_to", "base.json", "head.json", cwd=tmp_path)
    assert "[base]" in compared
    assert compared.strip().endswith("slower")


def test_the_table_tells_how_stable_each_figure_is_in_the_words_of_pyperf(tmp_path):
    done = gonogo("latency", "--engine", ENGINE, *POOL, *SMALL, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    head, take, give, *_ = done.stdout.splitlines()
    assert head.split() == ["operation", "median", "MAD", "min", "empty", "loop", "against"]
    assert take.split()[0] == "pool_take"
    assert "pool_take " in give
    assert take.rstrip().endswith(("  stable", "  may be unstable"))
    assert ("WARNING: the benchmark result may be unstable" in done.stdout) == ("may be unstable" in take + give)
    assert "taken off nowhere" in done.stdout
    assert [line for line in done.stderr.splitlines() if "pool_take" in line] == [
        f"gonogo: pool_take, {stage}" for stage in ("calibrating", "process 1 of 1", "done")
    ]
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_timed_is_told_beside_what_can(tmp_path):
    words = ("--op", "too_few", "--op", "died", "--op", "pool_take", *SMALL)
    done = gonogo("latency", "--engine", ENGINE, *words, "-o", "told.json", "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    too_few, died, take = json.loads(done.stdout)["operations"]
    assert "the pool gave too few" in too_few["failure"]
    assert "exit code -9" in died["failure"]
    assert "median_ns" not in died
    assert take["median_ns"] > 0
    assert BenchmarkSuite.load(str(tmp_path / "told.json")).get_benchmark_names() == ["pool_take"]


def test_an_operation_that_hangs_is_given_up(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    effort = timing.Effort(processes=1, values=1, timeout_s=5)
    report = timing.latency(ENGINE, ("stuck",), effort, None, lambda _: None)
    assert not report.complete()
    assert "Timed out after 5 seconds" in report.operations[0].failure
    assert "about to wait" in report.operations[0].failure
    until(lambda: not left(tmp_path))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_of_it_where_it_is_ended(tmp_path, number):
    code, said = ended_by(number, tmp_path)
    assert code == 130
    assert "Traceback" not in said
    until(lambda: not left(tmp_path))
    assert not (tmp_path / "told.json").exists()


def test_no_worker_is_left_where_it_is_killed(tmp_path):
    code, _ = ended_by(signal.SIGKILL, tmp_path)
    assert code == -signal.SIGKILL
    worker, child = map(int, (tmp_path / "stuck").read_text().split())
    try:
        until(lambda: worker not in left(tmp_path))
    finally:
        # What the engine started is its own to end, and here nobody else's.
        os.kill(child, signal.SIGKILL)


def ended_by(number, folder):
    """Send the signal once an operation hangs; the exit code, and what was said."""
    words = [GONOGO, "latency", "--engine", ENGINE, "--op", "stuck", "-o", "told.json"]
    # One that is killed cannot clear away its own folder.
    with subprocess.Popen(
        words, cwd=folder, env=environment(TMPDIR=str(folder)), stderr=subprocess.PIPE, text=True
    ) as running:
        until((folder / "stuck").exists)
        running.send_signal(number)
        said = running.stderr.readlines() if number != signal.SIGKILL else []
        return running.wait(), "".join(said)


def left(folder):
    """The worker and the program that it started, as far as they are there."""
    return [pid for pid in map(int, (folder / "stuck").read_text().split()) if psutil.pid_exists(pid)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "imagined"), "no engine 'imagined'"),
        (("--engine", "service"), "the engine service offers no operation that can be timed by itself"),
        (("--op", "pool_take"), "the engine reference offers no operation 'pool_take'; it offers: add, risk_check, cancel, replace, match_1, match_10"),
        (("--fast", "--rigorous"), "give one of them"),
        (("--processes", "-1"), "--processes"),
        (("--values", "many"), "--values"),
        (("-o", "there.json"), "there.json is there already"),
        (("-o", "gone/told.json"), "no folder"),
        (("--imagined",), "imagined"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_named(tmp_path, words, said):
    (tmp_path / "there.json").write_text("kept")
    done = gonogo("latency", *words, cwd=tmp_path)
    assert done.returncode == 64, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr
    assert (tmp_path / "there.json").read_text() == "kept"


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        ("{'take': 7}", "wanted harness.operations.Offered by name"),
        ("1 / 0", "operations raised ZeroDivisionError"),
    ],
)
def test_an_adapter_that_offers_what_is_none_is_told_so(tmp_path, operations, said):
    adapter = tmp_path / "adapter.py"
    adapter.write_text(f"from engines.adapters.plain import PlainInProcess\nclass ENGINE(PlainInProcess):\n    def operations(self):\n        return {operations}\n")  # fmt: skip
    with pytest.raises(SetupError, match=said):
        timing.latency(str(adapter), (), timing.FAST, None, lambda _: None)
