"""A command that was forked from a process which had loaded it says and does what one says that was started by itself."""

import signal

import pytest

from tests.fakes.command import AS_STARTED, _loaded, environment, gonogo, long_scenario_file, policy_file, scenario_file


@pytest.mark.parametrize(
    "words", [("--version",), (), ("run", "imagined"), ("list", "scenarios"), ("judge", "runs/short", "--json")]
)
def test_it_says_the_same(tmp_path, words):
    gonogo("run", scenario_file(tmp_path), "--policy", policy_file(tmp_path), cwd=tmp_path)
    forked, fresh = (gonogo(*words, cwd=tmp_path, fresh=fresh) for fresh in (False, True))
    assert (forked.args, forked.returncode) == (fresh.args, fresh.returncode)
    assert (forked.stdout, forked.stderr) == (fresh.stdout, fresh.stderr)
    assert forked.stdout + forked.stderr


def test_each_has_its_own_variables(tmp_path):
    (tmp_path / "says.py").write_text("import os\nraise RuntimeError(os.environ['TOLD'])\n")
    for told in ("one", "two"):
        assert f"RuntimeError: {told}" in gonogo("run", "says.py", cwd=tmp_path, TOLD=told).stderr


def test_what_counts_as_a_process_starts_is_not_forked(tmp_path):
    before = _loaded.cache_info().hits
    assert gonogo("--version", cwd=tmp_path, PYTHONHASHSEED="7").returncode == 0
    assert "PYTHONHASHSEED" not in AS_STARTED
    assert _loaded.cache_info().hits == before


def test_one_that_takes_too_long_is_killed_and_the_next_one_is_served(tmp_path):
    long = ["run", str(long_scenario_file(tmp_path))]
    assert _loaded().run(long, tmp_path, environment(), 0.5).returncode == -signal.SIGKILL
    assert gonogo("--version", cwd=tmp_path).returncode == 0
