"""docs/recordings.md, word by word: its files are written, its command is run, and what it says comes out."""

import json
import re
import shlex
from pathlib import Path

import pytest

from harness.base import discover
from tests.fakes.command import gonogo

PAGE = (Path(__file__).parents[2] / "docs" / "recordings.md").read_text()


def block(language):
    """The one block of the page in this language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"the page has {len(found)} blocks of {language}"
    return found[0]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "day.csv").write_text(block("csv"))
    (tmp_path / "day.toml").write_text(block("toml"))
    return tmp_path


def driven(folder, name):
    """What the newest run left of its scenario, and the commands that it sent."""
    return json.loads((folder / "runs" / name / "latest" / "scenarios" / name / "scenario.json").read_text())


def test_the_worked_example(folder):
    command, *words = shlex.split(block("console").removeprefix("$ "))
    assert command == "gonogo"
    done = gonogo(*words, cwd=folder)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "reference" in done.stdout
    record = driven(folder, "day")
    told = [f"{what}: {figure}" for what, figure in record["notes"]["told"].items()]
    assert block("text").splitlines() == told[: len(block("text").splitlines())]
    assert (record["commands"], record["pacing"]) == (6, "AsRecorded(speed=10.0, opening_per_s=1000.0)")
    assert record["instruments"][0]["symbol"] == "DEMO"
    assert record["source"] == str(folder / "day.toml")


def test_the_scenario_of_ones_own(folder):
    (folder / "ours.py").write_text(block("python"))
    done = gonogo("run", "ours.py", cwd=folder)
    assert done.returncode == 2, done.stdout + done.stderr
    assert driven(folder, "ours")["pacing"] == "AsRecorded(speed=10, opening_per_s=1000.0)"


def test_the_scenarios_that_it_names_are_there():
    named = set(re.findall(r"`gonogo run ([a-z0-9_]+)[ `]", PAGE))
    assert named == {"esh4", "bitfinex", "made_up_day"}
    assert named < set(discover.names("scenarios"))


def test_a_map_that_is_wrong_is_told_and_nothing_is_run(folder):
    (folder / "day.toml").write_text(block("toml").replace('ignore = ["BEAT"]', ""))
    done = gonogo("run", "day.toml", cwd=folder)
    assert done.returncode == 64
    assert "day.csv, line 9, column what: came 'BEAT', wanted one of NEW, DEL, CHG, EXE, HIT" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "runs").exists()
