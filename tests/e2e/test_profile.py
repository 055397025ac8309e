"""`gonogo run --profile` from the command line: a profile lies with the evidence, is drawn, and is told to be missing by name."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from harness.evidence.stacks import read_stacks
from harness.profiling import py_spy
from tests.fakes.command import environment, gonogo, long_scenario_file, policy_file, scenario_file, until
from tests.fakes.loaded import GONOGO

PLAIN = Path(__file__).parents[1] / "fakes" / "jsonl_engine.py"


def run(folder, engine, *words, scenario=None):
    """The run's end, the folder of its scenario, and what that tells of its profile."""
    done = gonogo(
        "run",
        scenario or scenario_file(folder),
        "--engine",
        engine,
        "--policy",
        policy_file(folder),
        *words,
        cwd=folder,
    )
    place = folder / "runs" / "short" / "latest" / "scenarios" / "short"
    return done, place, json.loads((place / "scenario.json").read_text())["profile"]


def in_python(folder):
    """An engine in Python, as a program of its own."""
    path = folder / "engine.toml"
    root = json.dumps({"PYTHONPATH": str(PLAIN.parents[2])}).replace(":", " =", 1)
    words = json.dumps([sys.executable, str(PLAIN)])
    path.write_text(f'schema = 1\nname = "mine"\nadapter = "jsonl"\n[start]\ncommand = {words}\nenv = {root}\n')
    return path


@pytest.mark.skipif(py_spy.found() is None, reason="py-spy is not installed on this machine")
def test_a_profile_of_a_program_is_evidence_and_is_drawn(tmp_path):
    done, place, profile = run(tmp_path, in_python(tmp_path), "--profile")
    if py_spy.RIGHT in profile["missing"]:
        pytest.skip(profile["missing"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert (profile["by"], profile["missing"]) == (["py-spy"], "")
    seen = read_stacks(place)
    assert seen.total() == profile["samples"] > 0
    assert any("jsonl_engine.py" in frame for stack in seen for frame in stack)
    page, sealed = ((place.parents[1] / name).read_text() for name in ("report.html", "manifest.sha256"))
    assert "Flame graph of Short" in page
    assert "scenarios/short/profile.collapsed" in sealed
    assert gonogo("judge", place.parents[1], cwd=tmp_path).returncode == 0


STARTED_ANEW = """
import msgspec, sys
from tests.fakes import jsonl_engine
jsonl_engine.CAPABILITIES = msgspec.structs.replace(jsonl_engine.CAPABILITIES, reset="restart")
jsonl_engine.main([])
"""


@pytest.mark.skipif(py_spy.found() is None, reason="py-spy is not installed on this machine")
def test_a_profile_goes_on_when_the_engine_is_started_anew(tmp_path):
    root, words = json.dumps(str(PLAIN.parents[2])), json.dumps(["sh", "-c", f"{sys.executable} engine.py; true"])
    (tmp_path / "engine.py").write_text(STARTED_ANEW)
    path = tmp_path / "engine.toml"
    path.write_text(
        f'schema = 1\nname = "mine"\nadapter = "jsonl"\n[start]\ncommand = {words}\nenv = {{ PYTHONPATH = {root} }}\n'
    )
    scenario = tmp_path / "short.py"
    scenario.write_text(scenario_file(tmp_path).read_text().replace("commands=3_000", "commands=30_000"))
    done, place, profile = run(tmp_path, path, "--profile", scenario=scenario)
    if py_spy.RIGHT in profile["missing"]:
        pytest.skip(profile["missing"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert (profile["processes"], profile["missing"]) == (2, "")
    assert "samples of 2 processes by py-spy" in (place.parents[1] / "report.html").read_text()


@pytest.mark.skipif(py_spy.found() is None, reason="py-spy is not installed on this machine")
def test_a_gonogo_that_is_killed_leaves_nobody_who_samples_a_live_engine(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "engine.toml").write_text(
        f'schema = 1\nname = "live"\nadapter = "jsonl"\n[endpoints]\norders = "127.0.0.1:{port}"\n'
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = [
        GONOGO,
        "run",
        long_scenario_file(tmp_path),
        "--engine",
        "engine.toml",
        "--policy",
        policy_file(tmp_path),
        "--profile",
    ]
    env = environment(PYTHONPATH=str(PLAIN.parents[2]), TMPDIR=str(temporary))
    with ended([sys.executable, str(PLAIN), "--port", str(port)], stdout=subprocess.PIPE, env=env) as engine:
        assert engine.stdout.readline() == b"listening\n"
        with ended(words, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            until(lambda: run.poll() is not None or samplers(engine.pid) or is_denied(temporary))
            if is_denied(temporary):
                pytest.skip(py_spy.RIGHT)
            assert run.poll() is None
            assert list(temporary.glob("gonogo-profile-*"))
            run.kill()
        until(lambda: not samplers(engine.pid) and not list(temporary.glob("gonogo-profile-*")))
        assert engine.poll() is None


@contextmanager
def ended(words, **more):
    """A process that does not outlive the block."""
    with subprocess.Popen(words, **more) as one:
        try:
            yield one
        finally:
            one.kill()


def samplers(pid):
    """The processes that are to sample this one, by what they were started with."""
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.Error):
            words = one.cmdline()
            found += [one.pid] * any(pair == ("--pid", str(pid)) for pair in pairwise(words))
    return found


def is_denied(temporary):
    """Whether this machine lets nobody be sampled."""
    return any(py_spy.DENIED.search(said.read_text()) for said in temporary.glob("gonogo-profile-*/*.said"))


def test_why_there_is_no_profile_is_told_and_the_run_goes_on(tmp_path):
    done, place, profile = run(tmp_path, "plain", "--profile")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gonogo: the profile of short: the engine has no process of its own" in done.stderr
    assert profile["by"] == []
    assert not (place / "profile.collapsed").exists()
    assert "the engine has no process of its own" in (place.parents[1] / "report.html").read_text()


def test_a_run_that_nobody_profiles_has_none(tmp_path):
    _, _, profile = run(tmp_path, "plain")
    assert profile is None
