"""A finding made small by the command, and what it leaves: a tape that replays anywhere, a test that stands on its own, a script."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.fakes.command import environment, gonogo, policy_file, scenario_file


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """A folder with a run of an engine that is broken, and the id of its finding."""
    folder = tmp_path_factory.mktemp("failed")
    done = gonogo("run", scenario_file(folder), "--engine", "taker_price", "--policy", policy_file(folder), cwd=folder)
    verdict = json.loads((folder / "runs" / "short" / "latest" / "verdict.json").read_text())
    return folder, next(one["id"] for one in verdict["findings"] if one["check"] == "trade_price"), done


@pytest.fixture(scope="module")
def shrunk(failed):
    """The folder, the folder of the failure, and what the command said."""
    folder, finding, _ = failed
    done = gonogo("shrink", finding, cwd=folder, fresh=True)
    return folder, folder / "runs" / "short" / "latest" / "failures" / finding, done


def test_the_run_names_the_command(failed):
    _, finding, done = failed
    assert f"Make it small with: gonogo shrink {finding}" in done.stdout


def test_it_tells_the_few_commands_in_words_and_where_they_lie(shrunk):
    _, failure, done = shrunk
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("STILL FAILING  a trade was not at the price of the resting order")
    script = (failure / "script.txt").read_text()
    assert script in done.stdout
    assert script.count(" new ") == 2, script
    assert "\n> 2  new " in script
    assert "after" in done.stderr, "progress"
    assert {path.name for path in failure.iterdir()} == {"tape.json", "script.txt", f"test_{failure.name}.py"}


def test_the_tape_replays_anywhere(shrunk, tmp_path):
    _, failure, _ = shrunk
    tape = shutil.copy(failure / "tape.json", tmp_path / "elsewhere.json")
    again = gonogo("replay", tape, cwd=tmp_path, fresh=True)
    assert (again.returncode, again.stdout.split("  ")[0]) == (1, "STILL FAILING"), again.stdout + again.stderr
    healed = gonogo("replay", failure.resolve(), "--engine", "reference", cwd=tmp_path)
    assert (healed.returncode, healed.stdout.split("  ")[0]) == (0, "FIXED"), healed.stdout + healed.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere.json"], "a tape leaves nothing behind"


def test_its_test_fails_until_the_engine_is_right(shrunk, tmp_path):
    _, failure, _ = shrunk
    copy = shutil.copytree(failure, tmp_path / "copy")

    def ran(**env):
        words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", copy]
        return subprocess.run(words, cwd=tmp_path, env=environment(**env), capture_output=True, text=True, check=False)

    assert (ran().returncode, ran(GONOGO_ENGINE="plain").returncode) == (1, 0), ran().stdout


def test_a_right_engine_leaves_nothing_to_shrink(failed):
    folder, finding, _ = failed
    done = gonogo("shrink", finding, "--engine", "plain", cwd=folder)
    assert (done.returncode, done.stdout.split("  ")[0]) == (0, "FIXED"), done.stdout + done.stderr


def test_a_budget_that_is_over_at_once_leaves_a_tape_that_fails(failed, tmp_path):
    folder = shutil.copytree(failed[0], tmp_path / "copy", symlinks=True)
    done = gonogo("shrink", failed[1], "--budget", "1ms", cwd=folder)
    assert (done.returncode, "the budget ended it" in done.stdout) == (1, True), done.stdout + done.stderr
    again = gonogo("replay", folder / "runs" / "short" / "latest" / "failures" / failed[1], cwd=folder)
    assert again.returncode == 1, again.stdout + again.stderr


def test_the_run_is_judged_the_same_afterwards(shrunk):
    folder, failure, _ = shrunk
    before = (failure.parents[1] / "verdict.json").read_bytes()
    done = gonogo("judge", "runs/short", cwd=folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert (failure.parents[1] / "verdict.json").read_bytes() == before
    assert f"failures/{failure.name}/tape.json" in (failure.parents[1] / "manifest.sha256").read_text()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema": 2}, "has schema 2"),
        ({"check": "imagined"}, "there is no check 'imagined'"),
        ({"engine": "imagined"}, "there is no engine 'imagined'"),
        ({"commands": [{"kind": "sell"}]}, "'sell'"),
    ],
)
def test_a_tape_that_cannot_be_used_is_named(shrunk, tmp_path, changes, said):
    data = json.loads((shrunk[1] / "tape.json").read_text())
    (tmp_path / "tape.json").write_text(json.dumps(data | changes))
    done = gonogo("replay", "tape.json", cwd=tmp_path)
    assert done.returncode == 64, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_tape_that_says_nothing_is_an_error(shrunk, tmp_path):
    data = json.loads((shrunk[1] / "tape.json").read_text())
    (tmp_path / "tape.json").write_text(json.dumps(data | {"check": "latency"}))
    done = gonogo("replay", "tape.json", cwd=tmp_path)
    assert (done.returncode, done.stdout.split("  ")[0]) == (2, "ERROR"), done.stdout + done.stderr
    assert "cannot look at commands alone" in done.stdout
