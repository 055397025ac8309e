"""samples.csv from the command line: the engine's figures beside gonogo's own, wherever the engine works, and what the report says of them."""

from __future__ import annotations

import csv
import json
import math
import os
import shlex
import socket
import subprocess
import sys
from html import unescape
from pathlib import Path

import psutil
import pytest

from tests.fakes.command import gonogo, policy_file, scenario_file

ROOT = Path(__file__).parents[2]
PLAIN = shlex.join([sys.executable, str(ROOT / "tests" / "fakes" / "jsonl_engine.py")])
OVER_TCP = (sys.executable, str(ROOT / "tests" / "fakes" / "reference_over_tcp.py"))
HOLDS = "import sys; kept = bytearray(b'1') * 300_000_000; open('held', 'w').close(); sys.stdin.read()"


def sampled(folder, engine):
    """The last sample of a run, what its record says of the engine's processes, and its report."""
    done = gonogo("run", scenario_file(folder), "--engine", engine, "--policy", policy_file(folder), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    run = folder / "runs" / "short" / "latest"
    place = run / "scenarios" / "short"
    with (place / "samples.csv").open(encoding="ascii", newline="") as file:
        last = list(csv.DictReader(file))[-1]
    told = {name: float(value) for name, value in last.items()}
    return (
        told,
        json.loads((place / "scenario.json").read_text())["processes"],
        unescape((run / "report.html").read_text()),
    )


def behind(folder, script):
    """An engine that a script starts."""
    path = folder / "engine.toml"
    command, root = json.dumps(["sh", "-c", script]), json.dumps(str(ROOT))
    path.write_text(
        f'schema = 1\nname = "mine"\nadapter = "jsonl"\n[start]\ncommand = {command}\nenv = {{ PYTHONPATH = {root} }}\ntimeout_s = 60\n'
    )
    return path


def test_what_a_script_starts_is_the_engines_all_together(tmp_path):
    helper = shlex.join([sys.executable, "-I", "-S", "-c", HOLDS])
    script = f"sleep 600 | {helper} & while [ ! -e held ]; do sleep 0.01; done; {PLAIN}"
    told, processes, report = sampled(tmp_path, behind(tmp_path, script))
    assert processes == {"whose": "own", "why": ""}
    assert told["processes"] >= 3
    assert told["heap_bytes"] > 300e6
    assert told["rss_bytes"] > 300e6
    assert told["cpu_s"] > 0
    assert told["harness_heap_bytes"] > 0
    assert told["harness_processes"] >= 2, "gonogo, and what keeps the engine"
    assert "of the processes that gonogo started as the engine" in report


def test_an_engine_inside_gonogo_is_told_together_with_it(tmp_path):
    told, processes, report = sampled(tmp_path, "plain")
    assert processes["whose"] == "inside"
    assert told["rss_bytes"] > 10e6
    assert math.isnan(told["harness_rss_bytes"])
    assert "of gonogo together with the engine, which works inside it" in report


def test_an_engine_that_runs_already_is_found_where_it_listens(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = tmp_path / "engine.toml"
    path.write_text(f'schema = 1\nname = "away"\nadapter = "jsonl"\n[endpoints]\norders = "127.0.0.1:{port}"\n')
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([*OVER_TCP, str(port)], stdout=subprocess.PIPE, env=environment) as engine:
        try:
            assert engine.stdout.readline() == b"listening\n"
            told, processes, report = sampled(tmp_path, path)
            rss_bytes = psutil.Process(engine.pid).memory_info().rss
        finally:
            engine.kill()
    assert processes == {"whose": "found", "why": ""}
    assert told["processes"] == 1
    assert told["rss_bytes"] == pytest.approx(rss_bytes, rel=0.2)
    assert told["harness_rss_bytes"] > 10e6
    assert "of the process that listens at the engine's endpoint" in report
