"""An engine as a program behind an engine.toml, from the command line: what the README shows works, and what fails is told and leaves nothing."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.command import GONOGO, environment, gonogo, long_scenario_file, policy_file, scenario_file, until
from tests.fakes.marked import VARIABLE, marked

ROOT = Path(__file__).parents[2]
(SHOWN,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
BROKEN = ROOT / "tests" / "fakes" / "jsonl_broken.py"
WAIT_S = 60


def engine_file(folder, text=SHOWN):
    (folder / "engine.toml").write_text(text)
    return "engine.toml"


def broken(folder, way):
    words = json.dumps([sys.executable, str(BROKEN), way, "500"])
    return engine_file(folder, f'schema = 1\nname = "broken"\nadapter = "jsonl"\n[start]\ncommand = {words}\n')


def run(folder, engine, *words, **env):
    done = gonogo("run", scenario_file(folder), "--engine", engine, "--policy", policy_file(folder), *words, cwd=folder, **env)  # fmt: skip
    latest = folder / "runs" / "short" / "latest"
    told = json.loads((latest / "verdict.json").read_text()) if latest.exists() else {}
    return done, told, latest


def test_the_engine_file_of_the_readme_works_word_by_word(tmp_path):
    done, told, latest = run(tmp_path, engine_file(tmp_path), **{VARIABLE: str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().startswith("GO  mine 0.1.0")
    assert told["findings"] == []
    assert (latest / "engine.toml").read_text() == SHOWN
    log = (latest / "scenarios" / "short" / "engine.log").read_text()
    assert json.loads(log)["why"] == "end of input"
    assert marked(str(tmp_path)) == []


def test_a_finding_of_a_program_replays_from_any_folder(tmp_path):
    _, told, _ = run(tmp_path, broken(tmp_path, "dies"))
    finding = next(one for one in told["findings"] if one["check"] == "alive")
    (tmp_path / "elsewhere").mkdir()
    again = gonogo("replay", finding["id"], "--out", tmp_path / "runs", cwd=tmp_path / "elsewhere")
    assert (again.returncode, again.stdout.split("  ")[0]) == (1, "STILL FAILING"), again.stdout + again.stderr


def test_an_engine_file_that_cannot_be_used_is_refused_with_every_mistake(tmp_path):
    engine_file(tmp_path, SHOWN.replace("schema = 1", "schema = 2").replace("command", "comand"))
    done = gonogo("run", "--engine", "engine.toml", cwd=tmp_path)
    assert done.returncode == 64
    assert all(words in done.stderr for words in ("schema: ", "start.command: Field required", "start.comand: "))
    assert "Traceback" not in done.stderr


def test_the_adapter_by_its_name_alone_asks_for_a_file(tmp_path):
    done = gonogo("run", "--engine", "jsonl", cwd=tmp_path)
    assert (done.returncode, "needs an engine.toml" in done.stderr) == (64, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_the_engine_when_gonogo_is_ended(tmp_path, number):
    words = [GONOGO, "run", long_scenario_file(tmp_path), "--engine", engine_file(tmp_path)]
    log = tmp_path / "runs" / "long" / "latest" / "scenarios" / "long" / "engine.log"
    with subprocess.Popen(words, cwd=tmp_path, env=environment(**{VARIABLE: str(tmp_path)}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:  # fmt: skip
        until(log.exists)
        until(lambda: any("--stdio" in line for line in marked(str(tmp_path))))
        os.kill(run.pid, number)
        code = run.wait(WAIT_S)
    assert code == (130 if number == signal.SIGINT else -signal.SIGKILL)
    until(lambda: marked(str(tmp_path)) == [])


def test_serve_speaks_over_its_standard_streams_alone_when_asked(tmp_path):
    done = gonogo("serve", "--stdio", "--ouch", "0", cwd=tmp_path)
    assert (done.returncode, "--stdio is the engine alone" in done.stderr) == (64, True)
